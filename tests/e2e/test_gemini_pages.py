"""From the command line to a page that Gemini drew, and to a refusal that says what to do."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from services.gemini import GeminiServer, blocked, sent_prompt, too_many
from services.wire import Answer as Said

if TYPE_CHECKING:
    from e2e.conftest import Answer

Run = Callable[..., "Answer"]


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    with GeminiServer() as server:
        yield server


@pytest.fixture
def words(
    environment: dict[str, str], server: GeminiServer, photo: Path, tmp_path: Path
) -> tuple[str, ...]:
    """What asks for a page; the photo shows nobody, so all of it is sent."""
    environment["GEMINI_API_KEY"] = server.key
    return (
        *("generate", str(photo), "--engine", "gemini", "--template", "moon-walk"),
        *("--size", "1K", "--aspect", "1:1", "--name", "Ada", "--json"),
        *("--set", f"gemini.base_url={server.url}", "--set", "gemini.reference=whole"),
        *("--library", str(tmp_path / "library")),
    )


def test_without_consent_nothing_is_sent(
    pickabook: Run, words: tuple[str, ...], server: GeminiServer
):
    answer = pickabook(*words)
    assert answer.code == 4
    assert server.exchanges == []


def test_a_page_is_drawn_and_kept(pickabook: Run, words: tuple[str, ...], server: GeminiServer):
    answer = pickabook(*words, "--consent", "Ada's mother", "--count", 2)
    assert answer.code == 0, answer.err
    cost = answer.json["cost"]
    assert (cost["currency"], cost["estimated"]) == ("USD", False)
    told = pickabook("ledger", "--json").json
    assert cost["amount"] == pytest.approx(told["spent"]) == pytest.approx(0.07107)
    assert "This will cost about USD 0.07." in answer.err
    assert "This has cost USD 0.07." in answer.err
    pictures = answer.json["pictures"]
    assert [picture["width"] for picture in pictures] == [1024, 1024]
    assert all(Path(picture["path"]).is_file() for picture in pictures)
    assert len(server.exchanges) == 2
    assert all("Ada" not in sent_prompt(exchange) for exchange in server.exchanges)


def test_a_seed_that_is_not_sent_is_not_taken_for_one(
    pickabook: Run, words: tuple[str, ...], server: GeminiServer
):
    answer = pickabook(*words, "--consent", "Ada's mother", "--seed", 7)
    assert answer.code == 0, answer.err
    assert "no_seed" in [note["code"] for note in answer.json["warnings"]]
    assert "seed" not in server.exchanges[0].json()["generationConfig"]


def test_a_refusal_is_explained(pickabook: Run, words: tuple[str, ...], server: GeminiServer):
    server.say(blocked("PROHIBITED_CONTENT"))
    answer = pickabook(*words, "--consent", "Ada's mother")
    assert answer.code not in (0, 2, 4)
    assert answer.json["cost"]["currency"] == "USD"
    error = answer.json["error"]
    assert error["code"] == "PROHIBITED_CONTENT"
    assert "PROHIBITED_CONTENT" not in error["message"]
    assert error["next_step"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
@pytest.mark.parametrize("said", [Said(hang_before=True), too_many(retry="58s")])
def test_ctrl_c_ends_it_at_once_and_closes_the_connection(
    environment: dict[str, str],
    command: list[str],
    words: tuple[str, ...],
    server: GeminiServer,
    said: Said,
):
    server.say(said)
    process = subprocess.Popen(
        [*command, *words, "--consent", "Ada's mother"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    (exchange,) = server.wire.wait_for(1, 60)
    if not said.hang_before:
        exchange.finished.wait(10)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130
    if said.hang_before:
        assert exchange.closed_by_client.wait(10)
    assert len(server.exchanges) == 1

"""From the words of the command line to pages at half the price, and to the sum that was spent."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from services.gemini import GeminiServer, answer
from services.gemini_batches import GeminiBatches

if TYPE_CHECKING:
    from e2e.conftest import Answer

Run = Callable[..., "Answer"]


@pytest.fixture
def service() -> GeminiBatches:
    return GeminiBatches()


@pytest.fixture
def server(service: GeminiBatches) -> Iterator[GeminiServer]:
    with GeminiServer(also=service) as server:
        yield server


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    """A photo with a face in it."""
    from PIL import Image
    from skimage.data import astronaut

    file = tmp_path / "portrait.png"
    Image.fromarray(astronaut()).save(file)
    return file


@pytest.fixture
def cloud(pickabook: Run, environment: dict[str, str], server: GeminiServer, tmp_path: Path) -> Run:
    """The program with a key, led to the server here."""
    environment["GEMINI_API_KEY"] = server.key

    def run(*words: object) -> "Answer":
        return pickabook(*words, "--library", tmp_path / "library", "--set", base_url, "--json")

    base_url = f"gemini.base_url={server.url}"
    return run


def test_pages_are_handed_over_fetched_and_accounted_for(
    cloud: Run, pickabook: Run, service: GeminiBatches, portrait: Path, tmp_path: Path
):
    submit = ("batches", "submit", portrait, "--engine", "gemini", "--prompt", "on the moon")
    words = (*submit, "--size", "1K", "--aspect", "1:1", "--count", 2)
    refused = cloud(*words)
    assert refused.code == 4, refused.err
    assert service.submitted == 0

    sent = cloud(*words, "--consent", "Ada's mother")
    assert sent.code == 0, sent.err
    assert sent.json["batch"]["state"] == "waiting"
    assert sent.json["batch"]["name"] == service.only

    waiting = cloud("batches", "poll")
    assert waiting.json["batches"][0]["state"] == "waiting"
    assert waiting.json["pictures"] == []

    portrait.unlink()
    service.finish(answer(None, finish="IMAGE_SAFETY"))
    fetched = cloud("batches", "poll")
    assert fetched.code == 0, fetched.err
    (page,) = fetched.json["pictures"]
    assert Path(page["path"]).is_file()
    assert page["engine"] == "gemini"
    assert cloud("batches", "poll").json["batches"] == []
    listed = pickabook("batches", "list", "--library", tmp_path / "library")
    assert "fetched" in listed.out
    assert "1 of 2" in listed.out

    told = pickabook("ledger", "--by", "model", "--json").json
    # One picture with what was sent for it, and what was sent for the refused one.
    assert told["spent"] == pytest.approx(0.0177675 + 0.0009675)
    assert told["sums"][0]["key"] == "gemini-nano-banana-2.1"
    lines = pickabook("ledger", "--json").json["calls"]
    assert [(line["outcome"], line["batch"]) for line in lines] == [("drawn", True)]
    table = tmp_path / "spent.csv"
    assert pickabook("ledger", "--csv", table).code == 0
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert [row["cost"] for row in csv.DictReader(file)] == ["0.018735"]


def test_a_batch_is_taken_back(
    cloud: Run, pickabook: Run, service: GeminiBatches, portrait: Path, tmp_path: Path
):
    words = ("--engine", "gemini", "--prompt", "a boat", "--size", "1K", "--consent", "Ada")
    batch_id = cloud("batches", "submit", portrait, *words).json["batch"]["id"]
    (batch,) = cloud("batches", "cancel", batch_id).json["batches"]
    assert batch["state"] == "cancelled"
    assert batch["done"] == 1  # as the service counts
    listed = pickabook("batches", "list", "--library", tmp_path / "library")
    assert "  0/1  cancelled" in listed.out
    assert service.batches == {}
    assert pickabook("ledger", "--json").json["calls"][0]["outcome"] == "cancelled"


def test_the_monthly_limit_stops_what_would_pass_it(
    cloud: Run, pickabook: Run, service: GeminiBatches, portrait: Path
):
    words = ("--engine", "gemini", "--prompt", "a boat", "--size", "1K", "--consent", "Ada")
    limit = ("--set", "spending.monthly_limit=0.02")
    assert cloud("batches", "submit", portrait, *words, *limit).code == 0
    stopped = cloud("batches", "submit", portrait, *words, *limit)
    assert stopped.code == 4
    assert "USD 0.02" in stopped.json["error"]["message"]
    assert stopped.json["error"]["code"] == "monthly_limit"
    assert service.submitted == 1
    refused, _ = pickabook("ledger", "--json").json["calls"]
    assert (refused["outcome"], refused["reason"]) == ("refused", "monthly_limit")
    assert refused["amount"] == 0


def test_a_wrong_month_is_said(pickabook: Run):
    answer = pickabook("ledger", "--month", "November", "--json")
    assert answer.code == 2
    assert "November" in answer.json["error"]["message"]

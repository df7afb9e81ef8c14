"""Programs that are killed, or run side by side, while they hand over and file batches."""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from e2e.forks import DRAWING, Forks
from services.batch_desk import Desk
from services.gemini import GeminiServer
from services.gemini_batches import EACH, ESTIMATE, GeminiBatches
from services.wire import Answer

from pickabook_desktop.domain.errors import (
    InputError,
)

TESTS = Path(__file__).parents[2]


def process(what: str, desk: Path, server: GeminiServer) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "services.batch_desk", what, str(desk), server.url, server.key]
    return subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_kill_while_it_is_handed_over_leaves_a_trace_and_sends_nothing_again(
    new_run: Callable[..., Desk], server: GeminiServer, tmp_path: Path
):
    server.wire.say(Answer(hang_before=True))
    killed = process("submit", tmp_path / "disk", server)
    server.wire.wait_for(1, 30)
    desk = new_run()
    assert [batch.state for batch in desk.batches.all()] == ["sending"]
    with pytest.raises(InputError):
        desk.cancel(desk.batches.all()[0].id)
    killed.kill()
    killed.communicate()
    (left,) = desk.batches.all()
    assert left.state == "unknown"
    desk.poll()
    assert [exchange.method for exchange in server.exchanges] == ["POST", "GET"]
    # It counts until somebody knows better.
    assert desk.ledger.spent() == pytest.approx(3 * ESTIMATE)
    desk.cancel(left.id)
    assert desk.batches.all() == ()


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with Forks(DRAWING) as running:
        yield running


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_kill_between_file_and_row_neither_loses_nor_doubles_a_page(
    new_run: Callable[..., Desk],
    service: GeminiBatches,
    server: GeminiServer,
    tmp_path: Path,
    forks: Forks,
    number: int,
):
    new_run().submit()
    service.finish()
    words = (f"die {number}", tmp_path / "disk", server.url, server.key)
    code, said, _ = forks.run("services.batch_desk", words)
    assert code == -9
    assert len(said.splitlines()) == number
    check_complete(new_run, service)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_kills_at_any_time_while_filing_neither_lose_nor_double_a_page(
    new_run: Callable[..., Desk], service: GeminiBatches, server: GeminiServer, tmp_path: Path
):
    chance = random.Random(11)
    desk = new_run()
    desk.submit(desk.request(count=8))
    service.finish()
    for pages in (1, 3, 6):
        killed = process("poll", tmp_path / "disk", server)
        assert killed.stdout is not None
        for _ in range(pages):
            assert killed.stdout.readline()
        try:
            killed.wait(chance.uniform(0.0, 0.01))
        except subprocess.TimeoutExpired:
            killed.kill()
        killed.communicate()
    check_complete(new_run, service, 8)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_two_programs_that_ask_at_once_file_each_page_once(
    new_run: Callable[..., Desk], service: GeminiBatches, server: GeminiServer, tmp_path: Path
):
    desk = new_run()
    desk.submit(desk.request(count=8))
    service.finish()
    both = [process("poll", tmp_path / "disk", server) for _ in range(2)]
    for one in both:
        one.communicate(timeout=60)
        assert one.returncode == 0
    check_complete(new_run, service, 8)


def check_complete(new_run: Callable[..., Desk], service: GeminiBatches, count: int = 3) -> None:
    """Each page is there once and whole, the batch is closed and paid for once."""
    desk = new_run()
    desk.poll()
    pages = desk.library.recent(100)
    assert sorted(page.request.seed for page in pages) == list(range(5, 5 + count))
    report = desk.library.verify()
    assert report.sound
    assert report.orphans == ()
    (done,) = desk.batches.all()
    assert (done.state, done.collected) == ("collected", count)
    (line,) = desk.ledger.calls()
    assert (line.outcome, line.amount) == ("drawn", pytest.approx(count * EACH))
    assert service.batches == {}

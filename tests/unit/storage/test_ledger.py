"""The ledger: nothing is spent that is not written down, and no limit is passed."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pickabook_desktop.domain.calls import CallPlan, Usage
from pickabook_desktop.domain.errors import InputError, SpendingLimitError, StorageError
from pickabook_desktop.storage.database import Database
from pickabook_desktop.storage.ledger import Ledger, month_bounds, parse_limit
from pickabook_desktop.storage.records import records_database

PACKAGE = Path(__file__).parents[3]


def plan(estimate: float = 0.0336, **more: object) -> CallPlan:
    values: dict[str, object] = {"engine_id": "cloud", "model": "banana", "estimate": estimate}
    return CallPlan(**{**values, **more})  # type: ignore[arg-type] words of each test's own


class Clock:
    def __init__(self, *moment: int) -> None:
        self.now = datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type] year, month, day

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def database(here: Path) -> Iterator[Database]:
    database = records_database(here)
    yield database
    database.close()


@pytest.fixture
def ledger_with(database: Database) -> Callable[..., Ledger]:
    def make(limit: float | None = None, *moment: int) -> Ledger:
        return Ledger(database, lambda: limit, Clock(*(moment or (2026, 11, 22, 12))))

    return make


@pytest.fixture
def time_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    if not hasattr(time, "tzset"):
        pytest.skip("the time zone of a process cannot be changed here")

    def change(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield change
    monkeypatch.undo()
    time.tzset()


def test_a_call_is_in_the_ledger_before_it_is_made(ledger_with: Callable[..., Ledger]):
    ledger = ledger_with()
    call_id = ledger.start(plan(book="The moon", pictures=4, batch=True))
    (line,) = ledger.calls()
    assert line.id == call_id
    assert line.outcome == "open"
    assert line.amount is None
    assert line.started == "2026-11-22T12:00:00.000Z"
    assert line.plan == plan(book="The moon", pictures=4, batch=True)
    assert ledger.spent() == 0.0336


def test_the_real_cost_takes_the_place_of_the_estimate(ledger_with: Callable[..., Ledger]):
    ledger = ledger_with()
    call_id = ledger.start(plan(0.05))
    usage = Usage(input_tokens=300, output_tokens=1120, image_tokens=1100)
    ledger.end(call_id, "drawn", amount=0.0337, usage=usage)
    (line,) = ledger.calls()
    assert (line.outcome, line.cost, line.usage) == ("drawn", 0.0337, usage)
    assert ledger.spent() == 0.0337


def test_without_a_real_cost_the_estimate_stands(ledger_with: Callable[..., Ledger]):
    ledger = ledger_with()
    ledger.end(ledger.start(plan(0.05)), "refused", reason="IMAGE_SAFETY")
    ledger.end(ledger.start(plan(0.05)), "failed", amount=0.0, reason="503")
    ledger.end(ledger.start(plan(0.05)), "drawn", amount=float("nan"))
    assert [line.reason for line in ledger.calls()] == ["", "503", "IMAGE_SAFETY"]
    assert ledger.spent() == 0.1


def test_a_line_that_has_ended_is_not_changed(ledger_with: Callable[..., Ledger]):
    ledger = ledger_with()
    call_id = ledger.start(plan(0.05))
    ledger.end(call_id, "drawn", amount=0.04)
    ledger.end(call_id, "failed", amount=0.0)
    assert [(line.outcome, line.cost) for line in ledger.calls()] == [("drawn", 0.04)]


def test_cents_add_up_over_thousands_of_lines(ledger_with: Callable[..., Ledger]):
    ledger = ledger_with()
    call_id = ledger.start(plan(0.1))
    with ledger._database.writing() as connection:
        connection.execute(
            "WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 9999)"
            " INSERT INTO calls SELECT id || value, started, engine, model, book, pictures, batch,"
            " estimate, amount, currency, outcome, reason, NULL, NULL, NULL"
            " FROM calls, n WHERE id=?",
            (call_id,),
        )
    assert ledger.spent() == 1000.0
    assert [line.amount for line in ledger.sums("month")] == [1000.0]


def test_a_call_that_would_pass_the_limit_is_refused_and_written_down(
    ledger_with: Callable[..., Ledger],
):
    ledger = ledger_with(0.1)
    ledger.start(plan(0.05))
    with pytest.raises(SpendingLimitError) as caught:
        ledger.start(plan(0.0601))
    assert caught.value.message == (
        "Spent this month: USD 0.05. The limit is USD 0.10; this job would cost about USD 0.06."
    )
    assert caught.value.remedies[0] == "raise_limit"
    newest = ledger.calls()[0]
    assert (newest.outcome, newest.amount, newest.reason) == ("refused", 0.0, "monthly_limit")
    assert ledger.spent() == 0.05
    # What just fits is made.
    ledger.start(plan(0.05))
    assert ledger.spent() == 0.1


def test_several_pictures_are_weighed_together_before_the_first(
    ledger_with: Callable[..., Ledger],
):
    ledger = ledger_with(0.35)
    ledger.end(ledger.start(plan(0.2365)), "drawn")
    ledger.check(plan(0.1, pictures=2))
    assert len(ledger.calls()) == 1
    with pytest.raises(SpendingLimitError) as caught:
        ledger.check(plan(0.1512, pictures=3))
    assert caught.value.message == (
        "Spent this month: USD 0.24. The limit is USD 0.35; this job would cost about USD 0.15."
    )
    assert caught.value.next_step.startswith("USD 0.11 is left, for fewer pictures.")
    assert ledger.calls()[0].outcome == "refused"
    assert ledger.spent() == 0.2365


def test_an_open_call_of_a_killed_run_counts(here: Path):
    killed = (
        "import os, sys; from pathlib import Path;"
        "from pickabook_desktop.domain.calls import CallPlan;"
        "from pickabook_desktop.storage.ledger import Ledger;"
        "from pickabook_desktop.storage.records import records_database;"
        "ledger = Ledger(records_database(Path(sys.argv[1])), lambda: 1.0);"
        "ledger.start(CallPlan(engine_id='cloud', model='banana', estimate=0.9));"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", killed, str(here)], cwd=PACKAGE, check=False)
    assert done.returncode != 0
    database = records_database(here)
    ledger = Ledger(database, lambda: 1.0)
    assert [line.outcome for line in ledger.calls()] == ["open"]
    with pytest.raises(SpendingLimitError):
        ledger.start(plan(0.2))
    database.close()


SPENDER = """
import sys
from pathlib import Path
from threading import Thread
from pickabook_desktop.domain.calls import CallPlan
from pickabook_desktop.domain.errors import SpendingLimitError
from pickabook_desktop.storage.ledger import Ledger
from pickabook_desktop.storage.records import records_database

database = records_database(Path(sys.argv[1]))
ledger = Ledger(database, lambda: 1.0)

def spend():
    for _ in range(10):
        try:
            call = ledger.start(CallPlan(engine_id="cloud", model="banana", estimate=0.03))
            ledger.end(call, "drawn", amount=0.03)
        except SpendingLimitError:
            pass

print("ready", flush=True)
sys.stdin.readline()
threads = [Thread(target=spend) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
database.close()
"""


def test_many_processes_at_once_never_pass_the_limit(here: Path):
    command = [sys.executable, "-c", SPENDER, str(here)]
    processes = [
        subprocess.Popen(
            command, cwd=PACKAGE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    database = records_database(here)
    ledger = Ledger(database, lambda: 1.0)
    lines = ledger.calls(1000)
    # Thirty-three of three cents fit into a dollar; not one line is lost.
    assert [line.outcome for line in lines].count("drawn") == 33
    assert [line.outcome for line in lines].count("refused") == 120 - 33
    assert ledger.spent() == 0.99
    database.close()


def test_the_limit_is_of_the_month_on_the_persons_clock(
    ledger_with: Callable[..., Ledger], time_zone: Callable[[str], None]
):
    time_zone("Asia/Tokyo")
    # In Tokyo October ends at 15:00 UTC.
    ledger_with(1.0, 2026, 10, 31, 14, 59).start(plan(0.9))
    november = ledger_with(1.0, 2026, 10, 31, 15, 0)
    november.start(plan(0.8))
    assert november.this_month == "2026-11"
    assert november.spent() == 0.8
    assert [line.key for line in november.sums("month")] == ["2026-11", "2026-10"]
    assert [line.key for line in november.sums("day")] == ["2026-11-01", "2026-10-31"]
    assert [line.cost for line in november.calls(month="2026-10")] == [0.9]


def test_months_with_a_change_of_the_clocks_meet(time_zone: Callable[[str], None]):
    time_zone("Europe/Berlin")
    assert month_bounds("2026-03")[1] == month_bounds("2026-04")[0] == "2026-03-31T22:00:00.000Z"
    assert month_bounds("2026-12") == ("2026-11-30T23:00:00.000Z", "2026-12-31T23:00:00.000Z")


def test_months_whose_clock_not_every_system_knows_are_those_of_utc(
    time_zone: Callable[[str], None],
):
    time_zone("Asia/Tokyo")
    assert month_bounds("1969-01") == ("1969-01-01T00:00:00.000Z", "1969-02-01T00:00:00.000Z")
    assert month_bounds("3000-05")[0] == "3000-05-01T00:00:00.000Z"
    assert month_bounds("1971-01")[0] == "1970-12-31T15:00:00.000Z"


def test_other_currencies_are_summed_apart_and_have_no_limit(ledger_with: Callable[..., Ledger]):
    ledger = ledger_with(0.1)
    ledger.start(plan(5.0, currency="EUR"))
    ledger.start(plan(0.1))
    assert ledger.spent() == 0.1
    found = {(line.currency, line.amount) for line in ledger.sums("engine")}
    assert found == {("EUR", 5.0), ("USD", 0.1)}


def test_sums_say_where_the_money_went(ledger_with: Callable[..., Ledger]):
    ledger = ledger_with()
    ledger.end(ledger.start(plan(0.134, model="pro", book="Moon")), "drawn", amount=0.2)
    ledger.end(ledger.start(plan(0.05, book="Sea", pictures=2)), "drawn")
    ledger.end(ledger.start(plan(0.05, book="Sea")), "refused", reason="SAFETY")
    ledger.end(ledger.start(plan(0.05)), "failed", amount=0.0)
    ledger.start(plan(0.01, engine_id="other"))
    books = ledger.sums("book")
    assert [(b.key, b.amount, b.pictures, b.calls) for b in books] == [
        ("Moon", 0.2, 1, 1),
        ("Sea", 0.1, 2, 2),
        ("", 0.01, 0, 2),
    ]
    assert (books[1].refused, books[2].failed, books[2].open) == (1, 1, 1)
    assert [(m.key, m.amount) for m in ledger.sums("model")] == [("pro", 0.2), ("banana", 0.11)]
    assert [e.key for e in ledger.sums("engine")] == ["cloud", "other"]
    assert ledger.sums("engine", "2026-10") == ()


def test_history_comes_page_by_page(ledger_with: Callable[..., Ledger]):
    ledger = ledger_with()
    ids = [ledger.start(plan()) for _ in range(5)]
    first = ledger.calls(2)
    second = ledger.calls(2, before=first[-1].id)
    third = ledger.calls(2, before=second[-1].id)
    assert [line.id for line in (*first, *second, *third)] == ids[::-1]


def test_a_price_that_is_none_is_no_call(ledger_with: Callable[..., Ledger]):
    ledger = ledger_with(1.0)
    for price in (float("nan"), float("inf"), -0.1):
        with pytest.raises(InputError):
            ledger.start(plan(price))
    assert ledger.calls() == ()


def test_a_limit_that_cannot_be_understood_lets_no_call_through(database: Database):
    ledger = Ledger(database, lambda: parse_limit("ten"))
    with pytest.raises(InputError) as caught:
        ledger.start(plan())
    assert "ten" in caught.value.message
    assert ledger.calls() == ()


@pytest.mark.parametrize(
    ("text", "limit"),
    [("", None), (" 10 ", 10.0), ("2.50", 2.5), ("2,50", 2.5), ("0", 0.0), ("0.125", 0.125)],
)
def test_the_limit_is_written_as_people_write_money(text: str, limit: float | None):
    assert parse_limit(text) == limit


@pytest.mark.parametrize("text", ["1,000", "-1", "nan", "inf", "1e9", "ten", "١٠"])
def test_no_limit_is_guessed(text: str):
    with pytest.raises(InputError):
        parse_limit(text)


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "26-11", "2026/11", "0000-01", "9999-12x"])
def test_a_month_that_is_none_is_said(month: str):
    with pytest.raises(InputError):
        month_bounds(month)


def test_an_end_that_cannot_be_written_does_not_cost_the_picture(
    ledger_with: Callable[..., Ledger], monkeypatch: pytest.MonkeyPatch
):
    ledger = ledger_with()
    call_id = ledger.start(plan(0.05))

    def full(*_: object, **__: object) -> None:
        raise StorageError("There is no room left.")

    with monkeypatch.context() as broken:
        broken.setattr(Database, "writing", full)
        ledger.end(call_id, "drawn", amount=0.04)
    (line,) = ledger.calls()
    assert (line.outcome, line.cost) == ("open", 0.05)


def test_no_line_is_started_that_cannot_be_written(here: Path):
    (here / "records.db").mkdir()
    ledger = Ledger(records_database(here), lambda: None)
    with pytest.raises(StorageError):
        ledger.start(plan())

"""What the window, the command line and a spreadsheet are told of what was spent."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pickabook_desktop.domain.calls import CallPlan, Usage
from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.jobs import spending
from pickabook_desktop.storage.ledger import Ledger, parse_limit
from pickabook_desktop.storage.records import records_database


class Limit:
    text = ""

    def __call__(self) -> float | None:
        return parse_limit(self.text)


@pytest.fixture
def limit() -> Limit:
    return Limit()


@pytest.fixture
def ledger(tmp_path: Path, limit: Limit) -> Iterator[Ledger]:
    database = records_database(tmp_path / "data")
    yield Ledger(database, limit, lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
    database.close()


def call(ledger: Ledger, estimate: float = 0.05, **more: object) -> str:
    plain = {"engine_id": "cloud", "model": "banana", "estimate": estimate}
    return ledger.start(CallPlan(**{**plain, **more}))  # type: ignore[arg-type] per test


def read_csv(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))


def test_the_summary_says_what_is_left(ledger: Ledger, limit: Limit):
    call(ledger, 0.25)
    assert spending.summary_lines(spending.spending(ledger)) == [
        "Spent in 2026-11: USD 0.25. There is no monthly limit."
    ]
    limit.text = "10"
    assert spending.summary_lines(spending.spending(ledger)) == [
        "Spent in 2026-11: USD 0.25 of USD 10.00; USD 9.75 are left."
    ]


def test_a_limit_that_cannot_be_understood_hides_nothing_that_was_spent(
    ledger: Ledger, limit: Limit
):
    call(ledger, 0.25)
    limit.text = "ten"
    lines = spending.summary_lines(spending.spending(ledger))
    assert lines[0] == "Spent in 2026-11: USD 0.25."
    assert "ten" in lines[1]


def test_a_page_says_whether_there_is_more(ledger: Ledger):
    ids = [call(ledger) for _ in range(3)]
    first = spending.spending(ledger, page=2)
    assert ([c.id for c in first.calls], first.more) == ([ids[2], ids[1]], True)
    last = spending.spending(ledger, page=2, before=first.calls[-1].id)
    assert ([c.id for c in last.calls], last.more) == ([ids[0]], False)


def test_what_one_run_has_cost_is_told_apart_from_what_others_spend(ledger: Ledger):
    call(Ledger(ledger._database, lambda: None))
    assert spending.cost_data(ledger.own_calls()) == {}
    ledger.end(call(ledger, 0.05), "drawn", amount=0.0337)
    told = spending.cost_data(ledger.own_calls())
    assert told == {"amount": 0.0337, "currency": "USD", "estimated": False}
    assert spending.cost_line(told) == "This has cost USD 0.03."
    ledger.end(call(ledger, 0.05), "failed")
    guessed = spending.cost_data(ledger.own_calls())
    assert guessed == {"amount": 0.0837, "currency": "USD", "estimated": True}
    assert spending.cost_line(guessed) == "This has cost about USD 0.08."


def test_sums_are_lined_up(ledger: Ledger):
    ledger.end(call(ledger, 12.5, book="Moon"), "drawn")
    ledger.end(call(ledger, 0.0336), "refused")
    lines = spending.sum_lines(spending.spending(ledger, "book"))
    assert lines == [
        "Moon    USD 12.50  calls: 1, pictures: 1",
        "(none)   USD 0.03  calls: 1, pictures: 0, refused: 1",
    ]


def test_a_line_marks_what_is_only_estimated(ledger: Ledger):
    ended = call(ledger, book="Moon")
    ledger.end(ended, "refused", amount=0.01, reason="IMAGE_SAFETY")
    call(ledger)
    still_open, refused = map(spending.call_line, ledger.calls())
    assert "~USD 0.05" in still_open
    assert "open" in still_open
    assert " USD 0.01" in refused
    assert refused.endswith("cloud  banana · Moon · IMAGE_SAFETY")


def test_the_table_has_every_line_oldest_first(ledger: Ledger, tmp_path: Path):
    first = call(ledger, book="Büchlein", pictures=2, batch=True)
    ledger.end(first, "drawn", amount=0.04, usage=Usage(input_tokens=7, image_tokens=9))
    second = call(ledger)
    file = tmp_path / "new" / "ledger.csv"
    assert spending.export_csv(ledger, file) == 2
    rows = read_csv(file)
    assert [row["id"] for row in rows] == [first, second]
    assert rows[0]["book"] == "Büchlein"
    assert (rows[0]["amount"], rows[0]["cost"], rows[0]["estimate"]) == ("0.04", "0.04", "0.05")
    assert (rows[0]["batch"], rows[0]["image_tokens"], rows[0]["output_tokens"]) == ("1", "9", "")
    assert (rows[1]["amount"], rows[1]["cost"], rows[1]["outcome"]) == ("", "0.05", "open")


def test_the_table_holds_one_month_if_wished(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    call(ledger)
    monkeypatch.setattr(ledger, "_now", lambda: datetime(2026, 10, 5, tzinfo=UTC))
    october = call(ledger)
    file = tmp_path / "ledger.csv"
    spending.export_csv(ledger, file, "2026-10")
    assert [row["id"] for row in read_csv(file)] == [october]
    with pytest.raises(InputError):
        spending.export_csv(ledger, file, "October")


def test_all_lines_are_in_the_table_though_they_are_read_in_pages(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(spending, "PAGE", 2)
    ids = [call(ledger) for _ in range(5)]
    spending.export_csv(ledger, tmp_path / "ledger.csv")
    assert [row["id"] for row in read_csv(tmp_path / "ledger.csv")] == ids


def test_no_title_of_a_book_becomes_a_formula(ledger: Ledger, tmp_path: Path):
    call(ledger, book='=HYPERLINK("http://example.com")')
    spending.export_csv(ledger, tmp_path / "ledger.csv")
    assert read_csv(tmp_path / "ledger.csv")[0]["book"].startswith("'=")


def test_a_table_that_cannot_be_written_is_said(ledger: Ledger, tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        spending.export_csv(ledger, tmp_path / "file" / "ledger.csv")


def test_data_has_sums_and_lines_by_name(ledger: Ledger, limit: Limit):
    limit.text = "1"
    call(ledger)
    report = spending.spending(ledger, "model", "2026-11")
    data = spending.spending_data(report, ledger.calls())
    assert (data["spent"], data["limit"], data["left"]) == (0.05, 1.0, 0.95)
    assert data["sums"][0]["key"] == "banana"
    assert set(data["calls"][0]) == set(spending.CSV_COLUMNS)

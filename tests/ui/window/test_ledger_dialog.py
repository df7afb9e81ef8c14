"""The ledger: every call with what came of it, sums, what is left, and a table to keep."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from ui.window.settings_data import Office

from pickabook_desktop.domain.calls import CallPlan, Outcome
from pickabook_desktop.domain.errors import SpendingLimitError
from pickabook_desktop.storage.ledger import Ledger
from pickabook_desktop.ui.dialogs.ledger import LedgerDialog
from pickabook_desktop.ui.theme import apply_theme

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, qtbot, qapp: QApplication, clock: Clock) -> Iterator[Office]:
    apply_theme(qapp, "light")
    office = Office(
        tmp_path, qtbot, ledger=lambda made: Ledger(made.records, lambda: 1.0, now=clock)
    )
    yield office
    office.close()


def call(
    office: Office,
    outcome: Outcome = "drawn",
    amount: float | None = None,
    book: str = "",
    reason: str = "",
) -> None:
    ledger = office.studio.ledger
    plan = CallPlan(engine_id="brush", model="brush-2", estimate=0.05, book=book)
    ledger.end(ledger.start(plan), outcome, amount=amount, reason=reason)


def opened(office: Office) -> LedgerDialog:
    office.up.open_ledger()
    office.settle()
    dialog = office.dialog(LedgerDialog)
    assert isinstance(dialog, LedgerDialog)
    return dialog


def rows(model) -> list[tuple[str, ...]]:
    return [
        tuple(str(model.index(row, column).data()) for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def heads(model) -> list[str]:
    return [
        model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())
    ]


def test_every_call_is_listed_with_what_came_of_it(office, clock):
    call(office, amount=0.0503, book="Moon")
    clock.now += timedelta(hours=1)
    call(office, "refused", reason="IMAGE_SAFETY")
    clock.now += timedelta(hours=1)
    call(office, "failed", amount=0.0, reason="HTTP 503")
    dialog = opened(office)
    assert heads(dialog.calls) == ["When", "Model", "Book", "Pictures", "Outcome", "Cost"]
    told = [row[1:] for row in rows(dialog.calls)]
    assert told == [
        ("Brush 2", "", "1", "Failed: HTTP 503", "USD 0.00"),
        ("Brush 2", "", "1", "Refused: image safety", "about USD 0.05"),
        ("Brush 2", "Moon", "1", "Drawn", "USD 0.05"),
    ]


def test_what_the_limit_has_stopped_says_so(office):
    plan = CallPlan(engine_id="brush", model="brush-2", estimate=1.5)
    with pytest.raises(SpendingLimitError):
        office.studio.ledger.start(plan)
    dialog = opened(office)
    assert rows(dialog.calls)[0][4] == "Not sent: monthly limit"
    tip = dialog.calls.index(0, 4).data(Qt.ItemDataRole.ToolTipRole)
    assert "It would have passed the monthly limit." in tip


def test_outcomes_are_not_cut_in_a_window_of_usual_width(office):
    for reason in ("IMAGE_PROHIBITED_CONTENT", "PROHIBITED_CONTENT", "monthly_limit"):
        call(office, "refused", amount=0.0, reason=reason, book="The long winter of Ada and Mia")
    dialog = opened(office)
    dialog.resize(1200, 700)
    QApplication.processEvents()
    view, told = dialog.calls_view, [row[4] for row in rows(dialog.calls)]
    assert all(told)
    metrics = view.fontMetrics()
    assert view.columnWidth(4) > max(metrics.horizontalAdvance(words) for words in told)
    assert view.columnWidth(2) >= 64
    assert not view.horizontalScrollBar().isVisible()


def test_sums_can_be_made_by_book(office):
    call(office, amount=0.2, book="Moon")
    call(office, amount=0.3, book="Moon")
    call(office, amount=0.1)
    dialog = opened(office)
    dialog.by.button("book").click()
    office.settle()
    assert heads(dialog.sums) == ["Book", "Calls", "Cost"]
    assert rows(dialog.sums) == [("Moon", "2", "USD 0.50"), ("No book", "1", "USD 0.10")]


def test_sums_by_engine_name_it_as_people_know_it(office):
    call(office, amount=0.2)
    dialog = opened(office)
    dialog.by.button("engine").click()
    office.settle()
    assert rows(dialog.sums) == [("Brush", "1", "USD 0.20")]


def test_the_total_and_what_is_left_stand_above(office):
    call(office, amount=0.25)
    dialog = opened(office)
    assert dialog.total.text() == "USD 0.25 spent"
    assert dialog.limit.text() == "USD 0.75 left of USD 1.00"


def test_another_month_can_be_looked_at(office, clock):
    clock.now = NOW - timedelta(days=31)
    call(office, amount=0.7)
    clock.now = NOW
    call(office, amount=0.1)
    dialog = opened(office)
    titles = [dialog.months.itemText(i) for i in range(dialog.months.count())]
    assert titles == ["November 2026", "October 2026", "All months"]
    dialog.months.setCurrentIndex(1)
    dialog.months.activated.emit(1)
    office.settle()
    assert dialog.total.text() == "USD 0.70 spent"
    assert dialog.limit.text() == ""
    dialog.months.setCurrentIndex(2)
    dialog.months.activated.emit(2)
    office.settle()
    assert dialog.total.text() == "USD 0.80 spent"


def test_a_month_without_calls_says_why_nothing_is_listed(office):
    dialog = opened(office)
    assert dialog.nothing.isVisible()
    assert "cost nothing" in dialog.nothing.text()
    assert not dialog.export.isEnabled()


def test_older_calls_come_when_they_are_scrolled_to(office, clock):
    for _ in range(250):
        clock.now += timedelta(minutes=1)
        call(office, amount=0.001)
    dialog = opened(office)
    first = dialog.calls.rowCount()
    assert first < 250
    dialog.calls_view.scrollToBottom()
    office.qtbot.waitUntil(lambda: dialog.calls.rowCount() == 250)
    assert len({row[0] for row in rows(dialog.calls)}) == 250


def test_the_month_is_saved_as_a_table(office, tmp_path):
    call(office, amount=0.25, book="Moon")
    dialog = opened(office)
    dialog.export_to(str(tmp_path / "calls.csv"))
    office.settle()
    assert "Saved" in dialog.status.text
    with (tmp_path / "calls.csv").open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["book"], line["amount"]) == ("Moon", "0.25")


def test_a_table_that_cannot_be_saved_is_explained(office, tmp_path):
    call(office, amount=0.25)
    dialog = opened(office)
    (tmp_path / "file").write_text("in the way")
    dialog.export_to(str(tmp_path / "file" / "calls.csv"))
    office.settle()
    assert dialog.status.text
    assert "Saved" not in dialog.status.text


def test_the_smallest_dialog_shows_every_column(office):
    call(office, "refused", reason="IMAGE_SAFETY", book="A very long title of a book indeed")
    dialog = opened(office)
    dialog.resize(dialog.minimumSize())
    QApplication.processEvents()
    assert (dialog.width(), dialog.height()) <= (1280, 760)
    assert not dialog.calls_view.horizontalScrollBar().isVisible()

"""The ledger: what was called, what came of it, and what it cost."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.ledger import LIMIT_CURRENCY, SumKey
from pickabook_desktop.ui.dialogs.settings.parts import Card, StatusLine
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.viewmodels.cost import amount_text
from pickabook_desktop.ui.viewmodels.dates import month_text
from pickabook_desktop.ui.viewmodels.ledger_table import CallsTable, SumsTable, Titles, by_titles
from pickabook_desktop.ui.viewmodels.spending import SpendingModel
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import wrapped
from pickabook_desktop.ui.widgets.quiet_dialog import QuietDialog
from pickabook_desktop.ui.widgets.segmented import SegmentedControl

SMALLEST = QSize(1100, 520)
FIRST_SIZE = QSize(1200, 700)
SUMS_WIDTH = 324
NARROWEST = 64


class LedgerDialog(QuietDialog):
    """Shows a :class:`SpendingModel`."""

    def __init__(self, model: SpendingModel, titles: Titles, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("What was spent"))
        self.setMinimumSize(SMALLEST)
        self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))
        self._model = model
        self.months = QComboBox()
        self.months.setAccessibleName(tr("Month"))
        self.months.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.total = QLabel()
        self.total.setProperty("type", "strong")
        self.limit = QLabel()
        self.limit.setProperty("type", "quiet")
        self.export = text_button(tr("Save as a table…"), "save")
        self.export.setToolTip(tr("Write every call of the month to a CSV file"))
        self.by = SegmentedControl()
        self.by.setAccessibleName(tr("Sums by"))
        self.by.set_choices(list(by_titles().items()))
        self.by.choose(model.by)
        self.sums = SumsTable(model, titles, self)
        self.calls = CallsTable(model, titles, self)
        self.status = StatusLine()
        self.nothing = wrapped("", "quiet")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        self._connect()
        model.show(model.month)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.MEDIUM)
        head.addWidget(self.months)
        head.addWidget(self.total)
        head.addWidget(self.limit)
        head.addStretch(1)
        head.addWidget(self.export)
        left = Card()
        left.setFixedWidth(SUMS_WIDTH)
        left.add(self.by)
        self.sums_view = _table(self.sums, tr("Sums"))
        _fit_columns(self.sums_view, stretched=0)
        left.column.addWidget(self.sums_view, 1)
        right = Card()
        self.calls_view = _table(self.calls, tr("Calls"))
        _fit_columns(self.calls_view, stretched=2)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.calls_view)
        self._stack.addWidget(self.nothing)
        right.column.addLayout(self._stack, 1)
        tables = QHBoxLayout()
        tables.setSpacing(Space.LARGE)
        tables.addWidget(left)
        tables.addWidget(right, 1)
        close = QDialogButtonBox()
        close.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        layout.setSpacing(Space.LARGE)
        layout.addLayout(head)
        layout.addWidget(self.status)
        layout.addLayout(tables, 1)
        layout.addWidget(close)

    def _connect(self) -> None:
        self.months.activated.connect(self._on_month_chosen)
        self.by.value_chosen.connect(self._on_by_chosen)
        self.export.clicked.connect(self._on_export)
        self._model.changed.connect(self._on_changed)
        self._model.exporting.changed.connect(self._on_exporting)

    def _on_month_chosen(self) -> None:
        self._model.show(month=str(self.months.currentData()))

    def _on_by_chosen(self, by: str) -> None:
        self._model.show(by=cast("SumKey", by))

    def _on_changed(self) -> None:
        reading = self._model.reading
        if reading.state == "failed" and reading.error is not None:
            self.status.say_error(reading.error)
        elif reading.state == "done":
            self.status.clear()
            self._show()

    def _show(self) -> None:
        report = self._model.report
        if report is None:
            return
        self._fill_months()
        self.sums.reset()
        self.calls.reset()
        totals: dict[str, float] = {}
        for line in report.sums:
            totals[line.currency] = totals.get(line.currency, 0.0) + line.amount
        money = " + ".join(amount_text(amount, one) for one, amount in sorted(totals.items()))
        self.total.setText(tr("{amount} spent", amount=money or amount_text(0, LIMIT_CURRENCY)))
        self.limit.setText(self._limit_words())
        when = month_text(report.month) if report.month else tr("all the time")
        self.nothing.setText(
            tr(
                "No service was called in {when}.\n"
                "Pages drawn on this computer cost nothing and are not listed.",
                when=when,
            )
        )
        self._stack.setCurrentIndex(0 if report.calls else 1)
        self.export.setEnabled(bool(report.calls))

    def _limit_words(self) -> str:
        report = self._model.report
        if report is None or report.month != report.this_month:
            return ""
        if report.problem:
            return report.problem
        if report.limit is None or report.left is None:
            return tr("no monthly limit")
        left, limit = (
            amount_text(amount, LIMIT_CURRENCY) for amount in (report.left, report.limit)
        )
        return tr("{left} left of {limit}", left=left, limit=limit)

    def _fill_months(self) -> None:
        wanted = [(month, month_text(month)) for month in self._model.months]
        wanted.append(("", tr("All months")))
        if wanted != [(self.months.itemData(i), self.months.itemText(i)) for i in self._places()]:
            self.months.clear()
            for month, title in wanted:
                self.months.addItem(title, month)
        self.months.setCurrentIndex(max(0, self.months.findData(self._model.month)))

    def _places(self) -> range:
        return range(self.months.count())

    def _on_export(self) -> None:
        dialog = QFileDialog(self, tr("Save as a table"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("Tables (*.csv)"))
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"pickabook-{self._model.month or 'all'}.csv")
        dialog.fileSelected.connect(self.export_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export_to(self, name: str) -> None:
        """Write the month that is shown to the file ``name``."""
        self._model.export(Path(name))

    def _on_exporting(self) -> None:
        exporting = self._model.exporting
        if exporting.state == "done":
            self.status.say("good", tr("Saved."))
        else:
            self.status.follow(exporting, tr("Saving…"))


def _table(model: SumsTable | CallsTable, name: str) -> QTableView:
    view = QTableView()
    view.setModel(model)
    view.setAccessibleName(name)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setFrameShape(QTableView.Shape.NoFrame)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(Metric.HIT)
    head = view.horizontalHeader()
    head.setHighlightSections(False)
    return view


def _fit_columns(view: QTableView, stretched: int) -> None:
    head = view.horizontalHeader()
    head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    # What is in sight is measured; all rows would take as long as there are rows.
    head.setResizeContentsPrecision(0)
    head.setMinimumSectionSize(NARROWEST)
    head.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)

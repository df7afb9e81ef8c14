"""The page of spending: the limit of a month, and what was spent of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QProgressBar, QWidget

from pickabook_desktop.domain.capabilities import OptionSpec
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.ledger import LIMIT_CURRENCY, parse_limit
from pickabook_desktop.ui.dialogs.settings.fields import OptionFields
from pickabook_desktop.ui.dialogs.settings.parts import Card, Page, StatusLine, button_row
from pickabook_desktop.ui.dialogs.settings.setup import Setup
from pickabook_desktop.ui.setting_keys import LIMIT_KEY
from pickabook_desktop.ui.viewmodels.cost import amount_text
from pickabook_desktop.ui.viewmodels.dates import month_text
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import wrapped

_OPTION = "monthly_limit"


class SpendingPage(Page):
    """Says where the month stands, and takes the limit."""

    ledger_wanted = Signal()

    def __init__(self, setup: Setup, parent: QWidget | None = None) -> None:
        lead = tr("What calls of paid services cost, and when they stop.")
        super().__init__(tr("Spending"), lead, parent)
        self._setup = setup
        self.spent = wrapped("", "title")
        self.left = wrapped("", "quiet")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How much of the monthly limit is spent"))
        self.show_ledger = text_button(tr("Show the ledger…"), "coins")
        self.show_ledger.clicked.connect(self.ledger_wanted)
        self.status = StatusLine()
        values = {_OPTION: setup.settings.text(LIMIT_KEY)}
        self.fields = OptionFields((_limit_spec(),), values, _problem_of)
        self.fields.option_edited.connect(self._on_limit_edited)
        month = Card()
        for part in (self.spent, self.bar, self.left, self.status):
            month.add(part)
        month.add(button_row(self.show_ledger))
        limit = Card(tr("Limit"))
        limit.add(self.fields)
        self.add(month)
        self.add(limit)
        setup.spending.changed.connect(self._on_changed)
        self._on_changed()

    def refresh(self) -> None:
        self._setup.spending.show()

    def begin(self) -> None:
        limit = self.fields.editor(_OPTION)
        limit.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(limit, QLineEdit):
            limit.selectAll()

    def _on_limit_edited(self, _option: str, value: str) -> None:
        self._setup.keep(LIMIT_KEY, value)
        self._setup.spending.show()

    def _on_changed(self) -> None:
        model = self._setup.spending
        report = model.report
        if model.reading.state == "failed" and model.reading.error is not None:
            self.status.say_error(model.reading.error)
        elif report is not None and report.problem:
            self.status.say("warn", report.problem)
        else:
            self.status.clear()
        self.bar.setVisible(report is not None and bool(report.limit))
        if report is None:
            self.spent.setText(tr("Adding up…"))
            self.left.setText("")
            return
        month, spent = month_text(report.this_month), amount_text(report.spent, LIMIT_CURRENCY)
        self.spent.setText(tr("{spent} in {month}", spent=spent, month=month))
        if report.limit is None or report.left is None:
            self.left.setText(tr("There is no monthly limit."))
            return
        limit, left = (
            amount_text(amount, LIMIT_CURRENCY) for amount in (report.limit, report.left)
        )
        self.left.setText(tr("{left} left of {limit}.", left=left, limit=limit))
        share = report.spent / report.limit if report.limit else 1.0
        self.bar.setValue(min(100, round(share * 100)))


def _problem_of(_option: str, value: str) -> str:
    try:
        parse_limit(value)
    except InputError as error:
        return str(error)
    return ""


def _limit_spec() -> OptionSpec:
    return OptionSpec(
        id=_OPTION,
        title=tr("Monthly limit"),
        kind="number",
        minimum=0,
        unit=LIMIT_CURRENCY,
        help=tr(
            "A picture that would pass it is not asked for. Prices known beforehand are counted "
            "until the service says what it really cost. Empty means no limit."
        ),
    )

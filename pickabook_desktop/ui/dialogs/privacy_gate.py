"""The gate: no photo leaves before somebody who may decide has seen it and agreed."""

from datetime import date

from PySide6.QtCore import QDate, QLocale, Signal
from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QGridLayout, QLineEdit, QWidget

from pickabook_desktop.domain.capabilities import Capabilities
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.outgoing import Outgoing
from pickabook_desktop.ui.dialogs.sending import SendingDialog
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.widgets.labels import heading, wrapped
from pickabook_desktop.ui.widgets.text import prepare_line

LONGEST_NAME = 120


class PrivacyGate(SendingDialog):
    """What is sent, and the question whether it may be. ``agreed`` carries who has agreed."""

    agreed = Signal(str)

    def __init__(self, who: str, until: date, parent: QWidget) -> None:
        """``who`` agreed the last time; ``until`` is the day on which a consent given now ends."""
        super().__init__(parent)
        self.name = QLineEdit(who)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText(tr("for example Ada’s father"))
        self.name.setAccessibleName(tr("Who agrees"))
        prepare_line(self.name)
        self.grown_up = QCheckBox(tr("I am 18 or older and may decide this for the child."))
        self.problem = wrapped("", "small")
        self.problem.setProperty("level", "stop")
        self.problem.hide()
        self.until = wrapped(tr("Holds until {date}", date=_spoken(until)), "quiet")
        self.until.setToolTip(
            tr("How long a consent holds, and how to take it back, is in the settings.")
        )
        self.agree = self.box.addButton(
            tr("Agree and draw"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.agree.setProperty("kind", "primary")
        # The box has dressed it already, as a plain one.
        self.agree.style().unpolish(self.agree)
        self.agree.style().polish(self.agree)
        self._ready = False
        self.agree.clicked.connect(self._on_agreed)
        self.name.textChanged.connect(self._update)
        self.grown_up.toggled.connect(self._update)
        self.close_button.setAutoDefault(False)
        self.close_button.setMinimumHeight(Metric.PRIMARY_HIT)
        self._arrange()
        self._update()

    def show_outgoing(self, outgoing: Outgoing, capabilities: Capabilities, count: int) -> None:
        super().show_outgoing(outgoing, capabilities, count)
        self._ready = outgoing.leaves
        self._update()
        (self.grown_up if self.name.text().strip() else self.name).setFocus()

    def show_refusal(self, message: str) -> None:
        """The consent could not be written down."""
        self.problem.setText(message)
        self.problem.setVisible(bool(message))
        self._ready = True
        self._update()

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.LARGE)
        grid.setVerticalSpacing(Space.TINY)
        grid.setColumnMinimumWidth(0, Metric.LABEL)
        grid.setColumnStretch(1, 1)
        grid.addWidget(heading(tr("Who agrees"), self.name), 0, 0)
        grid.addWidget(self.name, 0, 1)
        self.until.setWordWrap(False)
        grid.addWidget(self.until, 0, 2)
        grid.addWidget(self.grown_up, 1, 1, 1, 2)
        grid.addWidget(self.problem, 2, 1, 1, 2)
        self.foot.addLayout(grid)

    def _close_words(self) -> str:
        return tr("Do not send")

    def _heading(self, outgoing: Outgoing, capabilities: Capabilities) -> tuple[str, str]:
        title = tr("May this go to {name}?", name=outgoing.recipient)
        lead = tr(
            "Nothing has been sent yet. These are exactly the pictures and words that would leave"
            " this computer; place and camera data are not among them."
        )
        return title, lead

    def _update(self) -> None:
        named = bool(self.name.text().strip())
        may = self._ready and named and self.grown_up.isChecked()
        self.agree.setEnabled(may)
        missing = tr("Say who agrees.") if not named else tr("Tick the box first.")
        self.agree.setToolTip("" if may else missing)

    def _on_agreed(self) -> None:
        self._ready = False
        self._update()
        self.agreed.emit(self.name.text().strip())


def _spoken(day: date) -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat)

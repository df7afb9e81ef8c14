"""Making a library whole again whose list is damaged or lost."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.dialogs.settings.parts import StatusLine
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.viewmodels.inquiry import Inquiry
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import wrapped
from pickabook_desktop.ui.widgets.quiet_dialog import QuietDialog

SMALLEST = QSize(480, 320)


class RepairDialog(QuietDialog):
    """Says what happened, repairs, and says what came of it. Closing it stops nothing: what was
    begun is finished.
    """

    repaired = Signal()
    """The list is whole again: whatever shows pages looks again."""

    def __init__(self, library: Library, lanes: Lanes, problem: str, parent: QWidget) -> None:
        """``problem`` is what was wrong, as a sentence."""
        super().__init__(parent)
        self.setMinimumSize(SMALLEST)
        self.setWindowTitle(tr("Repair the library"))
        self._library = library
        self.repairing = Inquiry(lanes, "library", self)
        self.report: tuple[str, ...] = ()
        self.heading = wrapped(tr("The library needs a repair"), "title")
        self.problem = wrapped(problem, "")
        self.plan = wrapped(
            tr(
                "The pages themselves are kept in files of their own, and nothing is deleted. The"
                " list is made anew from what can be read of it and from its last copy; pages that"
                " neither knows come back by what they say of themselves. The old list is put"
                " aside."
            ),
            "",
        )
        self.status = StatusLine()
        self.outcome = wrapped("", "small")
        self.repair = text_button(tr("Repair the library"), "", "primary")
        self.leave = text_button(tr("Not now"))
        self._lay_out()
        self.repair.clicked.connect(self._on_repair)
        self.leave.clicked.connect(self.reject)
        self.repairing.changed.connect(self._refresh)
        self._refresh()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.SMALL)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.repair)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.LARGE)
        layout.setSpacing(Space.LARGE)
        for part in (self.heading, self.problem, self.plan, self.status, self.outcome):
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addLayout(buttons)
        self.repair.setDefault(True)
        self.repair.setFocus()

    def _on_repair(self) -> None:
        from pickabook_desktop.jobs.repair import repair_job

        self.repairing.ask(repair_job(self._library), self._on_done, must_finish=True)

    def _on_done(self, value: object) -> None:
        from pickabook_desktop.jobs.repair import RepairReport, repair_lines

        if not isinstance(value, RepairReport):
            return
        self.report = tuple(repair_lines(value))
        missing, torn = len(value.after.missing), len(value.after.torn)
        if value.after.sound:
            pages = tr("Pages: {count}. All are as they were kept.", count=value.after.pictures)
            self.status.say("good", tr("The library is whole again."), pages)
        else:
            left = tr("Files gone: {missing}. Files damaged: {torn}.", missing=missing, torn=torn)
            self.status.say("warn", tr("The list is whole again, but not all pages are."), left)
        self.repaired.emit()

    def _refresh(self) -> None:
        asking, done = self.repairing.asking, bool(self.report)
        if asking:
            self.status.say_busy(self.repairing.stage or tr("Repairing…"), self.repairing.fraction)
        elif self.repairing.error is not None:
            self.status.say_error(self.repairing.error)
        if done:
            self.heading.setText(tr("The library was repaired"))
        self.outcome.setText("\n".join(self.report))
        for part, shown in ((self.plan, not done), (self.problem, not done), (self.outcome, done)):
            part.setVisible(shown)
        self.repair.setVisible(not done)
        self.repair.setEnabled(not asking)
        self.leave.setText(tr("Close") if done or asking else tr("Not now"))

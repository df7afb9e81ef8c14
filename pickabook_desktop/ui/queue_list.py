"""What is being drawn and what waits, each with a button that cancels it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space, set_icon
from pickabook_desktop.ui.viewmodels.session import DrawJob

LIST_WIDTH = 320


class QueueList(QFrame):
    """The open list."""

    cancel_wanted = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "card")
        self.setFixedWidth(LIST_WIDTH)
        self._rows: dict[int, _JobRow] = {}
        self._empty = QLabel(tr("Nothing is being drawn."))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        self._layout.setSpacing(Space.SMALL)
        self._layout.addWidget(self._empty)

    def show_jobs(self, jobs: Sequence[DrawJob]) -> None:
        """Bring the rows in line with ``jobs``."""
        known = {job.id for job in jobs}
        for job_id in [job_id for job_id in self._rows if job_id not in known]:
            row = self._rows.pop(job_id)
            self._layout.removeWidget(row)
            row.deleteLater()
        for job in jobs:
            if job.id not in self._rows:
                self._add(job)
        for place, job in enumerate(jobs):
            self._rows[job.id].show_job(job, waiting=place > 0)
        self._empty.setVisible(not jobs)
        if self.isVisible():
            self.adjustSize()

    def cancel_button(self, job_id: int) -> QToolButton:
        """The button that cancels one job; raises KeyError where there is none."""
        return self._rows[job_id].cancel

    def _add(self, job: DrawJob) -> None:
        row = _JobRow(self)
        row.cancel.setAccessibleName(tr("Cancel {title}", title=job.title))
        row.cancel.clicked.connect(lambda: self.cancel_wanted.emit(job.id))
        self._rows[job.id] = row
        self._layout.addWidget(row)


class _JobRow(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = QLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._stage = QLabel()
        self._stage.setProperty("type", "quiet")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.cancel = QToolButton()
        self.cancel.setProperty("kind", "tool")
        self.cancel.setToolTip(tr("Cancel"))
        set_icon(self.cancel, "close")
        words = QVBoxLayout()
        words.setSpacing(Space.TINY)
        for widget in (self._title, self._bar, self._stage):
            words.addWidget(widget)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(words, 1)
        layout.addWidget(self.cancel)

    def show_job(self, job: DrawJob, *, waiting: bool) -> None:
        room = LIST_WIDTH - Metric.HIT - 4 * Space.MEDIUM
        elided = self._title.fontMetrics().elidedText(job.title, Qt.TextElideMode.ElideRight, room)
        self._title.setText(elided)
        self._title.setToolTip(job.title)
        self._bar.setValue(round(job.fraction * 100))
        self._bar.setVisible(not waiting)
        self._stage.setText(tr("Waiting") if waiting else job.stage or tr("Starting"))

"""What is being drawn, what waits, and what a service draws later, each with a way to stop it."""

from collections.abc import Collection, Sequence

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.viewmodels.progress import stage_words, time_words
from pickabook_desktop.ui.viewmodels.session import DrawJob
from pickabook_desktop.ui.widgets.buttons import tool_button
from pickabook_desktop.ui.widgets.labels import ElidedLabel, IconMark, heading, wrapped
from pickabook_desktop.ui.widgets.popup import Popup
from pickabook_desktop.ui.widgets.popup_column import PopupColumn

LIST_WIDTH = 320
HIGHEST = 480


class LaterLine(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a batch. ``level`` is ``good``, ``warn``, ``stop`` or empty; ``stop`` is the
    word on the button that stops or forgets it, empty where that cannot be done.
    """

    id: str
    title: str
    words: str
    level: str = ""
    stop: str = ""


class QueueList(Popup):
    """The open list."""

    cancel_wanted = Signal(int)
    later_stop_wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("Pages that are being drawn"), parent)
        self.setFixedWidth(LIST_WIDTH)
        self._rows: dict[int, _JobRow] = {}
        self._later_rows: dict[str, _LaterRow] = {}
        self._empty = QLabel(tr("Nothing is being drawn."))
        self._later_heading = heading(tr("Drawn later, at a service"))
        frame = QVBoxLayout(self)
        frame.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        self._scroll = PopupColumn(LIST_WIDTH - 2 * Space.MEDIUM, HIGHEST)
        frame.addWidget(self._scroll)
        self._layout = self._scroll.column
        self._layout.addWidget(self._empty)
        self._layout.addWidget(self._later_heading)
        self._later_heading.hide()

    def show_jobs(self, jobs: Sequence[DrawJob], waiting: Collection[int]) -> None:
        """Bring the rows in line with ``jobs``; ``waiting`` are the ids of those that wait."""
        known = {job.id for job in jobs}
        for job_id in [job_id for job_id in self._rows if job_id not in known]:
            self._drop(self._rows.pop(job_id))
        for job in jobs:
            if job.id not in self._rows:
                self._add(job)
            self._rows[job.id].show_job(job, waiting=job.id in waiting)
        self._refit()

    def show_later(self, lines: Sequence[LaterLine]) -> None:
        """Bring the lower rows in line with ``lines``."""
        known = {line.id for line in lines}
        for line_id in [line_id for line_id in self._later_rows if line_id not in known]:
            self._drop(self._later_rows.pop(line_id))
        for line in lines:
            if line.id not in self._later_rows:
                self._add_later(line)
            self._later_rows[line.id].show_line(line)
        self._later_heading.setVisible(bool(lines))
        self._refit()

    def cancel_button(self, job_id: int) -> QToolButton:
        """The button that cancels one job; raises KeyError where there is none."""
        return self._rows[job_id].cancel

    def stop_button(self, line_id: str) -> QToolButton:
        """The button that stops or forgets one batch; raises KeyError where there is none."""
        return self._later_rows[line_id].stop

    def _refit(self) -> None:
        self._empty.setVisible(not self._rows and not self._later_rows)
        self._scroll.refit()
        if self.isVisible():
            self.adjustSize()

    def _drop(self, row: QWidget) -> None:
        self._layout.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _add(self, job: DrawJob) -> None:
        row = _JobRow(self)
        row.cancel.setAccessibleName(tr("Cancel {title}", title=job.title))
        row.cancel.clicked.connect(lambda: self.cancel_wanted.emit(job.id))
        row.cancel.installEventFilter(self)
        self._layout.insertWidget(self._layout.indexOf(self._later_heading), row)
        self._rows[job.id] = row

    def _add_later(self, line: LaterLine) -> None:
        row = _LaterRow(self)
        row.stop.clicked.connect(lambda: self.later_stop_wanted.emit(line.id))
        row.stop.installEventFilter(self)
        self._layout.addWidget(row)
        self._later_rows[line.id] = row


class _JobRow(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = ElidedLabel()
        self._stage = wrapped(kind="quiet")
        self._time = QLabel()
        self._time.setProperty("type", "quiet")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.cancel = tool_button("close", tr("Cancel"))
        below = QHBoxLayout()
        below.setSpacing(Space.SMALL)
        below.addWidget(self._stage, 1)
        below.addWidget(self._time, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(Space.TINY)
        words.addWidget(self._title)
        words.addWidget(self._bar)
        words.addLayout(below)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(words, 1)
        layout.addWidget(self.cancel)

    def show_job(self, job: DrawJob, *, waiting: bool) -> None:
        self._title.setText(job.title)
        self._bar.setValue(round(job.fraction * 100))
        self._bar.setVisible(not waiting)
        self._stage.setText(tr("Waiting") if waiting else stage_words(job))
        self._time.setText("" if waiting else time_words(job))


class _LaterRow(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = ElidedLabel()
        self._words = wrapped(kind="quiet")
        self._mark = IconMark("history", "quiet", Metric.SMALL_ICON)
        self.stop = tool_button("close", "")
        words = QVBoxLayout()
        words.setSpacing(Space.TINY)
        words.addWidget(self._title)
        words.addWidget(self._words)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.SMALL)
        layout.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        layout.addWidget(self.stop)

    def show_line(self, line: LaterLine) -> None:
        self._title.setText(line.title)
        self._words.setText(line.words)
        if line.level == "good":
            self._mark.show_icon("check", "good")
        elif line.level:
            self._mark.show_icon("warn", "warn" if line.level == "warn" else "bad")
        else:
            self._mark.show_icon("history", "quiet")
        self.stop.setVisible(bool(line.stop))
        self.stop.setToolTip(line.stop)
        self.stop.setAccessibleName(f"{line.stop}: {line.title}")

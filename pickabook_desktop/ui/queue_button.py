"""How many pages are being drawn; opens the list of them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import set_icon
from pickabook_desktop.ui.widgets.list_button import ListButton

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pickabook_desktop.ui.queue_list import LaterLine, QueueList
    from pickabook_desktop.ui.viewmodels.session import DrawJob


class QueueButton(ListButton):
    """Shows the number of jobs; pressing it opens the list."""

    cancel_wanted = Signal(int)
    later_stop_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_icon(self, "queue")
        self._list: QueueList | None = None
        self._jobs: Sequence[DrawJob] = ()
        self._waiting: Collection[int] = ()
        self._later: Sequence[LaterLine] = ()
        self._open_later = 0
        self.show_jobs(())

    @property
    def job_list(self) -> "QueueList":
        """The list of the jobs; made when it is first opened."""
        if self._list is None:
            from pickabook_desktop.ui.queue_list import QueueList

            self._list = QueueList(self)
            self._list.cancel_wanted.connect(self.cancel_wanted)
            self._list.later_stop_wanted.connect(self.later_stop_wanted)
            self._list.show_jobs(self._jobs, self._waiting)
            self._list.show_later(self._later)
        return self._list

    def popup(self) -> "QueueList":
        return self.job_list

    def show_jobs(self, jobs: "Sequence[DrawJob]", waiting: "Collection[int]" = ()) -> None:
        """Show ``jobs``; ``waiting`` are the ids of those that wait for others."""
        self._jobs, self._waiting = jobs, waiting
        self._describe()
        if self._list is not None:
            self._list.show_jobs(jobs, waiting)

    def show_later(self, lines: "Sequence[LaterLine]", still_open: int) -> None:
        """Show what a service draws later, of which ``still_open`` have not come yet."""
        self._later, self._open_later = lines, still_open
        self._describe()
        if self._list is not None:
            self._list.show_later(lines)

    def _describe(self) -> None:
        self.show_count(len(self._jobs) + self._open_later)
        words = self._words()
        self.setToolTip(words)
        self.setAccessibleName(words)

    def _words(self) -> str:
        waiting = sum(1 for job in self._jobs if job.id in self._waiting)
        drawn = len(self._jobs) - waiting
        parts: list[str] = []
        if drawn:
            several = tr("{count} pages are being drawn", count=drawn)
            parts.append(tr("One page is being drawn") if drawn == 1 else several)
        if waiting:
            parts.append(tr("{count} wait", count=waiting))
        if self._open_later:
            parts.append(tr("{count} are drawn later", count=self._open_later))
        return ", ".join(parts) or tr("Nothing is being drawn")

"""How many pages are being drawn; opens the list of them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space, set_icon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pickabook_desktop.ui.queue_list import QueueList
    from pickabook_desktop.ui.viewmodels.session import DrawJob


class QueueButton(QToolButton):
    """Shows the number of jobs; pressing it opens the list."""

    cancel_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "tool")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setMinimumSize(Metric.HIT, Metric.HIT)
        set_icon(self, "queue")
        self._list: QueueList | None = None
        self._jobs: Sequence[DrawJob] = ()
        self.clicked.connect(self._on_clicked)
        self.show_jobs(())

    @property
    def job_list(self) -> "QueueList":
        """The list of the jobs; made when it is first opened."""
        if self._list is None:
            from pickabook_desktop.ui.queue_list import QueueList

            self._list = QueueList(self)
            self._list.cancel_wanted.connect(self.cancel_wanted)
            self._list.show_jobs(self._jobs)
        return self._list

    def show_jobs(self, jobs: "Sequence[DrawJob]") -> None:
        """The first is the one being drawn."""
        self._jobs = jobs
        self.setText(str(len(jobs)) if jobs else "")
        if not jobs:
            words = tr("Nothing is being drawn")
        elif len(jobs) == 1:
            words = tr("One page is being drawn")
        else:
            words = tr("One page is being drawn, {count} wait", count=len(jobs) - 1)
        self.setToolTip(words)
        self.setAccessibleName(words)
        if self._list is not None:
            self._list.show_jobs(jobs)

    def _on_clicked(self) -> None:
        popup = self.job_list
        popup.adjustSize()
        corner = self.mapToGlobal(QPoint(self.width(), self.height() + Space.TINY))
        popup.move(corner - QPoint(popup.width(), 0))
        popup.show()

"""A library whose list is damaged or lost: noticed wherever it fails, and repaired if wished."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.viewmodels.shelf import job_of


class Repairing(QObject):
    """Offers a repair once in a run; more often only where something fails for it again."""

    repaired = Signal()
    """Whatever shows pages looks again."""

    def __init__(self, library: Library, lanes: Lanes, window: QWidget) -> None:
        super().__init__(window)
        self._library = library
        self._lanes = lanes
        self._window = window
        self._open = False

    def look(self) -> None:
        """Find out, off the main thread, whether there are pages and no list of them."""

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done) and event.value is True:
                self._offer(
                    tr("There are pages in {folder}, and no list of them.", folder=self._folder)
                )

        self._lanes.submit("library", job_of(lambda: self._library.lost), on_event)

    def hear(self, error: PickaBookError) -> None:
        """Offer a repair where ``error`` calls for one."""
        from pickabook_desktop.jobs.repair import calls_for_repair

        if calls_for_repair(error):
            self._offer(error.message)

    @property
    def _folder(self) -> str:
        return str(self._library.folder)

    def _offer(self, problem: str) -> None:
        from pickabook_desktop.ui.dialogs.repair import RepairDialog

        if self._open:
            return
        self._open = True
        dialog = RepairDialog(self._library, self._lanes, problem, self._window)
        dialog.repaired.connect(self.repaired)
        dialog.finished.connect(self._on_closed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_closed(self) -> None:
        self._open = False

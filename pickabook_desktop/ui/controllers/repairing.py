"""A library whose list is damaged, lost, or lacks pages: noticed wherever that shows, mentioned
for as long as it is so, and repaired if wished.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.viewmodels.shelf import job_of


class Repairing(QObject):
    """Offers a repair once in a run; more often only where something fails for it again. While
    there are pages that nobody sees, a line above the others says so.
    """

    repaired = Signal()
    """Whatever shows pages looks again."""
    unlisted = Signal(int)
    """So many pages are not on the list, as :meth:`look_for_unlisted` has found."""

    def __init__(self, library: Library, lanes: Lanes, window: QWidget) -> None:
        super().__init__(window)
        self._library = library
        self._lanes = lanes
        self._window = window
        self._open = False
        self.count = 0
        """So many pages are not on the list, as far as is known."""
        self._places: list[Callable[[QWidget], None]] = []

    def look(self) -> None:
        """Find out, off the main thread, whether there are pages and no list of them, or one that
        lacks some.
        """

        def on_event(event: JobEvent) -> None:
            if not isinstance(event, Done):
                return
            if event.value is True:
                self._offer(
                    tr("There are pages in {folder}, and no list of them.", folder=self._folder)
                )
            self.look_for_unlisted()

        self._lanes.submit("library", job_of(lambda: self._library.lost), on_event)

    def look_for_unlisted(self) -> None:
        """Find out, off the main thread, whether there are pages that the list does not know."""
        from pickabook_desktop.jobs.adoption import unlisted_pages

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done) and isinstance(event.value, int):
                self.count = event.value
                self.unlisted.emit(event.value)
                if self.count:
                    self._mention()

        self._lanes.submit("hand_over", job_of(lambda: unlisted_pages(self._library)), on_event)

    def mention_in(self, place: Callable[[QWidget], None]) -> None:
        """Have ``place`` put a line above pages, once there is something to be said."""
        self._places.append(place)
        if self.count:
            self._mention()

    def hear(self, error: PickaBookError) -> None:
        """Offer a repair where ``error`` calls for one."""
        from pickabook_desktop.jobs.repair import calls_for_repair

        if calls_for_repair(error):
            self._offer(error.message)

    def offer_unlisted(self) -> None:
        """Offer to take back what is not on the list."""
        from pickabook_desktop.ui.widgets.unlisted_bar import unlisted_words

        self._offer(unlisted_words(self.count))

    @property
    def _folder(self) -> str:
        return str(self._library.folder)

    def _mention(self) -> None:
        from pickabook_desktop.ui.widgets.unlisted_bar import UnlistedBar

        places, self._places = self._places, []
        for place in places:
            bar = UnlistedBar()
            bar.repair_wanted.connect(self.offer_unlisted)
            self.unlisted.connect(bar.show_count)
            place(bar)
            bar.show_count(self.count)

    def _offer(self, problem: str) -> None:
        from pickabook_desktop.ui.dialogs.repair import RepairDialog

        if self._open:
            return
        self._open = True
        dialog = RepairDialog(self._library, self._lanes, problem, self._window)
        dialog.repaired.connect(self.repaired)
        dialog.repaired.connect(self.look_for_unlisted)
        dialog.finished.connect(self._on_closed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_closed(self) -> None:
        self._open = False
        self.look_for_unlisted()

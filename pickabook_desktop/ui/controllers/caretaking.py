"""What looks after the library while the window is open, whoever looks at it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from pickabook_desktop.domain.events import Failed, JobEvent
from pickabook_desktop.jobs.library_place import check_library_place
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.controllers.noticing import Noticing
from pickabook_desktop.ui.controllers.repairing import Repairing
from pickabook_desktop.ui.controllers.trash import Trash
from pickabook_desktop.ui.controllers.updating import Updating
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.viewmodels.shelf import job_of
from pickabook_desktop.ui.window_parts import Parts

if TYPE_CHECKING:
    from pickabook_desktop.domain.errors import PickaBookError
    from pickabook_desktop.ui.gallery.page import GalleryPage

# Long after the start, so that it delays nothing.
COPY_AFTER_MS = 20_000
COPY_AGAIN_MS = 900_000


class Caretaking(QObject):
    """Empties the trash, repairs and copies the list of the pages, and notices what other windows
    have changed; whatever shows pages looks again after that.
    """

    away = Signal(object)
    """The library's folder is not there: the PickaBookError that says so."""

    def __init__(self, parts: Parts, studio: Studio, lanes: Lanes, toast: Toast) -> None:
        super().__init__(parts.window)
        self._studio = studio
        self._lanes = lanes
        self._toast = toast
        self._away: PickaBookError | None = None
        library, shelf, window = studio.library, parts.shelf, parts.window
        self.trash = Trash(parts.actions["empty_trash"], library, shelf, lanes, toast, window)
        self.repairing = Repairing(library, lanes, window)
        self.noticing = Noticing(library, lanes, window)
        self._updating = Updating(library, toast, window)
        self._copying = QTimer(self, singleShot=True)
        self._copying.timeout.connect(self._copy_the_list)
        shelf.failed.connect(self.repairing.hear)
        self.repairing.mention_in(parts.add_above_history)
        for signal in (self.repairing.repaired, self.noticing.changed):
            signal.connect(shelf.open)

    def watch(self, page: "GalleryPage") -> None:
        """Let the library's tab hear of it as well."""
        page.model.failed.connect(self.repairing.hear)
        if self._away is not None:
            page.know_away(self._away)
        self.away.connect(page.know_away)
        page.know_unlisted(self.repairing.count)
        self.repairing.unlisted.connect(page.know_unlisted)
        page.empty.repair_wanted.connect(self.repairing.offer_unlisted)
        self.repairing.mention_in(page.add_line)
        for signal in (self.trash.emptied, self.repairing.repaired, self.noticing.changed):
            signal.connect(page.refresh)

    def begin(self) -> None:
        """Look at the list and the trash, and from now on for what others change."""
        self._look_for_the_folder()
        self.trash.purge_old()
        self.repairing.look()
        self._updating.begin()
        self.noticing.begin()
        self._copying.start(COPY_AFTER_MS)

    def close(self) -> None:
        """Begin nothing more."""
        self._updating.close()
        self.noticing.close()
        self._copying.stop()

    def _look_for_the_folder(self) -> None:
        """Off the main thread, for a disk may take its time to say that it is not there."""
        library, settings = self._studio.library, self._studio.settings

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Failed):
                self._away = event.error
                self._toast.show_message(str(event.error))
                self.away.emit(event.error)

        job = job_of(lambda: check_library_place(library, settings))
        self._lanes.submit("library", job, on_event)

    def _copy_the_list(self) -> None:
        """Now and then, where nobody waits for the disk."""
        self._lanes.submit("hand_over", self._studio.backup_job(), lambda event: None)
        self._copying.start(COPY_AGAIN_MS)

"""The library's tab before and after it is opened. Nothing of it is imported until then, or until
the window rests.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QWidget

from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes

if TYPE_CHECKING:
    from pickabook_desktop.ui.beforehand import Beforehand
    from pickabook_desktop.ui.gallery.prepared import Prepared
    from pickabook_desktop.ui.gallery.workings import GalleryParts, GalleryWorkings

# What keeps the window busy, so that nothing is made ready meanwhile.
BUSY_LANES = ("photo", "preview", "draw")


class LibraryTab(QObject):
    """Makes the tab when it is first opened, from what was made ready by then. ``adopt`` takes its
    actions over; ``share`` tells what it shares with the rest of the window.
    """

    made = Signal(object)
    """The :class:`~pickabook_desktop.ui.gallery.workings.GalleryWorkings`, once."""

    def __init__(
        self,
        studio: Studio,
        lanes: Lanes,
        window: QMainWindow,
        adopt: Callable[[Mapping[str, QAction]], None],
        share: "Callable[[Prepared], GalleryParts]",
    ) -> None:
        super().__init__(window)
        self._studio = studio
        self._lanes = lanes
        self._window = window
        self._adopt = adopt
        self._share = share
        self._prepared: Prepared | None = None
        self.gallery: GalleryWorkings | None = None
        self.beforehand: Beforehand | None = None

    def look_ahead(self) -> None:
        """Make ready what will be opened later, while nothing else is to be done."""
        from pickabook_desktop.ui.beforehand import LIBRARY_MODULES, Beforehand, imports

        def steps() -> Iterator[Callable[[], object]]:
            yield from imports(LIBRARY_MODULES)
            yield from self._prepare().steps()

        def busy() -> bool:
            return any(map(self._lanes.busy, BUSY_LANES))

        self.beforehand = Beforehand(steps(), busy, self._window)

    def make(self) -> QWidget:
        """The page of the tab; to be called once."""
        from pickabook_desktop.ui.gallery.workings import GalleryWorkings

        self._rest()
        shared = self._share(self._prepare())
        gallery = self.gallery = GalleryWorkings(self._studio, self._lanes, shared)
        self.made.emit(gallery)
        return gallery.page

    def refresh(self) -> None:
        """Look at the library again, where it is looked at."""
        if self.gallery is not None:
            self.gallery.page.refresh()

    def forget(self) -> None:
        """A child is being forgotten: no word of it stays in sight, nor in what was made ready."""
        if self.gallery is not None:
            self.gallery.forget()
        elif self._prepared is not None:
            self._prepared.let_go()

    def close(self) -> None:
        """Begin nothing more."""
        self._rest()
        if self.gallery is not None:
            self.gallery.close()

    def _rest(self) -> None:
        if self.beforehand is not None:
            self.beforehand.stop()

    def _prepare(self) -> "Prepared":
        from pickabook_desktop.ui.gallery.prepared import Prepared

        if self._prepared is None:
            self._prepared = Prepared(self._studio, self._lanes, self._window, self._adopt)
        return self._prepared

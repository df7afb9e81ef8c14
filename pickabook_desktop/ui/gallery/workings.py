"""What answers behind the library tab: makes its page and its controllers, and connects them."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.actions import build_actions
from pickabook_desktop.ui.controllers.appearance import WindowMemory
from pickabook_desktop.ui.controllers.drawing import Drawing
from pickabook_desktop.ui.controllers.gallery.searching import Searching
from pickabook_desktop.ui.controllers.handing_out import HandingOut
from pickabook_desktop.ui.gallery.actions import library_table
from pickabook_desktop.ui.gallery.page import GalleryPage
from pickabook_desktop.ui.tabs import hang_library_actions
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.top_bar import TopBar
from pickabook_desktop.ui.uploads.controller import Uploads
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.session import SessionModel
from pickabook_desktop.ui.viewmodels.shelf import Shelf


@dataclass(frozen=True, kw_only=True)
class GalleryParts:
    """What the library tab shares with the rest of the window. ``show_create`` changes to the
    create tab.
    """

    window: QMainWindow
    top_bar: TopBar
    choices: CreateModel
    session: SessionModel
    shelf: Shelf
    memory: WindowMemory
    drawing: Drawing
    uploads: Uploads
    handing_out: HandingOut
    show_create: Callable[[], None]


class GalleryWorkings(QObject):
    """All controllers of the library tab."""

    def __init__(self, studio: Studio, lanes: Lanes, parts: GalleryParts) -> None:
        super().__init__(parts.window)
        self._studio = studio
        self._lanes = lanes
        self._parts = parts
        self.actions = build_actions(parts.window, library_table())
        hang_library_actions(parts.top_bar, self.actions)
        self.page = GalleryPage(studio, lanes, self.actions)
        self.toast = Toast(self.page.stage)
        self.toast.set_foot(Space.HUGE)
        self.searching = Searching(self.page, self.actions)
        self.page.create_wanted.connect(parts.show_create)
        self.page.folders.failed.connect(self._on_failed)
        parts.session.pictures_kept.connect(self.page.refresh)
        self.searching.begin()

    def close(self) -> None:
        """Begin nothing more; the window's settings are written next, and these with them."""
        self.searching.close()
        self._studio.settings.hold(self.page.remember())

    def _on_failed(self, error: PickaBookError) -> None:
        self.toast.show_message(str(error))

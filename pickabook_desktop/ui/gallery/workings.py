"""What answers behind the library tab: makes its page and its controllers, and connects them."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMainWindow, QMenu

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.scratch import Scratch
from pickabook_desktop.ui.actions import fill_menu
from pickabook_desktop.ui.controllers.appearance import WindowMemory
from pickabook_desktop.ui.controllers.drawing import Drawing
from pickabook_desktop.ui.controllers.gallery.common import Common
from pickabook_desktop.ui.controllers.gallery.deciding import ADVANCE_KEY, Deciding
from pickabook_desktop.ui.controllers.gallery.detailing import Detailing
from pickabook_desktop.ui.controllers.gallery.findings import Findings
from pickabook_desktop.ui.controllers.gallery.guarding import Guarding
from pickabook_desktop.ui.controllers.gallery.handing_over import HandingOver
from pickabook_desktop.ui.controllers.gallery.looking import Looking
from pickabook_desktop.ui.controllers.gallery.recalling import Recalling
from pickabook_desktop.ui.controllers.gallery.searching import Searching
from pickabook_desktop.ui.controllers.moving import Moving
from pickabook_desktop.ui.gallery.actions import PICTURES_MENU, TRASH_MENU
from pickabook_desktop.ui.gallery.prepared import Prepared
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.uploads.controller import Uploads
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.decisions import Decisions
from pickabook_desktop.ui.viewmodels.session import SessionModel
from pickabook_desktop.ui.viewmodels.shelf import Shelf


@dataclass(frozen=True, kw_only=True)
class GalleryParts:
    """What the library tab shares with the rest of the window. ``show_create`` changes to the
    create tab; ``library_changed`` lets that tab look again.
    """

    prepared: Prepared
    window: QMainWindow
    choices: CreateModel
    session: SessionModel
    shelf: Shelf
    memory: WindowMemory
    drawing: Drawing
    decisions: Decisions
    moving: Moving
    uploads: Uploads
    scratch: Scratch
    show_create: Callable[[], None]
    library_changed: Callable[[], None]


class GalleryWorkings(QObject):
    """All controllers of the library tab."""

    def __init__(self, studio: Studio, lanes: Lanes, parts: GalleryParts) -> None:
        super().__init__(parts.window)
        self._studio = studio
        self._lanes = lanes
        self._parts = parts
        self.actions = parts.prepared.actions
        self.page = parts.prepared.page
        self.toast = Toast(self.page.stage)
        self.toast.set_foot(Space.HUGE)
        self.findings = Findings(self.page)
        self.searching = Searching(self.page, self.actions)
        self.page.create_wanted.connect(parts.show_create)
        self.page.folders.failed.connect(self._on_failed)
        self.findings.failed.connect(self._on_failed)
        parts.session.pictures_kept.connect(self.page.refresh)
        parts.moving.moved.connect(self.page.refresh)
        self._make_deciding()
        self._make_recalling()
        self._make_handing_over()
        Guarding(self.page, self.actions, parts.window)
        self.page.view.menu_wanted.connect(self._open_menu)
        self.deciding.decisions.kept.connect(self.findings.count_again)
        self.searching.tag_wanted.connect(self._on_tag_wanted)
        self.searching.begin()

    def close(self) -> None:
        """Begin nothing more; the window's settings are written next, and these with them."""
        self.looking.close()
        self.detailing.close()
        self.searching.close()
        self.findings.close()
        self._studio.settings.hold(self.page.remember())

    def forget(self) -> None:
        """A child is being forgotten: no word of it stays in sight."""
        self.looking.close()
        self.searching.forget()
        self.detailing.forget()

    def _make_deciding(self) -> None:
        parts, studio, lanes, model = self._parts, self._studio, self._lanes, self.page.model
        self.deciding = Deciding(
            self.actions,
            model,
            studio.library,
            lanes,
            self.toast,
            parts.memory.keep,
            decisions=parts.decisions,
            title_of=self.page.titles.card,
            advances=studio.settings.switched_on(ADVANCE_KEY, default=False),
            parent=self,
        )
        self.detailing = Detailing(
            self.actions,
            model,
            parts.prepared.panel,
            self.deciding,
            studio,
            lanes,
            parts.choices,
            self.toast,
            parts.window,
            self._focus_on_stage,
        )

    def _make_recalling(self) -> None:
        parts = self._parts
        self.recalling = Recalling(
            self.actions,
            self.page.model,
            self._studio,
            self._lanes,
            parts.choices,
            parts.session,
            parts.drawing,
            self.toast,
            parts.show_create,
            parts.window,
        )

    def _make_handing_over(self) -> None:
        parts, page = self._parts, self.page
        common = Common(
            actions=self.actions,
            model=page.model,
            moving=parts.moving,
            studio=self._studio,
            lanes=self._lanes,
            toast=self.toast,
            window=parts.window,
            library_changed=self._on_library_changed,
        )
        self.looking = Looking(page, common)
        self.handing_over = HandingOver(common, page, parts.scratch, parts.uploads.upload_many)
        for signal in (parts.uploads.model.changed, parts.uploads.model.copies_changed):
            signal.connect(page.refresh)
        self.looking.drag_wanted.connect(self.handing_over.carrying.drag)
        self.looking.menu_wanted.connect(self._open_menu)

    def _on_library_changed(self) -> None:
        self.page.refresh()
        self._parts.library_changed()

    def _on_tag_wanted(self, tag: str) -> None:
        self.deciding.add_tags((tag,))

    def _open_menu(self, place: QPoint) -> None:
        menu = QMenu(self.page)
        in_trash = self.handing_over.trashing.in_trash
        fill_menu(menu, self.actions, TRASH_MENU if in_trash else PICTURES_MENU)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _focus_on_stage(self) -> None:
        """Give the keyboard back to the pictures, or to what is seen in their place."""
        stage = self.page.stage.currentWidget()
        if stage is not None:
            (self.page.view if self.page.browsing else stage).setFocus()

    def _on_failed(self, error: PickaBookError) -> None:
        self.toast.show_message(str(error))

"""What answers behind the window: makes the controllers, once the window is on the screen, and
connects them.

Their modules are imported step by step, each step short enough to be taken between two events.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.scratch import Scratch
from pickabook_desktop.ui.actions import CREATE_TAB
from pickabook_desktop.ui.controllers.appearance import WindowMemory
from pickabook_desktop.ui.controllers.closing import Closing
from pickabook_desktop.ui.controllers.drops import Drops
from pickabook_desktop.ui.controllers.photos import Photos
from pickabook_desktop.ui.controllers.showing import Showing
from pickabook_desktop.ui.create.columns import PageColumn, PhotoColumn
from pickabook_desktop.ui.draw_button import DrawButton
from pickabook_desktop.ui.history import HistoryStrip
from pickabook_desktop.ui.result.viewer import ResultViewer
from pickabook_desktop.ui.tabs import Tabs
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.top_bar import TopBar
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.pages import title_of
from pickabook_desktop.ui.viewmodels.session import SessionModel
from pickabook_desktop.ui.viewmodels.shelf import Shelf, job_of

if TYPE_CHECKING:
    from pickabook_desktop.ui.beforehand import Beforehand
    from pickabook_desktop.ui.gallery.prepared import Prepared
    from pickabook_desktop.ui.gallery.workings import GalleryWorkings

# Long after the start, so that it delays nothing.
COPY_AFTER_MS = 20_000
COPY_AGAIN_MS = 900_000


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What is seen of a window, and the models that it shows. ``describe`` gives a picture's
    caption; ``sample`` is the portrait that comes with the program and may be missing.
    """

    window: QMainWindow
    actions: Mapping[str, QAction]
    choices: CreateModel
    session: SessionModel
    shelf: Shelf
    memory: WindowMemory
    top_bar: TopBar
    photo_column: PhotoColumn
    page_column: PageColumn
    draw_button: DrawButton
    viewer: ResultViewer
    history: HistoryStrip
    stack: QStackedWidget
    create_page: QWidget
    describe: Callable[[KeptPicture], str]
    sample: Path

    def add_above_history(self, widget: QWidget) -> None:
        """Put ``widget`` above the strip of pages."""
        layout = self.create_page.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(layout.indexOf(self.history), widget)


class Workings:
    """All controllers of one window. Call :meth:`make_commands`, :meth:`connect` and :meth:`begin`
    in this order.
    """

    def __init__(self, studio: Studio, lanes: Lanes, parts: Parts) -> None:
        self._studio = studio
        self._lanes = lanes
        self._parts = parts
        self._copying = QTimer(parts.window, singleShot=True)
        self._copying.timeout.connect(self._copy_the_list)
        self.gallery: GalleryWorkings | None = None
        self._prepared: Prepared | None = None
        self._beforehand: Beforehand | None = None
        parts.top_bar.fill_menus()
        self.toast = Toast(parts.viewer.stage)
        self.toast.set_foot(Space.HUGE)
        self.showing = Showing(parts.viewer, lanes, parts.describe)
        self.scratch = Scratch(studio.places.cache / "scratch")
        self.photos = Photos(
            parts.photo_column,
            parts.viewer.canvas,
            parts.choices,
            parts.session,
            lanes,
            self.scratch,
        )
        self.drops = Drops(parts.photo_column.panel, parts.window)
        self.closing = Closing(parts.session, parts.window)

    def make_commands(self) -> None:
        """Make what the actions lead to."""
        from pickabook_desktop.ui.controllers.browsing import Browsing
        from pickabook_desktop.ui.controllers.commands import Commands
        from pickabook_desktop.ui.controllers.drawing import Drawing
        from pickabook_desktop.ui.controllers.handing_out import HandingOut
        from pickabook_desktop.ui.controllers.noticing import Noticing
        from pickabook_desktop.ui.controllers.pictures import PictureCommands
        from pickabook_desktop.ui.controllers.repairing import Repairing
        from pickabook_desktop.ui.controllers.trash import Trash
        from pickabook_desktop.ui.controllers.updating import Updating
        from pickabook_desktop.ui.controllers.window_actions import WindowActions

        parts, studio, lanes = self._parts, self._studio, self._lanes
        actions, shelf, window = parts.actions, parts.shelf, parts.window
        self.drawing = Drawing(
            parts.choices, parts.session, self.showing, parts.draw_button, parts.top_bar.queue
        )
        handing_out = HandingOut(self.showing, lanes, studio, self.scratch, window)
        self.pictures = PictureCommands(handing_out, shelf, lanes, studio, self.toast, window)
        self.commands = Commands(
            actions,
            parts.choices,
            parts.session,
            self.drawing,
            self.showing,
            self.pictures,
            parts.viewer,
        )
        self.browsing = Browsing(shelf, parts.history, parts.viewer, self.showing, self.commands)
        self.window_actions = WindowActions(
            actions, studio, parts.choices, parts.memory, lanes, window
        )
        library, empty_trash = studio.library, actions["empty_trash"]
        self.trash = Trash(empty_trash, library, shelf, lanes, self.toast, window)
        self.repairing = Repairing(library, lanes, window)
        self._updating = Updating(library, self.toast, window)
        self._noticing = Noticing(library, lanes, window)
        self._make_online()
        self._make_uploads()
        self.tabs = Tabs(
            parts.stack, parts.create_page, parts.top_bar, dict(actions), self._make_gallery
        )

    def connect(self) -> None:
        """Let everything hear of what it has to answer to."""
        parts, actions = self._parts, self._parts.actions
        choices, panel = parts.choices, parts.photo_column.panel
        self.photos.follow(self.showing)
        self.browsing.follow(parts.session, self.drawing, self.pictures)
        parts.shelf.prompts_read.connect(choices.set_history)
        parts.shelf.failed.connect(self.repairing.hear)
        self.repairing.repaired.connect(parts.shelf.open)
        self.repairing.mention_in(parts.add_above_history)
        self._noticing.changed.connect(parts.shelf.open)
        choices.template_changed.connect(self.drops.take_from_fields)
        parts.page_column.options.expanded_changed.connect(self.drops.take_from_fields)
        self.drops.take_from_fields()
        actions["open_photo"].triggered.connect(panel.open_dialog)
        actions["paste_photo"].triggered.connect(panel.paste)
        parts.top_bar.engine.setup_requested.connect(
            lambda: self.window_actions.open_settings("engines")
        )
        self.drawing.explained.connect(self.toast.show_message)
        self.photos.refused.connect(self.toast.show_message)
        choices.photo_chosen.connect(self._on_photo_chosen)
        self._connect_forgetting()

    def begin(self) -> None:
        """Fetch the history, look for engines and at the photo."""
        parts, lanes = self._parts, self._lanes
        parts.choices.set_engines(self._studio.engines.states())
        parts.shelf.open()
        self.trash.purge_old()
        lanes.submit("library", job_of(self.scratch.sweep), lambda event: None)
        parts.memory.restore_engine(parts.choices)
        self.online.begin()
        self.photos.begin_with(parts.memory.photo, parts.sample)
        self.repairing.look()
        self._updating.begin()
        self._noticing.begin()
        self._copying.start(COPY_AFTER_MS)

    def _copy_the_list(self) -> None:
        """Now and then, where nobody waits for the disk."""
        self._lanes.submit("hand_over", self._studio.backup_job(), lambda event: None)
        self._copying.start(COPY_AGAIN_MS)

    def look_ahead(self) -> None:
        """Make ready what will be opened later, while nothing else is to be done."""
        from pickabook_desktop.ui.beforehand import LIBRARY_MODULES, Beforehand, imports

        def steps() -> Iterator[Callable[[], object]]:
            yield from imports(LIBRARY_MODULES)
            yield from self._prepare().steps()

        def busy() -> bool:
            return any(map(self._lanes.busy, ("photo", "preview", "draw")))

        self._beforehand = Beforehand(steps(), busy, self._parts.window)

    def close(self) -> None:
        """Begin nothing more that waits for a service."""
        if self._beforehand is not None:
            self._beforehand.stop()
        self._updating.close()
        self._noticing.close()
        self._copying.stop()
        self.online.close()
        self.uploads.close()
        if self.gallery is not None:
            self.gallery.close()

    def _make_online(self) -> None:
        from pickabook_desktop.ui.controllers.online import Online
        from pickabook_desktop.ui.controllers.remedies import Remedies
        from pickabook_desktop.ui.controllers.rescuing import Rescuing

        parts, drawing = self._parts, self.drawing
        self.online = Online(
            self._studio,
            self._lanes,
            parts.choices,
            parts.session,
            drawing,
            parts.top_bar.queue,
            self.toast,
            parts.window,
        )
        rescuing = Rescuing(
            parts.session,
            self._studio,
            self._lanes,
            self.toast,
            parts.window,
            parts.viewer.clear_error,
        )
        remedies = Remedies(
            parts.actions,
            parts.page_column,
            parts.top_bar.engine,
            self.window_actions.open_settings,
            drawing.retry,
            self.online.ask_again,
            rescuing.save,
            self.online,
        )

        def help_against_error(remedy: str) -> None:
            # Whoever changes their mind can still save what was drawn.
            if remedy != "save_copy":
                parts.viewer.clear_error()
            remedies.apply(remedy)

        self.online.bind(parts.actions["draw_later"], parts.actions["look"])
        parts.viewer.remedy_wanted.connect(help_against_error)
        drawing.remedy_wanted.connect(remedies.apply)
        self.window_actions.forgetting_begun.connect(rescuing.forget)
        self.window_actions.forgotten.connect(self.online.begin)
        self.window_actions.setting_changed.connect(self.online.allowance.refresh)

    def _make_uploads(self) -> None:
        from pickabook_desktop.ui.uploads.controller import Uploads
        from pickabook_desktop.ui.uploads.model import UploadsModel

        parts = self._parts
        model = UploadsModel(self._studio, self._lanes, parts.window)
        model.describe = lambda picture: title_of(picture.request, parts.choices)
        self.uploads = Uploads(
            parts.actions, model, self._studio.stores, self._lanes, self.toast, parts.window
        )
        self.uploads.follow(self.showing, parts.shelf, parts.history)
        self.uploads.settings_wanted.connect(self.window_actions.open_settings)
        self.window_actions.setting_changed.connect(self.uploads.look_again)
        parts.top_bar.add_status(self.uploads.button)

    def _prepare(self) -> "Prepared":
        from pickabook_desktop.ui.gallery.prepared import Prepared

        if self._prepared is None:
            window, adopt = self._parts.window, self.tabs.add_actions
            self._prepared = Prepared(self._studio, self._lanes, window, adopt)
        return self._prepared

    def _make_gallery(self) -> QWidget:
        from pickabook_desktop.ui.gallery.workings import GalleryParts, GalleryWorkings

        if self._beforehand is not None:
            self._beforehand.stop()
        parts = self._parts
        shared = GalleryParts(
            prepared=self._prepare(),
            window=parts.window,
            choices=parts.choices,
            session=parts.session,
            shelf=parts.shelf,
            memory=parts.memory,
            drawing=self.drawing,
            uploads=self.uploads,
            scratch=self.scratch,
            show_create=lambda: self.tabs.show(CREATE_TAB),
            library_changed=parts.shelf.open,
        )
        gallery = self.gallery = GalleryWorkings(self._studio, self._lanes, shared)
        gallery.handing_over.trashing.trashed.connect(self._on_trashed)
        self.closing.watch(gallery.handing_over.work, gallery.handing_over.work.changed)
        for signal in (self.pictures.deleted, self.pictures.restored, self.trash.emptied):
            signal.connect(gallery.page.refresh)
        self.tabs.changed.connect(self._on_tab_changed)
        self.window_actions.forgetting_begun.connect(gallery.page.forget_names)
        self.window_actions.forgotten.connect(gallery.page.refresh)
        gallery.page.model.failed.connect(self.repairing.hear)
        gallery.page.know_unlisted(self.repairing.count)
        self.repairing.unlisted.connect(gallery.page.know_unlisted)
        gallery.page.empty.repair_wanted.connect(self.repairing.offer_unlisted)
        self.repairing.mention_in(gallery.page.add_line)
        for signal in (self.repairing.repaired, self._noticing.changed):
            signal.connect(gallery.page.refresh)
        return gallery.page

    def _on_tab_changed(self, tab: str) -> None:
        there = self.gallery if tab != CREATE_TAB else None
        self.uploads.speak_at(there.toast if there is not None else self.toast)

    def _on_trashed(self, ids: Collection[str]) -> None:
        """What has just been deleted in the library is not shown beside it."""
        current = self.showing.current
        if current is not None and current.id in ids:
            self.showing.clear()
            self.drawing.preview()

    def _connect_forgetting(self) -> None:
        from pickabook_desktop.ui.controllers.forgetting import Forgetting

        parts = self._parts
        forgetting = Forgetting(
            parts.choices, parts.session, parts.shelf, self.showing, parts.window
        )
        self.window_actions.forgetting_begun.connect(forgetting.begin)
        self.window_actions.forgotten.connect(forgetting.end)
        self.window_actions.forgetting_begun.connect(self._on_forgetting_begun)
        self.window_actions.forgotten.connect(self._on_forgotten)
        forgetting.resume(self._studio.finish_forgetting_job, self._lanes)

    def _on_forgetting_begun(self) -> None:
        if self.gallery is not None:
            self.gallery.forget()
        elif self._prepared is not None:
            self._prepared.let_go()

    def _on_forgotten(self) -> None:
        if self.gallery is not None:
            self.gallery.page.refresh()

    def _on_photo_chosen(self, path: Path) -> None:
        welcome = tr("This is a sample. Drop a photo of your child anywhere on this window.")
        self.showing.set_welcome(welcome if path == self._parts.sample else "")

"""What answers behind the window: makes the controllers, once the window is on the screen, and
connects them.

Their modules are imported step by step, each step short enough to be taken between two events.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.scratch import Scratch
from pickabook_desktop.ui.actions import CREATE_TAB
from pickabook_desktop.ui.controllers.closing import Closing
from pickabook_desktop.ui.controllers.drops import Drops
from pickabook_desktop.ui.controllers.photos import Photos
from pickabook_desktop.ui.controllers.showing import Showing
from pickabook_desktop.ui.library_tab import LibraryTab
from pickabook_desktop.ui.tabs import Tabs
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.viewmodels.pages import title_of
from pickabook_desktop.ui.viewmodels.shelf import job_of
from pickabook_desktop.ui.window_parts import Parts

if TYPE_CHECKING:
    from pickabook_desktop.ui.gallery.prepared import Prepared
    from pickabook_desktop.ui.gallery.workings import GalleryParts, GalleryWorkings


class Workings:
    """All controllers of one window. Call the public methods but the last in the order in which
    they stand here; the window may answer in between.
    """

    def __init__(self, studio: Studio, lanes: Lanes, parts: Parts) -> None:
        self._studio = studio
        self._lanes = lanes
        self._parts = parts
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
        from pickabook_desktop.ui.controllers.caretaking import Caretaking
        from pickabook_desktop.ui.controllers.commands import Commands
        from pickabook_desktop.ui.controllers.drawing import Drawing
        from pickabook_desktop.ui.controllers.handing_out import HandingOut
        from pickabook_desktop.ui.controllers.pictures import PictureCommands
        from pickabook_desktop.ui.controllers.window_actions import WindowActions

        parts, studio, lanes = self._parts, self._studio, self._lanes
        actions, shelf, window = parts.actions, parts.shelf, parts.window
        self.drawing = Drawing(
            parts.choices, parts.session, self.showing, parts.draw_button, parts.top_bar.queue
        )
        handing_out = HandingOut(self.showing, lanes, studio, self.scratch, window)
        self._make_decisions()
        self.pictures = PictureCommands(
            handing_out, shelf, self.moving, lanes, studio, self.toast, window
        )
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
        self.caretaking = Caretaking(parts, studio, lanes, self.toast)

    def make_online(self) -> None:
        """Make what leads to services, to money and to help."""
        from pickabook_desktop.ui.controllers.helping import Helping
        from pickabook_desktop.ui.controllers.online import Online

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
        self.online.bind(parts.actions["draw_later"], parts.actions["look"])
        self.window_actions.forgotten.connect(self.online.begin)
        self.window_actions.setting_changed.connect(self.online.allowance.refresh)
        self._helping = Helping(
            parts,
            self._studio,
            self._lanes,
            drawing,
            self.online,
            self.window_actions,
            self.toast,
        )

    def make_uploads(self) -> None:
        """Make what keeps pages elsewhere."""
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

    def make_tabs(self) -> None:
        """Make the tabs; what is in the library's is made when it is looked at."""
        parts = self._parts
        self.library = LibraryTab(
            self._studio,
            self._lanes,
            parts.window,
            lambda actions: self.tabs.add_actions(actions),
            self._shared,
        )
        self.library.made.connect(self._on_library_made)
        self.tabs = Tabs(
            parts.stack,
            parts.create_page,
            parts.top_bar,
            dict(parts.actions),
            self.library.make,
        )

    def connect(self) -> None:
        """Let everything hear of what it has to answer to."""
        parts, actions = self._parts, self._parts.actions
        choices, panel = parts.choices, parts.photo_column.panel
        self.photos.follow(self.showing)
        self.browsing.follow(parts.session, self.drawing, self.pictures, self.moving)
        parts.shelf.prompts_read.connect(choices.set_history)
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

    def find_engines(self) -> None:
        """Offer every engine that is installed; until then there is the one at hand."""
        self._parts.choices.set_engines(self._studio.engines.states())

    def begin(self) -> None:
        """Fetch the history and look at the photo."""
        parts, lanes = self._parts, self._lanes
        parts.shelf.open()
        lanes.submit("library", job_of(self.scratch.sweep), lambda event: None)
        parts.memory.restore_engine(parts.choices)
        self.online.begin()
        self.photos.begin_with(parts.memory.photo, parts.sample)
        self.caretaking.begin()

    def close(self) -> None:
        """Begin nothing more that waits for a service."""
        self.caretaking.close()
        self.online.close()
        self.uploads.close()
        self.library.close()

    def _make_decisions(self) -> None:
        """One history of all that is decided about pages, wherever in the window that is."""
        from pickabook_desktop.ui.controllers.moving import Moving
        from pickabook_desktop.ui.viewmodels.decisions import Decisions

        studio, parts = self._studio, self._parts
        library, watch = studio.library, studio.children.watch_all
        self.decisions = Decisions(
            lambda: library.review.decisions, self._lanes, watch, parts.window
        )
        self.moving = Moving(self.decisions, parts.actions, self.toast)

    def _shared(self, prepared: "Prepared") -> "GalleryParts":
        from pickabook_desktop.ui.gallery.workings import GalleryParts

        parts = self._parts
        return GalleryParts(
            prepared=prepared,
            window=parts.window,
            choices=parts.choices,
            session=parts.session,
            shelf=parts.shelf,
            memory=parts.memory,
            drawing=self.drawing,
            decisions=self.decisions,
            moving=self.moving,
            uploads=self.uploads,
            scratch=self.scratch,
            show_create=lambda: self.tabs.show(CREATE_TAB),
            library_changed=parts.shelf.open,
        )

    def _on_library_made(self, gallery: "GalleryWorkings") -> None:
        page, work = gallery.page, gallery.handing_over.work
        self.closing.watch(work, work.changed)
        self.tabs.changed.connect(self._on_tab_changed)
        self.window_actions.forgetting_begun.connect(page.forget_names)
        self.caretaking.watch(page)

    def _on_tab_changed(self, tab: str) -> None:
        there = self.library.gallery if tab != CREATE_TAB else None
        toast = there.toast if there is not None else self.toast
        self.uploads.speak_at(toast)
        self.moving.speak_at(toast)

    def _connect_forgetting(self) -> None:
        from pickabook_desktop.ui.controllers.forgetting import Forgetting

        parts = self._parts
        forgetting = Forgetting(
            parts.choices, parts.session, parts.shelf, self.showing, parts.window
        )
        self.window_actions.forgetting_begun.connect(forgetting.begin)
        self.window_actions.forgotten.connect(forgetting.end)
        self.window_actions.forgetting_begun.connect(self.library.forget)
        self.window_actions.forgetting_begun.connect(self.decisions.forget)
        self.window_actions.forgotten.connect(self.library.refresh)
        forgetting.resume(self._studio.finish_forgetting_job, self._lanes)

    def _on_photo_chosen(self, path: Path) -> None:
        welcome = tr("This is a sample. Drop a photo of your child anywhere on this window.")
        self.showing.set_welcome(welcome if path == self._parts.sample else "")

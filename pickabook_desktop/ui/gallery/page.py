"""The library tab: folders, search and pages, what is known of the current one."""

import itertools
from collections.abc import Mapping

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.gallery.empty_states import EmptyState
from pickabook_desktop.ui.gallery.search_bar import SearchBar
from pickabook_desktop.ui.gallery.side_panel import WIDTH, SidePanel
from pickabook_desktop.ui.gallery.view import GalleryView
from pickabook_desktop.ui.gallery.view_bar import FIRST_EDGE
from pickabook_desktop.ui.viewmodels.completing import Completing
from pickabook_desktop.ui.viewmodels.folders import Folders
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel
from pickabook_desktop.ui.viewmodels.gallery_memory import GalleryMemory
from pickabook_desktop.ui.viewmodels.gallery_words import Titles
from pickabook_desktop.ui.viewmodels.thumbnail_feed import ThumbnailFeed
from pickabook_desktop.ui.widgets.tab_order import stops

GALLERY_KEY = "window.gallery"
DETAILS_WIDTH = 288


class GalleryPage(QWidget):
    """Makes and lays out what is seen of the library. What answers to it are controllers; those of
    the search are in :class:`~pickabook_desktop.ui.controllers.gallery.searching.Searching`.

    ``stage`` shows the pages, or what others have added to look at some of them. ``titles`` says
    what templates, engines, days and pictures are called.
    """

    create_wanted = Signal()
    """Somebody wants to draw a page."""
    stage_changed = Signal(object)
    """The widget that is now on the stage; None for the pages."""
    looked_again = Signal()
    """:meth:`refresh` was called."""

    def __init__(
        self,
        studio: Studio,
        lanes: Lanes,
        actions: Mapping[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self.titles = Titles(studio.templates, studio.styles, studio.engines.states)
        library = studio.library
        self.model = GalleryModel(library, lanes, self)
        self.feed = ThumbnailFeed(library, lanes, self)
        self.folders = Folders(library, lanes, self.titles, self)
        self.view = GalleryView(self.model, self.feed, self.titles)
        self.completing = Completing(self.folders, self.titles)
        offers, meanwhile = self.completing.offers, self.completing.meanwhile
        self.search_bar = SearchBar(actions, offers, meanwhile)
        self.side = SidePanel(self.folders)
        self.side.is_ours = self._is_ours
        self.empty = EmptyState()
        self.empty.create_wanted.connect(self.create_wanted)
        self.details: QWidget | None = None
        self.stage = QStackedWidget()
        self._pages = QStackedWidget()
        self._lines = QWidget()
        self._unlisted, self._tells = 0, False
        self._away: PickaBookError | None = None
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._details_place = QFrame()
        self._lay_out()
        self.restore({GALLERY_KEY: studio.settings.text(GALLERY_KEY)})

    def refresh(self) -> None:
        """Look again, for pages have come, gone or changed."""
        self.model.refresh()
        self.looked_again.emit()

    def forget_names(self) -> None:
        """Let go of all words that may name a child, and of all thumbnails, until the library is
        read again.
        """
        self.completing.forget()
        self.folders.clear()
        self.feed.clear()

    def set_details(self, widget: QWidget) -> None:
        """Put what is known of the current page into its place."""
        self.details = widget
        layout = self._details_place.layout()
        if layout is not None:
            layout.addWidget(widget)
        for first, second in itertools.pairwise((self.empty.button, *stops(widget))):
            QWidget.setTabOrder(first, second)
        self._details_place.setVisible(self._actions["lib_details"].isChecked())

    def add_above(self, widget: QWidget) -> None:
        """Put ``widget`` between the search and the pages."""
        self._browse.insertWidget(self._browse.indexOf(self._pages), widget)

    def add_line(self, widget: QWidget) -> None:
        """As :meth:`add_above`, for what speaks of pages that are not on the list; it is not seen
        while that is said in the place of the pages.
        """
        layout = self._lines.layout()
        if layout is not None:
            layout.addWidget(widget)

    def add_stage(self, widget: QWidget) -> None:
        """Add something to look at pages with; :meth:`show_stage` shows it."""
        self.stage.addWidget(widget)

    def show_stage(self, widget: QWidget) -> None:
        """Show what was added in the place of the pages, and give it the keyboard."""
        self.stage.setCurrentWidget(widget)
        self._raise_what_lies_over()
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self.stage_changed.emit(widget)

    def show_browse(self) -> None:
        """Show the pages again, and give them the keyboard."""
        if not self.browsing:
            self.stage.setCurrentIndex(0)
            self._raise_what_lies_over()
            self.stage_changed.emit(None)
        # What is hidden would take the keyboard away from somebody when it is shown.
        if self._pages.currentWidget() is self.view:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.empty.button.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def browsing(self) -> bool:
        """Whether the pages are on the stage."""
        return self.stage.currentIndex() == 0

    def show_pages(self) -> None:
        """There are pages to be seen, or there will be in a moment."""
        had_focus = self.empty.isAncestorOf(self.focusWidget())
        if self.model.count:
            self._away = None
        self._show(self.view)
        if had_focus:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_nothing(self, *, words: str, in_trash: bool) -> None:
        """There are no pages: none that match ``words``, none in the trash, none on the list,
        none that can be reached, or none at all.
        """
        sought = bool(words.strip())
        # Where nothing is on the list, nothing could match.
        lost = self._unlisted > 0 and (not sought or self.folders.total == 0)
        if self._away is not None:
            self.empty.show_failure(self._away)
        elif lost:
            self.empty.show_unlisted(self._unlisted)
        elif in_trash:
            self.empty.show_empty_trash()
        elif sought:
            self.empty.show_nothing_found(words)
        else:
            self.empty.show_no_pages()
        self._show(self.empty, tells=lost)

    def show_failure(self, error: PickaBookError) -> None:
        """The pages cannot be read."""
        self.empty.show_failure(error)
        self._show(self.empty)

    def know_away(self, error: PickaBookError) -> None:
        """The library's folder is not there, so that nothing can be found in it."""
        self._away = error
        if self._pages.currentWidget() is self.empty:
            self.show_failure(error)

    def know_unlisted(self, count: int) -> None:
        """So many pages are in the library's folder and not on its list."""
        changed, self._unlisted = count != self._unlisted, count
        shown = self.empty if self._pages.currentWidget() is self.empty else self.view
        self._show(shown, tells=self._tells)
        if changed and shown is self.empty:
            # What is said there may be another thing now.
            self.model.refresh()

    def _show(self, widget: QWidget, *, tells: bool = False) -> None:
        """Show the pages, or what is said in their place; that ``tells`` of pages not on the
        list.
        """
        self._tells = tells
        self._pages.setCurrentWidget(widget)
        self._lines.setVisible(self._unlisted > 0 and not tells)

    def set_side_shown(self, shown: bool) -> None:
        self.side.setVisible(shown)

    def set_details_shown(self, shown: bool) -> None:
        self._details_place.setVisible(shown and self.details is not None)

    def remember(self) -> dict[str, str]:
        """What the next start should know, as settings."""
        view = self.model.view
        memory = GalleryMemory(
            splitter=bytes(self._splitter.saveState().toBase64().data()).decode(),
            side=self._actions["lib_side"].isChecked(),
            details=self._actions["lib_details"].isChecked(),
            mode=self.view.mode,
            edge=self.search_bar.options.edge.value(),
            words=self.search_bar.words,
            sort=view.sort,
            descending=view.descending,
            grouping=view.grouping,
            stacked=view.stacked,
            folded=self.side.folded,
        )
        return {GALLERY_KEY: memory.to_json()}

    def restore(self, settings: Mapping[str, str]) -> None:
        """Be as :meth:`remember` said; the search is begun with it."""
        memory = self.memory = GalleryMemory.from_json(settings.get(GALLERY_KEY, ""))
        self._splitter.restoreState(QByteArray.fromBase64(QByteArray(memory.splitter.encode())))
        self._actions["lib_side"].setChecked(memory.side)
        self._actions["lib_details"].setChecked(memory.details)
        self._actions["lib_stack"].setChecked(memory.stacked)
        mode = self._actions.get(f"lib_{memory.mode}", self._actions["lib_grid"])
        mode.setChecked(True)
        self.search_bar.options.edge.setValue(memory.edge or FIRST_EDGE)
        self.search_bar.show_words(memory.words)
        if memory.folded is not None:
            self.side.fold(memory.folded)
        self.set_side_shown(memory.side)
        self.set_details_shown(memory.details)

    def _lay_out(self) -> None:
        browse = QWidget()
        column = self._browse = QVBoxLayout(browse)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(self.search_bar)
        lines = QVBoxLayout(self._lines)
        lines.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._lines)
        self._lines.hide()
        column.addWidget(self._pages, 1)
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.empty)
        self.stage.addWidget(browse)
        self._details_place.setProperty("kind", "bar")
        inside = QVBoxLayout(self._details_place)
        inside.setContentsMargins(0, 0, 0, 0)
        side = QFrame()
        side.setProperty("kind", "bar")
        for place, part in enumerate((self.side, self.stage, self._details_place)):
            self._splitter.addWidget(part)
            self._splitter.setCollapsible(place, False)
            self._splitter.setStretchFactor(place, 1 if part is self.stage else 0)
        self._splitter.setHandleWidth(1)
        self._splitter.setSizes([WIDTH, 10 * WIDTH, DETAILS_WIDTH])
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._splitter)
        self.setFocusProxy(self.view)
        titles = self.view.header.titles
        order = (self.side, *stops(self.search_bar), *titles, self.view, self.empty.button)
        for first, second in itertools.pairwise(order):
            QWidget.setTabOrder(first, second)

    def _raise_what_lies_over(self) -> None:
        """Messages stay in sight whatever is on the stage."""
        for child in self.stage.children():
            if isinstance(child, QWidget) and self.stage.indexOf(child) < 0:
                child.raise_()

    def _is_ours(self, source: object) -> bool:
        return source is not None and source in (self.window(), self.view, self.view.viewport())

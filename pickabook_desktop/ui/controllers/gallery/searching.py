"""What is looked at in the library: words, order and folders."""

from collections.abc import Mapping
from typing import Literal

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from pickabook_desktop.domain.review import GROUP_KEYS, SORT_KEYS, GroupKey, SavedSearch, SortKey
from pickabook_desktop.domain.review import View as Look
from pickabook_desktop.domain.search import parse
from pickabook_desktop.ui.gallery.page import GalleryPage
from pickabook_desktop.ui.gallery.view_bar import EDGE_STEP
from pickabook_desktop.ui.viewmodels.folders import Folder

_MODES: tuple[Literal["grid", "list", "strip"], ...] = ("grid", "list", "strip")


class Searching(QObject):
    """Turns what is typed, pressed and chosen into the view of the model. Nothing is asked of the
    library before :meth:`begin`.
    """

    tag_wanted = Signal(str)
    """The selected pictures were dropped on this tag."""

    def __init__(self, page: GalleryPage, actions: Mapping[str, QAction]) -> None:
        super().__init__(page)
        self._page = page
        self._actions = actions
        self._connect_bar()
        self._connect_side()
        self._connect_actions()
        page.empty.clear_wanted.connect(self.clear)

    def begin(self) -> None:
        """Look for the first time, at what was looked at last."""
        memory = self._page.memory
        self._set_look(
            Look(
                sort=memory.sort,
                descending=memory.descending,
                grouping=memory.grouping,
                stacked=memory.stacked,
            ),
            memory.words,
        )
        self._page.model.open()

    def close(self) -> None:
        """Begin nothing more."""
        self._page.search_bar.field.timer.stop()

    def show(self, words: str) -> None:
        """Look for ``words`` in the order in which pages are now."""
        self._set_look(self._page.model.view, words)

    def narrow(self, words: str) -> None:
        """Look for ``words`` among what is shown."""
        said = self._page.search_bar.words.strip()
        if f" {words} " not in f" {said} ":
            self.show(f"{said} {words}".strip())

    def clear(self) -> None:
        """Look at all pages."""
        self.show("")
        self._page.view.setFocus()

    def forget(self) -> None:
        """A child is being forgotten: no word of it stays here."""
        self._page.forget_names()
        self.show("")

    def _connect_bar(self) -> None:
        bar, options = self._page.search_bar, self._page.search_bar.options
        bar.field.words_wanted.connect(self.show)
        bar.field.begun.connect(self._on_begun)
        bar.field.left.connect(self._page.show_browse)
        bar.save_wanted.connect(self._on_save_wanted)
        options.sort_chosen.connect(self._on_sort_chosen)
        options.descending_chosen.connect(self._on_descending_chosen)
        options.grouping_chosen.connect(self._on_grouping_chosen)
        options.edge_changed.connect(self._page.view.set_edge)
        view = self._page.view
        view.set_edge(options.edge.value())
        view.edge_changed.connect(options.edge.setValue)
        view.sort_wanted.connect(self._on_column_pressed)

    def _connect_side(self) -> None:
        side, folders = self._page.side, self._page.folders
        side.folder_chosen.connect(self._on_folder_chosen)
        side.folder_added.connect(self._on_folder_added)
        side.rename_wanted.connect(folders.rename)
        side.remove_wanted.connect(folders.remove)
        side.move_wanted.connect(folders.move)
        side.pictures_dropped.connect(self._on_pictures_dropped)
        folders.changed.connect(self._on_folders_changed)

    def _connect_actions(self) -> None:
        actions, page = self._actions, self._page
        for mode in _MODES:
            actions[f"lib_{mode}"].toggled.connect(self._on_mode_toggled)
        self._on_mode_toggled()
        actions["lib_stack"].toggled.connect(self._on_stack_toggled)
        actions["lib_side"].toggled.connect(page.set_side_shown)
        actions["lib_details"].toggled.connect(page.set_details_shown)
        actions["lib_find"].triggered.connect(self._on_find)
        actions["lib_save_search"].triggered.connect(self._on_title_wanted)
        actions["lib_larger"].triggered.connect(lambda: self._resize(EDGE_STEP))
        actions["lib_smaller"].triggered.connect(lambda: self._resize(-EDGE_STEP))
        actions["lib_select_all"].triggered.connect(page.model.select_all)
        actions["lib_select_none"].triggered.connect(page.model.select_none)

    def _set_look(self, look: Look, words: str) -> None:
        page, search = self._page, parse(words)
        page.search_bar.show_words(words)
        page.search_bar.show_problems(search.problems)
        page.search_bar.options.show_order(look.sort, look.grouping, descending=look.descending)
        page.side.show_chosen(words)
        self._actions["lib_save_search"].setEnabled(bool(words.strip()))
        page.model.set_view(msgspec.structs.replace(look, search=search))

    def _change(self, **changes: object) -> None:
        page = self._page
        look = msgspec.structs.replace(page.model.view, **changes)
        if page.search_bar.field.half_typed:
            page.search_bar.options.show_order(look.sort, look.grouping, descending=look.descending)
            page.model.set_view(look)
        else:
            self._set_look(look, page.search_bar.words)

    def _on_mode_toggled(self) -> None:
        for mode in _MODES:
            if self._actions[f"lib_{mode}"].isChecked():
                self._page.view.set_mode(mode)
                self._page.search_bar.options.edge.setEnabled(mode == "grid")

    def _on_stack_toggled(self, stacked: bool) -> None:
        self._change(stacked=stacked)

    def _on_descending_chosen(self, descending: bool) -> None:
        self._change(descending=descending)

    def _on_sort_chosen(self, sort: str) -> None:
        self._change(sort=_sort_of(sort))

    def _on_column_pressed(self, sort: str) -> None:
        """The same column a second time turns the order round."""
        look = self._page.model.view
        self._change(sort=_sort_of(sort), descending=look.sort != sort or not look.descending)

    def _on_grouping_chosen(self, grouping: str) -> None:
        self._change(grouping=_grouping_of(grouping))

    def _on_folder_chosen(self, folder: Folder) -> None:
        saved, before = folder.saved, self._page.model.view
        if saved is None:
            self.show(folder.words)
        else:
            look = msgspec.structs.replace(
                before, sort=saved.sort, descending=saved.descending, grouping=saved.grouping
            )
            self._set_look(look, saved.words)
        if self._page.model.view == before:
            # What was decided since may have moved pages into it, or out of it.
            self._page.refresh()

    def _on_folder_added(self, folder: Folder) -> None:
        self.narrow(folder.words)

    def _on_pictures_dropped(self, folder: Folder) -> None:
        self.tag_wanted.emit(folder.value)

    def _on_folders_changed(self) -> None:
        self._page.side.show_chosen(self._page.search_bar.words)

    def _on_begun(self, sought: str) -> None:
        """A value is being typed, and what else is sought is shown meanwhile."""
        page = self._page
        page.search_bar.show_problems(())
        page.side.show_chosen(sought)
        self._actions["lib_save_search"].setEnabled(False)
        page.model.set_view(msgspec.structs.replace(page.model.view, search=parse(sought)))

    def _on_find(self) -> None:
        if not self._page.browsing:
            self._page.show_browse()
        self._page.search_bar.ask_words()

    def _on_title_wanted(self) -> None:
        words = self._page.search_bar.words.strip()
        if words:
            self._page.search_bar.ask_title(words)

    def _on_save_wanted(self, title: str) -> None:
        look = self._page.model.view
        self._page.folders.save(
            SavedSearch(
                id="",
                title=title,
                words=self._page.search_bar.words.strip(),
                sort=look.sort,
                descending=look.descending,
                grouping=look.grouping,
            )
        )

    def _resize(self, by: int) -> None:
        if not self._page.browsing:
            # What is on the stage is zoomed by the same keys.
            return
        edge = self._page.search_bar.options.edge
        edge.setValue(edge.value() + by)


def _sort_of(value: str) -> SortKey:
    return value if value in SORT_KEYS else "date"


def _grouping_of(value: str) -> GroupKey:
    return value if value in GROUP_KEYS else ""

"""The tabs of the window: one is seen, and with it the actions that belong to it."""

from collections.abc import Callable, Mapping
from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from pickabook_desktop.ui.actions import (
    CREATE_TAB,
    LIBRARY_ACTIONS,
    LIBRARY_TAB,
    ON_CREATE,
    fill_menu_bar,
)
from pickabook_desktop.ui.top_bar import TopBar

ON_TAB = {CREATE_TAB: ("page", "share"), LIBRARY_TAB: ("library", "pictures")}
"""The menus that a tab has for itself."""


class Tabs(QObject):
    """Shows one tab at a time. Actions and menus of the others are out of reach meanwhile, so that
    a key means one thing. The library's page is made when it is first opened, by ``make_library``.
    """

    changed = Signal(str)

    def __init__(
        self,
        stack: QStackedWidget,
        create_page: QWidget,
        top_bar: TopBar,
        actions: dict[str, QAction],
        make_library: Callable[[], QWidget],
    ) -> None:
        super().__init__(stack)
        self._stack = stack
        self._top_bar = top_bar
        self._actions = actions
        self._make_library = make_library
        self._pages = {CREATE_TAB: create_page}
        self._focus: dict[str, QWidget] = {}
        self.current = CREATE_TAB
        top_bar.tabs.value_chosen.connect(self.show)
        actions["tab_create"].triggered.connect(lambda: self.show(CREATE_TAB))
        actions["tab_library"].triggered.connect(lambda: self.show(LIBRARY_TAB))
        self._apply()

    def show(self, tab: str) -> None:
        """Change to ``tab``; what had the focus there has it again."""
        if tab == self.current:
            return
        if tab not in self._pages:
            self._pages[tab] = self._make_library()
            self._stack.addWidget(self._pages[tab])
        focus = cast("QWidget | None", self._stack.window().focusWidget())
        if focus is not None and self._pages[self.current].isAncestorOf(focus):
            self._focus[self.current] = focus
        self.current = tab
        self._apply()
        self._stack.setCurrentWidget(self._pages[tab])
        self._focus.get(tab, self._pages[tab]).setFocus()
        self.changed.emit(tab)

    def add_actions(self, actions: Mapping[str, QAction]) -> None:
        """Take over the library's actions, and put them into its menus."""
        _hang(self._top_bar, actions)
        self._actions.update(actions)
        self._apply()

    def _apply(self) -> None:
        self._top_bar.tabs.choose(self.current)
        self._actions[f"tab_{self.current}"].setChecked(True)
        for action_id, action in self._actions.items():
            if action_id in ON_CREATE:
                action.setVisible(self.current == CREATE_TAB)
            elif action_id.startswith(LIBRARY_ACTIONS):
                action.setVisible(self.current == LIBRARY_TAB)
        for tab, menus in ON_TAB.items():
            for menu in menus:
                self._top_bar.menu(menu).menuAction().setVisible(tab == self.current)


def _hang(top_bar: TopBar, actions: Mapping[str, QAction]) -> None:
    from pickabook_desktop.ui.gallery.actions import library_table, submenu_titles

    menus: dict[str, QMenu] = {name: top_bar.menu(name) for name in ON_TAB[LIBRARY_TAB]}
    titles = submenu_titles()
    for spec in library_table():
        if spec.menu not in menus:
            holder, title = titles[spec.menu]
            if spec.after:
                menus[holder].addSeparator()
            menus[spec.menu] = menus[holder].addMenu(title)
        fill_menu_bar(menus, actions, (spec,))

"""Lets plain keys, and those that judge and delete pages, reach them only from where the pages are
looked at.
"""

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from pickabook_desktop.ui.gallery.page import GalleryPage

_JUDGING = ("lib_rate_", "lib_label_", "lib_pick", "lib_reject", "lib_unflag", "lib_delete")
_HELD = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class Guarding(QObject):
    """Who is among the folders or in the search does not see which pages a key would change, and
    may look for a folder by its first letters.
    """

    def __init__(self, page: GalleryPage, actions: Mapping[str, QAction], window: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._window = window
        judging = (action for name, action in actions.items() if name.startswith(_JUDGING))
        self._keys = {key.toString() for action in judging for key in action.shortcuts()}
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        # It comes here when nobody below has a use for the key.
        override = event.type() == QEvent.Type.ShortcutOverride and self._page.isVisible()
        if override and self._means_pages(cast("QKeyEvent", event)) and not self._among_pages():
            event.accept()
            return True
        return False

    def _means_pages(self, event: QKeyEvent) -> bool:
        held, text = event.modifiers() & _HELD, event.text()
        plain = not held and bool(text) and text.isprintable()
        key = QKeySequence(QKeyCombination(held, Qt.Key(event.key())))
        return plain or key.toString() in self._keys

    def _among_pages(self) -> bool:
        page, focus = self._page, self._window.focusWidget()
        stage = (page.view, page.empty) if page.browsing else (page.stage.currentWidget(),)
        places = (place for place in (*stage, page.details) if place is not None)
        return any(place is focus or place.isAncestorOf(focus) for place in places)

"""Lets keys that judge and delete pages reach them only from where the pages are looked at."""

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt
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
    """Who is among the folders or in the search does not see which pages a key would change."""

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
        if override and self._judges(cast("QKeyEvent", event)) and not self._among_pages():
            event.accept()
            return True
        return False

    def _judges(self, event: QKeyEvent) -> bool:
        held = event.modifiers()
        if held & _HELD:
            return QKeySequence(event.keyCombination()).toString() in self._keys
        # What Shift makes of a digit depends on the keyboard.
        shifted = bool(held & Qt.KeyboardModifier.ShiftModifier)
        text = event.text()
        sign = shifted and bool(text) and text.isprintable() and not text.isalpha()
        return QKeySequence(event.key()).toString() in self._keys or sign

    def _among_pages(self) -> bool:
        page, focus = self._page, self._window.focusWidget()
        stage = page.view if page.browsing else page.stage.currentWidget()
        places = (place for place in (stage, page.details) if place is not None)
        return any(place is focus or place.isAncestorOf(focus) for place in places)

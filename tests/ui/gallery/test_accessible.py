"""What a screen reader learns of a view that paints its pictures itself."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QAccessible,
)
from pytestqt.qtbot import QtBot
from ui.gallery.view_data import COUNT, Words

from pickabook_desktop.ui.gallery.view import GalleryView


def test_screen_readers_are_told_what_is_seen_and_current(view: GalleryView, qtbot: QtBot) -> None:
    view.scroll_to(view.cells.box(100).y)
    seen = view.visible_places()
    view.model.set_current(seen.start + 2)
    told = QAccessible.queryAccessibleInterface(view)
    assert told.text(QAccessible.Text.Name) == "Pages"
    assert told.role() == QAccessible.Role.List
    assert told.childCount() == len(seen)
    item = told.child(2)
    assert item is not None
    card = view.model.current_card
    assert card is not None
    assert item.text(QAccessible.Text.Name) == Words().describe(card)
    assert item.text(QAccessible.Text.Description) == f"{seen.start + 3} of {COUNT}"
    state = item.state()
    assert state.selected
    assert state.focused
    assert not told.child(1).state().selected
    assert told.focusChild() == item
    middle_of = item.rect().center()
    assert told.childAt(middle_of.x(), middle_of.y()) == item
    assert told.child(len(seen)) is None


def test_screen_readers_hear_of_each_step(
    view: GalleryView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: heard.append(event.child())
    )
    qtbot.keyClick(view, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[-1] == COUNT - 1 - view.visible_places().start

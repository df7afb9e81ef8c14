"""Pages that are deleted and brought back, from wherever in the window."""

import pytest
from PySide6.QtCore import Qt
from ui.window.hands import CONTROL, PROMPTS, SHIFT

from pickabook_desktop.jobs.known_children import KnownChild

KEY = Qt.Key


@pytest.fixture
def window(hands, desk, qtbot):
    """The create tab, with a page that was just drawn, and older ones in the strip."""
    desk.draw(hands.window)
    hands.window.shelf.open()
    qtbot.waitUntil(lambda: len(hands.window.history.pictures) == len(PROMPTS) + 1)
    return hands.window


def ids(window) -> list[str]:
    return [picture.id for picture in window.history.pictures]


def delete_in_strip(window, qtbot) -> str:
    """Delete the newest page with the keyboard in the strip of pages, and give its id."""
    newest = window.history.pictures[0].id
    window.history.strip.setFocus()
    qtbot.keyClick(window.history.strip, KEY.Key_Delete)
    qtbot.waitUntil(lambda: newest not in ids(window))
    return newest


def test_a_page_deleted_in_the_strip_comes_back_with_undo_and_goes_with_redo(hands, window, qtbot):
    before = ids(window)
    newest = delete_in_strip(window, qtbot)
    assert window.workings.showing.current.id != newest
    assert window._studio.library.count_trash() == 1
    hands.press(KEY.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: ids(window) == before)
    qtbot.waitUntil(lambda: window.workings.showing.current.id == newest)
    assert window.workings.toast.text == "The page is back in the library."
    assert window._studio.library.count_trash() == 0
    hands.press(KEY.Key_Z, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: newest not in ids(window))
    assert window.workings.library.gallery is None, "the library need not be opened for it"


def test_a_page_deleted_in_the_create_tab_comes_back_in_the_library(hands, window, qtbot):
    before = ids(window)
    window.actions_by_id["delete"].trigger()
    qtbot.waitUntil(lambda: len(ids(window)) == len(before) - 1)
    hands.press(KEY.Key_2, CONTROL)
    qtbot.waitUntil(lambda: hands.found(len(before) - 1))
    hands.press(KEY.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: hands.found(len(before)))
    assert hands.library.page.model.current_card.id == before[0]
    assert hands.library.toast.text == "The page is back in the library."
    qtbot.waitUntil(lambda: ids(window) == before)


def test_pages_deleted_in_the_library_come_back_in_the_create_tab(hands, window, qtbot):
    before = ids(window)
    hands.press(KEY.Key_2, CONTROL)
    qtbot.waitUntil(lambda: hands.found(len(before)))
    hands.press(KEY.Key_Home)
    hands.press(KEY.Key_Right, SHIFT)
    hands.press(KEY.Key_Delete)
    qtbot.waitUntil(lambda: hands.found(len(before) - 2))
    hands.press(KEY.Key_1, CONTROL)
    qtbot.waitUntil(lambda: ids(window) == before[2:])
    hands.press(KEY.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: ids(window) == before)
    assert window.workings.toast.text == "2 pages are back in the library."


def test_undo_brings_a_page_back_though_words_were_being_written(hands, window, qtbot):
    before = ids(window)
    prompt = window.page_column.prompt.edit
    prompt.setFocus()
    hands.type("snow")
    window.actions_by_id["delete"].trigger()
    qtbot.waitUntil(lambda: len(ids(window)) == len(before) - 1)
    hands.press(KEY.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: ids(window) == before)
    assert prompt.toPlainText() == "snow"


def test_what_was_judged_is_not_taken_back_where_it_is_not_seen(hands, window, qtbot):
    before = ids(window)
    hands.press(KEY.Key_2, CONTROL)
    qtbot.waitUntil(lambda: hands.found(len(before)))
    hands.press(KEY.Key_Home)
    hands.press(KEY.Key_4)
    hands.settle()
    hands.press(KEY.Key_1, CONTROL)
    assert not window.actions_by_id["undo"].isEnabled()
    hands.press(KEY.Key_Z, CONTROL)
    hands.settle()
    assert window._studio.library.review.card(before[0]).rating == 4
    window.actions_by_id["delete"].trigger()
    qtbot.waitUntil(lambda: len(ids(window)) == len(before) - 1)
    hands.press(KEY.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: ids(window) == before)
    assert not window.actions_by_id["undo"].isEnabled()


def test_what_has_gone_for_good_is_not_said_to_be_back(hands, window, qtbot):
    window.actions_by_id["delete"].trigger()
    qtbot.waitUntil(lambda: len(ids(window)) == len(PROMPTS))
    window._studio.library.purge()
    hands.press(KEY.Key_Z, CONTROL)
    nothing = "There is nothing to take out of the trash any more."
    qtbot.waitUntil(lambda: window.workings.toast.text == nothing)
    assert len(ids(window)) == len(PROMPTS)


def test_nothing_is_taken_back_that_was_deleted_before_a_child_was_forgotten(hands, window, qtbot):
    window.actions_by_id["delete"].trigger()
    qtbot.waitUntil(lambda: window.actions_by_id["undo"].isEnabled())
    child = KnownChild(id="1", name="Cosima", title="Cosima")
    window.workings.window_actions.forgetting_begun.emit(child)
    assert not window.actions_by_id["undo"].isEnabled()

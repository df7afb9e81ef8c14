"""What was done to pages in the library, taken back in the order in which it was done."""

import pytest
from PySide6.QtCore import Qt
from ui.window.hands import CONTROL, PROMPTS, SHIFT

from pickabook_desktop.domain.review import SavedSearch

KEY = Qt.Key
NEWEST = PROMPTS[-1]


@pytest.fixture
def library(hands):
    """The tab, with the newest page current."""
    hands.open_library()
    hands.press(KEY.Key_Home)
    return hands.window._studio.library


def test_deleting_and_rating_are_taken_back_in_turn(hands, library, qtbot):
    hands.press(KEY.Key_5)
    hands.press(KEY.Key_Delete)
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS) - 1))
    hands.press(KEY.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS)))
    hands.settle()
    card = hands.library.page.model.current_card
    assert (card.prompt, card.rating) == (NEWEST, 5)
    assert library.count_trash() == 0
    hands.press(KEY.Key_Z, CONTROL)
    hands.settle()
    assert library.review.card(card.id).rating == 0
    hands.press(
        KEY.Key_Z,
        CONTROL,
    )
    hands.press(KEY.Key_Z, CONTROL | SHIFT)
    hands.press(KEY.Key_Z, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS) - 1))
    assert library.count_trash() == 1


def test_the_message_brings_back_what_it_speaks_of(hands, library, qtbot):
    hands.press(KEY.Key_Delete)
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS) - 1))
    qtbot.waitUntil(lambda: "in the trash" in hands.library.toast.text)
    hands.press(KEY.Key_4)
    hands.settle()
    hands.library.toast.action_button.click()
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS)))
    hands.settle()
    ratings = [library.review.card(picture.id).rating for picture in library.recent()]
    assert sorted(ratings) == [0, 0, 0, 0, 4]


def test_taking_out_of_the_trash_is_taken_back(hands, library, qtbot):
    hands.press(KEY.Key_Delete)
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS) - 1))
    hands.library.searching.show("is:trashed")
    qtbot.waitUntil(lambda: hands.found(1))
    hands.library.handing_over.trashing.restore_all()
    qtbot.waitUntil(lambda: hands.found(0))
    hands.library.deciding.undo()
    qtbot.waitUntil(lambda: hands.found(1))
    assert library.count_trash() == 1


def test_a_note_that_is_taken_back_at_once_leaves_its_field(hands, library, qtbot):
    note = hands.library.detailing.note
    hands.settle()
    note.setFocus()
    note.insertPlainText("abc")
    note.commit()
    hands.library.deciding.undo()
    hands.settle()
    qtbot.waitUntil(lambda: note.toPlainText() == "")


def test_a_note_that_is_taken_back_leaves_its_field(hands, library, qtbot):
    note = hands.library.detailing.note
    hands.press(KEY.Key_N)
    assert hands.focus is note
    hands.type("abc")
    hands.press(KEY.Key_Escape)
    hands.settle()
    hands.press(KEY.Key_Z, CONTROL)
    hands.settle()
    qtbot.waitUntil(lambda: note.toPlainText() == "")
    assert "note on “" in hands.library.toast.text
    assert "was taken back" in hands.library.toast.text
    hands.press(KEY.Key_Z, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: note.toPlainText() == "abc")


def test_the_folder_that_is_looked_at_counts_with_its_pages(hands, library, qtbot):
    folders = hands.library.page.folders
    hands.press(KEY.Key_P)
    hands.settle()
    library.review.searches.save(SavedSearch(id="", title="My picks", words="is:picked snow"))
    hands.library.searching.show("is:picked snow")
    folders.refresh()
    qtbot.waitUntil(lambda: [f.count for f in folders.section("searches")] == [1])
    counts = []
    hands.library.page.model.counted.connect(
        lambda: counts.append([f.count for f in folders.section("searches")])
    )
    hands.press(KEY.Key_Delete)
    qtbot.waitUntil(lambda: hands.found(0))
    assert counts[0] == [0], "beside nothing found no folder has a page"


def test_a_page_that_is_judged_and_deleted_at_once_was_not_deleted_elsewhere(hands, library, qtbot):
    hands.press(KEY.Key_5)
    hands.press(KEY.Key_Delete)
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS) - 1))
    hands.settle()
    qtbot.waitUntil(lambda: hands.library.toast.text == "The page is in the trash.")

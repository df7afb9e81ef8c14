"""Where the keyboard is in the library, and what it can do to pages from there."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel
from ui.window.hands import CONTROL, PROMPTS, SHIFT

from pickabook_desktop.ui.dialogs.about import ShortcutsDialog
from pickabook_desktop.ui.theme import palette_now

KEY = Qt.Key


@pytest.fixture
def library(hands):
    hands.open_library()
    return hands.window._studio.library


def judged(library) -> list[tuple[int, int]]:
    cards = (library.review.card(picture.id) for picture in library.recent())
    return [(card.rating, card.flag) for card in cards]


def test_results_that_appear_leave_the_keyboard_in_the_search(hands, library, qtbot):
    field = hands.library.page.search_bar.field
    hands.press(KEY.Key_F, CONTROL)
    hands.type("zzz")
    qtbot.waitUntil(lambda: hands.found(0))
    hands.press(KEY.Key_F, CONTROL)
    hands.press(KEY.Key_A, CONTROL)
    hands.type("pirate")
    qtbot.waitUntil(lambda: hands.found(3))
    assert hands.focus is field
    hands.type(" xp")
    assert field.text() == "pirate xp"
    hands.settle()
    assert judged(library) == [(0, 0)] * len(PROMPTS)


def test_the_page_after_a_deleted_one_is_seen_to_be_next(hands, library, qtbot):
    page = hands.library.page
    hands.press(KEY.Key_Home)
    hands.press(KEY.Key_Delete)
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS) - 1))
    assert page.model.current == 0
    assert page.model.is_selected(0)


def test_among_the_folders_no_key_means_the_pages(hands, library, qtbot):
    page = hands.library.page
    hands.press(KEY.Key_Home)
    page.side.setFocus()
    for key in (KEY.Key_Home, KEY.Key_4, KEY.Key_X, KEY.Key_6, KEY.Key_Delete):
        hands.press(key)
    hands.press(KEY.Key_Delete, Qt.KeyboardModifier.KeypadModifier)
    hands.settle()
    assert judged(library) == [(0, 0)] * len(PROMPTS)
    assert library.count_trash() == 0
    page.view.setFocus()
    hands.press(KEY.Key_4)
    hands.settle()
    assert judged(library)[0] == (4, 0)


def test_letters_among_the_folders_do_nothing_to_pages_and_view(hands, library, qtbot):
    page = hands.library.page
    hands.press(KEY.Key_Home)
    page.side.setFocus()
    stacked, mode, details = page.model.view.stacked, page.view.mode, page.details.isVisible()
    for letter in "ecgsbitn":
        hands.type(letter)
    hands.press(KEY.Key_S, SHIFT)
    hands.settle()
    assert page.browsing
    assert hands.focus is page.side
    assert (page.model.view.stacked, page.view.mode) == (stacked, mode)
    assert page.details.isVisible() == details
    assert page.search_bar.words == ""


def test_a_folder_is_found_by_the_letters_it_begins_with(hands, library, qtbot):
    page = hands.library.page
    page.side.setFocus()
    hands.type("rej")
    assert page.side.currentIndex().data() == "Rejected"
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: hands.found(0))
    assert page.search_bar.words == "is:rejected"


def test_where_nothing_is_found_letters_change_the_view(hands, library, qtbot):
    page = hands.library.page
    hands.library.searching.show("zzz")
    qtbot.waitUntil(lambda: hands.found(0))
    page.show_browse()
    hands.type("s")
    assert page.model.view.stacked


def test_from_the_bar_above_no_letter_means_the_pages(hands, library, qtbot):
    page = hands.library.page
    hands.press(KEY.Key_Home)
    page.search_bar.save.setFocus()
    for letter in "ecs":
        hands.type(letter)
    assert page.browsing
    assert not page.model.view.stacked


def test_from_the_bar_above_no_key_means_the_pages(hands, library, qtbot):
    page = hands.library.page
    hands.press(KEY.Key_Home)
    page.search_bar.save.setFocus()
    hands.press(KEY.Key_4)
    hands.press(KEY.Key_Delete)
    hands.settle()
    assert judged(library) == [(0, 0)] * len(PROMPTS)
    assert library.count_trash() == 0


def test_in_the_details_and_on_a_stage_keys_judge(hands, library, qtbot):
    page = hands.library.page
    hands.press(KEY.Key_Home)
    hands.library.detailing._panel.marking.stars.setFocus()
    hands.press(KEY.Key_P)
    hands.settle()
    assert judged(library)[0] == (0, 1)
    page.view.setFocus()
    hands.press(KEY.Key_E)
    assert not page.browsing
    hands.press(KEY.Key_3)
    hands.settle()
    assert judged(library)[0] == (3, 1)


def test_stacking_changes_nothing_behind_a_comparison(hands, library, qtbot):
    page = hands.library.page
    page.model.select_all()
    hands.press(KEY.Key_C)
    assert not page.browsing
    hands.press(KEY.Key_S)
    hands.settle()
    assert not page.model.view.stacked
    hands.press(KEY.Key_Escape)
    hands.press(KEY.Key_S)
    assert page.model.view.stacked


def test_what_is_said_lies_over_the_pictures_that_are_compared(hands, library, qtbot):
    page, toast = hands.library.page, hands.library.toast
    page.model.select_all()
    toast.show_message("Said before.")
    hands.press(KEY.Key_C)
    middle = toast.mapTo(page.stage, toast.rect().center())
    at = page.stage.childAt(middle)
    assert at is toast or toast.isAncestorOf(at)


def test_the_keyboard_stays_with_the_pages_when_the_trash_is_emptied_of_them(hands, library, qtbot):
    page = hands.library.page
    hands.press(KEY.Key_Home)
    hands.press(KEY.Key_Delete)
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS) - 1))
    hands.library.searching.show("is:trashed")
    qtbot.waitUntil(lambda: hands.found(1))
    take_out = hands.library.handing_over.trash_bar.restore_all
    take_out.setFocus()
    take_out.click()
    qtbot.waitUntil(lambda: hands.found(0))
    hands.settle()
    assert page.stage.isAncestorOf(hands.focus)


def test_the_table_of_keys_begins_with_those_of_the_tab_that_is_seen(hands, library, qtbot):
    hands.press(KEY.Key_F1)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ShortcutsDialog))
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    words = [label.text() for label in dialog.findChildren(QLabel)]
    dialog.close()
    assert words.index("Pick") < words.index("Draw the page")


def test_grouping_leaves_the_current_page_in_full_below_its_heading(hands, library, qtbot):
    page = hands.library.page
    page.view.set_edge(400)
    hands.press(KEY.Key_Home)
    page.search_bar.options.grouping_chosen.emit("day")
    qtbot.waitUntil(lambda: len(page.model.groups) == 1 and not page.model.looking)
    box = page.view.box_on_screen(page.model.current)
    assert box.top() >= page.view.cells.shape.header
    assert box.bottom() <= page.view.viewport().height()


def test_the_way_to_go_on_leaves_in_sight_how_many_are_found(hands, library, qtbot):
    bar = hands.library.page.search_bar
    hands.press(KEY.Key_F, CONTROL)
    hands.type("ra")
    assert bar.field.list.isVisible()
    top = bar.field.list.mapTo(hands.window, QPoint(0, 0)).y()
    count = bar.options.count
    assert top >= count.mapTo(hands.window, QPoint(0, count.height())).y()


@pytest.fixture
def titles(hands, library):
    """The titles of the columns by which pages can be sorted; the list is shown and the keyboard
    is on the first of them.
    """
    hands.press(KEY.Key_Home)
    hands.press(KEY.Key_G, CONTROL)
    hands.press(KEY.Key_Tab, SHIFT)
    return hands.library.page.view.header.titles


def test_the_columns_of_the_list_are_sorted_by_keyboard(hands, titles, qtbot):
    model = hands.library.page.model
    assert hands.focus is titles[0]
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: model.view.sort == "rating" and model.view.descending)
    hands.press(KEY.Key_Space)
    qtbot.waitUntil(lambda: not model.view.descending)
    hands.press(KEY.Key_Right)
    hands.press(KEY.Key_Right)
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: model.view.sort == "template")
    assert hands.focus.accessibleName() == "Template"
    hands.press(KEY.Key_Home)
    assert hands.focus is titles[0]
    hands.press(KEY.Key_Left)
    assert hands.focus is titles[0], "there is none before the first"
    hands.press(KEY.Key_End)
    assert hands.focus is [title for title in titles if title.isVisible()][-1]


def test_the_columns_are_one_stop_of_tab_between_the_search_and_the_pages(hands, titles):
    page = hands.library.page
    hands.press(KEY.Key_Right)
    hands.press(KEY.Key_Tab)
    assert hands.focus is page.view
    hands.press(KEY.Key_Tab, SHIFT)
    assert hands.focus is titles[1], "where it was left"
    hands.press(KEY.Key_Tab, SHIFT)
    assert page.search_bar.isAncestorOf(hands.focus)
    titles[0].setFocus()
    hands.press(KEY.Key_Down)
    assert hands.focus is page.view


def test_a_column_says_what_it_is_and_how_it_is_sorted(hands, titles, qtbot):
    date = next(title for title in titles if title.accessibleName() == "Date")
    assert "descending" in date.accessibleDescription()
    assert titles[0].accessibleDescription() == "Not sorted by this"
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: "descending" in titles[0].accessibleDescription())
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: "ascending" in titles[0].accessibleDescription())
    assert date.accessibleDescription() == "Not sorted by this"


def test_the_column_that_has_the_keyboard_wears_a_ring(hands, titles, qtbot):
    title = titles[0]
    at = title.mapTo(hands.window, QPoint(title.width() // 2, 1))
    accent = palette_now().colour("accent")
    assert hands.window.grab().toImage().pixelColor(at * hands.window.devicePixelRatioF()) == accent
    hands.press(KEY.Key_Tab)
    assert hands.window.grab().toImage().pixelColor(at * hands.window.devicePixelRatioF()) != accent


def test_the_grid_has_no_columns_to_go_to(hands, titles):
    hands.press(KEY.Key_Tab)
    hands.press(KEY.Key_G)
    hands.press(KEY.Key_Tab, SHIFT)
    assert hands.library.page.search_bar.isAncestorOf(hands.focus)

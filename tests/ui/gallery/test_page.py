"""The library tab: what is found, in which order, and what is said where nothing is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QSlider, QWidget
from pytestqt.qtbot import QtBot
from ui.gallery.page_data import LibraryDesk, keep

from pickabook_desktop.domain.review import Marks
from pickabook_desktop.ui.gallery.page import GalleryPage
from pickabook_desktop.ui.theme import apply_theme

PIRATES = ["a pirate asleep", "a pirate with a red hat", "a pirate with a red hat"]


@pytest.fixture
def empty_desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[LibraryDesk]:
    apply_theme(qapp, "light")
    desk = LibraryDesk(tmp_path, qtbot)
    yield desk
    desk.close()


@pytest.fixture
def desk(empty_desk: LibraryDesk) -> LibraryDesk:
    keep(empty_desk.studio.library)
    return empty_desk


@pytest.fixture
def page(desk: LibraryDesk, qtbot: QtBot) -> GalleryPage:
    page = desk.open()
    qtbot.waitUntil(lambda: page.model.count == 5)
    desk.settled()
    return page


def search(page: GalleryPage, qtbot: QtBot, words: str) -> None:
    page.search_bar.ask_words()
    qtbot.keyClicks(page.search_bar.field, words)
    qtbot.keyClick(page.search_bar.field, Qt.Key.Key_Return)


def test_words_and_fields_find_pages_and_the_bar_says_how_many(
    desk: LibraryDesk, page: GalleryPage, qtbot: QtBot
) -> None:
    search(page, qtbot, "pirate")
    qtbot.waitUntil(lambda: desk.prompts() == PIRATES)
    qtbot.waitUntil(lambda: page.search_bar.options.count.text() == "3 of 5 pages")
    search(page, qtbot, "pirate child:mia")
    qtbot.waitUntil(lambda: desk.prompts() == PIRATES[1:])
    qtbot.keyClick(page.search_bar.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.search_bar.options.count.text() == "5 pages")


def test_a_search_begins_by_itself_after_a_short_pause(
    desk: LibraryDesk, page: GalleryPage, qtbot: QtBot
) -> None:
    page.search_bar.ask_words()
    with qtbot.waitSignal(page.search_bar.field.timer.timeout):
        qtbot.keyClicks(page.search_bar.field, "owl")
    qtbot.waitUntil(lambda: desk.prompts() == ["an owl in the snow"])


def test_what_is_not_understood_is_said_below_the_field(page: GalleryPage, qtbot: QtBot) -> None:
    problems = page.search_bar.problems
    assert not problems.isVisible()
    search(page, qtbot, "rating:good is:lovely pirate")
    assert problems.isVisible()
    assert "rating: takes a number" in problems.text()
    assert "is: takes one of picked" in problems.text()
    search(page, qtbot, "pirate")
    assert not problems.isVisible()


def test_nothing_found_names_the_search_and_offers_the_way_back(
    page: GalleryPage, qtbot: QtBot
) -> None:
    search(page, qtbot, "zeppelin")
    qtbot.waitUntil(page.empty.isVisible)
    assert "Nothing matches “zeppelin”." in page.empty.text
    assert page.empty.button.text() == "Clear the search"
    qtbot.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.view.isVisible)
    assert page.search_bar.field.text() == ""
    assert page.model.count == 5


def test_an_empty_trash_says_how_long_pages_stay_in_it(page: GalleryPage, qtbot: QtBot) -> None:
    search(page, qtbot, "is:trashed")
    qtbot.waitUntil(page.empty.isVisible)
    assert "The trash is empty." in page.empty.text
    assert "30 days" in page.empty.text


def test_a_library_without_pages_leads_to_the_create_tab(
    empty_desk: LibraryDesk, qtbot: QtBot
) -> None:
    page = empty_desk.open()
    qtbot.waitUntil(page.empty.isVisible)
    assert "Pages you draw gather here." in page.empty.text
    with qtbot.waitSignal(page.create_wanted):
        qtbot.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)


def test_a_library_that_cannot_be_read_says_why_and_is_read_again(
    empty_desk: LibraryDesk, qtbot: QtBot
) -> None:
    folder = empty_desk.studio.library.folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "library.db").write_bytes(b"no database" * 1000)
    page = empty_desk.open()
    qtbot.waitUntil(page.empty.isVisible)
    assert page.empty.button.text() == "Try again"
    assert "library" in page.empty.text
    (folder / "library.db").unlink()
    qtbot.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.empty.button.text() == "Draw a page")


def test_order_and_groups_are_chosen_in_the_bar(
    desk: LibraryDesk, page: GalleryPage, qtbot: QtBot
) -> None:
    options = page.search_bar.options
    newest_first = desk.prompts()
    qtbot.mouseClick(options.direction, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.prompts() == newest_first[::-1])
    assert options.direction.toolTip() == "Oldest first"
    by_book = next(a for a in options.grouping.menu().actions() if a.text() == "Book")
    by_book.trigger()
    qtbot.waitUntil(lambda: len(page.model.groups) == 3)
    assert options.grouping.text() == "Book"
    assert [group.count for group in page.model.groups] == [1, 3, 1]
    by_child = next(a for a in options.sort.menu().actions() if a.text() == "Child")
    by_child.trigger()
    assert options.sort.text() == "Child"
    assert options.direction.toolTip() == "A to Z"


def test_variations_are_stacked_and_keys_and_buttons_agree(
    desk: LibraryDesk, page: GalleryPage, qtbot: QtBot
) -> None:
    options = page.search_bar.options
    desk.actions["lib_stack"].trigger()
    assert options.stack.isChecked()
    qtbot.waitUntil(lambda: page.model.count == 4)
    qtbot.mouseClick(options.stack, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.model.count == 5)
    assert not desk.actions["lib_stack"].isChecked()
    qtbot.mouseClick(options.modes[1], Qt.MouseButton.LeftButton)
    assert page.view.mode == "list"
    assert desk.actions["lib_list"].isChecked()
    qtbot.mouseClick(options.modes[1], Qt.MouseButton.LeftButton)
    assert options.modes[1].isChecked()
    desk.actions["lib_grid"].trigger()
    assert [button.isChecked() for button in options.modes] == [True, False, False]


def test_thumbnails_grow_with_the_slider_and_the_keys(desk: LibraryDesk, page: GalleryPage) -> None:
    before = page.view.edge
    desk.actions["lib_larger"].trigger()
    assert page.view.edge > before
    page.search_bar.options.edge.setValue(400)
    assert page.view.edge == 400


def test_what_was_looked_at_is_there_at_the_next_start(
    desk: LibraryDesk, page: GalleryPage, qtbot: QtBot
) -> None:
    search(page, qtbot, "pirate")
    options = page.search_bar.options
    options.sort_chosen.emit("child")
    options.grouping_chosen.emit("book")
    options.edge.setValue(300)
    desk.actions["lib_list"].trigger()
    desk.actions["lib_side"].trigger()
    page.side.fold(["book", "tag"])
    desk.studio.settings.update(page.remember())
    again = desk.open()
    qtbot.waitUntil(lambda: again.model.count == 3)
    assert again.search_bar.field.text() == "pirate"
    assert again.model.view == page.model.view
    assert again.view.mode == "list"
    assert again.search_bar.options.edge.value() == 300
    assert not again.side.isVisible()
    assert again.side.folded == ("book", "tag")


def test_settings_that_cannot_be_read_are_no_obstacle(desk: LibraryDesk, qtbot: QtBot) -> None:
    desk.studio.settings.update({"window.gallery": '{"mode": 7}'})
    page = desk.open()
    qtbot.waitUntil(lambda: page.model.count == 5)
    assert page.view.mode == "grid"


def test_pages_that_come_later_are_seen_and_counted(
    desk: LibraryDesk, page: GalleryPage, qtbot: QtBot
) -> None:
    keep(desk.studio.library)
    page.refresh()
    qtbot.waitUntil(lambda: page.search_bar.options.count.text() == "10 pages")
    qtbot.waitUntil(lambda: page.folders.total == 10)


def test_nothing_is_cut_at_the_smallest_size(
    desk: LibraryDesk, page: GalleryPage, qtbot: QtBot
) -> None:
    page.set_details(QLabel("Details"))
    search(page, qtbot, "pirate rating:x")
    options = page.search_bar.options
    options.sort_chosen.emit("likeness")
    options.grouping_chosen.emit("template")
    qtbot.waitUntil(lambda: bool(options.count.text()))
    QApplication.processEvents()
    assert page.details is not None
    assert page.details.isVisible()
    kinds = (QAbstractButton, QSlider, QLabel)
    parts = [p for p in page.search_bar.findChildren(QWidget) if isinstance(p, kinds)]
    for part in parts:
        if not part.isVisible() or not part.accessibleName():
            continue
        place = QRect(part.mapTo(page.search_bar, QPoint()), part.size())
        assert page.search_bar.rect().contains(place), part.accessibleName()
        assert part.width() >= part.minimumSizeHint().width(), part.accessibleName()
    needed = options.count.fontMetrics().horizontalAdvance("100,000 of 100,000 pages")
    assert options.count.width() >= needed


def test_others_take_the_stage_and_give_it_back(page: GalleryPage, qtbot: QtBot) -> None:
    other = QLabel("Large")
    page.add_stage(other)
    with qtbot.waitSignal(page.stage_changed):
        page.show_stage(other)
    assert other.isVisible()
    assert not page.browsing
    page.show_browse()
    assert page.browsing
    assert page.view.isVisible()


def test_the_trash_is_a_view_of_its_own(desk: LibraryDesk, page: GalleryPage, qtbot: QtBot) -> None:
    card = page.model.card(0)
    assert card is not None
    desk.studio.library.review.decisions.trash([card.id])
    search(page, qtbot, "is:trashed")
    qtbot.waitUntil(lambda: page.search_bar.options.count.text() == "1 page")


def test_a_rating_is_found_by_its_field(desk: LibraryDesk, page: GalleryPage, qtbot: QtBot) -> None:
    card = page.model.card(2)
    assert card is not None
    desk.studio.library.review.decisions.mark([card.id], Marks(rating=5))
    search(page, qtbot, "rating:>=4")
    qtbot.waitUntil(lambda: desk.prompts() == [card.prompt])

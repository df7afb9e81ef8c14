"""The folders on the side of the library: counted, pressed, kept and put in order."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from ui.gallery.page_data import Drawn, LibraryDesk, keep

from pickabook_desktop.domain.review import Marks, SavedSearch
from pickabook_desktop.ui.gallery.page import GalleryPage
from pickabook_desktop.ui.gallery.side_panel import SidePanel
from pickabook_desktop.ui.theme import apply_theme

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[LibraryDesk]:
    apply_theme(qapp, "light")
    desk = LibraryDesk(tmp_path, qtbot)
    ids = keep(desk.studio.library)
    review = desk.studio.library.review
    review.decisions.mark(ids[:1], Marks(flag=1, rating=5))
    review.decisions.mark(ids[1:2], Marks(flag=-1))
    review.decisions.tag(ids[:3], ["cover"])
    yield desk
    desk.close()


@pytest.fixture
def page(desk: LibraryDesk, qtbot: QtBot) -> GalleryPage:
    page = desk.open()
    # The engines are the last of the folders that are read.
    qtbot.waitUntil(lambda: bool(page.side.rows("engine")))
    return page


@pytest.fixture
def side(page: GalleryPage) -> SidePanel:
    return page.side


def counts(side: SidePanel, section: str) -> dict[str, int | None]:
    return {folder.title: folder.count for folder in side.rows(section)}  # pyright: ignore[reportArgumentType]  # tests name them


def press(side: SidePanel, qtbot: QtBot, key: str, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    index = side.index_of(key)
    assert index.isValid(), key
    side.scrollTo(index)
    place = side.visualRect(index).center()
    qtbot.mouseClick(side.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def keep_search(page: GalleryPage, qtbot: QtBot, title: str, words: str, **order) -> None:
    before = len(page.folders.saved)
    page.folders.save(SavedSearch(id="", title=title, words=words, **order))
    qtbot.waitUntil(lambda: len(page.side.rows("searches")) > before)


def test_every_folder_says_how_many_pages_it_has(side: SidePanel, qtbot: QtBot) -> None:
    assert counts(side, "library") == {
        "All pages": 5,
        "Picked": 1,
        "Rejected": 1,
        "Not yet judged": 3,
        "4 stars and more": 1,
        "Uploaded": 0,
        "Waiting to upload": 0,
        "Failed uploads": 0,
        "Trash": 0,
    }
    assert counts(side, "book") == {"Winter": 3, "Under the sea": 1}
    assert counts(side, "child") == {"Mia": 3, "Jon Olav": 1}
    assert counts(side, "tag") == {"cover": 3}
    assert counts(side, "template") == {"Moon": 3, "Garden": 2}
    assert counts(side, "engine") == {"Obedient": 5}


def test_a_press_shows_a_folder_and_marks_it(
    page: GalleryPage, side: SidePanel, qtbot: QtBot
) -> None:
    assert side.chosen == "library:"
    press(side, qtbot, 'child:child:"Jon Olav"')
    qtbot.waitUntil(lambda: page.model.count == 1)
    assert page.search_bar.field.text() == 'child:"Jon Olav"'
    assert side.chosen == 'child:child:"Jon Olav"'
    press(side, qtbot, "library:is:picked")
    qtbot.waitUntil(lambda: page.search_bar.field.text() == "is:picked")
    assert side.chosen == "library:is:picked"


def test_control_keeps_of_what_is_shown_only_what_is_in_the_folder_too(
    desk: LibraryDesk, page: GalleryPage, side: SidePanel, qtbot: QtBot
) -> None:
    press(side, qtbot, "tag:tag:cover")
    press(side, qtbot, "template:template:moon", CONTROL)
    assert page.search_bar.field.text() == "tag:cover template:moon"
    press(side, qtbot, "template:template:moon", CONTROL)
    assert page.search_bar.field.text() == "tag:cover template:moon"
    desk.settled()
    assert page.model.count == 2
    assert side.chosen == ""


def test_the_keyboard_reaches_every_folder(
    page: GalleryPage, side: SidePanel, qtbot: QtBot
) -> None:
    side.setFocus()
    side.setCurrentIndex(side.index_of("library:is:picked"))
    qtbot.keyClick(side, Qt.Key.Key_Down)
    qtbot.keyClick(side, Qt.Key.Key_Return)
    assert page.search_bar.words == "is:rejected"
    qtbot.keyClick(side, Qt.Key.Key_Home)
    qtbot.keyClick(side, Qt.Key.Key_Return)
    assert "library" in side.folded
    qtbot.keyClick(side, Qt.Key.Key_Space)
    assert "library" not in side.folded


def test_counts_follow_what_is_decided(
    desk: LibraryDesk, page: GalleryPage, side: SidePanel, qtbot: QtBot
) -> None:
    cards = [page.model.card(place) for place in range(5)]
    ids = [card.id for card in cards if card is not None]
    desk.studio.library.review.decisions.mark(ids, Marks(flag=1))
    desk.studio.library.review.decisions.trash(ids[:2])
    page.refresh()
    qtbot.waitUntil(lambda: counts(side, "library")["Trash"] == 2)
    qtbot.waitUntil(lambda: counts(side, "library")["Picked"] == 3)
    qtbot.waitUntil(lambda: page.search_bar.options.count.text() == "3 pages")


def test_a_second_press_shows_what_has_come_into_the_folder_since(
    desk: LibraryDesk, page: GalleryPage, side: SidePanel, qtbot: QtBot
) -> None:
    press(side, qtbot, "library:is:rejected")
    qtbot.waitUntil(lambda: page.model.count == 1)
    rejected = page.model.card(0)
    assert rejected is not None
    desk.studio.library.review.decisions.mark([rejected.id], Marks(flag=0))
    press(side, qtbot, "library:is:rejected")
    qtbot.waitUntil(page.empty.isVisible)


def test_a_search_is_saved_under_a_title_asked_for_in_its_place(
    desk: LibraryDesk, page: GalleryPage, side: SidePanel, qtbot: QtBot
) -> None:
    assert not desk.actions["lib_save_search"].isEnabled()
    press(side, qtbot, "tag:tag:cover")
    page.search_bar.options.sort_chosen.emit("child")
    page.search_bar.options.grouping_chosen.emit("book")
    desk.actions["lib_save_search"].trigger()
    title = page.search_bar.title
    assert title.hasFocus()
    qtbot.keyClicks(title, "Covers by book")
    qtbot.keyClick(title, Qt.Key.Key_Return)
    assert not title.isVisible()
    qtbot.waitUntil(lambda: counts(side, "searches") == {"Covers by book": 3})
    kept = desk.studio.library.review.searches.all()[0]
    assert (kept.words, kept.sort, kept.grouping) == ("tag:cover", "child", "book")


def test_escape_saves_no_search(
    desk: LibraryDesk, page: GalleryPage, side: SidePanel, qtbot: QtBot
) -> None:
    press(side, qtbot, "tag:tag:cover")
    desk.actions["lib_save_search"].trigger()
    qtbot.keyClick(page.search_bar.title, Qt.Key.Key_Escape)
    assert not page.search_bar.title.isVisible()
    assert page.search_bar.field.text() == "tag:cover"
    assert desk.studio.library.review.searches.all() == ()


def test_a_saved_search_brings_words_order_and_groups_back(
    page: GalleryPage, side: SidePanel, qtbot: QtBot
) -> None:
    keep_search(page, qtbot, "Pirates", "pirate", sort="rating", descending=False, grouping="child")
    press(side, qtbot, side.rows("searches")[0].key)
    assert page.search_bar.words == "pirate"
    view = page.model.view
    assert (view.sort, view.descending, view.grouping) == ("rating", False, "child")
    assert page.search_bar.options.grouping.text() == "Child"


def test_saved_searches_are_renamed_moved_and_removed_with_the_keyboard(
    page: GalleryPage, side: SidePanel, qtbot: QtBot
) -> None:
    for title in ("One", "Two", "Three"):
        keep_search(page, qtbot, title, f"tag:{title}")
    side.setFocus()
    side.setCurrentIndex(side.index_of(side.rows("searches")[2].key))
    qtbot.keyClick(side, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: list(counts(side, "searches")) == ["One", "Three", "Two"])
    qtbot.keyClick(side, Qt.Key.Key_F2)
    editor = side.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "Three"
    qtbot.keyClicks(editor, "Third")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: list(counts(side, "searches")) == ["One", "Third", "Two"])
    side.setCurrentIndex(side.index_of(side.rows("searches")[0].key))
    qtbot.keyClick(side, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: list(counts(side, "searches")) == ["Third", "Two"])


def test_the_menu_offers_what_the_keys_do(page: GalleryPage, side: SidePanel, qtbot: QtBot) -> None:
    keep_search(page, qtbot, "Pirates", "pirate")
    titles = [
        [a.text() for a in side.open_menu(folder, QPoint()).actions() if a.text()]
        for folder in (side.rows("tag")[0], side.rows("searches")[0])
    ]
    plain = ["Show these pages", "Narrow what is shown"]
    assert titles == [plain, [*plain, "Rename", "Move up", "Move down", "Remove"]]


def test_of_many_folders_a_few_are_shown_until_all_are_wanted(
    desk: LibraryDesk, page: GalleryPage, side: SidePanel, qtbot: QtBot
) -> None:
    keep(desk.studio.library, tuple(Drawn(book=f"Book {n}", seed=n) for n in range(20)))
    page.refresh()
    qtbot.waitUntil(lambda: len(side.rows("book")) == 8)
    more = side.index_of(side.rows("book")[-1].key).siblingAtRow(8)
    assert more.data() == "Show all 22"
    side.scrollTo(more)
    place = side.visualRect(more).center()
    qtbot.mouseClick(side.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert len(side.rows("book")) == 22
    assert more.siblingAtRow(22).data() == "Show fewer"


def test_pictures_of_this_library_dropped_on_a_tag_are_to_get_it(
    desk: LibraryDesk, page: GalleryPage, side: SidePanel, qtbot: QtBot
) -> None:
    side.is_ours = lambda source: True
    side.scrollTo(side.index_of("tag:tag:cover"))
    place = side.visualRect(side.index_of("tag:tag:cover")).center()
    with qtbot.waitSignal(desk.searching.tag_wanted) as wanted:
        assert drop(side, place)
    assert wanted.args == ["cover"]
    side.is_ours = lambda source: False
    assert not drop(side, place)


def test_nobody_is_listed_while_a_child_is_being_forgotten(
    desk: LibraryDesk, page: GalleryPage, side: SidePanel, qtbot: QtBot
) -> None:
    press(side, qtbot, "child:child:Mia")
    page.completing.remember("child:Mia")
    desk.searching.forget()
    assert side.rows("child") == ()
    assert page.search_bar.words == ""
    assert page.completing.recent == ()
    assert "Mia" not in str(page.remember())


def drop(side: SidePanel, place: QPoint) -> bool:
    actions, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(place), actions, QMimeData(), button, none)
    event.ignore()
    side.dropEvent(event)
    return event.isAccepted()

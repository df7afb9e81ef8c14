"""The search field: how it says how to go on, and what its keys do."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui.gallery.page_data import LibraryDesk, keep

from pickabook_desktop.ui.gallery.page import GalleryPage
from pickabook_desktop.ui.gallery.search_field import SearchField
from pickabook_desktop.ui.theme import apply_theme
from pickabook_desktop.ui.viewmodels.completions import Value, offers, recent_offers, unfinished

VALUES = {
    "template": [Value("moon-walk", "Moon walk", 12), Value("deep-dive", "Deep dive", 3)],
    "tag": [Value("cover", "cover", 5), Value("night sky", "night sky", 2)],
    "child": [Value("Cosima", "Cosima", 4)],
}
DAY = date(2026, 11, 22)


def values_of(field: str) -> list[Value]:
    return VALUES.get(field, [])


def offered(text: str, cursor: int | None = None) -> list[tuple[str, str]]:
    place = len(text) if cursor is None else cursor
    return [(offer.title, offer.note) for offer in offers(text, place, values_of, DAY)]


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[LibraryDesk]:
    apply_theme(qapp, "light")
    desk = LibraryDesk(tmp_path, qtbot)
    ids = keep(desk.studio.library)
    desk.studio.library.review.decisions.tag(ids[:2], ["cover"])
    yield desk
    desk.close()


@pytest.fixture
def page(desk: LibraryDesk, qtbot: QtBot) -> GalleryPage:
    page = desk.open()
    # The engines are the last of the folders that are read.
    qtbot.waitUntil(lambda: bool(page.folders.facets("engine")))
    page.search_bar.ask_words()
    return page


@pytest.fixture
def field(page: GalleryPage) -> SearchField:
    return page.search_bar.field


def test_fields_and_what_begins_so_are_offered_with_a_word_on_them() -> None:
    assert offered("ra")[0] == ("rating:", "Stars, as in rating:>=4")
    assert ("cover", "Tag · 5") in offered("pirate co")
    assert ("Cosima", "Child · 4") in offered("pirate co")
    assert offered("pirate ") == []
    assert offered("") == []


def test_values_of_a_field_are_offered_by_id_and_by_title() -> None:
    assert offered("template:mo") == [("moon-walk", "Moon walk · 12")]
    assert offered("template:dive") == [("deep-dive", "Deep dive · 3")]
    assert offered("is:pi") == [("picked", "Picked")]
    assert [title for title, _ in offered("date:")] == ["2026-11-22", "2026-11", "2026"]
    assert [title for title, _ in offered("label:")] == ["red", "yellow", "green", "blue", "purple"]
    assert offered("template:moon-walk") == []


def test_what_is_taken_stands_in_the_place_of_what_was_typed() -> None:
    begun = offers("red -tag:ni owl", len("red -tag:ni"), values_of)
    assert begun[0].text == 'red -tag:"night sky" owl'
    assert begun[0].text[: begun[0].cursor] == 'red -tag:"night sky" '
    assert offers("tem", 3, values_of)[0].text == "template:"


def test_a_value_with_quotation_marks_is_offered_and_taken_as_it_is() -> None:
    def inches(field: str) -> list[Value]:
        return [Value('5" print', '5" print', 2)] if field == "tag" else []

    for typed in ("tag:5", 'tag:"5"" pr'):
        (offer,) = offers(typed, len(typed), inches)
        assert (offer.title, offer.text) == ('5" print', 'tag:"5"" print" ')
        assert offers(offer.text, offer.cursor - 1, inches) == ()


def test_the_beginning_of_a_value_is_not_sought_yet() -> None:
    assert unfinished("template:mo", 11, values_of)
    assert unfinished("owl rating:", 11, values_of)
    assert not unfinished("template:moon-walk", 18, values_of)
    assert not unfinished("template:zoo", 12, values_of)
    assert not unfinished("mo", 2, values_of)


def test_earlier_searches_are_offered_as_they_were() -> None:
    assert [offer.text for offer in recent_offers(["tag:cover", "owl"])] == ["tag:cover", "owl"]


def test_a_value_is_taken_with_the_keyboard(
    desk: LibraryDesk, page: GalleryPage, field: SearchField, qtbot: QtBot
) -> None:
    qtbot.keyClicks(field, "tem")
    assert [offer.title for offer in field.list.offers] == ["template:"]
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "template:"
    assert [(o.title, o.note) for o in field.list.offers] == [
        ("moon", "Moon · 3"),
        ("garden", "Garden · 2"),
    ]
    qtbot.keyClicks(field, "mo")
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert field.text() == "template:moon "
    assert field.hasFocus()
    assert not field.list.isVisible()
    qtbot.waitUntil(lambda: page.model.count == 3)


def test_a_value_is_taken_with_the_mouse(
    page: GalleryPage, field: SearchField, qtbot: QtBot
) -> None:
    qtbot.keyClicks(field, "tag:")
    row = field.list.visualRect(field.list.model().index(0, 0))
    qtbot.mouseClick(field.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert field.text() == "tag:cover "
    assert field.hasFocus()
    qtbot.waitUntil(lambda: page.model.count == 2)


def test_a_pause_within_a_value_shows_what_begins_so(
    page: GalleryPage, field: SearchField, qtbot: QtBot
) -> None:
    qtbot.keyClicks(field, "template:mo")
    qtbot.waitUntil(lambda: page.model.count == 3 and not page.model.looking)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert page.search_bar.words == "template:mo"
    qtbot.waitUntil(lambda: page.model.count == 3 and not page.model.looking)


def test_escape_closes_the_list_then_empties_the_field_then_leaves_it(
    page: GalleryPage, field: SearchField, qtbot: QtBot
) -> None:
    qtbot.keyClicks(field, "co")
    assert field.list.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.list.isVisible()
    assert field.text() == "co"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert field.hasFocus()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert page.view.hasFocus()


def test_down_leads_from_the_field_to_the_pages(
    page: GalleryPage, field: SearchField, qtbot: QtBot
) -> None:
    qtbot.keyClicks(field, "pirate")
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert page.view.hasFocus()
    qtbot.waitUntil(lambda: page.model.count == 3)


def test_searches_that_found_something_are_offered_again(
    desk: LibraryDesk, page: GalleryPage, field: SearchField, qtbot: QtBot
) -> None:
    for words in ("owl", "zeppelin"):
        field.setText(words)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        desk.settled()
    qtbot.waitUntil(page.empty.isVisible)
    field.clear()
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    assert [offer.title for offer in field.list.offers] == ["owl"]
    desk.searching.forget()
    field.offer_again()
    assert not field.list.isVisible()


def test_find_leads_to_the_field_from_wherever_one_is(
    desk: LibraryDesk, page: GalleryPage, field: SearchField, qtbot: QtBot
) -> None:
    field.setText("owl")
    page.view.setFocus()
    desk.actions["lib_find"].trigger()
    assert field.hasFocus()
    assert field.selectedText() == "owl"
    qtbot.keyClicks(field, "moon")
    assert field.text() == "moon"


def test_letters_typed_are_words_and_no_commands(
    desk: LibraryDesk, page: GalleryPage, field: SearchField, qtbot: QtBot
) -> None:
    desk.window.activateWindow()
    qtbot.keyClicks(field, "sgi")
    assert field.text() == "sgi"
    assert not page.model.view.stacked
    assert desk.actions["lib_details"].isChecked()


def test_what_is_half_typed_narrows_by_what_is_there_of_it(
    desk: LibraryDesk, field: SearchField, qtbot: QtBot
) -> None:
    qtbot.keyClicks(field, "pi")
    qtbot.waitUntil(lambda: desk.page.model.count == 3)
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, "owl engine:")
    qtbot.waitUntil(lambda: desk.prompts() == ["an owl in the snow"])
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, "child:jon")
    qtbot.waitUntil(lambda: desk.prompts() == ["a garden of tulips"])
    assert field.list.isVisible()
    assert field.text() == "child:jon"
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, "pi")
    qtbot.waitUntil(lambda: desk.page.model.count == 3)
    qtbot.keyClicks(field, " is:pic")
    desk.settled()
    qtbot.waitUntil(lambda: desk.page.model.count == 3)

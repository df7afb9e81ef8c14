"""The panel beside the library: what is known of one page, and of several."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot
from ui.gallery.judging_data import JudgingDesk
from ui.window_data import PAGE_COLOUR, encoded, request_for

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.domain.stored import StoredPicture
from pickabook_desktop.ui.gallery.facts import breakable
from pickabook_desktop.ui.theme import apply_theme

LONG_NAME = "Maximiliana-Alexandrowna von Hohenzollern-Sigmaringen"
LONG_PROMPT = "a dragon that reads by the light of its own breath, " * 12
HEBREW = "ילד עם כובע אדום ליד הים"


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[JudgingDesk]:
    apply_theme(qapp, "light")
    desk = JudgingDesk(tmp_path, qtbot)
    (tmp_path / "holiday.png").write_bytes(encoded("#4080c0"))
    first = keep_one(desk, tmp_path / "holiday.png", prompt=HEBREW, seed=7)
    second = keep_one(
        desk,
        tmp_path / "gone.png",
        prompt=LONG_PROMPT,
        fields={"name": LONG_NAME},
        seed=8,
        cost=0.039,
        likeness=0.4127,
    )
    desk.begin(first, second)
    yield desk
    desk.close()


def keep_one(
    desk: JudgingDesk,
    photo: Path,
    cost: float | None = None,
    likeness: float | None = None,
    **changes: object,
) -> str:
    request = request_for(photo, **changes)
    drawn = DrawnPicture(
        data=encoded(PAGE_COLOUR),
        media_type="image/png",
        size=Size(64, 64),
        seed=request.seed,
        template_id="garden",
        style_id="storybook",
        cost=cost,
        likeness=likeness,
    )
    return desk.studio.library.add(drawn, request, "1.2").id


def shown(desk: JudgingDesk) -> dict[str, str]:
    """All lines that are seen, by title."""
    panel = desk.panel
    lists = (panel.drawn_with, panel.measures, panel.on_disk)
    return {title: text for one in lists if one.isVisible() for title, text in one.texts().items()}


def test_one_page_is_told_from_title_to_file(desk: JudgingDesk) -> None:
    desk.go_to(5)
    lines = shown(desk)
    assert desk.panel.title.text().replace("\u200b", "").startswith(f"Garden · {LONG_NAME}")
    assert lines["Template"] == "Garden"
    assert lines["Style"] == "Storybook"
    assert lines["Name"] == LONG_NAME
    assert lines["Engine"] == "Obedient 1.2"
    assert lines["Seed"] == "8"
    assert lines["Photo"] == "gone.png is no longer there"
    assert lines["Likeness"] == "0.41"
    assert lines["Cost"] == "USD 0.04"
    assert lines["Size"].startswith("64 × 64 px · ")
    assert lines["File"].endswith(f"{lines['Id']}.png")


def test_numbers_that_nobody_has_measured_have_no_line(desk: JudgingDesk) -> None:
    desk.go_to(6)
    assert not {"Likeness", "Seam", "Cost"} & set(shown(desk))
    assert shown(desk)["Photo"] == "holiday.png"
    assert "Measured" not in headings(desk)


def headings(desk: JudgingDesk) -> list[str]:
    labels = desk.panel.findChildren(QLabel)
    return [label.text() for label in labels if label.isVisible() and label.property("type")]


def test_seed_id_and_path_are_copied_by_a_button(desk: JudgingDesk) -> None:
    desk.go_to(5)
    for title in ("Seed", "Id", "File"):
        button = next(
            button
            for button in desk.panel.findChildren(QToolButton)
            if button.isVisible() and button.toolTip() == f"Copy: {title}"
        )
        button.click()
        assert QGuiApplication.clipboard().text() == shown(desk)[title]


def test_a_long_prompt_is_folded_and_unfolds(desk: JudgingDesk) -> None:
    desk.go_to(5)
    prompt = desk.panel.prompt
    assert len(prompt.label.text()) < len(LONG_PROMPT) / 2
    desk.qtbot.mouseClick(prompt.more_button, Qt.MouseButton.LeftButton)
    assert prompt.label.text().replace("\u200b", "") == LONG_PROMPT
    desk.go_to(6)
    assert prompt.label.text() == HEBREW
    assert not prompt.more_button.isVisible()
    assert prompt.label.layoutDirection() == Qt.LayoutDirection.RightToLeft


def test_nothing_is_cut_off_at_the_side(desk: JudgingDesk) -> None:
    desk.panel.setFixedWidth(desk.panel.minimumWidth())
    for place in range(7):
        desk.go_to(place)
        widest = max(
            part.mapTo(desk.panel, part.rect().topRight()).x()
            for part in desk.panel.findChildren(QLabel)
            if part.isVisible()
        )
        assert widest < desk.panel.width()


def test_words_longer_than_a_line_may_break_and_others_stay_whole() -> None:
    assert breakable("a red hat") == "a red hat"
    long = "IMG_20240714_holiday-in-the-mountains.jpg"
    assert breakable(long).replace("\u200b", "") == long
    assert max(map(len, breakable(long).split("\u200b"))) <= 16
    assert max(map(len, breakable("x" * 100).split("\u200b"))) <= 16


def test_variations_are_walked_through_by_arrow_keys(desk: JudgingDesk) -> None:
    desk.go_to(3)
    stack = desk.panel.stack
    assert [card.seed for card in stack.cards] == [1, 2]
    assert stack.isVisible()
    desk.qtbot.keyClick(stack, Qt.Key.Key_Left)
    desk.wait_for_details()
    assert desk.page.model.current == 4
    desk.go_to(0)
    assert not stack.isVisible()


def test_of_very_many_variations_it_is_said_how_many_there_are(desk: JudgingDesk) -> None:
    desk.go_to(3)
    stack = desk.panel.stack
    cards = stack.cards
    assert stack.accessibleName() == "Variation 2 of 2"
    stack.show_stack([replace(card, variations=20_000) for card in cards], cards[0].id)
    assert stack.accessibleName() == "One of 20000 variations"


def test_copies_are_listed_with_a_way_to_their_links(
    desk: JudgingDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.go_to(1)
    card = desk.shown(1)
    stored = StoredPicture(
        store_id="folder",
        remote_id="x",
        url="https://example.org/x.png",
        stored_on="2026-05-06T10:00:00+00:00",
    )
    monkeypatch.setattr(desk.studio.library.outbox, "stored", lambda ids: {card.id: (stored,)})
    desk.page.refresh()
    desk.qtbot.waitUntil(lambda: desk.panel.copies.isVisible())
    buttons = desk.panel.copies.findChildren(QToolButton)
    assert [button.toolTip() for button in buttons] == ["Copy the link: Folder · 6 May 2026"]
    wanted: list[StoredPicture] = []
    desk.panel.link_wanted.connect(wanted.append)
    buttons[0].click()
    assert wanted == [stored]


def test_several_pages_show_what_they_have_in_common(desk: JudgingDesk) -> None:
    desk.go_to(5)
    desk.deciding.rate(4)
    desk.deciding.label("red")
    desk.page.model.select_all()
    desk.qtbot.waitUntil(lambda: desk.panel.title.text() == "7 pages selected")
    assert shown(desk) == {
        "Template": "–",
        "Style": "Storybook",
        "Engine": "Obedient",
        "Child": "–",
        "Book": "–",
        "Size": "64 × 64 px",
        "Cost": "USD 0.04",
    }
    marking = desk.panel.marking
    assert marking.stars.rating is None
    assert "Different ratings" in marking.stars.accessibleName()
    assert not marking.note.isVisible()
    desk.deciding.rate(2)
    desk.qtbot.waitUntil(lambda: marking.stars.rating == 2)


def test_one_page_is_not_told_with_what_several_had_in_common(desk: JudgingDesk) -> None:
    desk.page.model.select_all()
    desk.qtbot.waitUntil(lambda: desk.panel.title.text() == "7 pages selected")
    desk.page.model.set_current(0)
    desk.qtbot.waitUntil(lambda: desk.panel.title.text() != "7 pages selected")
    assert "–" not in shown(desk).values()
    desk.qtbot.waitUntil(lambda: shown(desk).get("Style") == "Storybook")


def test_the_last_of_many_pages_that_were_passed_by_is_told(desk: JudgingDesk) -> None:
    for place in (1, 2, 3, 4, 5):
        desk.page.model.set_current(place)
    desk.wait_for_details()
    assert shown(desk)["Seed"] == "8"


def test_without_pages_it_says_what_to_do(desk: JudgingDesk) -> None:
    desk.studio.library.review.decisions.trash(desk.ids)
    desk.page.refresh()
    desk.qtbot.waitUntil(lambda: desk.page.model.count == 0)
    desk.qtbot.waitUntil(lambda: "Choose a page to see what is known of it." in headings(desk))
    assert not desk.panel.marking.isVisible()


def test_no_word_of_a_page_is_left_when_a_child_is_forgotten(desk: JudgingDesk) -> None:
    desk.go_to(5)
    desk.deciding.add_tags(("Maximiliana",))
    desk.deciding.annotate(desk.ids[5], "Maximiliana's best")
    desk.on_disk(5)
    desk.deciding.decisions.forget()
    desk.detailing.forget()

    def words() -> str:
        said = [label.text() + label.toolTip() for label in desk.panel.findChildren(QLabel)]
        return " ".join((*said, desk.panel.marking.note.toPlainText()))

    desk.qtbot.waitUntil(lambda: "Maximiliana" not in words())
    assert desk.actions["lib_undo"].statusTip() == ""
    assert not desk.actions["lib_undo"].isEnabled()

"""Judging pages by keys and in the panel: seen at once, kept, and taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from ui.gallery.judging_data import JudgingDesk

from pickabook_desktop.domain.events import Done
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.domain.review import Marks, View
from pickabook_desktop.domain.search import parse
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.theme import Metric, apply_theme
from pickabook_desktop.ui.viewmodels.decisions import Change

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
KEY = Qt.Key


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[JudgingDesk]:
    apply_theme(qapp, "light")
    desk = JudgingDesk(tmp_path, qtbot)
    desk.begin()
    yield desk
    desk.close()


def test_digits_rate_the_current_page_at_once_and_on_disk(desk: JudgingDesk) -> None:
    desk.press(KEY.Key_4)
    assert desk.shown().rating == 4
    assert desk.on_disk().rating == 4
    desk.qtbot.waitUntil(lambda: desk.panel.marking.stars.rating == 4)
    assert desk.page.model.current == 0
    assert desk.on_disk(1).rating == 0


def test_the_same_digit_again_takes_the_stars_away(desk: JudgingDesk) -> None:
    desk.press(KEY.Key_3)
    desk.press(KEY.Key_3)
    assert desk.on_disk().rating == 0


def test_pick_reject_and_labels_have_keys_as_well(desk: JudgingDesk) -> None:
    desk.press(KEY.Key_P)
    assert desk.on_disk().flag == 1
    desk.press(KEY.Key_X)
    assert desk.on_disk().flag == -1
    desk.press(KEY.Key_U)
    assert desk.on_disk().flag == 0
    desk.press(KEY.Key_8)
    assert desk.on_disk().label == "green"
    desk.press(KEY.Key_8)
    assert desk.on_disk().label == ""


def test_with_shift_the_next_page_comes_after_each_decision(desk: JudgingDesk) -> None:
    desk.press(KEY.Key_5, SHIFT)
    desk.press(KEY.Key_P, SHIFT)
    assert desk.page.model.current == 2
    assert desk.on_disk(0).rating == 5
    assert desk.on_disk(1).flag == 1
    desk.press(KEY.Key_Z, CTRL)
    assert desk.on_disk(1).flag == 0
    assert desk.page.model.current == 1, "the page that was decided on is in view again"


def test_going_on_after_each_decision_can_be_switched_on_and_is_remembered(
    desk: JudgingDesk,
) -> None:
    desk.actions["lib_advance"].trigger()
    desk.press(KEY.Key_2)
    desk.press(KEY.Key_1)
    assert (desk.on_disk(0).rating, desk.on_disk(1).rating) == (2, 1)
    assert desk.kept == {"window.library_advance": "on"}
    desk.go_to(4)
    desk.press(KEY.Key_2)
    assert desk.page.model.current == 4, "there is nothing behind the last page"


def test_many_pages_are_judged_as_one_and_taken_back_as_one(desk: JudgingDesk) -> None:
    desk.press(KEY.Key_2)
    desk.press(KEY.Key_A, CTRL)
    desk.page.model.select_all()
    desk.press(KEY.Key_4)
    assert desk.toast.text == "5 pages rated: 4 stars."
    assert [desk.on_disk(place).rating for place in range(5)] == [4] * 5
    desk.toast.action_button.click()
    assert desk.toast.text == "5 pages: the stars are as they were."
    assert [desk.shown(place).rating for place in range(5)] == [2, 0, 0, 0, 0]
    assert [desk.on_disk(place).rating for place in range(5)] == [2, 0, 0, 0, 0]
    desk.press(KEY.Key_Z, CTRL, SHIFT)
    assert [desk.on_disk(place).rating for place in range(5)] == [4] * 5


def test_every_kind_of_decision_can_be_taken_back_in_turn(desk: JudgingDesk) -> None:
    before = desk.on_disk()
    desk.deciding.rate(3)
    desk.deciding.label("blue")
    desk.deciding.add_tags(("cover", "print"))
    desk.deciding.remove_tag("Print")
    desk.deciding.annotate(before.id, "Larger.")
    after = desk.on_disk()
    assert (after.rating, after.label, after.tags, after.note) == (3, "blue", ("cover",), "Larger.")
    for _ in range(5):
        desk.deciding.undo()
    assert not desk.actions["lib_undo"].isEnabled()
    assert desk.shown() == desk.on_disk() == before
    for _ in range(5):
        desk.deciding.redo()
    assert not desk.actions["lib_redo"].isEnabled()
    assert desk.shown() == desk.on_disk() == after


def test_a_decision_is_taken_back_that_has_not_reached_the_disk_yet(desk: JudgingDesk) -> None:
    desk.deciding.rate(5)
    desk.deciding.undo()
    assert desk.shown().rating == 0
    assert desk.on_disk().rating == 0
    desk.settled()
    assert desk.shown().rating == 0


def test_what_another_window_decided_since_stays_when_a_decision_is_taken_back(
    desk: JudgingDesk,
) -> None:
    desk.press(KEY.Key_4)
    picture_id = desk.on_disk().id
    other = Library(desk.studio.library.folder)
    other.review.decisions.annotate(picture_id, "for print")
    other.review.decisions.mark((picture_id,), Marks(label="red"))
    other.close()
    desk.press(KEY.Key_Z, CTRL)
    desk.qtbot.waitUntil(lambda: desk.shown().note == "for print")
    assert desk.shown() == desk.on_disk()
    assert (desk.on_disk().rating, desk.on_disk().label) == (0, "red")
    assert desk.on_disk().note == "for print"


def test_nothing_of_a_child_comes_back_that_was_forgotten_elsewhere(desk: JudgingDesk) -> None:
    studio = desk.studio
    studio.children.note(PhotoRef(path="/photos/one.jpg", sha256="1" * 64), "Quintessa")
    (child,) = studio.children.all()
    picture_id = desk.on_disk().id
    desk.deciding.annotate(picture_id, "as Quintessa likes it")
    desk.deciding.decide((picture_id,), Change(add=("Quintessa",)))
    desk.deciding.decide((picture_id,), Change(remove=("Quintessa",)))
    desk.deciding.annotate(picture_id, "")
    assert desk.on_disk().note == ""
    # As by another program on the same library.
    *_, ending = run_job(studio.forget_job(child.id), CancelToken())
    assert isinstance(ending, Done), ending
    desk.press(KEY.Key_Z, CTRL)
    assert (desk.on_disk().note, desk.on_disk().tags) == ("", ())
    desk.qtbot.waitUntil(lambda: not desk.actions["lib_undo"].isEnabled())
    assert not desk.actions["lib_redo"].isEnabled()
    desk.qtbot.waitUntil(lambda: desk.shown() == desk.on_disk())
    desk.press(KEY.Key_2)
    desk.press(KEY.Key_Z, CTRL)
    assert desk.on_disk().rating == 0


def test_a_page_that_fits_no_more_stays_until_the_library_is_looked_at_again(
    desk: JudgingDesk,
) -> None:
    desk.deciding.rate(5)
    desk.on_disk()
    desk.page.model.set_view(View(search=parse("rating:>=4")))
    desk.settled()
    assert desk.page.model.count == 1
    desk.go_to(0)
    desk.press(KEY.Key_1)
    assert desk.on_disk().rating == 1
    assert desk.page.model.count == 1
    assert desk.shown().rating == 1
    desk.page.refresh()
    desk.qtbot.waitUntil(lambda: desk.page.model.count == 0)


def test_what_cannot_be_kept_is_seen_as_it_was_and_can_be_tried_again(
    desk: JudgingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        desk.fill_disk(full)
        desk.press(KEY.Key_4)
        assert desk.shown().rating == 4
        desk.qtbot.waitUntil(lambda: "disk is full" in desk.toast.text)
        assert desk.shown().rating == 0
        assert not desk.actions["lib_undo"].isEnabled()
    desk.toast.action_button.click()
    assert desk.on_disk().rating == 4


def test_taking_back_can_be_tried_again_where_it_failed(
    desk: JudgingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.press(KEY.Key_4)
    desk.on_disk()
    with monkeypatch.context() as full:
        desk.fill_disk(full)
        desk.press(KEY.Key_Z, CTRL)
        desk.qtbot.waitUntil(lambda: "disk is full" in desk.toast.text)
        assert desk.shown().rating == 4
    desk.press(KEY.Key_Z, CTRL)
    assert desk.on_disk().rating == 0


def test_stars_flags_and_labels_are_given_with_the_mouse(desk: JudgingDesk) -> None:
    marking = desk.panel.marking
    third = QPoint(2 * Metric.HIT + Metric.HIT // 2, Metric.HIT // 2)
    desk.qtbot.mouseClick(marking.stars, Qt.MouseButton.LeftButton, pos=third)
    assert desk.on_disk().rating == 3
    desk.qtbot.mouseClick(marking.flags.button(-1), Qt.MouseButton.LeftButton)
    assert desk.on_disk().flag == -1
    desk.qtbot.mouseClick(marking.labels.dot("red"), Qt.MouseButton.LeftButton)
    assert desk.on_disk().label == "red"
    desk.qtbot.waitUntil(lambda: marking.labels.dot("red").isChecked())
    desk.qtbot.mouseClick(marking.labels.dot("red"), Qt.MouseButton.LeftButton)
    assert desk.on_disk().label == ""


def test_tags_are_typed_completed_and_taken_away_by_keys_alone(desk: JudgingDesk) -> None:
    line = desk.panel.marking.tags.line
    desk.press(KEY.Key_T)
    assert line.hasFocus()
    desk.qtbot.keyClicks(line, "cover, P")
    assert desk.on_disk().tags == ("cover",)
    desk.qtbot.keyClicks(line, "5")
    desk.press(KEY.Key_Return, on=line)
    assert desk.on_disk().tags == ("cover", "P5"), "digits and letters are words here"
    assert desk.on_disk().rating == desk.on_disk().flag == 0
    desk.qtbot.waitUntil(lambda: set(desk.chips()) == {"cover", "P5"})
    desk.press(KEY.Key_Backspace, on=line)
    assert desk.on_disk().tags == ("cover",)
    desk.press(KEY.Key_Return, on=line)
    assert not line.hasFocus(), "Return in the empty line goes back to the pages"
    desk.press(KEY.Key_Right)
    desk.press(KEY.Key_T)
    desk.qtbot.keyClicks(line, "CO")
    popup = line.completer().popup()
    assert popup is not None
    desk.qtbot.waitUntil(popup.isVisible)
    desk.press(KEY.Key_Down, on=popup)
    desk.press(KEY.Key_Return, on=popup)
    desk.qtbot.waitUntil(lambda: desk.on_disk(1).tags == ("cover",))
    desk.qtbot.waitUntil(lambda: line.text() == "")
    desk.deciding.undo()
    assert desk.on_disk(1).tags == (), "it was one decision"


def test_a_tag_is_spelled_as_it_was_at_first(desk: JudgingDesk) -> None:
    desk.deciding.add_tags(("Cover",))
    desk.page.model.set_current(1)
    desk.deciding.add_tags(("cover",))
    desk.on_disk(1)
    desk.qtbot.waitUntil(lambda: desk.shown(1).tags == ("Cover",))


def test_the_tags_of_several_pages_say_which_are_on_some_only(desk: JudgingDesk) -> None:
    desk.deciding.add_tags(("cover",))
    desk.page.model.select_all()
    tags = desk.panel.marking.tags
    desk.qtbot.waitUntil(lambda: bool(desk.chips()))
    tips = [label.toolTip() for label in tags.chips[0].findChildren(QLabel)]
    assert tips == ["cover: on some of these pages"]
    tags.line.setFocus()
    desk.qtbot.keyClicks(tags.line, "cover")
    desk.press(KEY.Key_Return, on=tags.line)
    assert all(desk.on_disk(place).tags == ("cover",) for place in range(5))
    desk.qtbot.waitUntil(lambda: bool(desk.chips()))
    desk.chips()["cover"].click()
    assert all(desk.on_disk(place).tags == () for place in range(5))


def test_a_note_is_kept_when_the_field_is_left(desk: JudgingDesk) -> None:
    note = desk.panel.marking.note
    desk.press(KEY.Key_N)
    assert note.hasFocus()
    desk.qtbot.keyClicks(note, "Print 2 of these")
    desk.press(KEY.Key_Return, CTRL, on=note)
    assert not note.hasFocus()
    assert desk.on_disk().note == "Print 2 of these"
    assert desk.on_disk().rating == 0
    desk.press(KEY.Key_Z, CTRL)
    assert desk.on_disk().note == ""
    desk.qtbot.waitUntil(lambda: note.toPlainText() == "")


def test_a_note_stays_with_its_page_when_another_one_is_chosen(desk: JudgingDesk) -> None:
    note = desk.panel.marking.note
    note.setFocus()
    desk.qtbot.keyClicks(note, "first")
    desk.go_to(1)
    assert note.toPlainText() == ""
    desk.qtbot.keyClicks(note, "second")
    desk.page.model.select_all()
    desk.qtbot.waitUntil(lambda: not note.isVisible())
    assert (desk.on_disk(0).note, desk.on_disk(1).note) == ("first", "second")


def test_a_note_is_kept_when_the_window_closes(desk: JudgingDesk) -> None:
    note = desk.panel.marking.note
    note.setFocus()
    desk.qtbot.keyClicks(note, "last words")
    desk.window.close()
    assert desk.on_disk().note == "last words"


def test_a_note_that_cannot_be_kept_stays_in_the_field(
    desk: JudgingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = desk.panel.marking.note
    desk.press(KEY.Key_N)
    desk.qtbot.keyClicks(note, "precious")
    with monkeypatch.context() as full:
        desk.fill_disk(full)
        desk.press(KEY.Key_Return, CTRL, on=note)
        desk.qtbot.waitUntil(lambda: "disk is full" in desk.toast.text)
        desk.settled()
        desk.qtbot.wait(0)
        assert note.toPlainText() == "precious"
    desk.press(KEY.Key_N)
    desk.press(KEY.Key_Return, CTRL, on=note)
    assert desk.on_disk().note == "precious"

"""One picture large: keys, neighbours, the photo beside it, and the way back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui.gallery.looking_data import COLOURS, SIX, LookingDesk, Painted, shows
from ui.window_data import PHOTO_COLOUR, digest, encoded

from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.ui.gallery.loupe import Loupe
from pickabook_desktop.ui.theme import apply_theme

NEWEST = COLOURS[::-1]


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[LookingDesk]:
    apply_theme(qapp, "light")
    desk = LookingDesk(tmp_path, qtbot)
    yield desk
    desk.close()


@pytest.fixture
def loupe(desk: LookingDesk, qtbot: QtBot) -> Loupe:
    desk.keep(*SIX)
    desk.look()
    qtbot.keyClick(desk.page.view, Qt.Key.Key_Return)
    desk.wait_for(desk.loupe.canvas, NEWEST[0])
    return desk.loupe


def test_return_opens_the_picture_large_and_says_which_it_is(desk: LookingDesk, loupe: Loupe):
    assert loupe.isVisible()
    assert loupe.place.text() == "1 of 6"
    assert loupe.canvas.fitted
    assert "1 of 6" in loupe.canvas.accessibleName()


def test_arrow_keys_walk_through_the_view_and_stop_at_its_ends(
    desk: LookingDesk, loupe: Loupe, qtbot: QtBot
):
    qtbot.keyClick(loupe.canvas, Qt.Key.Key_Right)
    desk.wait_for(loupe.canvas, NEWEST[1])
    qtbot.keyClick(loupe.canvas, Qt.Key.Key_End)
    desk.wait_for(loupe.canvas, NEWEST[5])
    qtbot.keyClick(loupe.canvas, Qt.Key.Key_Right)
    assert loupe.place.text() == "6 of 6"
    qtbot.keyClick(loupe.canvas, Qt.Key.Key_PageUp)
    desk.wait_for(loupe.canvas, NEWEST[4])


def test_the_wheel_walks_with_shift_and_zooms_without(
    desk: LookingDesk, loupe: Loupe, qtbot: QtBot
):
    turn(loupe, -120, Qt.KeyboardModifier.ShiftModifier)
    desk.wait_for(loupe.canvas, NEWEST[1])
    assert loupe.canvas.fitted
    turn(loupe, 120, Qt.KeyboardModifier.NoModifier)
    assert not loupe.canvas.fitted
    assert loupe.place.text() == "2 of 6"


def test_zoom_and_place_stay_from_picture_to_picture(desk: LookingDesk, loupe: Loupe, qtbot: QtBot):
    loupe.canvas.zoom_by(4, QPointF(300, 200))
    before = loupe.canvas.picture_rect
    qtbot.keyClick(loupe.canvas, Qt.Key.Key_Right)
    assert loupe.canvas.picture_rect == before
    desk.wait_for(loupe.canvas, NEWEST[1])
    assert loupe.canvas.picture_rect == before


def test_a_page_is_there_at_once_and_the_picture_follows(
    desk: LookingDesk, loupe: Loupe, qtbot: QtBot
):
    qtbot.keyClick(loupe.canvas, Qt.Key.Key_End)
    assert loupe.canvas.picture is not None
    assert not shows(loupe.canvas, NEWEST[5])
    desk.wait_for(loupe.canvas, NEWEST[5])


def test_neighbours_are_decoded_ahead_and_no_more_than_three_are_held(
    desk: LookingDesk, loupe: Loupe, qtbot: QtBot
):
    qtbot.keyClick(loupe.canvas, Qt.Key.Key_Right)
    qtbot.keyClick(loupe.canvas, Qt.Key.Key_Right)
    around = {desk.id_at(place) for place in (1, 2, 3)}
    qtbot.waitUntil(lambda: set(loupe.preloader.held) == around)
    qtbot.keyClick(loupe.canvas, Qt.Key.Key_Right)
    # No wait: it had been decoded before it was asked for.
    assert shows(loupe.canvas, NEWEST[3])


def test_rating_keys_act_on_what_is_seen_and_not_on_what_was_chosen(
    desk: LookingDesk, qtbot: QtBot
):
    desk.keep(*SIX)
    desk.look()
    desk.choose(0, 1, 2)
    desk.actions["lib_loupe"].trigger()
    desk.actions["lib_rate_4"].trigger()
    assert desk.loupe.marks.stars.rating == 4
    ratings = [desk.rating_of(desk.id_at(place)) for place in range(3)]
    assert ratings == [4, 0, 0]
    qtbot.keyClick(desk.loupe.canvas, Qt.Key.Key_Escape)
    assert desk.page.browsing
    assert desk.page.model.selected_count == 3


def test_pressing_stars_and_flag_below_the_picture_decides(
    desk: LookingDesk, loupe: Loupe, qtbot: QtBot
):
    stars = loupe.marks.stars
    qtbot.mouseClick(stars, Qt.MouseButton.LeftButton, pos=QPoint(stars.width() - 8, 10))
    qtbot.mouseClick(loupe.marks.flags.button(1), Qt.MouseButton.LeftButton)
    assert desk.rating_of(desk.id_at(0)) == 5
    assert desk.studio.library.review.card(desk.id_at(0)).flag == 1


def test_the_keys_for_larger_and_smaller_zoom_the_picture_and_not_the_thumbnails(
    desk: LookingDesk, loupe: Loupe
):
    edge, scale = desk.page.view.edge, loupe.canvas.scale
    desk.actions["lib_larger"].trigger()
    assert loupe.canvas.scale > scale
    assert desk.page.view.edge == edge


def test_return_goes_back_to_the_pages_with_that_picture_current(
    desk: LookingDesk, loupe: Loupe, qtbot: QtBot
):
    qtbot.keyClick(loupe.canvas, Qt.Key.Key_Right)
    qtbot.keyClick(loupe.canvas, Qt.Key.Key_Return)
    assert desk.page.browsing
    assert desk.page.model.current == 1
    assert desk.page.model.is_selected(1)
    assert 1 in desk.page.view.visible_places()
    assert loupe.preloader.held == ()


def test_a_file_that_is_gone_is_said_and_the_next_one_shown(desk: LookingDesk, qtbot: QtBot):
    ids = desk.keep(*SIX[:3])
    Path(desk.studio.library.get(ids[1]).path).unlink()
    desk.look()
    desk.actions["lib_loupe"].trigger()
    canvas = desk.loupe.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "cannot be opened" in canvas.problem)
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    desk.wait_for(canvas, COLOURS[0])
    assert canvas.problem == ""


def test_a_deleted_picture_gives_way_to_its_neighbour(
    desk: LookingDesk, loupe: Loupe, qtbot: QtBot
):
    desk.studio.library.review.decisions.trash([desk.id_at(0)])
    desk.page.refresh()
    desk.wait_for(loupe.canvas, NEWEST[1])
    assert loupe.place.text() == "1 of 5"


def test_a_missing_photo_is_said_and_goes_with_the_key(
    desk: LookingDesk, loupe: Loupe, qtbot: QtBot
):
    qtbot.keyPress(loupe.canvas, Qt.Key.Key_Backslash)
    qtbot.waitUntil(lambda: "no longer there" in loupe.note.text())
    assert loupe.note.isVisible()
    qtbot.keyRelease(loupe.canvas, Qt.Key.Key_Backslash)
    assert not loupe.note.isVisible()


def turn(loupe: Loupe, delta: int, modifier: Qt.KeyboardModifier) -> None:
    at = QPointF(loupe.canvas.rect().center())
    event = QWheelEvent(
        at,
        QPointF(loupe.canvas.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(loupe.canvas, event)


def test_the_photo_is_seen_while_the_key_is_down_and_beside_the_picture_on_request(
    desk: LookingDesk, qtbot: QtBot, tmp_path: Path
):
    photo = photo_in(tmp_path)
    desk.keep(Painted(colour=COLOURS[1], photo=photo), Painted(colour=COLOURS[0], photo=photo))
    desk.look()
    desk.actions["lib_loupe"].trigger()
    canvas = desk.loupe.canvas
    qtbot.keyPress(canvas, Qt.Key.Key_Backslash)
    qtbot.waitUntil(lambda: canvas.photo_shown)
    qtbot.keyRelease(canvas, Qt.Key.Key_Backslash)
    assert not canvas.photo_shown
    desk.actions["lib_photo"].trigger()
    assert canvas.comparing
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.divider == pytest.approx(0.48)
    assert desk.loupe.place.text() == "1 of 2"
    qtbot.keyClick(canvas, Qt.Key.Key_PageDown)
    assert canvas.comparing
    desk.wait_for(canvas, COLOURS[1])
    # The same photo: the edge stays where it was.
    assert canvas.divider == pytest.approx(0.48)
    desk.actions["lib_photo"].trigger()
    assert not canvas.comparing


def test_another_photo_in_the_place_of_the_first_is_not_taken_for_it(
    desk: LookingDesk, qtbot: QtBot, tmp_path: Path
):
    photo = photo_in(tmp_path)
    Path(photo.path).write_bytes(encoded("#112233"))
    desk.keep(Painted(colour=COLOURS[0], photo=photo))
    desk.look()
    desk.actions["lib_photo"].trigger()
    qtbot.waitUntil(lambda: "Another photo" in desk.loupe.note.text())
    assert not desk.loupe.canvas.has_photo


def photo_in(folder: Path) -> PhotoRef:
    path = folder / "child.png"
    path.write_bytes(encoded(PHOTO_COLOUR))
    return PhotoRef(path=str(path), sha256=digest(path))

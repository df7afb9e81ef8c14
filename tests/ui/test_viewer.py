"""The picture canvas and the viewer: zoom, pan, compare, captions, variations."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from ui.window_data import request_for

from pickabook_desktop.domain.errors import NotConfiguredError, PhotoError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.actions import build_actions
from pickabook_desktop.ui.result.canvas import PictureCanvas
from pickabook_desktop.ui.result.pyramid import Pyramid
from pickabook_desktop.ui.result.view import View
from pickabook_desktop.ui.result.viewer import ResultViewer
from pickabook_desktop.ui.theme import apply_theme
from pickabook_desktop.ui.viewmodels.shelf import Thumbnails

RED, BLUE = QColor("#c03020"), QColor("#2030c0")


def plain(colour: QColor, width: int = 1000, height: int = 1000) -> Pyramid:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(colour)
    return Pyramid(image)


@pytest.fixture
def canvas(qtbot) -> PictureCanvas:
    canvas = PictureCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(600, 500)
    canvas.show()
    canvas.set_picture(plain(RED))
    return canvas


def wheel(canvas: PictureCanvas, at: QPoint, steps: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(canvas.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def seen(canvas: PictureCanvas, x: float, y: float) -> QColor:
    return canvas.grab().toImage().pixelColor(int(x), int(y))


def test_a_picture_is_fitted_and_centred(canvas):
    rect = canvas.picture_rect
    assert rect.center() == QPointF(300, 250)
    assert rect.height() < 500
    assert rect.width() == pytest.approx(rect.height())


def test_it_stays_fitted_while_the_window_changes(canvas):
    canvas.resize(900, 800)
    assert canvas.fitted
    assert canvas.picture_rect.center() == QPointF(450, 400)


def test_the_wheel_zooms_to_the_cursor(canvas):
    at = QPoint(380, 200)
    rect = canvas.picture_rect
    before = (at.x() - rect.left()) / rect.width()
    wheel(canvas, at, 5)
    rect = canvas.picture_rect
    assert rect.width() > 600
    assert (at.x() - rect.left()) / rect.width() == pytest.approx(before, abs=0.001)


def test_actual_size_shows_one_pixel_to_each_of_the_screen(canvas):
    canvas.actual_size()
    assert canvas.scale == pytest.approx(1.0)
    assert canvas.accessibleDescription() == "Zoom 100 %"
    canvas.fit()
    assert canvas.fitted


def test_another_picture_of_the_same_page_keeps_the_zoom(canvas):
    canvas.actual_size()
    canvas.zoom_by(2)
    rect = canvas.picture_rect
    canvas.set_picture(plain(BLUE, 500, 500))
    assert canvas.picture_rect == rect
    canvas.set_picture(plain(BLUE, 500, 900))
    assert canvas.fitted


@pytest.mark.parametrize("way", ["left", "middle", "space", "keys"])
def test_an_enlarged_picture_can_be_moved(canvas, qtbot, way):
    canvas.zoom_by(4)
    before = canvas.picture_rect.topLeft()
    start, end = QPoint(300, 250), QPoint(260, 230)
    button = Qt.MouseButton.MiddleButton if way == "middle" else Qt.MouseButton.LeftButton
    if way == "keys":
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
        qtbot.keyClick(canvas, Qt.Key.Key_Down)
    else:
        if way == "space":
            qtbot.keyPress(canvas, Qt.Key.Key_Space)
        qtbot.mousePress(canvas, button, pos=start)
        qtbot.mouseMove(canvas, end)
        qtbot.mouseRelease(canvas, button, pos=end)
    moved = canvas.picture_rect.topLeft() - before
    assert moved.x() < -30
    assert moved.y() < -15


def test_a_picture_cannot_be_moved_out_of_sight(canvas):
    canvas.zoom_by(3)
    for _ in range(200):
        canvas.keyPressEvent(_key(Qt.Key.Key_Right))
    assert canvas.picture_rect.right() > 300


def test_dragging_a_fitted_picture_hands_it_out(canvas, qtbot):
    with qtbot.waitSignal(canvas.drag_wanted):
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 250))
        qtbot.mouseMove(canvas, QPoint(360, 250))


def test_the_photo_is_seen_while_asked_for(canvas):
    canvas.set_photo(plain(BLUE))
    assert seen(canvas, 300, 250) == RED
    canvas.set_photo_shown(True)
    assert seen(canvas, 300, 250) == BLUE
    canvas.set_photo_shown(False)
    assert seen(canvas, 300, 250) == RED


def test_comparing_shows_the_photo_left_of_the_edge(canvas, qtbot):
    canvas.set_photo(plain(BLUE))
    canvas.set_comparing(True)
    assert seen(canvas, 150, 150) == BLUE
    assert seen(canvas, 450, 150) == RED
    qtbot.keyClick(canvas, Qt.Key.Key_End)
    assert seen(canvas, 450, 150) == BLUE
    canvas.move_divider(0.25)
    assert seen(canvas, 250, 150) == RED


def test_the_edge_follows_the_mouse(canvas, qtbot):
    canvas.set_photo(plain(BLUE))
    canvas.set_comparing(True)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 250))
    qtbot.mouseMove(canvas, QPoint(180, 250))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(180, 250))
    assert seen(canvas, 240, 150) == RED


def test_a_photo_that_was_placed_lies_where_its_face_is(canvas):
    canvas.set_photo(plain(BLUE), QRectF(0.25, 0.25, 0.25, 0.25))
    canvas.set_comparing(True)
    canvas.move_divider(1.0)
    rect = canvas.picture_rect
    inside = rect.topLeft() + QPointF(rect.width() * 0.35, rect.height() * 0.35)
    outside = rect.topLeft() + QPointF(rect.width() * 0.1, rect.height() * 0.1)
    assert seen(canvas, inside.x(), inside.y()) == BLUE
    assert seen(canvas, outside.x(), outside.y()) == RED


def test_without_a_photo_there_is_nothing_to_compare(canvas):
    canvas.set_comparing(True)
    assert not canvas.comparing


def test_the_ground_behind_pictures_has_no_tint(canvas, qapp):
    theme = apply_theme(qapp, "light")
    light = seen(canvas, 2, 2)
    theme.set_scheme("dark")
    dark = seen(canvas, 2, 2)
    theme.set_scheme("light")
    for ground in (light, dark):
        assert ground.red() == ground.green() == ground.blue()
    assert dark.lightness() < light.lightness()


def test_large_pictures_are_painted_from_smaller_copies():
    pyramid = plain(RED, 4096, 3072)
    assert pyramid.level_for(1.0).width() == 4096
    assert pyramid.level_for(0.51).width() == 4096
    assert pyramid.level_for(0.5).width() == 2048
    assert pyramid.level_for(0.13).width() == 1024
    assert pyramid.level_for(0.0001).width() >= 256


def test_a_tiny_picture_has_no_smaller_copies():
    assert plain(RED, 3, 300).level_for(0.01).size().height() == 300


def test_words_below_leave_room_under_a_fitted_picture():
    view = View(24)
    view.set_viewport(QSizeF(500, 500))
    view.set_picture(QSizeF(1000, 1000))
    full = view.rect
    view.set_foot(60)
    assert view.rect.bottom() <= 500 - 60
    assert view.rect.width() < full.width()


@pytest.fixture
def viewer(tmp_path: Path, qtbot) -> Iterator[ResultViewer]:
    owner = QWidget()
    qtbot.addWidget(owner)
    lanes, library = Lanes(), Library(tmp_path / "library")
    viewer = ResultViewer(build_actions(owner), Thumbnails(library, lanes), owner)
    viewer.resize(620, 600)
    owner.show()
    yield viewer
    assert lanes.shutdown()
    library.close()


def kept(picture_id: str, folder: Path) -> KeptPicture:
    path = folder / f"{picture_id}.png"
    plain(BLUE, 64, 64).image.save(str(path))
    return KeptPicture(
        id=picture_id,
        path=str(path),
        media_type="image/png",
        size=Size(64, 64),
        created="2026-01-01T00:00:00Z",
        request=request_for(path),
    )


def test_several_pictures_of_a_page_can_be_stepped_through(viewer, tmp_path, qtbot):
    pictures = [kept(name, tmp_path) for name in ("a", "b", "c")]
    viewer.show_variations(pictures[:1], "a")
    assert not viewer.variations.isVisible()
    viewer.show_variations(pictures, "a")
    assert viewer.variations.isVisible()
    with qtbot.waitSignal(viewer.picture_chosen) as chosen:
        viewer.variations.step(1)
    assert chosen.args[0].id == "b"
    qtbot.waitUntil(lambda: viewer.variations.model().index(2, 0).data(1) is not None)


def test_words_take_no_more_room_than_they_need(viewer):
    viewer.show_picture(plain(RED), "Preview")
    alone = viewer.canvas.picture_rect
    viewer.set_hint("A sentence that is so long that it takes several lines. " * 4)
    assert viewer.canvas.picture_rect.height() < alone.height()
    viewer.set_hint("")
    assert viewer.canvas.picture_rect == alone


def test_what_is_shown_is_said(viewer):
    viewer.show_picture(plain(RED), "Preview")
    viewer.set_hint("This is a sample.")
    labels = [label.text() for label in viewer.canvas.children() if hasattr(label, "text")]
    assert "Preview · This is a sample." in labels
    assert viewer.canvas.accessibleName() == "Preview"


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (PhotoError("No photo.", "Take another."), "other_photo"),
        (NotConfiguredError("No key.", "Enter it."), "settings"),
    ],
)
def test_an_error_says_what_happened_and_offers_what_helps(viewer, qtbot, error, remedy):
    viewer.show_error(error)
    assert viewer.error_shown
    assert viewer.error_panel.text == f"{error.message} {error.next_step}"
    with qtbot.waitSignal(viewer.remedy_wanted) as wanted:
        viewer.error_panel.button.click()
    assert wanted.args == [remedy]


def test_a_new_picture_takes_the_place_of_an_error(viewer):
    viewer.show_error(PhotoError("No photo."))
    viewer.show_picture(plain(RED), "Preview")
    assert not viewer.error_shown


def _key(key: Qt.Key):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    return QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)

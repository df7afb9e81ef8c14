"""Pages on their way to other programs: by clipboard and by dragging."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QDrag, QGuiApplication, QImage
from ui.window_data import encoded

from pickabook_desktop.imaging.metadata import read
from pickabook_desktop.ui.result.pyramid import read_image
from pickabook_desktop.ui.setting_keys import METADATA_KEY

OLD, NEW = "#803010", "#108030"


class Handed:
    """What another program was given."""

    def __init__(self, mime) -> None:
        (url,) = mime.urls()
        self.file = Path(url.toLocalFile())
        self.image = QImage(mime.imageData())

    @property
    def colour(self) -> str:
        return self.image.pixelColor(32, 32).name()


@pytest.fixture
def drags(monkeypatch) -> list[Handed]:
    """What was dragged out; the mouse button counts as held."""
    seen: list[Handed] = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, actions: seen.append(Handed(drag.mimeData())))
    held = Qt.MouseButton.LeftButton
    monkeypatch.setattr(QGuiApplication, "mouseButtons", lambda: held)
    return seen


@pytest.fixture
def pages(desk, window, engine, qtbot):
    """Two pages of different colours: the older is current, the newer is still seen."""
    for colour in (OLD, NEW):
        engine.drawn["image/png"] = encoded(colour)
        desk.draw(window)
    new, old = window.history.pictures
    qtbot.waitUntil(lambda: window.viewer.canvas.picture.image.pixelColor(32, 32).name() == NEW)
    window.history.picture_chosen.emit(old)
    assert window.workings.showing.current.id == old.id
    return old, new


def copied(window, qtbot) -> Handed:
    QGuiApplication.clipboard().setText("before")
    window.actions_by_id["copy"].trigger()
    qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().mimeData().urls()))
    return Handed(QGuiApplication.clipboard().mimeData())


def leave_metadata_out(window) -> None:
    window.memory.keep(METADATA_KEY, "off")


def test_a_copy_shows_the_page_it_belongs_to(window, pages, qtbot):
    old, _ = pages
    handed = copied(window, qtbot)
    assert (handed.file, handed.colour) == (Path(old.path), OLD)


def test_a_drag_shows_the_page_it_belongs_to(window, pages, drags, qtbot):
    old, _ = pages
    window.viewer.drag_wanted.emit()
    qtbot.waitUntil(lambda: bool(drags))
    assert (drags[0].file, drags[0].colour) == (Path(old.path), OLD)


def test_any_page_can_be_dragged_out_of_the_history(window, pages, drags, qtbot):
    _, new = pages
    strip = window.history.strip
    strip.setCurrentIndex(strip.model().index(0, 0))
    strip.startDrag(Qt.DropAction.CopyAction)
    qtbot.waitUntil(lambda: bool(drags))
    assert (drags[0].file, drags[0].colour) == (Path(new.path), NEW)


def test_no_drag_begins_once_the_button_is_let_go(window, pages, drags, qtbot, monkeypatch):
    loose = Qt.MouseButton.NoButton
    monkeypatch.setattr(QGuiApplication, "mouseButtons", lambda: loose)
    window.viewer.drag_wanted.emit()
    copied(window, qtbot)
    assert drags == []


@pytest.mark.parametrize("way", ["copy", "drag", "history"])
def test_nothing_says_how_a_page_came_to_be_where_that_is_left_out(desk, window, drags, qtbot, way):
    desk.draw(window)
    page = window.workings.showing.current
    assert read(Path(page.path).read_bytes(), "image/png") is not None
    leave_metadata_out(window)
    if way == "copy":
        handed = copied(window, qtbot)
    else:
        strip = window.history.strip
        strip.setCurrentIndex(strip.model().index(0, 0))
        window.viewer.drag_wanted.emit() if way == "drag" else strip.startDrag(
            Qt.DropAction.CopyAction
        )
        qtbot.waitUntil(lambda: bool(drags))
        handed = drags[0]
    assert read(handed.file.read_bytes(), "image/png") is None
    assert handed.image.textKeys() == []
    assert read_image(handed.file) == read_image(Path(page.path))
    assert handed.colour == QColor(handed.image.pixel(QPoint(1, 1))).name()
    desk.close()
    assert not handed.file.exists()


def test_a_page_whose_file_is_gone_is_explained(window, pages, qtbot):
    old, _ = pages
    qtbot.waitUntil(lambda: not window._lanes.busy("photo"))
    Path(old.path).unlink()
    leave_metadata_out(window)
    window.actions_by_id["copy"].trigger()
    qtbot.waitUntil(lambda: "could not be read" in window.workings.toast.text)

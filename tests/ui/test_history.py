"""The history: newest first, fetched as it is scrolled, deleted with a way back."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from ui.window_data import PAGE_COLOUR, encoded, request_for

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.result import DrawnPicture, GenerationResult, KeptPicture
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.history import HistoryStrip
from pickabook_desktop.ui.viewmodels.shelf import PAGE, Shelf, Thumbnails

THUMBNAIL_ROLE = Qt.ItemDataRole.DecorationRole


class Bench:
    """A library, its shelf and the strip that shows it."""

    def __init__(self, folder: Path) -> None:
        self.lanes = Lanes()
        self.library = Library(folder / "library")
        self.shelf = Shelf(self.library, self.lanes)
        self.thumbnails = Thumbnails(self.library, self.lanes)
        self.strip = HistoryStrip(self.shelf, self.thumbnails, lambda p: f"Page {p.request.seed}")
        self.strip.resize(700, 104)
        self.picture = encoded(PAGE_COLOUR)
        self.thumbnail = encoded(PAGE_COLOUR, kind=b"JPG")

    def keep(self, seed: int) -> KeptPicture:
        drawn = DrawnPicture(
            data=self.picture, media_type="image/png", size=Size(64, 64), seed=seed
        )
        request = request_for(Path("/photos/a.png"), seed=seed)
        return self.library.add(drawn, request, "1", self.thumbnail)

    def seeds(self) -> list[int]:
        return [picture.request.seed for picture in self.strip.pictures]


@pytest.fixture
def bench(tmp_path: Path, qtbot) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    qtbot.addWidget(bench.strip)
    bench.strip.show()
    yield bench
    assert bench.lanes.shutdown()
    bench.library.close()


def test_the_last_pages_are_there_newest_first(bench, qtbot):
    for seed in (1, 2, 3):
        bench.keep(seed)
    bench.shelf.open()
    qtbot.waitUntil(lambda: bench.seeds() == [3, 2, 1])


def test_an_empty_library_says_what_will_come(bench, qtbot):
    bench.shelf.open()
    qtbot.waitUntil(lambda: bench.shelf.complete)
    assert not bench.strip.strip.isVisible()
    assert any(
        "gather here" in child.text() for child in bench.strip.children() if hasattr(child, "text")
    )


def test_thumbnails_come_from_the_library(bench, qtbot):
    picture = bench.keep(1)
    bench.shelf.open()
    qtbot.waitUntil(lambda: bench.seeds() == [1])
    model = bench.strip.strip.model()
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Page 1"
    qtbot.waitUntil(lambda: bench.thumbnails.get(picture) is not None)
    image = model.index(0, 0).data(THUMBNAIL_ROLE)
    assert image.pixelColor(32, 32).red() > image.pixelColor(32, 32).blue()


def test_only_what_is_looked_at_is_fetched(bench, qtbot):
    for seed in range(PAGE + 5):
        bench.keep(seed)
    bench.shelf.open()
    qtbot.waitUntil(lambda: len(bench.seeds()) == PAGE)
    assert not bench.shelf.complete
    bench.strip.strip.model().fetchMore(bench.strip.strip.rootIndex())
    qtbot.waitUntil(lambda: len(bench.seeds()) == PAGE + 5)
    assert bench.shelf.complete
    assert bench.seeds() == sorted(bench.seeds(), reverse=True)


def test_new_pages_come_first(bench, qtbot):
    bench.keep(1)
    bench.shelf.open()
    qtbot.waitUntil(lambda: bench.seeds() == [1])
    new = (bench.keep(2), bench.keep(3))
    bench.shelf.add(GenerationResult(request=new[0].request, pictures=new))
    assert bench.seeds() == [3, 2, 1]
    bench.shelf.add(GenerationResult(request=new[0].request, pictures=new))
    assert bench.seeds() == [3, 2, 1]


def test_a_page_finds_its_place_among_those_of_the_same_moment(bench, qtbot):
    kept = [bench.keep(seed) for seed in (1, 2, 3)]
    moment = kept[0].created
    bench.shelf.pictures = [msgspec.structs.replace(p, created=moment) for p in reversed(kept)]
    middle = bench.shelf.pictures[1]
    bench.shelf.take_out((middle.id,))
    assert len(bench.shelf.pictures) == 2
    bench.shelf.put_in((middle.id,), lambda pictures: None)
    qtbot.waitUntil(lambda: len(bench.shelf.pictures) == 3)
    assert [picture.request.seed for picture in bench.shelf.pictures] == [3, 2, 1]


def test_a_deleted_page_comes_back_to_its_place(bench, qtbot):
    pictures = [bench.keep(seed) for seed in (1, 2, 3)]
    bench.shelf.open()
    qtbot.waitUntil(lambda: bench.seeds() == [3, 2, 1])
    bench.shelf.take_out((pictures[1].id,))
    qtbot.waitUntil(lambda: bench.seeds() == [3, 1])
    bench.shelf.put_in((pictures[1].id,), lambda pictures: None)
    qtbot.waitUntil(lambda: bench.seeds() == [3, 2, 1])


def test_a_page_is_chosen_by_mouse_and_by_keys(bench, qtbot):
    for seed in (1, 2, 3):
        bench.keep(seed)
    bench.shelf.open()
    qtbot.waitUntil(lambda: bench.seeds() == [3, 2, 1])
    chosen = []
    bench.strip.picture_chosen.connect(lambda p: chosen.append(p.request.seed))
    view = bench.strip.strip
    place = view.visualRect(view.model().index(1, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert chosen == [2, 1]


def test_delete_asks_for_the_page_under_the_selection(bench, qtbot):
    picture = bench.keep(1)
    bench.shelf.open()
    qtbot.waitUntil(lambda: bench.seeds() == [1])
    bench.strip.mark(picture.id)
    with qtbot.waitSignal(bench.strip.strip.delete_wanted) as wanted:
        qtbot.keyClick(bench.strip.strip, Qt.Key.Key_Delete)
    assert wanted.args[0].id == picture.id


def test_dragging_asks_for_the_page_under_the_mouse(bench, qtbot):
    picture = bench.keep(1)
    bench.shelf.open()
    qtbot.waitUntil(lambda: bench.seeds() == [1])
    strip = bench.strip.strip
    ground = strip.viewport()
    place = strip.visualRect(strip.model().index(0, 0)).center()
    with qtbot.waitSignal(bench.strip.drag_wanted) as wanted:
        qtbot.mousePress(ground, Qt.MouseButton.LeftButton, pos=place)
        for step in (30, 60):
            away = QPointF(place.x() + step, place.y())
            QApplication.sendEvent(ground, moved(ground, away))
    assert wanted.args[0].id == picture.id
    qtbot.mouseRelease(ground, Qt.MouseButton.LeftButton, pos=place)


def moved(ground: QWidget, place: QPointF) -> QMouseEvent:
    """The mouse moving with its left button held."""
    left = Qt.MouseButton.LeftButton
    return QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        ground.mapToGlobal(place),
        Qt.MouseButton.NoButton,
        left,
        Qt.KeyboardModifier.NoModifier,
    )


def test_the_menu_is_asked_for_at_the_picture(bench, qtbot):
    bench.keep(1)
    bench.shelf.open()
    qtbot.waitUntil(lambda: bench.seeds() == [1])
    with qtbot.waitSignal(bench.strip.menu_wanted) as wanted:
        bench.strip.strip.customContextMenuRequested.emit(QPoint(40, 50))
    assert wanted.args[0].request.seed == 1

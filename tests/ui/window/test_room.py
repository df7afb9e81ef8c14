"""All that belongs on a small screen has its place there."""

import msgspec
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap, QScreen
from PySide6.QtWidgets import QMenu
from ui.window_data import make_studio

from pickabook_desktop.domain.errors import RefusedError, StorageError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.review import Card
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.error_panel import ErrorPanel
from pickabook_desktop.ui.gallery.columns import Place, columns
from pickabook_desktop.ui.gallery.layout import Box
from pickabook_desktop.ui.gallery.painting import Painting, State
from pickabook_desktop.ui.gallery.rows import LEAST_WORDS, RowPainting
from pickabook_desktop.ui.main_window import FRAME, MainWindow
from pickabook_desktop.ui.viewmodels.gallery_words import Titles

SCREEN = QSize(1280, 800)


def test_the_first_window_fits_on_a_small_screen_with_its_frame(desk, engine, qtbot, monkeypatch):
    monkeypatch.setattr(QScreen, "availableSize", lambda screen: SCREEN)
    window = MainWindow(make_studio(desk.folder, engine), Lanes(), desk.theme)
    qtbot.addWidget(window)
    assert window.width() + FRAME[0] <= SCREEN.width()
    assert window.height() + FRAME[1] <= SCREEN.height()
    window.shut_down()


def test_the_menu_of_pictures_is_one_column_on_a_small_screen(hands):
    hands.open_library()
    menu = hands.window.top_bar.menu("pictures")
    actions = menu.actions()
    menu.ensurePolished()
    lefts = {menu.actionGeometry(action).left() for action in actions if not action.isSeparator()}
    assert len(lefts) == 1
    assert menu.sizeHint().height() < 700
    within = [sub for sub in menu.findChildren(QMenu) if sub.parent() is menu]
    held = {action.objectName() for sub in within for action in sub.actions()}
    assert {"lib_export", "lib_zip", "lib_copy", "lib_upload", "lib_other_engine"} <= held


def test_only_services_have_a_word_of_their_own_for_what_went_wrong(qtbot):
    panel = ErrorPanel()
    qtbot.addWidget(panel)
    panel.show_error(StorageError("The list is damaged.", "Repair it.", code="damaged_list"))
    assert not panel.code
    panel.show_error(RefusedError("The service will not draw this.", code="SAFETY"))
    assert "SAFETY" in panel.code


def painted(rows: RowPainting, cards: tuple[Card, ...]) -> QImage:
    """The title of each card, as narrow as that column can be."""
    column = next(column for column in columns() if column.name == "title")
    pixmap = QPixmap(column.width, 56)
    pixmap.fill(Qt.GlobalColor.white)
    painter = QPainter(pixmap)
    places = (Place(column, 0, column.width),)
    plain = State(selected=False, current=False, focused=False)
    for card in cards:
        rows.paint(painter, Box(0, 0, column.width, 56), places, card, None, plain)
    painter.end()
    return pixmap.toImage()


def test_signs_leave_a_row_of_the_list_room_for_its_title(qapp):
    words = Titles({}, {}, tuple)
    painting = Painting(qapp.font(), 1.0, words)
    rows = RowPainting(painting, words)
    card = Card(
        n=1,
        id="x",
        created="2026-10-06T12:05:00+00:00",
        path="/page.png",
        media_type="image/png",
        size=Size(64, 64),
        flag=1,
        label="red",
        tags=("cover",),
        note="darker",
        upload="queued",
        variations=12,
    )
    blank = painted(rows, ())
    image = painted(rows, (msgspec.structs.replace(card, prompt=" "),))
    words_only = range(LEAST_WORDS)
    above_line = range(50)
    assert all(image.pixel(x, y) == blank.pixel(x, y) for x in words_only for y in above_line)
    assert image != blank


def test_a_row_with_little_room_names_the_child_first(qapp):
    words, child_first = Titles({}, {}, tuple), Titles({}, {}, tuple)
    child_first.card = child_first.short
    card = Card(
        n=1,
        id="x",
        created="2026-10-06T12:05:00+00:00",
        path="/page.png",
        media_type="image/png",
        size=Size(64, 64),
        prompt="a very long walk through the snowy wood at night",
        child="Mia",
    )
    row = painted(RowPainting(Painting(qapp.font(), 1.0, words), words), (card,))
    first = painted(RowPainting(Painting(qapp.font(), 1.0, child_first), child_first), (card,))
    nobody = msgspec.structs.replace(card, child="")
    assert row == first
    assert row != painted(RowPainting(Painting(qapp.font(), 1.0, words), words), (nobody,))

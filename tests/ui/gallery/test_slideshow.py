"""The slideshow: order, pause, time, decisions; and how much is held in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from ui.gallery.looking_data import COLOURS, SIX, LookingDesk, Painted

from pickabook_desktop.ui.palette import SLIDE_GROUND
from pickabook_desktop.ui.theme import apply_theme, palette_now
from pickabook_desktop.ui.viewmodels.picture_preloader import PicturePreloader
from pickabook_desktop.ui.viewmodels.slides import Deck

NEWEST = COLOURS[::-1]


class Show:
    """A slideshow whose clock the test turns."""

    def __init__(self, desk: LookingDesk, qtbot: QtBot) -> None:
        self.desk = desk
        self._qtbot = qtbot
        desk.actions["lib_slideshow"].trigger()
        assert desk.looking.slideshow is not None
        self.window = desk.looking.slideshow
        self.slides = self.window.slides

    def time_up(self) -> None:
        """The picture has been on for its time."""
        assert self.slides.timer.isActive()
        self.slides.timer.stop()
        self.slides.timer.timeout.emit()

    def press(self, key: Qt.Key) -> None:
        self._qtbot.keyClick(self.window, key)

    def on(self, colour: str) -> None:
        """Wait until the picture of that colour is on."""
        self._qtbot.waitUntil(lambda: self.colour == QColor(colour))

    @property
    def colour(self) -> QColor | None:
        picture = self.slides.picture
        return picture.image.pixelColor(0, 0) if picture is not None else None


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[LookingDesk]:
    apply_theme(qapp, "light")
    desk = LookingDesk(tmp_path, qtbot)
    yield desk
    if desk.looking.slideshow is not None:
        desk.looking.slideshow.close()
    desk.close()


@pytest.fixture
def show(desk: LookingDesk, qtbot: QtBot) -> Show:
    desk.keep(*SIX)
    desk.look()
    show = Show(desk, qtbot)
    show.on(NEWEST[0])
    return show


def test_pictures_come_in_the_order_of_the_view_and_the_show_ends(show: Show, qtbot: QtBot):
    assert show.window.isFullScreen()
    seen = [NEWEST[0]]
    for colour in NEWEST[1:]:
        show.time_up()
        show.on(colour)
        seen.append(colour)
    assert seen == list(NEWEST)
    show.time_up()
    assert show.desk.looking.slideshow is None
    assert show.desk.page.browsing
    assert show.desk.page.model.current == 5


def test_a_loop_begins_anew(show: Show):
    show.press(Qt.Key.Key_L)
    show.press(Qt.Key.Key_End)
    show.on(NEWEST[5])
    show.time_up()
    show.on(NEWEST[0])


def test_space_pauses_and_goes_on(show: Show):
    show.press(Qt.Key.Key_Space)
    assert not show.slides.timer.isActive()
    assert "Paused" in show.window.words
    show.press(Qt.Key.Key_Right)
    show.on(NEWEST[1])
    assert not show.slides.timer.isActive()
    show.press(Qt.Key.Key_Space)
    assert show.slides.timer.isActive()


def test_the_time_of_each_picture_is_set_by_keys_within_bounds(show: Show):
    for _ in range(40):
        show.press(Qt.Key.Key_Plus)
    assert show.slides.seconds == 30
    for _ in range(40):
        show.press(Qt.Key.Key_Minus)
    assert show.slides.seconds == 2
    assert "2 s each" in show.window.words


def test_the_picture_that_is_on_stays_until_the_next_is_decoded(
    show: Show, qtbot: QtBot, desk: LookingDesk
):
    show.press(Qt.Key.Key_End)
    # Not decoded yet, and no blank screen meanwhile.
    assert show.colour == QColor(NEWEST[0])
    show.on(NEWEST[5])


def test_only_what_is_chosen_is_shown_where_that_is_several(desk: LookingDesk, qtbot: QtBot):
    desk.keep(*SIX)
    desk.look()
    desk.choose(1, 3, 4)
    show = Show(desk, qtbot)
    for colour in (NEWEST[1], NEWEST[3], NEWEST[4]):
        show.on(colour)
        show.time_up()
    assert desk.looking.slideshow is None
    assert desk.page.model.selected_count == 3


def test_keys_decide_about_the_picture_that_is_on(show: Show, qtbot: QtBot, desk: LookingDesk):
    show.press(Qt.Key.Key_Right)
    show.on(NEWEST[1])
    assert desk.actions["lib_rate_5"] in show.window.actions()
    desk.actions["lib_rate_5"].trigger()
    desk.actions["lib_pick"].trigger()
    assert "★★★★★ · Picked" in show.window.words
    assert desk.rating_of(desk.id_at(1)) == 5
    assert desk.rating_of(desk.id_at(0)) == 0


def test_where_deciding_goes_on_the_show_does_too(show: Show, desk: LookingDesk):
    desk.actions["lib_advance"].setChecked(True)
    desk.actions["lib_rate_1"].trigger()
    show.on(NEWEST[1])


def test_escape_ends_with_the_last_picture_current(show: Show, desk: LookingDesk):
    show.press(Qt.Key.Key_Right)
    show.on(NEWEST[1])
    show.press(Qt.Key.Key_Right)
    show.on(NEWEST[2])
    show.press(Qt.Key.Key_Escape)
    assert desk.looking.slideshow is None
    assert desk.page.model.current == 2
    assert desk.page.model.is_selected(2)


def test_a_broken_file_is_said_and_the_show_goes_on(desk: LookingDesk, qtbot: QtBot):
    ids = desk.keep(*SIX[:3])
    Path(desk.studio.library.get(ids[1]).path).unlink()
    desk.look()
    show = Show(desk, qtbot)
    show.on(COLOURS[2])
    show.time_up()
    qtbot.waitUntil(lambda: "cannot be opened" in show.slides.problem)
    show.time_up()
    show.on(COLOURS[0])
    assert show.slides.problem == ""


def test_the_ground_is_black_or_neutral(show: Show):
    assert show.window.ground == QColor(SLIDE_GROUND)
    show.press(Qt.Key.Key_G)
    assert show.window.ground == palette_now().colour("backdrop")


def test_the_cursor_and_the_words_hide_and_come_back(show: Show):
    show.window._idle.timeout.emit()
    assert show.window.cursor().shape() == Qt.CursorShape.BlankCursor
    assert show.window.words == ""
    move_mouse(show.window)
    assert show.window.words != ""
    assert show.window.cursor().shape() != Qt.CursorShape.BlankCursor


def test_no_more_than_three_pictures_are_held(show: Show, qtbot: QtBot):
    for colour in NEWEST[1:4]:
        show.press(Qt.Key.Key_Right)
        show.on(colour)
        assert len(show.slides.held) <= 3


def test_large_pictures_are_not_decoded_ahead_beyond_the_budget(desk: LookingDesk, qtbot: QtBot):
    desk.keep(*(Painted(colour=colour, seed=n) for n, colour in enumerate(COLOURS)))
    desk.look()
    cards = [card for card in map(desk.page.model.card, range(6)) if card is not None]
    one = 400 * 400 * 4 * 4 / 3
    preloader = PicturePreloader(desk.lanes, desk.window, pictures=5, budget=2.5 * one)
    preloader.want(cards)
    qtbot.waitUntil(lambda: len(preloader.held) == 2)
    qtbot.waitUntil(lambda: not desk.lanes.busy("photo"))
    assert preloader.held == (cards[0].id, cards[1].id)
    poor = PicturePreloader(desk.lanes, desk.window, budget=1)
    poor.want(cards)
    qtbot.waitUntil(lambda: poor.held == (cards[0].id,))


def test_what_is_wanted_no_more_is_let_go(desk: LookingDesk, qtbot: QtBot):
    desk.keep(*SIX)
    desk.look()
    cards = [card for card in map(desk.page.model.card, range(6)) if card is not None]
    preloader = PicturePreloader(desk.lanes, desk.window)
    preloader.want(cards[:3])
    qtbot.waitUntil(lambda: len(preloader.held) == 3)
    preloader.want(cards[2:5])
    assert preloader.held == (cards[2].id,)
    qtbot.waitUntil(lambda: set(preloader.held) == {card.id for card in cards[2:5]})


def test_pictures_of_a_show_are_numbered_through_its_ranges():
    deck = Deck(((2, 4), (10, 13)))
    assert [deck.place(number) for number in range(len(deck))] == [2, 3, 10, 11, 12]
    assert [deck.number(place) for place in (0, 3, 7, 10, 12, 99)] == [0, 1, 2, 2, 4, 4]


def move_mouse(window: QWidget) -> None:
    at = QPointF(40, 40)
    none = Qt.MouseButton.NoButton
    kind = QEvent.Type.MouseMove
    event = QMouseEvent(kind, at, at, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, event)

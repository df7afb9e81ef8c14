"""The primary button: what it offers, how it shows work, and that it never moves."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from pickabook_desktop.ui.draw_button import DrawButton
from pickabook_desktop.ui.viewmodels.progress import duration


@pytest.fixture
def button(qtbot) -> DrawButton:
    button = DrawButton()
    qtbot.addWidget(button)
    button.set_offer("free · about 1 s")
    button.resize(380, 44)
    button.show()
    return button


def test_it_says_what_a_page_costs_and_takes(button):
    assert button.accessibleName() == "Draw the page · free · about 1 s"


def test_pressing_it_draws(button, qtbot):
    with qtbot.waitSignal(button.draw_wanted):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_while_drawing_pressing_it_cancels(button, qtbot):
    button.show_progress(0.4, "Painting the head", "2 s left")
    assert button.accessibleName() == "Cancel drawing"
    assert "Painting the head · 2 s left" in button.accessibleDescription()
    drawn = []
    button.draw_wanted.connect(lambda: drawn.append(True))
    with qtbot.waitSignal(button.cancel_wanted):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert not drawn


def test_a_double_click_draws_once_and_cancels_nothing(button, qtbot):
    heard = []
    button.cancel_wanted.connect(lambda: heard.append("cancel"))

    def start() -> None:
        heard.append("draw")
        button.show_progress(0.0, "Drawing", "")

    button.draw_wanted.connect(start)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.mouseDClick(button, Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert heard == ["draw"]


def test_it_keeps_its_place_and_size(button):
    before = button.geometry()
    button.show_progress(
        0.7, "A stage with a name that is far too long for the button", "2 min left"
    )
    assert button.geometry() == before
    assert button.sizeHint() == DrawButton().sizeHint()
    button.show_idle()
    assert button.geometry() == before


def test_it_says_why_nothing_can_be_drawn(button, qtbot):
    button.set_missing("Choose a photo first.")
    assert not button.isEnabled()
    assert button.accessibleName() == "Choose a photo first."
    button.set_missing("")
    assert button.isEnabled()


def test_it_offers_what_must_be_done_first(button, qtbot):
    button.set_missing("There is no key.", "Add a key…")
    assert button.isEnabled()
    assert button.accessibleName() == "Add a key…"
    assert button.accessibleDescription() == "There is no key."
    drawn = []
    button.draw_wanted.connect(lambda: drawn.append(True))
    with qtbot.waitSignal(button.help_wanted):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not drawn


def test_other_ways_to_draw_wait_in_a_menu_at_its_end(button, qtbot):
    assert button.more is None
    button.set_choices([("later", "Draw later"), ("look", "Look & see")])
    more = button.more
    assert more is not None
    assert more.isVisible()
    drawn = []
    button.draw_wanted.connect(lambda: drawn.append(True))
    chosen = []
    button.choice_wanted.connect(chosen.append)
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    menu = button.findChild(QMenu)
    assert [action.text() for action in menu.actions()] == ["Draw later", "Look && see"]
    menu.actions()[0].trigger()
    menu.close()
    assert chosen == ["later"]
    assert not drawn
    button.show_progress(0.1, "Drawing", "")
    assert not more.isVisible()
    button.show_idle()
    assert more.isVisible()
    button.set_choices([])
    assert not more.isVisible()


def test_a_page_being_drawn_can_be_cancelled_whatever_is_chosen_meanwhile(button):
    button.show_progress(0.2, "Drawing", "")
    button.set_missing("Choose a photo first.")
    assert button.isEnabled()


def test_progress_fills_the_button_from_the_left(button):
    empty = button.grab().toImage()
    button.show_progress(0.5, "", "")
    half = button.grab().toImage()
    left, right = half.pixelColor(8, 41), half.pixelColor(230, 41)
    assert left != right
    assert empty != half


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (1.4, "1 s"), (59.6, "60 s"), (150, "2 min")]
)
def test_times_are_said_in_whole_units(seconds, words):
    assert duration(seconds) == words

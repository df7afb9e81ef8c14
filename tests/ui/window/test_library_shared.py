"""The same library in two windows, or in a window and a command."""

import pytest
from PySide6.QtCore import Qt
from ui.window.hands import PROMPTS
from ui.window_data import request_for

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.controllers import noticing

KEY = Qt.Key


@pytest.fixture
def other(desk, monkeypatch):
    """The library as another process has it."""
    monkeypatch.setattr(noticing, "EVERY_MS", 50)

    def there() -> Library:
        opened.append(Library(desk.studio.library.folder))
        return opened[-1]

    opened: list[Library] = []
    yield there
    for library in opened:
        library.close()


def test_what_another_window_deletes_and_draws_is_seen_here(other, hands, desk, qtbot):
    hands.open_library()
    hands.press(KEY.Key_Home)
    hands.press(KEY.Key_Right)
    hands.settle()
    current = hands.library.page.model.current_card
    newest = hands.window._studio.library.recent()[0]
    another = other()
    another.trash(newest.id)
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS) - 1))
    assert hands.library.page.model.current_card == current
    drawn = DrawnPicture(
        data=desk.engine.drawn["image/png"], media_type="image/png", size=Size(64, 64), seed=9
    )
    added = another.add(drawn, request_for(hands.window.sample, prompt="a comet"))
    qtbot.waitUntil(lambda: hands.prompts()[0] == "a comet")
    assert hands.library.page.model.current_card == current
    qtbot.waitUntil(lambda: added.id in [p.id for p in hands.window.history.pictures])


def test_what_is_decided_here_moves_nothing_away(other, hands, desk, qtbot):
    hands.open_library()
    hands.library.searching.show("rating:0")
    hands.press(KEY.Key_Home)
    hands.settle()
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS)))
    looks: list[int] = []
    hands.library.page.model.reset.connect(lambda: looks.append(1))
    for key in (KEY.Key_4, KEY.Key_3):
        hands.press(key)
        hands.settle()
        with qtbot.waitSignal(hands.window.workings.caretaking.noticing._timer.timeout):
            pass
        hands.settle()
    assert not looks, "the page that was judged stays where it is"


def test_judging_a_page_that_another_has_deleted_says_so(hands, desk, qtbot, monkeypatch):
    monkeypatch.setattr(noticing, "EVERY_MS", 10**8)
    hands.open_library()
    hands.press(KEY.Key_Home)
    newest = hands.window._studio.library.recent()[0]
    another = Library(desk.studio.library.folder)
    another.review.decisions.trash((newest.id,))
    hands.press(KEY.Key_5)
    qtbot.waitUntil(lambda: "is in the trash" in hands.library.toast.text)
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS) - 1))
    second = hands.library.page.model.current_card
    another.review.decisions.trash((second.id,))
    another.purge()
    another.close()
    hands.press(KEY.Key_3)
    qtbot.waitUntil(lambda: "gone for good" in hands.library.toast.text)

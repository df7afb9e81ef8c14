"""What is made ready while the window rests."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction

from pickabook_desktop.jobs.known_children import KnownChild
from pickabook_desktop.ui.gallery.page import GalleryPage
from pickabook_desktop.ui.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier


def rest(window: MainWindow, qtbot) -> None:
    """Let everything be made ready."""
    window.workings.library.look_ahead()
    ahead = window.workings.library.beforehand
    assert ahead is not None
    qtbot.waitUntil(lambda: not ahead.active)


def test_the_library_that_was_made_ready_is_the_one_that_opens(
    desk, window: MainWindow, qtbot
) -> None:
    desk.draw(window)
    rest(window, qtbot)
    (page,) = window.findChildren(GalleryPage)
    assert not page.isVisible()
    assert not page.model.opened, "nobody has asked for the library yet"
    qtbot.keyClick(window, Qt.Key.Key_2, CONTROL)
    assert window.findChildren(GalleryPage) == [page]
    assert page.isVisible()
    qtbot.waitUntil(lambda: page.model.count == 1 and not page.model.looking)


def test_no_key_reaches_the_library_before_it_is_opened(window: MainWindow, qtbot) -> None:
    rest(window, qtbot)
    there = [a for a in window.findChildren(QAction) if a.objectName().startswith("lib_")]
    assert there
    assert not any(action.isVisible() for action in there)


def test_a_window_may_close_while_things_are_made_ready(desk, window: MainWindow, qtbot) -> None:
    window.workings.library.look_ahead()
    ahead = window.workings.library.beforehand
    assert ahead is not None
    desk.close()
    assert not ahead.active


def test_what_was_made_ready_knows_nothing_that_is_forgotten(window: MainWindow, qtbot) -> None:
    rest(window, qtbot)
    (page,) = window.findChildren(GalleryPage)
    child = KnownChild(id="1", name="Cosima", title="Cosima")
    with qtbot.waitSignal(page.destroyed):
        window.workings.window_actions.forgetting_begun.emit(child)
    qtbot.keyClick(window, Qt.Key.Key_2, CONTROL)
    qtbot.waitUntil(lambda: window.workings.library.gallery is not None)
    (page,) = window.findChildren(GalleryPage)
    qtbot.waitUntil(lambda: not page.model.looking)

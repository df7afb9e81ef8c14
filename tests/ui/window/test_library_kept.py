"""What the library tab has at the next start, and what leaves it when a child is forgotten."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from ui.gallery.page_data import keep

from pickabook_desktop.ui.gallery.page import GalleryPage
from pickabook_desktop.ui.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier


def library_of(window: MainWindow, qtbot: QtBot) -> GalleryPage:
    qtbot.keyClick(window, Qt.Key.Key_2, CONTROL)
    gallery = window.workings.library.gallery
    assert gallery is not None
    qtbot.waitUntil(lambda: not gallery.page.model.looking)
    return gallery.page


def search(page: GalleryPage, qtbot: QtBot, words: str) -> None:
    qtbot.keyClick(page, Qt.Key.Key_F, CONTROL)
    qtbot.keyClicks(page.search_bar.field, words)
    qtbot.keyClick(page.search_bar.field, Qt.Key.Key_Return)


def test_the_search_and_the_panels_are_as_they_were(window: MainWindow, desk, qtbot) -> None:
    keep(desk.studio.library)
    page = library_of(window, qtbot)
    search(page, qtbot, "pirate")
    qtbot.waitUntil(lambda: page.search_bar.options.count.text() == "3 of 5 pages")
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_F6)
    assert not page.side.isVisible()
    desk.close()
    again = desk.open()
    desk.ready(again)
    page = library_of(again, qtbot)
    qtbot.waitUntil(lambda: page.search_bar.options.count.text() == "3 of 5 pages")
    assert page.search_bar.field.text() == "pirate"
    assert not page.side.isVisible()


def test_what_is_drawn_comes_into_the_library_by_itself(window: MainWindow, desk, qtbot) -> None:
    page = library_of(window, qtbot)
    qtbot.waitUntil(page.empty.isVisible)
    qtbot.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    desk.draw(window)
    assert library_of(window, qtbot) is page
    qtbot.waitUntil(lambda: page.model.count == 1)
    assert page.view.isVisible()


def test_no_search_names_a_child_that_is_forgotten(window: MainWindow, desk, qtbot) -> None:
    keep(desk.studio.library)
    page = library_of(window, qtbot)
    qtbot.waitUntil(lambda: len(page.side.rows("child")) == 2)
    search(page, qtbot, "child:mia")
    qtbot.waitUntil(lambda: page.model.count == 3)
    setup = window.workings.window_actions.setting_up.setup.children
    setup.read()
    qtbot.waitUntil(lambda: any(child.name == "Mia" for child in setup.known))
    setup.forget(next(child for child in setup.known if child.name == "Mia"))
    assert page.search_bar.field.text() == ""
    qtbot.waitUntil(lambda: setup.receipt is not None)
    qtbot.waitUntil(lambda: [folder.title for folder in page.side.rows("child")] == ["Jon Olav"])
    qtbot.waitUntil(lambda: page.model.count == 2)

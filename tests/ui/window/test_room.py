"""All that belongs on a small screen has its place there."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QMenu
from ui.window_data import make_studio

from pickabook_desktop.domain.errors import RefusedError, StorageError
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.error_panel import ErrorPanel
from pickabook_desktop.ui.main_window import FRAME, MainWindow

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

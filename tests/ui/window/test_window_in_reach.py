"""Everything in the window is in sight, within reach of the keyboard, and has a name."""

import msgspec
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QLineEdit, QWidget
from ui.window_data import encoded

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.ui.actions import action_table


def test_nothing_is_cut_at_the_smallest_size(desk, window, qtbot):
    desk.draw(window)
    window.resize(1280, 800)
    QApplication.processEvents()
    whole = QRect(QPoint(), window.size())
    for widget in window.findChildren(QAbstractButton):
        if widget.isVisible() and not _scrolls(widget):
            corner = widget.mapTo(window, QPoint())
            assert whole.contains(QRect(corner, widget.size())), widget.accessibleName()
            assert widget.width() >= widget.minimumSizeHint().width()


def test_long_names_do_not_push_anything_away(desk, window, tmp_path, qtbot):
    photo = tmp_path / f"{'a very long name ' * 10}.png"
    photo.write_bytes(encoded("#808080"))
    window.choices.set_field("name", "Maximiliana-Alexandra " * 5)
    before = window.draw_button.geometry()
    window.choices.choose_photo(photo)
    qtbot.waitUntil(lambda: window.choices.photo_stage == "ready")
    desk.draw(window)
    assert window.size().width() == 1280
    assert window.draw_button.geometry() == before


def test_every_action_has_a_place_in_a_menu(window):
    listed = {
        action.objectName()
        for menu in window.top_bar.menus.actions()
        for action in menu.menu().actions()
    }
    assert {spec.id for spec in action_table()} <= listed


def test_tab_goes_through_the_window_in_the_order_of_work(desk, window):
    desk.draw(window)
    window.page_column.options.set_expanded(True)
    parts = [window.photo_column, window.page_column, window.viewer, window.history]
    stops = []
    widget = window.nextInFocusChain()
    while widget is not window:
        takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        owner = next((i for i, part in enumerate(parts) if part.isAncestorOf(widget)), None)
        if takes_tab and owner is not None:
            stops.append(owner)
        widget = widget.nextInFocusChain()
    assert stops == sorted(stops)
    assert set(stops) == {0, 1, 2, 3}


def test_an_engine_without_previews_leaves_no_empty_grey(window):
    can = window.choices.capabilities
    blind = msgspec.structs.replace(can, live_preview=False)
    state = EngineState(id=can.id, title=can.title, capabilities=blind)
    window.choices.set_engines([state])
    window.choices.choose_template("moon")
    window.workings.showing.clear()
    assert window.viewer.hint.startswith("Draw the page to see it")


def test_no_key_is_given_twice():
    keys = [key for spec in action_table() for key in spec.keys]
    assert len(keys) == len(set(keys))


def test_the_table_of_keys_names_them_all(window):
    window.actions_by_id["shortcuts"].trigger()
    dialog = window.findChild(QDialog)
    words = {label.text() for label in dialog.findChildren(QLabel)}
    assert {"Draw the page", "F11", "Ctrl+,", "Esc", "\\"} <= words
    dialog.close()


def test_full_screen_comes_and_goes(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()


def test_everything_that_can_be_pressed_has_a_name(window):
    nameless = [
        widget
        for widget in window.findChildren(QAbstractButton)
        if not (widget.accessibleName() or widget.text() or widget.toolTip())
        and widget.isVisible()
        and not isinstance(widget.parentWidget(), QLineEdit)
    ]
    assert not nameless


def _scrolls(widget: QWidget) -> bool:
    """Whether it lies in something that scrolls, so that being out of sight is no loss."""
    parent = widget.parentWidget()
    while parent is not None:
        if parent.inherits("QAbstractScrollArea"):
            return True
        parent = parent.parentWidget()
    return False

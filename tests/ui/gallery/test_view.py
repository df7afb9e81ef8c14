"""Many pictures as a person looks through them, with keys, mouse and wheel."""

import msgspec
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QImage,
    QNativeGestureEvent,
    QPointingDevice,
)
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui.gallery.view_data import (
    COUNT,
    CTRL,
    LEFT,
    NONE,
    RIGHT,
    SHIFT,
    application,
    chosen,
    middle,
    thumbnails_of,
    turn_wheel,
)

from pickabook_desktop.domain.review import LABELS, Card, Shown, View
from pickabook_desktop.ui.gallery.view import GalleryView
from pickabook_desktop.ui.theme import apply_theme, palette_now


def test_pictures_are_painted_where_they_stand(view: GalleryView, qtbot: QtBot) -> None:
    ground = palette_now().colour("backdrop")

    def painted() -> bool:
        image = view.grab().toImage()
        return all(image.pixelColor(middle(view, p)) != ground for p in range(view.cells.columns))

    qtbot.waitUntil(painted)


def test_a_click_chooses_one_and_keys_held_choose_more(view: GalleryView, qtbot: QtBot) -> None:
    viewport = view.viewport()
    qtbot.mouseClick(viewport, LEFT, NONE, middle(view, 1))
    assert chosen(view) == [1]
    qtbot.mouseClick(viewport, LEFT, CTRL, middle(view, 3))
    assert chosen(view) == [1, 3]
    qtbot.mouseClick(viewport, LEFT, SHIFT, middle(view, 5))
    assert chosen(view) == [3, 4, 5]
    qtbot.mouseClick(viewport, LEFT, CTRL, middle(view, 4))
    assert chosen(view) == [3, 5]
    qtbot.mouseClick(viewport, LEFT, NONE, middle(view, 3))
    assert chosen(view) == [3], "a click on one of several leaves that one"


def test_a_press_on_one_of_several_chosen_can_drag_all_of_them(
    view: GalleryView, qtbot: QtBot
) -> None:
    viewport = view.viewport()
    view.model.set_current(1)
    view.model.set_current(2, "toggle")
    qtbot.mousePress(viewport, LEFT, NONE, middle(view, 1))
    assert chosen(view) == [1, 2]
    with qtbot.waitSignal(view.drag_wanted):
        qtbot.mouseMove(viewport, middle(view, 1) + QPoint(40, 20))
    qtbot.mouseRelease(viewport, LEFT, NONE, middle(view, 1) + QPoint(40, 20))
    assert chosen(view) == [1, 2]


def test_a_frame_drawn_on_empty_ground_chooses_what_it_touches(
    view: GalleryView, qtbot: QtBot
) -> None:
    viewport = view.viewport()
    columns = view.cells.columns
    below = view.box_on_screen(columns + 1)
    qtbot.mousePress(viewport, LEFT, NONE, QPoint(2, 2))
    qtbot.mouseMove(viewport, QPoint(below.left() + 20, below.top() + 20))
    assert chosen(view) == [0, 1, columns, columns + 1]
    qtbot.mouseMove(viewport, middle(view, 0))
    assert chosen(view) == [0], "it shrinks again"
    qtbot.mouseRelease(viewport, LEFT, NONE, middle(view, 0))
    qtbot.mousePress(viewport, LEFT, CTRL, QPoint(2, 2))
    qtbot.mouseRelease(viewport, LEFT, CTRL, QPoint(2, 2))
    assert chosen(view) == [0]
    qtbot.mouseClick(viewport, LEFT, NONE, QPoint(2, 2))
    assert chosen(view) == []


def test_a_frame_drawn_beyond_the_edge_scrolls_on(view: GalleryView, qtbot: QtBot) -> None:
    viewport = view.viewport()
    qtbot.mousePress(viewport, LEFT, NONE, QPoint(2, 2))
    qtbot.mouseMove(viewport, QPoint(viewport.width() - 10, viewport.height() + 60))
    before = len(chosen(view))
    qtbot.waitUntil(lambda: view.offset > 200 and len(chosen(view)) > before)
    qtbot.mouseRelease(viewport, LEFT, NONE, QPoint(2, 2))
    still = view.offset
    QApplication.processEvents()
    assert view.offset == still


def test_arrow_keys_walk_and_scroll(view: GalleryView, qtbot: QtBot) -> None:
    columns = view.cells.columns
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.model.current == 0, "the first key leads to what is seen first"
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert chosen(view) == [1 + columns]
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.model.current == COUNT - 1
    assert COUNT - 1 in view.visible_places()
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    assert view.model.current < COUNT - 1
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert chosen(view) == [0]
    assert view.offset == 0


def test_shift_extends_and_ctrl_moves_without_choosing(view: GalleryView, qtbot: QtBot) -> None:
    view.model.set_current(2)
    qtbot.keyClick(view, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(view, Qt.Key.Key_Right, SHIFT)
    assert chosen(view) == [2, 3, 4]
    qtbot.keyClick(view, Qt.Key.Key_Right, CTRL)
    assert chosen(view) == [2, 3, 4]
    assert view.model.current == 5
    qtbot.keyClick(view, Qt.Key.Key_Space, CTRL)
    assert chosen(view) == [2, 3, 4, 5]
    qtbot.keyClick(view, Qt.Key.Key_End, SHIFT)
    assert len(chosen(view)) == COUNT - 5


def test_return_space_and_double_click_open(view: GalleryView, qtbot: QtBot) -> None:
    view.model.set_current(3)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        with qtbot.waitSignal(view.opened) as opened:
            qtbot.keyClick(view, key)
        assert opened.args == [3]
    with qtbot.waitSignal(view.opened) as opened:
        qtbot.mouseDClick(view.viewport(), LEFT, NONE, middle(view, 1))
    assert opened.args == [1]


def test_letters_are_left_to_actions(view: GalleryView, qtbot: QtBot) -> None:
    view.model.set_current(3)
    for key in (Qt.Key.Key_P, Qt.Key.Key_X, Qt.Key.Key_5, Qt.Key.Key_Delete, Qt.Key.Key_Escape):
        qtbot.keyClick(view, key)
    assert chosen(view) == [3]


def test_a_right_click_chooses_what_it_is_on_unless_it_is_chosen(
    view: GalleryView, qtbot: QtBot
) -> None:
    view.model.set_current(1)
    view.model.set_current(2, "toggle")
    qtbot.mouseClick(view.viewport(), RIGHT, NONE, middle(view, 2))
    assert chosen(view) == [1, 2]
    qtbot.mouseClick(view.viewport(), RIGHT, NONE, middle(view, 4))
    assert chosen(view) == [4]


def test_ctrl_and_the_wheel_make_thumbnails_larger_around_the_mouse(
    view: GalleryView, qtbot: QtBot
) -> None:
    view.scroll_to(view.cells.box(100).y)
    under = view.cells.columns * 12 + 1
    view.reveal(under)
    at = middle(view, under)
    before = view.edge
    with qtbot.waitSignal(view.edge_changed) as changed:
        turn_wheel(view, 2, CTRL, at)
    assert changed.args == [view.edge]
    assert view.edge > before
    box = view.box_on_screen(under)
    assert box.top() <= at.y() <= box.bottom(), "its row is still under the mouse"


def test_the_wheel_scrolls(view: GalleryView) -> None:
    turn_wheel(view, -1, NONE, QPoint(100, 100))
    assert view.offset > 0
    turn_wheel(view, 1, NONE, QPoint(100, 100))
    assert view.offset == 0


def test_what_is_seen_stays_when_the_view_gets_narrower(view: GalleryView) -> None:
    view.scroll_to(view.cells.box(200).y)
    first = view.visible_places().start
    view.resize(520, 640)
    assert first in view.visible_places()
    view.model.set_current(first + 3)
    view.resize(980, 400)
    assert first + 3 in view.visible_places()


def test_every_mode_shows_the_current_picture(view: GalleryView, qtbot: QtBot) -> None:
    view.model.set_current(300)
    for mode in ("list", "strip", "grid"):
        view.set_mode(mode)
        view.reveal(300)
        assert 300 in view.visible_places()
        qtbot.keyClick(view, Qt.Key.Key_Left)
        qtbot.keyClick(view, Qt.Key.Key_Home, CTRL)
        view.model.set_current(300)


def test_a_strip_is_one_row(view: GalleryView, qtbot: QtBot) -> None:
    view.set_mode("strip")
    view.resize(820, 130)
    tops = {view.box_on_screen(place).top() for place in range(5)}
    assert tops == {0}
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert COUNT - 1 in view.visible_places()
    turn_wheel(view, 3, NONE, QPoint(100, 50))
    assert COUNT - 1 not in view.visible_places() or view.offset > 0


def test_the_columns_of_the_list_sort(view: GalleryView, qtbot: QtBot) -> None:
    from pickabook_desktop.ui.gallery.columns import ListHeader, placed

    view.set_mode("list")
    header = view.findChild(ListHeader)
    assert isinstance(header, ListHeader)
    assert header.isVisible()
    x = next(p.x for p in placed(header.width()) if p.column.name == "rating")
    with qtbot.waitSignal(view.sort_wanted) as wanted:
        qtbot.mouseClick(header, LEFT, NONE, QPoint(x + 4, 10))
    assert wanted.args == ["rating"]
    view.set_mode("grid")
    assert not header.isVisible()


def test_groups_have_headings_that_stay_in_sight(view: GalleryView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.model.counted):
        view.model.set_view(View(grouping="child"))
    second = view.cells.first_of(1)
    assert view.model.groups[0].count == second
    view.scroll_to(view.cells.box(second - 30).y + 50)
    assert view.item_at(QPoint(middle(view, second - 30).x(), 4)) == -1, "the heading is there"
    ground = view.grab().toImage().pixelColor(3, 3)
    assert ground == palette_now().colour("ground")


def test_who_comes_by_tab_sees_where_the_keyboard_is(view: GalleryView) -> None:
    view.clearFocus()
    assert view.model.current == -1
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.model.current == 0
    assert chosen(view) == []


def test_another_theme_is_painted_at_once(view: GalleryView) -> None:
    light = view.grab().toImage().pixelColor(2, 2)
    apply_theme(application(), "dark")
    view.changeEvent(QEvent(QEvent.Type.PaletteChange))
    assert view.grab().toImage().pixelColor(2, 2) != light
    apply_theme(application(), "light")


def test_a_changed_mark_is_painted_at_once(view: GalleryView, qtbot: QtBot) -> None:
    card = view.model.card(0)
    assert card is not None
    qtbot.waitUntil(lambda: thumbnails_of(view).bytes > 0)
    view.model.patch([msgspec.structs.replace(card, flag=0, rating=0, label="")])
    before = view.grab(view.box_on_screen(0)).toImage()
    view.model.patch([msgspec.structs.replace(card, flag=1, rating=5, label="red")])
    assert view.grab(view.box_on_screen(0)).toImage() != before


def test_a_library_beyond_what_a_scroll_bar_can_count_is_reached_to_its_end(
    view: GalleryView, qtbot: QtBot
) -> None:
    view.model.shown = Shown(count=30_000_000)
    view.model.reset.emit()
    view.set_mode("list")
    assert view.bar.maximum() < 2**31
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.visible_places().stop == 30_000_000
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.model.current == 29_999_998
    assert view.model.current in view.visible_places()


def test_two_fingers_make_thumbnails_larger(view: GalleryView, qtbot: QtBot) -> None:
    at = QPointF(middle(view, 1))
    pinch = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        at,
        at,
        QPointF(view.viewport().mapToGlobal(at.toPoint())),
        0.25,
        QPointF(),
    )
    before = view.edge
    with qtbot.waitSignal(view.edge_changed):
        application().sendEvent(view.viewport(), pinch)
    assert view.edge == round(before * 1.25)


def test_the_menu_key_opens_the_menu_at_the_current_picture(
    view: GalleryView, qtbot: QtBot
) -> None:
    view.model.set_current(1)
    key = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    with qtbot.waitSignal(view.menu_wanted) as wanted:
        application().sendEvent(view.viewport(), key)
    assert wanted.args is not None
    box = view.box_on_screen(1)
    assert box.contains(view.viewport().mapFromGlobal(wanted.args[0]))


def test_every_state_of_a_picture_looks_different(view: GalleryView, qtbot: QtBot) -> None:
    card = view.model.card(0)
    assert card is not None
    qtbot.waitUntil(lambda: thumbnails_of(view).image(card, view.edge) is not None)
    plain = msgspec.structs.replace(card, flag=0, rating=0, label="", tags=(), note="", upload="")
    states: dict[str, Card] = {
        "plain": plain,
        **{f"flag {flag}": msgspec.structs.replace(plain, flag=flag) for flag in (-1, 1)},
        **{f"{stars} stars": msgspec.structs.replace(plain, rating=stars) for stars in range(1, 6)},
        **{label: msgspec.structs.replace(plain, label=label) for label in LABELS if label},
        "uploaded": msgspec.structs.replace(plain, upload="uploaded"),
        "queued": msgspec.structs.replace(plain, upload="queued"),
        "failed": msgspec.structs.replace(plain, upload="failed"),
        "note": msgspec.structs.replace(plain, note="Larger eyes"),
        "stack": msgspec.structs.replace(plain, variations=3),
    }
    for mode in ("grid", "list", "strip"):
        view.set_mode(mode)
        seen: dict[bytes, str] = {}
        for name, state in states.items():
            view.model.patch([state])
            image = view.viewport().grab(view.box_on_screen(0)).toImage()
            # Without colours: nobody should need them.
            grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
            pixels = bytes(grey.constBits())
            assert pixels not in seen, f"{name} looks as {seen.get(pixels)} in the {mode}"
            seen[pixels] = name

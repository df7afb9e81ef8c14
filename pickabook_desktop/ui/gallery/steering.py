"""What keys and wheels mean in a gallery."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from pickabook_desktop.ui.gallery.layout import Step
from pickabook_desktop.ui.gallery.scrolled import ScrolledCells
from pickabook_desktop.ui.viewmodels.choice import Mode

_STEPS: dict[int, Step] = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}
_NOTCH = 120
_LINE = 40
_ZOOM_STEP = 1.12


def place_for(key: int, view: ScrolledCells) -> int | None:
    """Where a key leads, or None where it leads nowhere."""
    cells, current = view.cells, view.model.current
    if not cells.count:
        return None
    if key == Qt.Key.Key_Home:
        return 0
    if key == Qt.Key.Key_End:
        return cells.count - 1
    paging = key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
    if not paging and key not in _STEPS:
        return None
    if current < 0:
        return first_whole(view)
    if paging:
        return cells.paged(current, view.length, back=key == Qt.Key.Key_PageUp)
    return cells.moved(current, _STEPS[key])


def first_whole(view: ScrolledCells) -> int:
    """The first place that is seen as a whole."""
    seen = view.visible_places()
    whole = (p for p in seen if view.span(view.cells.box(p))[0] >= view.offset)
    return next(whole, seen.start)


def mode_of(modifiers: Qt.KeyboardModifier, *, key: bool) -> Mode:
    """What a key or a press with these keys held does to the choice."""
    shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    if shift:
        return "extend_more" if control else "extend"
    if control:
        return "move" if key else "toggle"
    return "only"


def is_toggle(event: QKeyEvent) -> bool:
    """Ctrl+Space chooses the current picture as well, or no more."""
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return control and event.key() == Qt.Key.Key_Space


def opens(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and (
        event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
    )


def wheel_pixels(event: QWheelEvent) -> int:
    """How far a wheel or a touchpad wants to scroll; negative towards the start."""
    pixels, angle = event.pixelDelta(), event.angleDelta()
    # X11 gives numbers there that mean nothing (QWheelEvent.pixelDelta).
    if not pixels.isNull() and QGuiApplication.platformName() != "xcb":
        return -(pixels.y() or pixels.x())
    lines = QApplication.wheelScrollLines()
    return -round((angle.y() or angle.x()) * lines * _LINE / _NOTCH)


def zoom_factor(event: QWheelEvent) -> float:
    """How much larger a turn of the wheel makes thumbnails."""
    return _ZOOM_STEP ** (event.angleDelta().y() / _NOTCH)

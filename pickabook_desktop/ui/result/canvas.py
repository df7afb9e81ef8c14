"""The picture canvas: zoom to the cursor, pan, hold to see the photo, swipe to compare."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from pickabook_desktop.ui.result.painting import HANDLE
from pickabook_desktop.ui.result.surface import PictureSurface

WHEEL_STEP = 1.2
PAN_STEP = 64


class PictureCanvas(PictureSurface):
    """The surface under a person's hands: mouse, wheel, pinch and keys."""

    drag_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._space_held = False
        self._grabbed = ""
        self._pressed_at = QPointF()
        self._last = QPointF()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def event(self, event: QEvent) -> bool:
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == pinch:
            self.zoom_by(1 + event.value(), event.position())
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if steps and self._picture is not None:
            self.zoom_by(WHEEL_STEP**steps, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._last = self._pressed_at = event.position()
        middle = event.button() == Qt.MouseButton.MiddleButton
        if middle or (event.button() == Qt.MouseButton.LeftButton and self._space_held):
            self._grab("pan")
        elif event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
        elif self._comparing and self._near_divider(event.position()):
            self._grab("divider")
        elif self._view.can_pan:
            self._grab("pan")
        elif self._picture is not None and self._view.rect.contains(event.position()):
            self._grabbed = "picture"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        if self._grabbed == "pan":
            self.pan(position - self._last)
        elif self._grabbed == "divider":
            self.move_divider((position.x() - self._view.rect.left()) / self._view.rect.width())
        elif self._grabbed == "picture":
            travelled = (position - self._pressed_at).manhattanLength()
            if travelled >= QApplication.startDragDistance():
                self._grabbed = ""
                self.drag_wanted.emit()
        else:
            self._show_cursor(position)
        self._last = position

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = ""
        self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._picture is None:
            return
        if self._view.fitted:
            self._zoom_to(1 / self.devicePixelRatioF(), event.position())
        else:
            self.fit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space_held = True
                self._show_cursor(self._last)
        elif (way := _ARROWS.get(key)) is not None:
            self._on_arrow(*way)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._comparing:
            self.move_divider(0.0 if key == Qt.Key.Key_Home else 1.0)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = False
            self._show_cursor(self._last)
        else:
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in _KEYBOARD
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space_held = False
        self.update()
        super().focusOutEvent(event)

    def _on_arrow(self, right: int, down: int) -> None:
        if self._comparing and right:
            self.move_divider(self._divider + right * 0.02)
        else:
            self.pan(QPointF(-right * PAN_STEP, -down * PAN_STEP))

    def _grab(self, what: str) -> None:
        self._grabbed = what
        pan = what == "pan"
        self.setCursor(Qt.CursorShape.ClosedHandCursor if pan else Qt.CursorShape.SplitHCursor)

    def _near_divider(self, position: QPointF) -> bool:
        rect = self._view.rect
        x = rect.left() + rect.width() * self._divider
        return abs(position.x() - x) <= HANDLE and rect.top() <= position.y() <= rect.bottom()

    def _show_cursor(self, position: QPointF) -> None:
        if self._space_held or (self._view.can_pan and not self._comparing):
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._comparing and self._near_divider(position):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            self.unsetCursor()


_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}

"""A gallery's answers to keys, mouse, wheel and fingers."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QAccessibleInterface,
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QToolTip, QWidget

from pickabook_desktop.ui.gallery.pointing import Pointing
from pickabook_desktop.ui.gallery.scrolled import LEAST_EDGE, MOST_EDGE, ScrolledCells
from pickabook_desktop.ui.gallery.steering import (
    is_toggle,
    mode_of,
    opens,
    place_for,
    wheel_pixels,
    zoom_factor,
)
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel


class SteeredCells(ScrolledCells):
    """Letters and other keys that are not for moving go on to whoever has an action for them."""

    opened = Signal(int)
    """A place: its picture is to be looked at."""
    menu_wanted = Signal(QPoint)
    """A place on the screen."""
    drag_wanted = Signal()
    """What is chosen is being dragged out of the view."""
    edge_changed = Signal(int)
    """The person has changed the size of the thumbnails."""

    def __init__(self, model: GalleryModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self._pointing = Pointing(self, self.item_at)
        self._pointing.drag_wanted.connect(self.drag_wanted)
        self._exact_edge = float(self.edge)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)

    def item_at(self, point: QPoint) -> int:
        """The place of the picture at a point of the viewport, or -1 on empty ground."""
        raise NotImplementedError

    def tip_of(self, place: int) -> str:
        """What is said of the picture under the mouse."""
        raise NotImplementedError

    def told(self) -> QAccessibleInterface:
        """What screen readers get of this view; the same each time."""
        raise NotImplementedError

    def set_edge(self, edge: int, at: QPoint | None = None) -> None:
        """How long pictures are in the grid, in device-independent pixels. What is at the point
        ``at`` of the viewport stays there.
        """
        edge = min(max(edge, LEAST_EDGE), MOST_EDGE)
        if edge != round(self._exact_edge):
            self._exact_edge = float(edge)
        if edge != self.edge:
            self.edge = edge
            self.lay_out(at)

    def zoom(self, factor: float, at: QPoint) -> None:
        """Make thumbnails larger or smaller, as a person does it."""
        if self.mode != "grid":
            return
        wished = min(max(self._exact_edge * factor, LEAST_EDGE), MOST_EDGE)
        self._exact_edge = wished
        if round(wished) != self.edge:
            self.set_edge(round(wished), at)
            self.edge_changed.emit(self.edge)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.model.current
        place = place_for(event.key(), self)
        if place is not None:
            self.model.set_current(place, mode_of(event.modifiers(), key=True))
            self.reveal(place)
        elif current >= 0 and is_toggle(event):
            self.model.set_current(current, "toggle")
        elif current >= 0 and opens(event):
            self.opened.emit(current)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointing.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointing.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointing.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self.item_at(event.position().toPoint())
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.button() == Qt.MouseButton.LeftButton and plain and place >= 0:
            self.opened.emit(place)
        else:
            self._pointing.press(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(zoom_factor(event), event.position().toPoint())
        else:
            self.scroll_by(wheel_pixels(event))
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self.menu_wanted.emit(event.globalPos())
            return
        point = self.viewport().rect().center()
        if self.model.current in self.visible_places():
            point = self.box_on_screen(self.model.current).center()
        self.menu_wanted.emit(self.viewport().mapToGlobal(point))

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.item_at(event.pos())
            QToolTip.showText(event.globalPos(), self.tip_of(place) if place >= 0 else "", self)
            return True
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom(1 + event.value(), event.position().toPoint())
                return True
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                at = self.viewport().mapFromGlobal(pinch.hotSpot().toPoint())
                self.zoom(pinch.scaleFactor(), at)
                return True
        return super().viewportEvent(event)

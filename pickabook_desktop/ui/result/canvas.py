"""The picture canvas: zoom to the cursor, pan, hold to see the photo, swipe to compare."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.result.painting import (
    HANDLE,
    contained,
    paint_divider,
    paint_label,
    paint_picture,
    within,
)
from pickabook_desktop.ui.result.pyramid import Pyramid
from pickabook_desktop.ui.result.view import View
from pickabook_desktop.ui.theme import Space, draw_focus_ring, palette_now

if TYPE_CHECKING:
    from pickabook_desktop.ui.result.fade import Fade

WHEEL_STEP = 1.2
KEY_STEP = 1.25
PAN_STEP = 64
LABEL_ROOM = 64


class PictureCanvas(QWidget):
    """Shows one picture on a neutral ground, and the photo it was drawn from on request."""

    zoom_changed = Signal(float, bool)
    """Device pixels for each picture pixel, and whether the picture is fitted."""
    photo_changed = Signal()
    comparing_changed = Signal(bool)
    drag_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Pyramid | None = None
        self._photo: Pyramid | None = None
        self._photo_place: QRectF | None = None
        self._view = View(Space.HUGE)
        self._fade: Fade | None = None
        self._comparing = False
        self._photo_shown = False
        self._divider = 0.5
        self._space_held = False
        self._grabbed = ""
        self._pressed_at = QPointF()
        self._last = QPointF()
        self._ring = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(240, 200)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Picture"))

    @property
    def picture(self) -> Pyramid | None:
        return self._picture

    @property
    def scale(self) -> float:
        """Device pixels for each pixel of the picture."""
        return self._view.scale * self.devicePixelRatioF()

    @property
    def fitted(self) -> bool:
        return self._view.fitted

    @property
    def comparing(self) -> bool:
        return self._comparing

    @property
    def has_photo(self) -> bool:
        return self._photo is not None

    @property
    def photo_shown(self) -> bool:
        return self._photo_shown and self._photo is not None

    @property
    def picture_rect(self) -> QRectF:
        """Where the picture lies, in logical pixels of the canvas."""
        return self._view.rect

    def set_picture(self, picture: Pyramid | None) -> None:
        """Show ``picture``; the zoom is kept where its shape is that of the one before."""
        if self.isVisible():
            self._fade_from(self._picture, picture)
        self._picture = picture
        self._view.set_picture(QSizeF(picture.size) if picture else QSizeF())
        self._changed()

    def _fade_from(self, old: Pyramid | None, new: Pyramid | None) -> None:
        if self._fade is None and old is not None:
            from pickabook_desktop.ui.result.fade import Fade

            self._fade = Fade(self)
        if self._fade is not None:
            self._fade.begin(old, new)

    def set_photo(self, photo: Pyramid | None, place: QRectF | None = None) -> None:
        """The photo for "hold to see" and "compare".

        ``place`` is where it lies on the page when compared, in fractions of the page; without one
        it takes the page's place.
        """
        self._photo = photo
        self._photo_place = place
        if photo is None:
            self.set_comparing(False)
        self.photo_changed.emit()
        self.update()

    def set_photo_shown(self, shown: bool) -> None:
        if shown != self._photo_shown:
            self._photo_shown = shown
            self.update()

    def set_comparing(self, comparing: bool) -> None:
        comparing = comparing and self._photo is not None and self._picture is not None
        if comparing and not self._comparing:
            self._divider = 0.5
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._comparing = comparing
        self.comparing_changed.emit(comparing)
        self.unsetCursor()
        self.update()

    def move_divider(self, fraction: float) -> None:
        """Put the edge between photo and page at ``fraction`` (0 to 1) of the page's width."""
        self._divider = min(1.0, max(0.0, fraction))
        self.update()

    def set_foot(self, height: float) -> None:
        """Keep room for words below the fitted picture."""
        self._view.set_foot(height)
        self._changed()

    def fit(self) -> None:
        self._view.fit()
        self._changed()

    def actual_size(self) -> None:
        """One picture pixel to each device pixel, about the middle or the cursor."""
        self._view.zoom(1 / self.devicePixelRatioF(), self._anchor())
        self._changed()

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        self._view.zoom(self._view.scale * factor, about or self._view.centre)
        self._changed()

    def zoom_in(self) -> None:
        self.zoom_by(KEY_STEP)

    def zoom_out(self) -> None:
        self.zoom_by(1 / KEY_STEP)

    def _anchor(self) -> QPointF:
        cursor = QPointF(self.mapFromGlobal(self.cursor().pos()))
        under = self.underMouse() and self._view.rect.contains(cursor)
        return cursor if under else self._view.centre

    def _changed(self) -> None:
        if self._picture is not None:
            percent = round(self.scale * 100)
            self.setAccessibleDescription(tr("Zoom {percent} %", percent=percent))
        self.zoom_changed.emit(self.scale, self._view.fitted)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), palette_now().colour("backdrop"))
        everything = QRectF(self.rect())
        page = self._view.rect if self._picture is not None else self._margined()
        if self._photo is not None and self._photo_shown:
            self._paint(painter, self._photo, contained(page, self._photo))
        elif self._picture is not None:
            self._paint(painter, self._picture, page)
            if self._fade is not None and self._fade.old is not None:
                painter.setOpacity(self._fade.strength)
                self._paint(painter, self._fade.old, page)
                painter.setOpacity(1.0)
            if self._comparing and self._photo is not None:
                self._paint_compare(painter, page, self._photo)
        if self._ring and self.hasFocus():
            draw_focus_ring(painter, everything, 0)

    def _paint_compare(self, painter: QPainter, page: QRectF, photo: Pyramid) -> None:
        x = page.left() + page.width() * self._divider
        painter.save()
        painter.setClipRect(QRectF(page.left(), page.top(), x - page.left(), page.height()))
        if self._photo_place is None:
            painter.fillRect(page, palette_now().colour("backdrop"))
            self._paint(painter, photo, contained(page, photo))
        else:
            self._paint(painter, photo, within(page, self._photo_place))
        painter.restore()
        visible = page.intersected(QRectF(self.rect()))
        paint_divider(painter, x, visible)
        inset = QPointF(Space.SMALL, -Space.SMALL)
        if x > visible.left() + LABEL_ROOM:
            paint_label(painter, tr("Photo"), visible.bottomLeft() + inset, right=False)
        if x < visible.right() - LABEL_ROOM:
            corner = visible.bottomRight() - QPointF(Space.SMALL, Space.SMALL)
            paint_label(painter, tr("Page"), corner, right=True)

    def _paint(self, painter: QPainter, picture: Pyramid, target: QRectF) -> None:
        visible = QRectF(self.rect())
        paint_picture(painter, picture, target, visible, self.devicePixelRatioF())

    def _margined(self) -> QRectF:
        margin = Space.HUGE
        return QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._view.set_viewport(QSizeF(event.size()))
        self._changed()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)

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
            self._view.pan(position - self._last)
            self.update()
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
            self._view.zoom(1 / self.devicePixelRatioF(), event.position())
            self._changed()
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
            self._view.pan(QPointF(-right * PAN_STEP, -down * PAN_STEP))
            self.update()

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

"""The canvas of the library: pictures that come in time, one after the other."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.result.canvas import PictureCanvas
from pickabook_desktop.ui.result.pyramid import Pyramid
from pickabook_desktop.ui.theme import Metric, Space, Type, icon_pixmap, palette_now, sized_font

NOTCH = 120
WORDS_WIDTH = 360


class StandIn(Pyramid):
    """A small image in the place of a picture of ``size`` pixels, until that one is decoded."""

    def __init__(self, image: QImage, size: QSize) -> None:
        super().__init__(image)
        self._size = size

    @property
    def size(self) -> QSize:
        """Pixels of the picture it stands for."""
        return self._size

    def level_for(self, scale: float) -> QImage:
        """The small image at any zoom."""
        return self.image


class LookCanvas(PictureCanvas):
    """Shows one of many: keys and the wheel ask for others, and a picture that cannot be shown
    gives way to a sentence.
    """

    step_wanted = Signal(int)
    """The picture so many places further on."""
    edge_wanted = Signal(int)
    """The first picture (-1) or the last (1)."""
    leave_wanted = Signal()
    photo_held = Signal(bool)
    """Whether the key that shows the photo is down."""
    focused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problem = ""
        self._turned = 0
        self.active = False

    @property
    def problem(self) -> str:
        """Why there is no picture."""
        return self._problem

    def show_picture(self, picture: Pyramid | None) -> None:
        """Show ``picture``, or for a moment nothing."""
        self._problem = ""
        if picture is not self._picture:
            self.set_picture(picture)

    def show_small(self, small: QImage | QPixmap | None, size: QSize) -> None:
        """Show a thumbnail for a picture of ``size`` pixels, at the place where that will be."""
        image = small.toImage() if isinstance(small, QPixmap) else small
        there = image is not None and not image.isNull() and not size.isEmpty()
        self.show_picture(StandIn(image, size) if there and image is not None else None)

    def show_problem(self, sentence: str) -> None:
        """Say why there is no picture."""
        self.set_picture(None)
        self._problem = sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def set_active(self, active: bool) -> None:
        """Mark it as the one of several that keys act upon."""
        if active != self.active:
            self.active = active
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        walking = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        if not event.modifiers() & walking:
            super().wheelEvent(event)
            return
        # With Shift some systems turn the wheel's axis.
        self._turned += event.angleDelta().y() or event.angleDelta().x()
        notches = int(self._turned / NOTCH)
        self._turned -= notches * NOTCH
        if notches:
            self.step_wanted.emit(-notches)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & ~_HARMLESS or not self._obey(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backslash:
            if not event.isAutoRepeat():
                self.photo_held.emit(False)
        else:
            super().keyReleaseEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.focused.emit()
        elif event.type() == QEvent.Type.FocusOut:
            self.photo_held.emit(False)
        return super().event(event)

    def toggle_zoom(self) -> None:
        """Between the whole picture and its own size."""
        if self.fitted:
            self.actual_size()
        else:
            self.fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        if self._problem and not self.photo_shown:
            self._paint_problem(painter)
        if self.active:
            edge = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.setPen(palette_now().colour("accent"))
            painter.drawRect(edge)
            painter.drawRect(edge.adjusted(1, 1, -1, -1))

    def _obey(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in _STEPS and not (self._comparing and key in _SIDEWAYS):
            self.step_wanted.emit(_STEPS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and not self._comparing:
            self.edge_wanted.emit(-1 if key == Qt.Key.Key_Home else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.leave_wanted.emit()
        elif key == Qt.Key.Key_Z:
            self.toggle_zoom()
        elif key == Qt.Key.Key_Backslash:
            if not event.isAutoRepeat():
                self.photo_held.emit(True)
        else:
            return False
        return True

    def _fade_from(self, old: Pyramid | None, new: Pyramid | None) -> None:
        """At once: two pictures are compared by going from one to the other."""

    def _paint_problem(self, painter: QPainter) -> None:
        painter.setFont(sized_font(self.font(), Type.BODY))
        mark = icon_pixmap("warn", Metric.BIG_ICON, "warn", self.devicePixelRatioF())
        width = min(WORDS_WIDTH, self.width() - 2 * Space.HUGE)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWrapAnywhere
        words = painter.boundingRect(QRectF(0, 0, width, self.height()), int(flags), self._problem)
        needed = Metric.BIG_ICON + 3 * Space.MEDIUM + words.height()
        plate = QRectF(0, 0, width + 2 * Space.LARGE, needed + Space.LARGE)
        plate.moveCenter(QRectF(self.rect()).center())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette_now().colour("surface"))
        painter.drawRoundedRect(plate, Metric.CARD_RADIUS, Metric.CARD_RADIUS)
        left = plate.center().x() - Metric.BIG_ICON / 2
        painter.drawPixmap(round(left), round(plate.top() + Space.LARGE), mark)
        painter.setPen(palette_now().colour("text"))
        top = plate.top() + Space.LARGE + Metric.BIG_ICON + Space.MEDIUM
        target = QRectF(plate.left() + Space.LARGE, top, width, words.height())
        painter.drawText(target, int(flags), self._problem)


_HARMLESS = Qt.KeyboardModifier.KeypadModifier
_SIDEWAYS = (Qt.Key.Key_Left, Qt.Key.Key_Right)
_STEPS: dict[int, int] = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageUp: -1,
    Qt.Key.Key_PageDown: 1,
}


def loading_words() -> str:
    """Said where a picture and its thumbnail are still on their way."""
    return tr("Opening the picture…")

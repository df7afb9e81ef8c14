"""The canvas of the library: pictures that come in time, one after the other."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from pickabook_desktop.ui.gallery.problem_plate import paint_problem
from pickabook_desktop.ui.result.canvas import PictureCanvas
from pickabook_desktop.ui.result.pyramid import Pyramid
from pickabook_desktop.ui.theme import palette_now

NOTCH = 120


class StandIn(Pyramid):
    """A small image in the place of a picture of ``size`` pixels, until that one is decoded."""

    def __init__(self, image: QImage, size: QSize) -> None:
        super().__init__(image)
        self._size = size

    @classmethod
    def of(cls, small: QImage | QPixmap | None, size: QSize) -> "StandIn":
        """The thumbnail ``small``, or an empty page where there is none."""
        image = small.toImage() if isinstance(small, QPixmap) else small
        return cls(_empty("pressed") if image is None or image.isNull() else image, size)

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

    def show_picture(self, picture: Pyramid) -> None:
        """Show ``picture``."""
        self._problem = ""
        if picture is not self._picture:
            self.set_picture(picture)

    def show_small(self, small: QImage | QPixmap | None, size: QSize) -> None:
        """Show a thumbnail for a picture of ``size`` pixels where that will be, or an empty page,
        so that zoom and place stay.
        """
        self.show_picture(StandIn.of(small, size))

    def show_problem(self, sentence: str, size: QSize) -> None:
        """Say why there is no picture."""
        self.set_picture(StandIn(_empty("backdrop"), size))
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
            paint_problem(painter, self, self._problem)
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


def _empty(role: str) -> QImage:
    image = QImage(1, 1, QImage.Format.Format_RGB32)
    image.fill(palette_now().colour(role))
    return image


_HARMLESS = Qt.KeyboardModifier.KeypadModifier
_SIDEWAYS = (Qt.Key.Key_Left, Qt.Key.Key_Right)
_STEPS: dict[int, int] = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageUp: -1,
    Qt.Key.Key_PageDown: 1,
}

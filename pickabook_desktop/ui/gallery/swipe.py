"""Two pictures at one place, with an edge between them that can be moved."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.gallery.look_canvas import LookCanvas
from pickabook_desktop.ui.result.pyramid import Pyramid


class SwipeView(LookCanvas):
    """The first picture lies left of the edge, the second right of it. Arrow keys move the edge;
    a press on a side, or Page up and down, chooses a picture.
    """

    side_chosen = Signal(int)
    """0 for the first picture, 1 for the second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Two pictures, one over the other"))

    def show_pair(self, first: Pyramid | None, second: Pyramid | None) -> None:
        """Show both; the edge stays where it is."""
        if first is None or second is None:
            return
        self.show_picture(second)
        self.set_photo(first)
        self.set_comparing(True)

    def clear(self) -> None:
        """Let go of both."""
        self.set_photo(None)
        self.set_picture(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            edge = self.picture_rect.left() + self.picture_rect.width() * self.divider
            self.side_chosen.emit(0 if event.position().x() < edge else 1)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        side = _SIDES.get(event.key())
        if side is None:
            super().keyPressEvent(event)
        else:
            self.side_chosen.emit(side)


_SIDES: dict[int, int] = {Qt.Key.Key_PageUp: 0, Qt.Key.Key_PageDown: 1}

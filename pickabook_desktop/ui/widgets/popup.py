"""A list that a button opens below itself."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from pickabook_desktop.ui.theme import Space


class Popup(QFrame):
    """Goes away when anything else is pressed, and with Escape, before the window's own use of it;
    what takes the focus inside needs ``installEventFilter(popup)`` for that.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "popup")
        self.setAccessibleName(name)
        self.installEventFilter(self)

    def open_below(self, button: QWidget) -> None:
        """Show it with its right edge under that of ``button``, and on the screen."""
        self.adjustSize()
        below = button.mapToGlobal(
            QPoint(button.width() - self.width(), button.height() + Space.TINY)
        )
        limits = button.screen().availableGeometry()
        below.setX(min(max(below.x(), limits.left()), limits.right() - self.width()))
        self.move(below)
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self.close()
            return True
        return super().eventFilter(watched, event)

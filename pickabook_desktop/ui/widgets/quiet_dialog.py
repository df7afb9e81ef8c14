"""A dialog in which Return presses the button that has the keyboard, and no other."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog


class QuietDialog(QDialog):
    """For dialogs with many buttons: Qt would press the first of them from any field."""

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

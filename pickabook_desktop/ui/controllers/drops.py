"""Photos that are dropped or pasted anywhere in the window."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from pickabook_desktop.ui.create.photo_drop import accept_copy
from pickabook_desktop.ui.create.photo_panel import PhotoPanel


class Drops(QObject):
    """Hands what is dropped on the window to the photo panel, and what is pasted in a field where
    it is a photo. The window is the only one that takes drops.
    """

    def __init__(self, panel: PhotoPanel, window: QWidget) -> None:
        super().__init__(window)
        self._panel = panel
        self._window = window
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def take_from_fields(self) -> None:
        """See to fields that are new: none may take a photo's address for text."""
        areas = self._window.findChildren(QPlainTextEdit)
        for field in (*self._window.findChildren(QLineEdit), *areas):
            field.setAcceptDrops(False)
            field.installEventFilter(self)
        for area in areas:
            area.viewport().setAcceptDrops(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            return self._leave_to_window(event)
        return watched is self._window and self._answer(event)

    def _leave_to_window(self, event: QKeyEvent) -> bool:
        """Ctrl+V in a field belongs to the window where the clipboard holds a photo."""
        if event.matches(QKeySequence.StandardKey.Paste) and self._panel.can_paste():
            event.ignore()
            return True
        return False

    def _answer(self, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            # What is no photo is accepted too: else nobody would be told when it leaves.
            if accept_copy(event):
                self._panel.hold_over(event.mimeData())
        elif event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            if accept_copy(event):
                self._panel.take(event.mimeData())
        elif event.type() == QEvent.Type.DragLeave:
            self._panel.end_hold()
        else:
            return False
        return True

"""Files that are dropped on the library: their pages are imported."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.create.photo_drop import accept_copy
from pickabook_desktop.ui.gallery.drop_hint import DropHint
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.viewmodels.dropped import paths_in


class LibraryDrops(QObject):
    """Takes drops anywhere on ``page``, which keeps them from the window: there they are photos."""

    def __init__(self, page: QWidget, take: Callable[[Sequence[Path]], None], toast: Toast) -> None:
        super().__init__(page)
        self._page = page
        self._take = take
        self._toast = toast
        self.hint = DropHint(page)
        page.setAcceptDrops(True)
        page.installEventFilter(self)
        self.take_from_fields()

    def take_from_fields(self) -> None:
        """See to fields that are new: none may take a file's address for text."""
        areas = self._page.findChildren(QPlainTextEdit)
        for field in (*self._page.findChildren(QLineEdit), *areas):
            field.setAcceptDrops(False)
        for area in areas:
            area.viewport().setAcceptDrops(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragMoveEvent | QDropEvent):
            return self._answer(event)
        if event.type() == QEvent.Type.DragLeave:
            self.hint.hide()
        return False

    def _answer(self, event: QDropEvent) -> bool:
        # What is no file is accepted too: else the window would take it for a photo.
        accepted = accept_copy(event)
        if isinstance(event, QDragEnterEvent):
            self.hint.show_wanted(accepted and bool(paths_in(event.mimeData())))
        elif event.type() == QEvent.Type.Drop:
            self.hint.hide()
            if accepted:
                self._on_dropped(paths_in(event.mimeData()))
        return True

    def _on_dropped(self, paths: tuple[Path, ...]) -> None:
        if paths:
            self._take(paths)
        else:
            said = tr("This is no file. Save it on this computer and drop the file here.")
            self._toast.show_message(said)

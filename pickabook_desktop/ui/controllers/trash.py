"""Pictures that were deleted: gone for good after a month, or when the trash is emptied."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMessageBox, QWidget

from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.viewmodels.shelf import Shelf, job_of

KEPT_FOR = timedelta(days=30)


class Trash(QObject):
    """Empties the library's trash."""

    emptied = Signal()

    def __init__(
        self,
        action: QAction,
        library: Library,
        shelf: Shelf,
        lanes: Lanes,
        toast: Toast,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._library = library
        self._shelf = shelf
        self._lanes = lanes
        self._toast = toast
        self._window = window
        action.triggered.connect(self.ask)

    def purge_old(self) -> None:
        """Delete for good what was put into the trash more than ``KEPT_FOR`` ago."""
        before = datetime.now(UTC) - KEPT_FOR
        self._run(lambda: self._library.purge(before), self._on_purged_old)

    def ask(self) -> None:
        """Say how many pages go for good, and let them go if that is wanted."""
        self._run(self._library.count_trash, self._on_counted)

    def _on_counted(self, count: int) -> None:
        if not count:
            self._toast.show_message(tr("The trash is empty."))
            return
        one = tr("One page goes for good. This cannot be undone.")
        several = tr("{count} pages go for good. This cannot be undone.", count=count)
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(tr("Trash"))
        box.setText(tr("Empty the trash?"))
        box.setInformativeText(one if count == 1 else several)
        empty = box.addButton(tr("Empty the trash"), QMessageBox.ButtonRole.DestructiveRole)
        empty.setProperty("kind", "danger")
        empty.style().polish(empty)
        empty.clicked.connect(self._empty)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.open()

    def _empty(self) -> None:
        self._run(self._library.purge, self._on_emptied)

    def _on_emptied(self, count: int) -> None:
        one = tr("One page is gone for good.")
        several = tr("{count} pages are gone for good.", count=count)
        self._toast.show_message(one if count == 1 else several)
        self._shelf.read_prompts()
        self.emptied.emit()

    def _on_purged_old(self, count: int) -> None:
        if count:
            self._shelf.read_prompts()

    def _run(self, call: Callable[[], int], on_done: Callable[[int], None]) -> None:
        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                on_done(cast("int", event.value))
            elif isinstance(event, Failed):
                self._toast.show_message(str(event.error))

        self._lanes.submit("library", job_of(call), on_event, must_finish=True)

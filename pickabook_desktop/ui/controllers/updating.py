"""Says why no pages are to be seen yet while the list of an older version is brought up to date."""

from PySide6.QtCore import QObject, QTimer

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.toast import Toast

# A small library is there sooner, and nothing is said.
SAID_AFTER_MS = 1000


class Updating(QObject):
    """Looks once after the start, when the first pages should have come."""

    def __init__(self, library: Library, toast: Toast, parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self._toast = toast
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)

    def begin(self) -> None:
        self._timer.start(SAID_AFTER_MS)

    def close(self) -> None:
        self._timer.stop()

    def _look(self) -> None:
        if self._library.being_updated:
            self._toast.show_message(
                tr("The library is being brought up to date. This takes a moment, and only once.")
            )

"""Notices what other windows, and commands, have done to the library."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.events import Cancelled, Done, Failed, JobEvent
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.viewmodels.shelf import job_of

EVERY_MS = 3000


class Noticing(QObject):
    """Asks when the window is gone to, and every few seconds while somebody works in it."""

    changed = Signal()
    """Another process has changed the library."""

    def __init__(self, library: Library, lanes: Lanes, window: QWidget) -> None:
        super().__init__(window)
        self._library = library
        self._lanes = lanes
        self._window = window
        self._asking = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.ask)

    def begin(self) -> None:
        """From now on."""
        self._window.installEventFilter(self)
        if self._window.isActiveWindow():
            self._timer.start()

    def close(self) -> None:
        """Ask nothing more."""
        self._window.removeEventFilter(self)
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.WindowActivate:
            self._timer.start()
            self.ask()
        elif event.type() == QEvent.Type.WindowDeactivate:
            self._timer.stop()
        return False

    def ask(self) -> None:
        """Find out now; what cannot be found out is left to who needs it."""
        if self._asking:
            return
        self._asking = True

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done | Failed | Cancelled):
                self._asking = False
            if isinstance(event, Done) and event.value:
                self.changed.emit()

        job = job_of(lambda: self._library.review.changed_elsewhere())
        self._lanes.submit("review", job, on_event)

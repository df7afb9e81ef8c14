"""What reaches the running window from outside its events: signals, and errors nobody caught."""

import logging
import signal
import socket
import sys
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, QSocketNotifier

from pickabook_desktop.jobs.lanes import unexpected_error
from pickabook_desktop.ui.main_window import MainWindow


def report_crashes(window: MainWindow, log: logging.Logger) -> None:
    """Log what no one has caught, and say so in the window in plain words."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close_at_once()
            return
        log.error("Uncaught: %s", "".join(traceback.format_exception(kind, error, trace)))
        if window.started:
            window.workings.toast.show_message(str(unexpected_error()))

    sys.excepthook = hook


class Wakening(QObject):
    """Wakes the event loop when a signal comes.

    Python runs its signal handlers between its own instructions only, and an idle event loop has
    none: so the interpreter writes to a socket, which wakes Qt (Python documentation,
    ``signal.set_wakeup_fd``).
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)

    def stop(self) -> None:
        """Wake nobody any more."""
        signal.set_wakeup_fd(-1)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def _on_woken(self) -> None:
        self._reader.recv(64)

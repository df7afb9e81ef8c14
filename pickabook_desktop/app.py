"""The window's entry: builds the application, the studio and the window, and runs them."""

import logging
import os
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType, TracebackType

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, QTimer
from PySide6.QtGui import QImageReader
from PySide6.QtWidgets import QApplication

from pickabook_desktop.assembly import assemble
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.lanes import unexpected_error
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.logs import logging_to
from pickabook_desktop.ui.controllers.appearance import kept_scheme
from pickabook_desktop.ui.main_window import MainWindow
from pickabook_desktop.ui.theme import apply_theme

# Megabytes for one decoded picture; A3 at 600 dpi takes 280.
DECODED_LIMIT = 1024

_log = logging.getLogger("pickabook_desktop.app")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the window until it is closed. The first argument may be a photo to begin with."""
    arguments = sys.argv if arguments is None else arguments
    if not _display_there():
        sys.stderr.write(
            tr("There is no screen to open a window on. “pickabook --help” works without.") + "\n"
        )
        return 1
    app = _application(arguments)
    studio = assemble()
    with logging_to(studio.places.log_file):
        theme = apply_theme(app, kept_scheme(studio.settings))
        window = MainWindow(studio, Lanes(), theme)
        _report_crashes(window)
        signals = _Signals(window)
        _StartAfterPaint(window, [Path(word) for word in arguments[1:2]])
        window.show()
        code = app.exec()
        signals.stop()
    if not window.joined:
        # Qt aborts when a running thread is taken down; everything worth keeping is on the disk.
        os._exit(code)
    return code


def _display_there() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _application(arguments: Sequence[str]) -> QApplication:
    app = QApplication(list(arguments[:1]))
    app.setApplicationName("pickabook")
    app.setApplicationDisplayName("PickaBook Desktop")
    app.setDesktopFileName("pickabook-desktop")
    QImageReader.setAllocationLimit(DECODED_LIMIT)
    return app


class _StartAfterPaint(QObject):
    """Lets the window begin its work only once it has been painted."""

    def __init__(self, window: MainWindow, photos: list[Path]) -> None:
        super().__init__(window)
        self._window = window
        self._photos = photos
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self, self._start)
        return False

    def _start(self) -> None:
        self._window.start()
        for photo in self._photos:
            self._window.choices.choose_photo(photo.absolute())


def _report_crashes(window: MainWindow) -> None:
    """Log what no one has caught, and say so in the window in plain words."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        _log.error("Uncaught: %s", "".join(traceback.format_exception(kind, error, trace)))
        window.toast.show_message(str(unexpected_error()))

    sys.excepthook = hook


class _Signals(QObject):
    """Closes the window on Ctrl+C in the terminal and on a polite kill.

    Python runs its signal handlers between its own instructions only, and an idle event loop has
    none: so the interpreter writes to a socket, which wakes Qt (Python documentation,
    ``signal.set_wakeup_fd``).
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def stop(self) -> None:
        """Let signals do again what they do without a window."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def _on_woken(self) -> None:
        self._reader.recv(64)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        QTimer.singleShot(0, self._window, self._window.close)


if __name__ == "__main__":
    sys.exit(main())

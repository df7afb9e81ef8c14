"""The window's entry: builds the application, the studio and the window, and runs them."""

import contextlib
import os
import signal
import sys
from collections.abc import Generator, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QImageReader
from PySide6.QtWidgets import QApplication

from pickabook_desktop.assembly import assemble
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.controllers.appearance import kept_scheme
from pickabook_desktop.ui.main_window import MainWindow
from pickabook_desktop.ui.theme import Theme

# Megabytes for one decoded picture; A3 at 600 dpi takes 280.
DECODED_LIMIT = 1024


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
    window = _window(app, studio)
    with contextlib.ExitStack() as running:
        running.enter_context(_closed_by_signals(window))
        _StartAfterPaint(window, studio, running, [Path(word) for word in arguments[1:2]])
        window.show()
        code = app.exec()
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


def _window(app: QApplication, studio: Studio) -> MainWindow:
    """The window, dressed once it is whole."""
    try:
        theme = Theme(app)
        window = MainWindow(studio, Lanes(), theme)
        theme.set_scheme(kept_scheme(studio.settings))
    except Exception:
        from pickabook_desktop.storage.logs import logging_to

        # The log begins after the first painting; what goes wrong before must be in it as well.
        with logging_to(studio.places.log_file) as log:
            log.exception("The window could not be made")
        raise
    return window


@contextlib.contextmanager
def _closed_by_signals(window: MainWindow) -> Generator[None]:
    """Close the window on Ctrl+C in the terminal and on a polite kill."""

    def close(number: int, frame: object) -> None:
        QTimer.singleShot(0, window, window.close)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, close)
    yield
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


class _StartAfterPaint(QObject):
    """Lets the window begin its work only once it has been painted, one step between two events,
    so that it answers meanwhile.
    """

    def __init__(
        self,
        window: MainWindow,
        studio: Studio,
        running: contextlib.ExitStack,
        photos: list[Path],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._studio = studio
        self._running = running
        self._photos = photos
        self._steps = iter((self._watch, *window.steps, self._take_photos))
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self, self._go_on)
        return False

    def _go_on(self) -> None:
        step = next(self._steps, None)
        if step is not None:
            QTimer.singleShot(0, self, self._go_on)
            step()

    def _watch(self) -> None:
        from pickabook_desktop.storage.logs import logging_to
        from pickabook_desktop.ui.watch import Wakening, report_crashes

        log = self._running.enter_context(logging_to(self._studio.places.log_file))
        report_crashes(self._window, log)
        self._running.callback(Wakening(self._window).stop)

    def _take_photos(self) -> None:
        for photo in self._photos:
            self._window.choices.choose_photo(photo.absolute())


if __name__ == "__main__":
    sys.exit(main())

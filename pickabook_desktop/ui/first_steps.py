"""What the program does once its window is on the screen."""

import contextlib
import gc
from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer

from pickabook_desktop.storage.places import Places
from pickabook_desktop.ui.main_window import MainWindow


class FirstSteps(QObject):
    """Lets the window begin its work only once it has been painted, one step between two events,
    so that it answers meanwhile. ``secrets`` gives what must not be in the log.
    """

    def __init__(
        self,
        window: MainWindow,
        places: Places,
        running: contextlib.ExitStack,
        photos: list[Path],
        secrets: Callable[[], Iterable[str]],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._places = places
        self._running = running
        self._photos = photos
        self._secrets = secrets
        self._steps = iter(
            (
                self._watch,
                *window.steps,
                self._take_photos,
                self._collect_again,
                # Only now is it known.
                lambda: window.workings.library.look_ahead(),
            )
        )
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
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
        from pickabook_desktop.storage.logs import leave_no_core, logging_to
        from pickabook_desktop.ui.watch import Wakening, report_crashes

        leave_no_core()
        log = self._running.enter_context(logging_to(self._places.log_file, secrets=self._secrets))
        report_crashes(self._window, log)
        self._running.callback(Wakening(self._window).stop)

    def _take_photos(self) -> None:
        for photo in self._photos:
            self._window.choices.choose_photo(photo.absolute())

    def _collect_again(self) -> None:
        """Search for garbage again, but not among what the start has made, for that stays."""
        gc.freeze()
        gc.enable()

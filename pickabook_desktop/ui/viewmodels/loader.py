"""Pictures decoded off the main thread; of several asked for, the last one wins."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.jobs.threads import JobHandle, Lanes
from pickabook_desktop.ui.result.pyramid import Pyramid, decode_job


class PictureLoader(QObject):
    """Decodes one picture at a time."""

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._current: JobHandle | None = None

    def load(
        self,
        source: Path | bytes,
        on_ready: Callable[[Pyramid], None],
        on_failed: Callable[[PickaBookError], None] | None = None,
    ) -> None:
        """Decode ``source`` and call back on the main thread, unless another comes first."""
        self.drop()

        def on_event(event: JobEvent) -> None:
            if handle is not self._current:
                return
            if isinstance(event, Done) and isinstance(event.value, Pyramid):
                on_ready(event.value)
            elif isinstance(event, Failed) and on_failed is not None:
                on_failed(event.error)

        handle = self._current = self._lanes.submit("photo", decode_job(source), on_event)

    def drop(self) -> None:
        """Call back no more for what was asked for so far."""
        if self._current is not None:
            self._current.cancel()
            self._current = None

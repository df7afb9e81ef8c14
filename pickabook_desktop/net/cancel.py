"""Cancellation that wakes whoever waits."""

import threading
from collections.abc import Callable

from pickabook_desktop.domain.errors import CancelledError
from pickabook_desktop.domain.i18n import tr


class CancelToken:
    """Set once from any thread; never unset."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.RLock()  # a signal may cancel while its own thread holds it
        self._waking: dict[object, Callable[[], None]] = {}

    def cancel(self) -> None:
        with self._lock:
            self._event.set()
            waking, self._waking = tuple(self._waking.values()), {}
        for wake in waking:
            wake()

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        if self._event.is_set():
            raise CancelledError(tr("Stopped."))

    def wait(self, seconds: float) -> bool:
        """Wait at most ``seconds``; true at once when cancelled."""
        return self._event.wait(seconds)

    def on_cancel(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Call ``wake`` once cancelled, at once where that has happened, from the thread that
        cancels; it must be quick and raise nothing. Returns what takes it back.
        """
        ticket = object()
        with self._lock:
            if not self._event.is_set():
                self._waking[ticket] = wake
                return lambda: self._forget(ticket)
        wake()
        return lambda: None

    def _forget(self, ticket: object) -> None:
        with self._lock:
            self._waking.pop(ticket, None)

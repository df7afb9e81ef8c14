"""Cancellation that wakes whoever waits."""

import threading

from pickabook_desktop.domain.errors import CancelledError
from pickabook_desktop.domain.i18n import tr


class CancelToken:
    """Set once from any thread; never unset."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        self._event.set()

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        if self._event.is_set():
            raise CancelledError(tr("Stopped."))

    def wait(self, seconds: float) -> bool:
        """Wait at most ``seconds``; true at once when cancelled."""
        return self._event.wait(seconds)

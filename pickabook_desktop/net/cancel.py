"""Cancellation that wakes whoever waits."""

import threading
from collections.abc import Callable

from pickabook_desktop.domain.errors import CancelledError
from pickabook_desktop.domain.i18n import tr


class CancelToken:
    """Set once from any thread; never unset.

    A signal may cancel in the very thread that waits or registers, so nothing here takes a lock
    that this thread could hold already: the list of those to be woken is kept by operations that
    the interpreter does in one go.
    """

    def __init__(self) -> None:
        self._cancelled = False
        self._waking: dict[object, Callable[[], None]] = {}

    def cancel(self) -> None:
        self._cancelled = True
        while self._waking:
            try:
                _ticket, wake = self._waking.popitem()
            except KeyError:
                return  # somebody else was faster
            wake()

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def raise_if_cancelled(self) -> None:
        if self._cancelled:
            raise CancelledError(tr("Stopped."))

    def wait(self, seconds: float) -> bool:
        """Wait at most ``seconds``; true at once when cancelled."""
        gate = threading.Lock()
        gate.acquire()
        take_back = self.on_cancel(gate.release)
        try:
            gate.acquire(timeout=max(0.0, seconds))
        finally:
            take_back()
        return self._cancelled

    def on_cancel(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Call ``wake`` once cancelled, at once where that has happened, from the thread that
        cancels; it must be quick and raise nothing. Returns what takes it back.
        """
        ticket = object()
        self._waking[ticket] = wake
        # Cancelled between the two: either the one who cancels has taken it, or it is taken here.
        if self._cancelled and self._waking.pop(ticket, None) is not None:
            wake()

        def take_back() -> None:
            self._waking.pop(ticket, None)

        return take_back

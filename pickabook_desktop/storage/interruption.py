"""Cutting short what SQLite does for another thread, and nothing else that it does."""

import contextlib
import threading
from collections.abc import Generator

import apsw

from pickabook_desktop.domain.errors import CancelledError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.connection import Connection


class Interruption:
    """Any thread may call any method."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: Connection | None = None
        self._cut = False

    def cut(self) -> None:
        """Cut short what is being watched; nothing where nothing is."""
        with self._lock:
            if self._watched is not None:
                self._cut = True
                self._watched.interrupt()

    @contextlib.contextmanager
    def watching(self, connection: Connection) -> Generator[None]:
        """What ``connection`` does meanwhile may be cut short; one thing at a time."""
        with self._lock:
            self._watched, self._cut = connection, False
        try:
            yield
        except apsw.SQLError as error:
            # What is cut short while it makes a virtual table says so in words of its own.
            if self._cut:
                raise apsw.InterruptError from error
            raise
        finally:
            with self._lock:
                self._watched = None


@contextlib.contextmanager
def told() -> Generator[None]:
    """Turn SQLite's word that something was cut short into CancelledError."""
    try:
        yield
    except apsw.InterruptError as error:
        raise CancelledError(tr("The search was cut short.")) from error

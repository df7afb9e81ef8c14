"""A connection of its own for whoever looks for long, so that nobody else waits for that."""

import contextlib
import threading
from collections.abc import Callable, Generator

import apsw

from pickabook_desktop.storage.connection import Connection, identity_of, let_go, roll_back
from pickabook_desktop.storage.database import Database, translated


class Reader:
    """Reads the file of ``database`` that has the name now: another may have been put in its place,
    or the whole library on another disk. Each new connection is first given to ``set_up``.
    """

    def __init__(self, database: Database, set_up: Callable[[Connection], None]) -> None:
        self._database = database
        self._set_up = set_up
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._opened: tuple[int, int] | None = None

    @contextlib.contextmanager
    def reading(self) -> Generator[Connection | None]:
        """The connection, or None where there is no file; for one thread at a time. Raises
        StorageError.
        """
        with self._lock, translated(self._database.file):
            yield self._present()

    @contextlib.contextmanager
    def moment(self, connection: Connection) -> Generator[None]:
        """A transaction: all that is looked at is of one moment, and of what is written down in it
        nothing stays where it fails.
        """
        connection.execute("BEGIN")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            try:
                roll_back(connection)
            except apsw.Error:
                # The next one begins with a new connection.
                self._let_go()
            raise

    def foreign(self) -> object:
        """Something that is another once somebody else has written to the file."""
        with self.reading() as connection:
            version = list(connection.execute("PRAGMA data_version")) if connection else None
            return self._opened, version

    @contextlib.contextmanager
    def held(self) -> Generator[None]:
        """Let go of the file; whoever looks waits until the end."""
        with self._lock:
            self._let_go()
            yield

    def _present(self) -> Connection | None:
        here = identity_of(self._database.file)
        if here != self._opened:
            self._let_go()
        if self._connection is None and here is not None:
            self._connection, self._opened = self._database.open_to_read(), here
            try:
                self._set_up(self._connection)
            except BaseException:
                self._let_go()
                raise
        return self._connection

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            same = identity_of(self._database.file) == self._opened
            connection.close() if same else let_go(connection)

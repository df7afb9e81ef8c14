"""How a SQLite file is opened, with the schema that the program knows."""

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import cast

import apsw

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.connection import (
    BUSY_SECONDS,
    Connection,
    Identity,
    identity_of,
    let_go,
    roll_back,
)

_log = logging.getLogger(__name__)

_TO_WRITE = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE


class Opener:
    """Opens ``file``, and brings it up to date before. What the other values are is said at
    :class:`~pickabook_desktop.storage.database.Database`. Any thread may call any method; all raise
    SQLite's own errors, and StorageError for a file of a newer version.
    """

    def __init__(
        self,
        file: Path,
        steps: Sequence[str],
        synchronous: str,
        functions: Mapping[str, Callable[[str], str]],
        before_migration: Callable[[], object] | None,
    ) -> None:
        self._file = file
        self._steps = steps
        self._synchronous = synchronous
        self._functions = functions
        self._before_migration = before_migration
        self.migrating = False
        """Whether steps are being taken at this moment in a file that is no new one."""
        self._migrate_lock = threading.Lock()
        self._reading_lock = threading.Lock()

    @contextlib.contextmanager
    def held(self) -> Generator[None]:
        """Nobody opens the file to read until the end."""
        with self._reading_lock:
            yield

    def to_read(self) -> Connection:
        """A connection to read with, also where the file may not be written."""
        with self._reading_lock:
            return self._to_read()

    def to_write(self) -> Connection:
        """A connection to write with; makes the file where there is none."""
        there = identity_of(self._file)
        connection = self._configured(_connect(str(self._file)))
        try:
            self._refuse_newer(connection)
            _use_wal(connection)
            self._migrate(connection, there)
        except BaseException:
            let_go(connection)
            raise
        return connection

    def _to_read(self) -> Connection:
        there = identity_of(self._file)
        try:
            return self._opened(_connect(str(self._file)), there)
        except (apsw.ReadOnlyError, apsw.CantOpenError):
            if not _is_protected(self._file):
                raise
        # SQLite writes beside a file with a log even to read it, unless told that nobody writes.
        immutable = _connect(
            f"{self._file.absolute().as_uri()}?immutable=1", apsw.SQLITE_OPEN_READONLY
        )
        try:
            outdated = _version(immutable) < len(self._steps)
        except BaseException:
            immutable.close()
            raise
        if outdated:
            return self._opened(_in_memory(immutable), None, is_copy=True)
        return self._opened(immutable, None)

    def _opened(
        self, connection: Connection, there: Identity | None, *, is_copy: bool = False
    ) -> Connection:
        try:
            self._configured(connection)
            self._migrate(connection, there, is_copy=is_copy)
            self._refuse_newer(connection)
        except BaseException:
            let_go(connection)
            raise
        return connection

    def _configured(self, connection: Connection) -> Connection:
        connection.set_busy_timeout(int(BUSY_SECONDS * 1000))
        connection.execute(f"PRAGMA synchronous={self._synchronous}")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA fullfsync=ON")
        connection.execute("PRAGMA checkpoint_fullfsync=ON")
        return connection

    def _migrate(
        self, connection: Connection, there: Identity | None, *, is_copy: bool = False
    ) -> None:
        """Take the steps that are missing, all or none, if the file is the one that was ``there``
        before it was opened; one that another has taken the place of shares the log of that.
        """
        # One after the other: that of a very large file outlasts the patience of SQLite.
        with self._migrate_lock:
            version = _version(connection)
            if 0 < version < len(self._steps):
                self._bring_up_to_date(connection, version, there, is_copy=is_copy)
            elif not version:
                self._take_steps(connection, there)

    def _bring_up_to_date(
        self, connection: Connection, version: int, there: Identity | None, *, is_copy: bool
    ) -> None:
        self.migrating = True
        start = time.monotonic()
        _log.info("%s is brought from step %d to %d", self._file.name, version, len(self._steps))
        try:
            if self._before_migration is not None and not is_copy:
                self._before_migration()
            self._take_steps(connection, there)
        finally:
            self.migrating = False
        _log.info("%s was up to date after %.1f s", self._file.name, time.monotonic() - start)

    def _take_steps(self, connection: Connection, there: Identity | None) -> None:
        for name, function in self._functions.items():
            connection.create_scalar_function(name, function, 1, deterministic=True)
        connection.execute("BEGIN IMMEDIATE")
        try:
            self._require(there)
            # Another process may have been faster.
            for number in range(_version(connection), len(self._steps)):
                connection.execute(self._steps[number])
            connection.execute(f"PRAGMA user_version={len(self._steps)}")
            connection.execute("COMMIT")
        except BaseException:
            roll_back(connection)
            raise

    def _require(self, there: Identity | None) -> None:
        if there is not None and there != identity_of(self._file):
            raise apsw.BusyError

    def _refuse_newer(self, connection: Connection) -> None:
        if _version(connection) > len(self._steps):
            raise StorageError(
                tr("The library {folder} was made by a newer version.", folder=self._file.parent),
                tr("Install the newest version of PickaBook Desktop, or use another library."),
            )


def _connect(name: str, flags: int = _TO_WRITE) -> Connection:
    return cast("Connection", apsw.Connection(name, flags | apsw.SQLITE_OPEN_URI))


def _is_protected(file: Path) -> bool:
    """Whether nothing can be written beside a file that may be read."""
    return os.access(file, os.R_OK) and not os.access(file.parent, os.W_OK)


def _in_memory(source: Connection) -> Connection:
    """A copy that can be brought up to date; closes ``source``."""
    copy = _connect(":memory:")
    try:
        copying = copy.backup("main", source, "main")
        copying.step()
        copying.finish()
    finally:
        source.close()
    return copy


def _version(connection: Connection) -> int:
    ((version,),) = connection.execute("PRAGMA user_version")
    return cast("int", version)


def _use_wal(connection: Connection) -> None:
    """Change to WAL; SQLite does not wait by itself where two connections do so at once."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except apsw.BusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return

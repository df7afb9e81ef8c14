"""SQLite databases that several threads and processes use at once.

SQLite before 3.51.3 can corrupt a database in WAL mode when two connections write or checkpoint
at once (https://sqlite.org/wal.html, "the WAL-reset bug"), and Python brings older ones along;
``apsw`` brings its own.
"""

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
from pickabook_desktop.storage.atomic import make_folder
from pickabook_desktop.storage.connection import Connection, Row, Value

BUSY_SECONDS = 30.0
MENDED = "library.db"
DAMAGED = "damaged_list"
# Smaller files are rebuilt in memory, so that no copy of them passes through the system's folder
# for temporary files.
IN_MEMORY = 256 << 20

_log = logging.getLogger(__name__)

_TO_WRITE = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE

_Identity = tuple[int, int]


class Database:
    """One file and two connections to it: one that reads and one that writes, so that nobody who
    looks waits for somebody who keeps.

    ``steps`` are the scripts that lead from an empty file to the present schema; the file's
    ``user_version`` says how many have been taken. ``synchronous`` is SQLite's pragma.
    ``functions`` of one text are there for the steps, by their names. ``before_migration`` is
    called before steps are taken in a file that is no new one; it raises nothing.

    Where the file may not be written, it is read all the same. A file that somebody has put in the
    place of the one that is open is opened instead.
    """

    def __init__(
        self,
        file: Path,
        steps: Sequence[str],
        synchronous: str = "FULL",
        functions: Mapping[str, Callable[[str], str]] | None = None,
        before_migration: Callable[[], object] | None = None,
    ) -> None:
        self.file = file
        self._steps = steps
        self._functions = functions or {}
        self._before_migration = before_migration
        self._synchronous = synchronous
        self._writer: Connection | None = None
        self._reader: Connection | None = None
        self._written_file: object = None
        self._read_file: object = None
        self.changes = 0
        """How many durable transactions of this object have changed something."""
        self.migrating = False
        """Whether steps are being taken at this moment in a file that is no new one."""
        self._migrate_lock = threading.Lock()
        self._opening_lock = threading.Lock()
        self._write_lock = threading.Lock()
        self._read_lock = threading.Lock()

    @property
    def changed(self) -> bool:
        """Whether anything has been written since the file was opened."""
        return self._writer is not None

    def rows(self, query: str, values: Sequence[Value] = ()) -> list[Row]:
        """The answer to a query; empty where the file does not exist yet. Raises StorageError."""
        with self._read_lock, translated(self.file):
            there = identity_of(self.file)
            if self._reader is not None and there != self._read_file:
                let_go(self._reader)
                self._reader = None
            if self._reader is None:
                if there is None:
                    return []
                self._reader, self._read_file = self.open_to_read(), there
            return list(self._reader.execute(query, values))

    @contextlib.contextmanager
    def writing(self, *, durable: bool = True) -> Generator[Connection]:
        """A transaction that no other process writes beside; committed unless the body raises.

        One that is not ``durable`` survives a kill, and a power cut once a later one is durable.
        """
        with self._write_lock, translated(self.file):
            connection = self._begin(self._synchronous if durable else "NORMAL")
            before = _total_changes(connection)
            try:
                yield connection
            except BaseException:
                _roll_back(connection)
                raise
            try:
                connection.execute("COMMIT")
            except apsw.Error:
                _roll_back(connection)
                raise
            self.changes += durable and _total_changes(connection) != before

    def foreign(self) -> object:
        """Something that is another once other processes have written to the file; None while that
        cannot be told without waiting, and before anything was written here.
        """
        if not self._write_lock.acquire(blocking=False):
            return None
        try:
            if self._writer is None:
                return None
            with translated(self.file):
                # A connection's own changes do not count.
                return (identity_of(self.file), *self._writer.execute("PRAGMA data_version"))
        finally:
            self._write_lock.release()

    def _begin(self, synchronous: str) -> Connection:
        """A connection in a transaction that writes to the file that is there now."""
        while True:
            if self._writer is None:
                make_folder(self.file.parent, private=True)
                before = identity_of(self.file)
                self._writer = self._open_to_write()
                there = identity_of(self.file)
                # Where there was none, opening has made it.
                self._written_file = there if before is None else before
            self._writer.execute(f"PRAGMA synchronous={synchronous}")
            self._writer.execute("BEGIN IMMEDIATE")
            if identity_of(self.file) == self._written_file:
                return self._writer
            connection, self._writer = self._writer, None
            _roll_back(connection)
            let_go(connection)

    def fold(self, patience: float = BUSY_SECONDS) -> None:
        """Write everything into the main file and empty the log, so that nothing deleted is left
        in it. Does what it can while others read, for whom it waits ``patience`` seconds.
        """
        with self._write_lock, translated(self.file):
            if self._writer is not None:
                with _waiting(self._writer, patience):
                    self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def rebuild(self, patience: float = BUSY_SECONDS) -> None:
        """Write the file anew and empty the log. Rows that SQLite has moved from page to page leave
        copies behind which nothing overwrites when the row is deleted; afterwards there are none.
        Raises StorageError where others read for longer than ``patience`` seconds.
        """
        with self._write_lock, translated(self.file):
            if not self.file.exists():
                return
            if self._writer is None:
                self._writer = self._open_to_write()
            small = self.file.stat().st_size <= IN_MEMORY
            self._writer.execute(f"PRAGMA temp_store={'MEMORY' if small else 'FILE'}")
            self._writer.execute("VACUUM")
            with _waiting(self._writer, patience):
                ((busy, _, _),) = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if busy:
                raise apsw.BusyError

    def check(self) -> str:
        """``ok``, or what SQLite's integrity check has found. Raises StorageError.

        Looks with a connection of its own: the index of words compares itself with what one that
        is open for longer remembers, and finds what others have written since to be damage.
        """
        with translated(self.file):
            if not self.file.exists():
                return "ok"
            connection = self.open_to_read()
            try:
                found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
            finally:
                connection.close()
        return "; ".join(found) or "ok"

    def discard(self) -> None:
        """Delete the database; the next writing makes a new one."""
        self.close()
        for ending in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                Path(f"{self.file}{ending}").unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file; a later call opens it again."""
        with self._write_lock:
            _close(self._writer)
            self._writer = None
        with self._read_lock:
            _close(self._reader)
            self._reader = None

    @contextlib.contextmanager
    def held(self) -> Generator[None]:
        """Let go of the file; whoever asks for something of it here waits until the end. What
        :meth:`open_to_read` has given is up to who has it.
        """
        with self._write_lock, self._read_lock, self._opening_lock:
            for connection in (self._writer, self._reader):
                _close(connection)
            self._writer = self._reader = None
            yield

    def open_to_read(self) -> Connection:
        """A further connection, for who reads long; the caller closes it. Where the schema is old,
        it is brought up to date first.
        """
        with self._opening_lock:
            return self._open_to_read()

    def _open_to_read(self) -> Connection:
        there = identity_of(self.file)
        try:
            return self._opened(_connect(str(self.file)), there)
        except (apsw.ReadOnlyError, apsw.CantOpenError):
            if not _is_protected(self.file):
                raise
        # SQLite writes beside a file with a log even to read it, unless told that nobody writes.
        immutable = _connect(
            f"{self.file.absolute().as_uri()}?immutable=1", apsw.SQLITE_OPEN_READONLY
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
        self, connection: Connection, there: _Identity | None, *, is_copy: bool = False
    ) -> Connection:
        try:
            self._configured(connection)
            self._migrate(connection, there, is_copy=is_copy)
            self._refuse_newer(connection)
        except BaseException:
            let_go(connection)
            raise
        return connection

    def _open_to_write(self) -> Connection:
        there = identity_of(self.file)
        connection = self._configured(_connect(str(self.file)))
        try:
            self._refuse_newer(connection)
            _use_wal(connection)
            self._migrate(connection, there)
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
        self, connection: Connection, there: _Identity | None, *, is_copy: bool = False
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
        self, connection: Connection, version: int, there: _Identity | None, *, is_copy: bool
    ) -> None:
        self.migrating = True
        start = time.monotonic()
        _log.info("%s is brought from step %d to %d", self.file.name, version, len(self._steps))
        try:
            if self._before_migration is not None and not is_copy:
                self._before_migration()
            self._take_steps(connection, there)
        finally:
            self.migrating = False
        _log.info("%s was up to date after %.1f s", self.file.name, time.monotonic() - start)

    def _take_steps(self, connection: Connection, there: _Identity | None) -> None:
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
            _roll_back(connection)
            raise

    def _require(self, there: _Identity | None) -> None:
        if there is not None and there != identity_of(self.file):
            raise apsw.BusyError

    def _refuse_newer(self, connection: Connection) -> None:
        if _version(connection) > len(self._steps):
            raise StorageError(
                tr("The library {folder} was made by a newer version.", folder=self.file.parent),
                tr("Install the newest version of PickaBook Desktop, or use another library."),
            )


@contextlib.contextmanager
def translated(file: Path) -> Generator[None]:
    """Turn SQLite's errors into StorageError with a next step."""
    try:
        yield
    except apsw.FullError as error:
        raise StorageError(
            tr("There is no room left for the library."),
            tr("Free some space in {folder}, then try again.", folder=file.parent),
            retryable=True,
        ) from error
    except (apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError, apsw.AuthError) as error:
        raise StorageError(
            tr("The library {folder} cannot be opened for writing.", folder=file.parent),
            tr("Allow writing there, or choose another folder for the library."),
        ) from error
    except (apsw.BusyError, apsw.LockedError) as error:
        raise StorageError(
            tr("Another program keeps the library {folder} busy.", folder=file.parent),
            tr("Close the other program, or try again in a moment."),
            retryable=True,
        ) from error
    except (apsw.CorruptError, apsw.NotADBError, UnicodeDecodeError) as error:
        mendable = file.name == MENDED
        raise StorageError(
            tr("The library's list {path} is damaged.", path=file),
            tr(
                "The pictures beside it are untouched. “pickabook library verify --repair” mends it"
                " with the last backup and with what the pictures say of themselves."
            )
            if mendable
            else tr("Put a backup of the file in its place."),
            code=DAMAGED if mendable else "",
        ) from error
    except apsw.Error as error:
        raise StorageError(
            tr("The library {folder} could not be read or written.", folder=file.parent),
            tr("Check the disk, then try again."),
        ) from error


def is_damage(error: StorageError) -> bool:
    """Whether the file itself is broken, rather than what surrounds it."""
    return isinstance(error.__cause__, apsw.CorruptError | apsw.NotADBError | UnicodeDecodeError)


@contextlib.contextmanager
def _waiting(connection: Connection, seconds: float) -> Generator[None]:
    connection.set_busy_timeout(int(seconds * 1000))
    try:
        yield
    finally:
        connection.set_busy_timeout(int(BUSY_SECONDS * 1000))


def identity_of(file: Path) -> tuple[int, int] | None:
    """What tells a file from another one that is put in its place; None where there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


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


def _close(connection: Connection | None) -> None:
    """What cannot be tidied up in closing is tidied up by whoever opens the file next."""
    if connection is not None:
        with contextlib.suppress(apsw.Error):
            connection.close()


def let_go(connection: Connection) -> None:
    """Close a connection to a file that is there no more, and leave the log of the one that is."""
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    _close(connection)


def _version(connection: Connection) -> int:
    ((version,),) = connection.execute("PRAGMA user_version")
    return cast("int", version)


def _total_changes(connection: Connection) -> object:
    """Another one after any row was changed."""
    ((total,),) = connection.execute("SELECT total_changes()")
    return total


def _roll_back(connection: Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


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

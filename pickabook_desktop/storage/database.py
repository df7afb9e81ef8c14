"""SQLite databases that several threads and processes use at once.

SQLite before 3.51.3 can corrupt a database in WAL mode when two connections write or checkpoint
at once (https://sqlite.org/wal.html, "the WAL-reset bug"), and Python brings older ones along;
``apsw`` brings its own.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol, cast

import apsw

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.atomic import make_folder

BUSY_SECONDS = 30.0
# Smaller files are rebuilt in memory, so that no copy of them passes through the system's folder
# for temporary files.
IN_MEMORY = 256 << 20

Value = str | int | float | bytes | None
Row = tuple[object, ...]


class Connection(Protocol):
    """What is used of ``apsw.Connection``, whose own types name a buffer newer than Python 3.11."""

    @property
    def in_transaction(self) -> bool: ...

    def execute(self, statements: str, bindings: Sequence[Value] = ()) -> Iterator[Row]: ...

    def executemany(
        self, statements: str, sequenceofbindings: Iterable[Sequence[Value]]
    ) -> Iterator[Row]: ...

    def create_scalar_function(
        self,
        name: str,
        callable: Callable[[str], str],  # noqa: A002 apsw's own name
        numargs: int = -1,
        *,
        deterministic: bool = False,
    ) -> None: ...

    def set_busy_timeout(self, milliseconds: int) -> None: ...

    def interrupt(self) -> None: ...

    def close(self) -> None: ...


class Database:
    """One file and two connections to it: one that reads and one that writes, so that nobody who
    looks waits for somebody who keeps.

    ``steps`` are the scripts that lead from an empty file to the present schema; the file's
    ``user_version`` says how many have been taken. ``synchronous`` is SQLite's pragma.
    ``functions`` of one text are there for the steps, by their names.
    """

    def __init__(
        self,
        file: Path,
        steps: Sequence[str],
        synchronous: str = "FULL",
        functions: Mapping[str, Callable[[str], str]] | None = None,
    ) -> None:
        self.file = file
        self._steps = steps
        self._functions = functions or {}
        self._synchronous = synchronous
        self._writer: Connection | None = None
        self._reader: Connection | None = None
        self._write_lock = threading.Lock()
        self._read_lock = threading.Lock()

    def rows(self, query: str, values: Sequence[Value] = ()) -> list[Row]:
        """The answer to a query; empty where the file does not exist yet. Raises StorageError."""
        with self._read_lock, translated(self.file):
            if self._reader is None:
                if not self.file.exists():
                    return []
                self._reader = self.open_to_read()
            return list(self._reader.execute(query, values))

    @contextlib.contextmanager
    def writing(self, *, durable: bool = True) -> Generator[Connection]:
        """A transaction that no other process writes beside; committed unless the body raises.

        One that is not ``durable`` survives a kill, and a power cut once a later one is durable.
        """
        with self._write_lock, translated(self.file):
            if self._writer is None:
                make_folder(self.file.parent, private=True)
                self._writer = self._open_to_write()
            connection = self._writer
            level = self._synchronous if durable else "NORMAL"
            connection.execute(f"PRAGMA synchronous={level}")
            connection.execute("BEGIN IMMEDIATE")
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

    def fold(self) -> None:
        """Write everything into the main file and empty the log, so that nothing deleted is left
        in it. Does what it can while others read.
        """
        with self._write_lock, translated(self.file):
            if self._writer is not None:
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def rebuild(self) -> None:
        """Write the file anew and empty the log. Rows that SQLite has moved from page to page leave
        copies behind which nothing overwrites when the row is deleted; afterwards there are none.
        Raises StorageError where others read for long.
        """
        with self._write_lock, translated(self.file):
            if not self.file.exists():
                return
            if self._writer is None:
                self._writer = self._open_to_write()
            small = self.file.stat().st_size <= IN_MEMORY
            self._writer.execute(f"PRAGMA temp_store={'MEMORY' if small else 'FILE'}")
            self._writer.execute("VACUUM")
            ((busy, _, _),) = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if busy:
                raise apsw.BusyError

    def check(self) -> str:
        """``ok``, or what SQLite's integrity check has found. Raises StorageError."""
        found = [str(row[0]) for row in self.rows("PRAGMA integrity_check(20)")]
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
            if self._writer is not None:
                self._writer.close()
            self._writer = None
        with self._read_lock:
            if self._reader is not None:
                self._reader.close()
            self._reader = None

    def open_to_read(self) -> Connection:
        """A further connection, for who reads long; the caller closes it. Where the schema is old,
        it is brought up to date first.
        """
        connection = self._configured(_connect(str(self.file)))
        try:
            self._migrate(connection)
            self._refuse_newer(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_to_write(self) -> Connection:
        connection = self._configured(_connect(str(self.file)))
        try:
            self._refuse_newer(connection)
            _use_wal(connection)
            self._migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _configured(self, connection: Connection) -> Connection:
        connection.set_busy_timeout(int(BUSY_SECONDS * 1000))
        connection.execute(f"PRAGMA synchronous={self._synchronous}")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA fullfsync=ON")
        connection.execute("PRAGMA checkpoint_fullfsync=ON")
        return connection

    def _migrate(self, connection: Connection) -> None:
        """Take the steps that are missing, all or none."""
        if _version(connection) >= len(self._steps):
            return
        for name, function in self._functions.items():
            connection.create_scalar_function(name, function, 1, deterministic=True)
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have been faster.
            for number in range(_version(connection), len(self._steps)):
                connection.execute(self._steps[number])
            connection.execute(f"PRAGMA user_version={len(self._steps)}")
            connection.execute("COMMIT")
        except BaseException:
            _roll_back(connection)
            raise

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
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise StorageError(
            tr("The library's list {path} is damaged.", path=file),
            tr("The pictures beside it are untouched. Put a backup of the file in its place."),
        ) from error
    except apsw.Error as error:
        raise StorageError(
            tr("The library {folder} could not be read or written.", folder=file.parent),
            tr("Check the disk, then try again."),
        ) from error


def is_damage(error: StorageError) -> bool:
    """Whether the file itself is broken, rather than what surrounds it."""
    return isinstance(error.__cause__, apsw.CorruptError | apsw.NotADBError)


def _connect(name: str) -> Connection:
    return cast("Connection", apsw.Connection(name))


def _version(connection: Connection) -> int:
    ((version,),) = connection.execute("PRAGMA user_version")
    return cast("int", version)


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

"""SQLite databases that several threads and processes use at once.

SQLite before 3.51.3 can corrupt a database in WAL mode when two connections write or checkpoint
at once (https://sqlite.org/wal.html, "the WAL-reset bug"), and Python brings older ones along;
``apsw`` brings its own.
"""

import contextlib
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path

import apsw

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.atomic import make_folder
from pickabook_desktop.storage.connection import (
    BUSY_SECONDS,
    Connection,
    Row,
    Value,
    close,
    identity_of,
    let_go,
    roll_back,
)
from pickabook_desktop.storage.opening import Opener

MENDED = "library.db"
DAMAGED = "damaged_list"
# Smaller files are rebuilt in memory, so that no copy of them passes through the system's folder
# for temporary files.
IN_MEMORY = 256 << 20


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
        self._opener = Opener(file, steps, synchronous, functions or {}, before_migration)
        self._synchronous = synchronous
        self._writer: Connection | None = None
        self._reader: Connection | None = None
        self._written_file: object = None
        self._read_file: object = None
        self.changes = 0
        """How many durable transactions of this object have changed something."""
        self._write_lock = threading.Lock()
        self._read_lock = threading.Lock()

    @property
    def changed(self) -> bool:
        """Whether anything has been written since the file was opened."""
        return self._writer is not None

    @property
    def migrating(self) -> bool:
        """Whether steps are being taken at this moment in a file that is no new one."""
        return self._opener.migrating

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
                roll_back(connection)
                raise
            try:
                connection.execute("COMMIT")
            except apsw.Error:
                roll_back(connection)
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
                self._writer = self._opener.to_write()
                there = identity_of(self.file)
                # Where there was none, opening has made it.
                self._written_file = there if before is None else before
            self._writer.execute(f"PRAGMA synchronous={synchronous}")
            self._writer.execute("BEGIN IMMEDIATE")
            if identity_of(self.file) == self._written_file:
                return self._writer
            connection, self._writer = self._writer, None
            roll_back(connection)
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
                self._writer = self._opener.to_write()
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
            close(self._writer)
            self._writer = None
        with self._read_lock:
            close(self._reader)
            self._reader = None

    @contextlib.contextmanager
    def held(self) -> Generator[None]:
        """Let go of the file; whoever asks for something of it here waits until the end. What
        :meth:`open_to_read` has given is up to who has it.
        """
        with self._write_lock, self._read_lock, self._opener.held():
            for connection in (self._writer, self._reader):
                close(connection)
            self._writer = self._reader = None
            yield

    def open_to_read(self) -> Connection:
        """A further connection, for who reads long; the caller closes it. Where the schema is old,
        it is brought up to date first.
        """
        return self._opener.to_read()


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


def _total_changes(connection: Connection) -> object:
    """Another one after any row was changed."""
    ((total,),) = connection.execute("SELECT total_changes()")
    return total

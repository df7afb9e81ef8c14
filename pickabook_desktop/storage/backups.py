"""Copies of a library's list, in its folder ``backups``. Pictures are not copied.

A copy is ``library-<UTC>.db``: one file that any SQLite opens, checked before it gets its name.
What was deleted for good must not live on in copies: :meth:`Backups.remove` and
:meth:`Backups.remove_knowing` take them away, with damaged lists that were set aside, with what a
repair has left half made, and with whatever is being copied meanwhile. All that deletes for good
calls one of them after the list has lost the rows, so that copies made later have none of it.
"""

import contextlib
import logging
import os
from collections.abc import Callable, Collection, Generator, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import apsw
import msgspec

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.storage.atomic import TEMPORARY, make_folder, sync_folder, write_error
from pickabook_desktop.storage.database import Connection, translated
from pickabook_desktop.storage.own_names import (
    LIBRARY_FILE,
    is_half_copied,
    is_new_list,
    is_set_aside,
    time_of_copy,
)

FOLDER = "backups"
SET_ASIDE = "damaged"

NEWEST, DAYS, WEEKS = 3, 7, 4
OFTEN_ENOUGH = timedelta(days=1)
# A copy further ahead was made while the clock was wrong.
_SOON = timedelta(minutes=10)
# About 2 MiB at a time, after which whoever asked may stop it.
PAGES = 512

_TIME = "%Y%m%dT%H%M%SZ"
# Where the header of a database says that a log belongs to it (https://sqlite.org/fileformat.html,
# section 1.3.3, "file format version numbers").
_VERSIONS_AT = 18

_log = logging.getLogger(__name__)


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """One copy: the ``name`` of its file, when it was ``made`` in UTC as ISO 8601."""

    name: str
    made: str
    bytes: int

    @property
    def time(self) -> datetime:
        return datetime.fromisoformat(self.made)


class Backups:
    """The copies of the list of the library in ``library``. Any thread may call any method, and
    several processes may do so at once.
    """

    def __init__(self, library: Path) -> None:
        self._list = library / LIBRARY_FILE
        self.folder = library / FOLDER
        self.set_aside_folder = library / SET_ASIDE
        self.covered = 0
        """How many changes had been counted, by whoever does, when the list was copied last."""

    def all(self) -> tuple[Backup, ...]:
        """Newest first; what has another name is none of them. Raises nothing."""
        found: list[Backup] = []
        for file in _files(self.folder):
            made = _made(file.name)
            if made is not None:
                with contextlib.suppress(OSError):
                    size = file.stat().st_size
                    found.append(Backup(name=file.name, made=made.isoformat(), bytes=size))
        return tuple(sorted(found, key=lambda backup: backup.name, reverse=True))

    def path(self, backup: Backup) -> Path:
        """Where a copy is."""
        return self.folder / backup.name

    def due(self, now: datetime | None = None, after: timedelta = OFTEN_ENOUGH) -> bool:
        """Whether there is a list and its last copy is so old, or from the future."""
        if not _has_content(self._list):
            return False
        age = [(now or datetime.now(UTC)) - backup.time for backup in self.all()[:1]]
        return not age or not -_SOON <= age[0] < after

    def make(self, cancellation: Cancellation | None = None) -> Backup | None:
        """Copy the list as it is now, and let older copies go that are too many. None where there
        is no list. Nobody who keeps a picture waits for it. Raises StorageError where it cannot be
        written, or where the list is damaged; all older copies are there then.
        """
        while _has_content(self._list):
            backup = self._made_once(cancellation)
            if backup is not None:
                self._thin(backup)
                return backup
        return None

    def make_quietly(self) -> Backup | None:
        """As :meth:`make`, where the work it follows has been done all the same."""
        try:
            return self.make()
        except StorageError as error:
            _log.warning("The list was not copied: %s", error)
            return None

    def remove(self) -> bool:
        """Delete all copies, whole or under way, all lists that were set aside, and what repairs
        that were cut short have left; says whether there were any. Raises StorageError for what
        cannot be deleted.
        """
        return self._remove(lambda file: False)

    def remove_knowing(self, picture_ids: Collection[str]) -> bool:
        """As :meth:`remove`, but for the copies in which none of these pictures is."""
        return self._remove(lambda file: not _knows(file, picture_ids, unreadable=True))

    def know(self, picture_ids: Collection[str]) -> bool:
        """Whether one of these pictures is in a copy that can be read."""
        copies = (self.path(backup) for backup in self.all())
        return any(_knows(file, picture_ids, unreadable=False) for file in copies)

    def _remove(self, stays: Callable[[Path], bool]) -> bool:
        removed = False
        seen: set[Path] = set()
        # What is being copied may get its name between listing and deleting it.
        while found := [f for f in self._all_with_rows() if f not in seen]:
            for file in found:
                if time_of_copy(file.name) and stays(file):
                    seen.add(file)
                    continue
                try:
                    file.unlink(missing_ok=True)
                except OSError as error:
                    raise write_error(file, error) from error
                removed = True
        for folder in (*_folders(self.set_aside_folder), self.set_aside_folder):
            with contextlib.suppress(OSError):
                folder.rmdir()
        for folder in (self.folder, self._list.parent):
            with contextlib.suppress(OSError):
                sync_folder(folder)
        return removed

    def remove_unfinished(self) -> tuple[str, ...]:
        """Delete what killed programs have left half copied; gives the names. Ask only when nobody
        copies.
        """
        names: list[str] = []
        for file in self._own():
            if is_half_copied(file.name):
                with contextlib.suppress(OSError):
                    file.unlink()
                    names.append(f"{FOLDER}/{file.name}")
        return tuple(names)

    def set_aside(self, now: datetime | None = None) -> Path:
        """Make a new folder for a damaged list; raises StorageError."""
        name = (now or datetime.now(UTC)).strftime(_TIME)
        number = 0
        while (target := self.set_aside_folder / (f"{name}-{number}" if number else name)).exists():
            number += 1
        make_folder(target, private=True)
        return target

    def lists_set_aside(self) -> tuple[Path, ...]:
        """Damaged lists from earlier repairs, newest first."""
        folders = sorted(_folders(self.set_aside_folder), reverse=True)
        return tuple(
            folder / LIBRARY_FILE for folder in folders if (folder / LIBRARY_FILE).exists()
        )

    def _made_once(self, cancellation: Cancellation | None) -> Backup | None:
        """A copy; None where it was removed while it was made."""
        now = self._next_time()
        target = self.folder / f"library-{now.strftime(_TIME)}.db"
        temporary = target.with_name(f".{target.name}.{os.urandom(4).hex()}{TEMPORARY}")
        make_folder(self.folder, private=True)
        try:
            # Before anything is read: whoever deletes for good finds it, or comes before it.
            os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            raise write_error(target, error) from error
        try:
            copy_list(self._list, temporary, cancellation)
            temporary.replace(target)
        except (OSError, StorageError) as error:
            # Another program may have a copy of this second, so that ``target`` says nothing.
            if not temporary.exists():
                return None
            if isinstance(error, OSError):
                raise write_error(target, error) from error
            raise
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        try:
            sync_folder(self.folder)
            size = target.stat().st_size
        except OSError as error:
            if not target.exists():
                return None
            raise write_error(target, error) from error
        return Backup(name=target.name, made=now.isoformat(), bytes=size)

    def _next_time(self) -> datetime:
        """Now, or a second after the last copy where several are made within one: the newest is
        told by its name.
        """
        now = datetime.now(UTC).replace(microsecond=0)
        for newest in self.all()[:1]:
            if timedelta(0) <= newest.time - now < _SOON:
                return newest.time + timedelta(seconds=1)
        return now

    def _thin(self, newest: Backup) -> None:
        every = self.all()
        kept = {newest.name, *(backup.name for backup in kept_of(every, newest.time))}
        for backup in every:
            if backup.name not in kept:
                with contextlib.suppress(OSError):
                    self.path(backup).unlink(missing_ok=True)

    def _all_with_rows(self) -> list[Path]:
        """Every file in which the rows of a list may be, but for the list itself."""
        beside = [f for f in _files(self._list.parent) if is_new_list(f.name)]
        return [*self._own(), *self._aside(), *beside]

    def _own(self) -> list[Path]:
        files = _files(self.folder)
        return [f for f in files if time_of_copy(f.name) or is_half_copied(f.name)]

    def _aside(self) -> list[Path]:
        folders = _folders(self.set_aside_folder)
        return [
            file
            for folder in folders
            for file in _files(folder)
            if file.name.startswith(LIBRARY_FILE)
        ]


def kept_of(backups: Iterable[Backup], now: datetime) -> tuple[Backup, ...]:
    """Which copies stay: the newest few, the last of each of so many days and of so many weeks,
    counted back from ``now``.
    """
    newest_first = sorted(backups, key=lambda backup: backup.name, reverse=True)
    kept = dict.fromkeys(newest_first[:NEWEST])
    day: Callable[[datetime], object] = datetime.date
    week: Callable[[datetime], object] = lambda time: time.isocalendar()[:2]  # noqa: E731
    for period, oldest in ((day, timedelta(days=DAYS)), (week, timedelta(weeks=WEEKS))):
        seen: set[object] = set()
        for backup in newest_first:
            if now - backup.time < oldest and period(backup.time) not in seen:
                seen.add(period(backup.time))
                kept[backup] = None
    return tuple(kept)


def copy_list(source: Path, target: Path, cancellation: Cancellation | None = None) -> None:
    """Copy a database into the empty file ``target`` as it is at one moment, while others read and
    write; the copy is whole, checked and on the disk when this returns. Raises StorageError where
    the source is damaged or the disk full, OSError where the file is gone.
    """
    with translated(source), _opened(source) as reading, _opened(target) as writing:
        writing.execute("PRAGMA journal_mode=OFF")
        writing.execute("PRAGMA synchronous=OFF")
        # What one transaction sees is not begun anew whenever somebody writes.
        reading.execute("BEGIN")
        for _ in reading.execute("SELECT count(*) FROM sqlite_schema"):
            pass
        copying = writing.backup("main", reading, "main")
        try:
            while not copying.done:
                if cancellation is not None:
                    cancellation.raise_if_cancelled()
                copying.step(PAGES)
        finally:
            copying.finish()
    with target.open("r+b") as file:
        file.seek(_VERSIONS_AT)
        file.write(b"\x01\x01")
        file.flush()
        os.fsync(file.fileno())
    problem = problem_of(target)
    if problem:
        raise StorageError(
            tr("The library's list could not be copied: {problem}.", problem=problem),
            tr("Ask “pickabook library verify” whether the list is whole."),
        )


def problem_of(file: Path) -> str:
    """What is wrong with a database that nobody writes to; empty where it is whole."""
    try:
        with _opened(file, "?mode=ro&immutable=1") as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(1)")]
    except apsw.Error as error:
        return str(error)
    return "" if found == ["ok"] else "; ".join(found)


def _knows(file: Path, picture_ids: Collection[str], *, unreadable: bool) -> bool:
    """Whether one of the pictures is in a copy; ``unreadable`` where that cannot be read."""
    query = "SELECT 1 FROM pictures WHERE id=?"
    try:
        with _opened(file, "?mode=ro&immutable=1") as connection:
            return any(row for one in picture_ids for row in connection.execute(query, (one,)))
    except apsw.Error:
        return unreadable


@contextlib.contextmanager
def _opened(file: Path, how: str = "") -> Generator[Connection]:
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI
    connection = cast("Connection", apsw.Connection(f"{file.absolute().as_uri()}{how}", flags))
    try:
        connection.set_busy_timeout(30_000)
        yield connection
    finally:
        connection.close()


def _has_content(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except OSError:
        return False


def _made(name: str) -> datetime | None:
    time = time_of_copy(name)
    try:
        return datetime.strptime(time, _TIME).replace(tzinfo=UTC) if time else None
    except ValueError:
        return None


def _files(folder: Path) -> list[Path]:
    try:
        return [file for file in folder.iterdir() if file.is_file()]
    except OSError:
        return []


def _folders(folder: Path) -> list[Path]:
    try:
        return [f for f in folder.iterdir() if is_set_aside(f.name) and f.is_dir()]
    except OSError:
        return []

"""A list that nobody else has open, neither another program nor another part of this one.

The lock is SQLite's own, taken through SQLite: systems count record locks by process, so one of
our own would not keep this process out, and closing its file would take away those that SQLite
holds.
"""

import contextlib
import errno
import os
import shutil
import time
from collections.abc import Generator
from pathlib import Path
from typing import Protocol, cast

import apsw

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.atomic import (
    TEMPORARY,
    created,
    make_folder,
    sync_folder,
    write_error,
)

# A part of this program that is making a copy, or takes a look, has soon done so.
WAIT_SECONDS = 2.0
_CHUNK = 1 << 20
_OPENED = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_MAIN_DB


class _File(Protocol):
    """What is used of ``apsw.VFSFile``, whose own types name a buffer newer than Python 3.11."""

    def xLock(self, level: int) -> None: ...  # noqa: N802 SQLite's name

    def xFileSize(self) -> int: ...  # noqa: N802 SQLite's name

    def xRead(self, amount: int, offset: int) -> bytes: ...  # noqa: N802 SQLite's name

    def xClose(self) -> None: ...  # noqa: N802 SQLite's name


class Alone:
    """A list that is locked for everybody else until the end, or that is not there."""

    def __init__(self, path: Path, file: _File | None) -> None:
        self._path = path
        self._file = file

    @property
    def exists(self) -> bool:
        return self._file is not None

    def copy_to(self, folder: Path) -> None:
        """Copy the list and its log, as they are, into a folder that has neither; they are on the
        disk then. Raises OSError.
        """
        target = folder / self._path.name
        if self._file is not None:
            with created(target) as writing:
                size = self._file.xFileSize()
                for start in range(0, size, _CHUNK):
                    writing.write(self._file.xRead(min(_CHUNK, size - start), start))
        log = _log_of(self._path)
        if log.exists():
            with created(_log_of(target)) as writing, log.open("rb") as reading:
                shutil.copyfileobj(reading, writing)
        sync_folder(folder)

    def replace_with(self, new: Path) -> None:
        """Put a whole list without a log, one on the disk, in the place of this one. Raises
        OSError; the old one is there then.
        """
        log, aside = _log_of(self._path), Path(f"{new}-log{TEMPORARY}")
        logged = log.exists()
        if logged:
            # Never beside a list that it does not belong to, not even after a power cut.
            log.replace(aside)
            sync_folder(self._path.parent)
        _shared_memory_of(self._path).unlink(missing_ok=True)
        if os.name == "nt":
            # Nobody replaces a file there that is open.
            self.close()
        try:
            new.replace(self._path)
            sync_folder(self._path.parent)
        except OSError:
            if logged and new.exists():
                aside.replace(log)
            raise
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.xClose()


@contextlib.contextmanager
def alone(path: Path) -> Generator[Alone]:
    """Have a list for oneself; raises StorageError where another has it open for long."""
    held = Alone(path, _locked(path))
    try:
        yield held
    finally:
        held.close()


@contextlib.contextmanager
def new_list(path: Path) -> Generator[Path]:
    """A name beside a list for one that is to take its place; what is left there at the end goes,
    with its log and :func:`rows_of` it.
    """
    new = path.with_name(f".{path.name}.{os.urandom(4).hex()}{TEMPORARY}")
    try:
        yield new
    finally:
        for file in (new, _log_of(new), _shared_memory_of(new), rows_of(new)):
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)


def rows_of(new: Path) -> Path:
    """A name for what is gathered for a :func:`new_list`."""
    return Path(f"{new}-rows")


def _locked(path: Path) -> _File | None:
    if not path.exists():
        make_folder(path.parent, private=True)
        return None
    if not os.access(path, os.W_OK):
        raise write_error(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    try:
        file = cast("_File", apsw.VFSFile("", str(path.absolute()), [_OPENED, 0]))
    except apsw.Error as error:
        raise _not_alone(path) from error
    try:
        _wait_for_lock(file, path)
    except BaseException:
        file.xClose()
        raise
    return file


def _wait_for_lock(file: _File, path: Path) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    for level in (apsw.SQLITE_LOCK_SHARED, apsw.SQLITE_LOCK_EXCLUSIVE):
        while True:
            try:
                file.xLock(level)
            except apsw.BusyError as error:
                if time.monotonic() > deadline:
                    raise _not_alone(path) from error
                time.sleep(0.02)
            except apsw.Error:
                # The disk knows no locks.
                return
            else:
                break


def _not_alone(path: Path) -> StorageError:
    return StorageError(
        tr("Another program has the library {folder} open.", folder=path.parent),
        tr("Close it, then try again."),
        retryable=True,
    )


def _log_of(path: Path) -> Path:
    return Path(f"{path}-wal")


def _shared_memory_of(path: Path) -> Path:
    return Path(f"{path}-shm")

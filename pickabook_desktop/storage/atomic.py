"""Files that are either the old ones or the new ones, never halves, whenever the power goes."""

import contextlib
import errno
import os
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.i18n import tr

TEMPORARY = ".part"
LOCK_SECONDS = 10.0

# What systems say of a file or a folder for which there is no such fsync.
_NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)


def write_atomic(
    target: Path, data: bytes, *, private: bool = False, sync_name: bool = True
) -> None:
    """Write ``data`` to ``target``: temporary file beside it, fsync, rename, fsync of the folder.

    A ``private`` file can be read by this person alone. Without ``sync_name`` the folder is left
    to the system: a power cut may bring back the older file. Raises StorageError; an older file of
    that name then stays as it was.
    """
    temporary = _temporary_for(target)
    try:
        _write_synced(temporary, data, 0o600 if private else 0o666)
        temporary.replace(target)
        if sync_name:
            sync_folder(target.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise write_error(target, error) from error


def write_new(target: Path, data: bytes) -> bool:
    """As :func:`write_atomic` without ``sync_name``, but never in the place of anything: False
    where there is something of that name, though it came this very moment.
    """
    temporary = _temporary_for(target)
    try:
        _write_synced(temporary, data, 0o666)
        return _named_anew(temporary, target)
    except OSError as error:
        raise write_error(target, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _named_anew(temporary: Path, target: Path) -> bool:
    """Give a file the name ``target`` too, unless that is taken."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        return False
    except OSError:
        # Memory cards and some network volumes know no second names: take the name, then fill it.
        try:
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        temporary.replace(target)
    return True


def _temporary_for(target: Path) -> Path:
    return target.with_name(f".{target.name[:80]}.{os.urandom(4).hex()}{TEMPORARY}")


def _write_synced(file: Path, data: bytes, mode: int) -> None:
    with created(file, mode) as opened:
        opened.write(data)


@contextlib.contextmanager
def created(file: Path, mode: int = 0o600) -> Generator[BinaryIO]:
    """A file that was not there, to write to; what was written is on the disk at the end. Raises
    OSError.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(file, flags, mode), "wb") as opened:
        yield opened
        opened.flush()
        _sync(opened.fileno())


@contextlib.contextmanager
def replacing(target: Path) -> Generator[BinaryIO]:
    """A file to write to piece by piece, which takes the name ``target`` at the end: temporary file
    beside it, fsync, rename. Where the body raises, an older file of that name stays as it was.

    Raises StorageError, also for an OSError of the body's.
    """
    temporary = _temporary_for(target)
    try:
        with temporary.open("x+b") as file:
            yield file
            file.flush()
            _sync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        raise write_error(target, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make renames in ``folder`` last, where the system can; Windows does this by itself."""
    if sys.platform == "win32":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            _sync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        # A folder may be open for writing and not for reading, and some cannot be synced.
        if error.errno not in (*_NO_SYNC, errno.EACCES):
            raise


def make_folder(folder: Path, *, private: bool = False) -> None:
    """Make ``folder`` and its missing parents, and make them last; raise StorageError.

    A ``private`` one is made so that only this person can look into it.
    """
    missing: list[Path] = []
    parent = folder
    while not parent.exists() and parent != parent.parent:
        missing.append(parent)
        parent = parent.parent
    try:
        for new in reversed(missing):
            new.mkdir(0o700 if private else 0o777, exist_ok=True)
            sync_folder(new.parent)
    except OSError as error:
        raise write_error(folder, error) from error


def write_error(target: Path, error: OSError) -> StorageError:
    """What to tell a person when ``target`` could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageError(
            tr("There is no room left to write “{name}”.", name=target.name),
            tr("Free some space in {folder}, then try again.", folder=target.parent),
            retryable=True,
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(
            tr("“{name}” may not be written.", name=target.name),
            tr("Choose another folder, or allow writing in {folder}.", folder=target.parent),
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return StorageError(
            tr("The folder {folder} does not exist.", folder=target.parent),
            tr("Make the folder first, or choose another one."),
        )
    return StorageError(
        tr("“{name}” could not be written: {reason}.", name=target.name, reason=error.strerror),
        tr("Check the disk, or choose another folder."),
    )


@contextlib.contextmanager
def locked(target: Path) -> Generator[None]:
    """Nobody else changes ``target`` meanwhile who asks for this lock, in this process or another.

    Raises StorageError where somebody keeps it for longer than anybody should. Goes without where
    the folder's disk knows no locks.
    """
    file = target.with_name(f".{target.name}.lock")
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise write_error(target, error) from error
    try:
        _wait_for_lock(handle, target)
        yield
    finally:
        os.close(handle)


def _wait_for_lock(handle: int, target: Path) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            _lock(handle)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                return
            if time.monotonic() > deadline:
                raise StorageError(
                    tr("Another program keeps “{name}” busy.", name=target.name),
                    tr("Close the other program, or try again in a moment."),
                    retryable=True,
                ) from error
            time.sleep(0.01)
        else:
            return


def _lock(handle: int) -> None:
    """Lock an open file until it is closed; raises OSError at once where somebody else has."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sync(handle: int) -> None:
    """Wait until the bytes are on the medium; macOS's fsync leaves them in the drive's cache."""
    if sys.platform == "darwin":
        import fcntl

        try:
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
        except OSError as error:
            # Network volumes and many sticks know no such command.
            if error.errno not in _NO_SYNC:
                raise
        else:
            return
    os.fsync(handle)

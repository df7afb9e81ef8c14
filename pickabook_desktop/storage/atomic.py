"""Files that are either the old ones or the new ones, never halves, whenever the power goes."""

import contextlib
import os
import sys
from pathlib import Path

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.i18n import tr

TEMPORARY = ".part"


def write_atomic(target: Path, data: bytes, *, private: bool = False) -> None:
    """Write ``data`` to ``target``: temporary file beside it, fsync, rename, fsync of the folder.

    A ``private`` file can be read by this person alone. Raises StorageError; an older file of that
    name then stays as it was.
    """
    temporary = target.with_name(f".{target.name[:80]}.{os.urandom(4).hex()}{TEMPORARY}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(temporary, flags, 0o600 if private else 0o666), "wb") as file:
            file.write(data)
            file.flush()
            _sync(file.fileno())
        temporary.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise write_error(target, error) from error


def sync_folder(folder: Path) -> None:
    """Make renames in ``folder`` last; Windows does this by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        _sync(handle)
    finally:
        os.close(handle)


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
    import errno

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


def _sync(handle: int) -> None:
    """Wait until the bytes are on the medium; macOS's fsync leaves them in the drive's cache."""
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
    else:
        os.fsync(handle)

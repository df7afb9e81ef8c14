"""A disk that fails: the n-th call that changes it, or all from there on, in SQLite's files as in
all others.
"""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import apsw
import pytest

FULL = errno.ENOSPC
BROKEN = errno.EIO
NAME = "failing"


class Disk:
    """Fails with ``error`` at the call ``fail_at``, counted from 1. A full one stays full from
    there on, but for what frees space. ``calls`` is how many there were.
    """

    def __init__(self, error: int, fail_at: int) -> None:
        self._error = error
        self._fail_at = fail_at
        self.calls = 0
        self.failed = False

    def step(self, *, frees: bool = False) -> None:
        """One call that changes the disk; raises OSError where it fails."""
        if self._error == FULL and frees:
            return
        self.calls += 1
        if self.calls == self._fail_at or (self._error == FULL and self.calls > self._fail_at > 0):
            self.failed = True
            raise OSError(self._error, os.strerror(self._error))

    def step_of_sqlite(self) -> None:
        """As :meth:`step`, with SQLite's errors."""
        try:
            self.step()
        except OSError as error:
            raise apsw.FullError if self._error == FULL else apsw.IOError from error


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        self._disk = disk
        super().__init__(BASE, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 SQLite's name
        self._disk.step_of_sqlite()
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802 SQLite's name
        self._disk.step_of_sqlite()
        super().xSync(flags)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 SQLite's name
        self._disk.step_of_sqlite()
        super().xTruncate(newsize)


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        super().__init__(NAME, BASE, makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: N802 SQLite's name
        return _File(self._disk, name, flags)


BASE = apsw.vfs_names()[0]


class _Stream:
    """A file being written; what is not said here is the file's own."""

    def __init__(self, stream: Any, disk: Disk) -> None:
        self._stream = stream
        self._disk = disk

    def write(self, data: bytes) -> int:
        self._disk.step()
        return self._stream.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __enter__(self) -> "_Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


@contextmanager
def failing_disk(error: int, fail_at: int) -> Iterator[Disk]:
    """The whole program's disk fails so meanwhile. Nothing may be open before that is used then, or
    stay open that was opened.
    """
    disk = Disk(error, fail_at)
    vfs = _Vfs(disk)

    def counted(call: Callable[..., Any], *, frees: bool = False) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **options: Any) -> Any:
            disk.step(frees=frees)
            return call(*arguments, **options)

        return wrapped

    fdopen, open_ = os.fdopen, os.open

    def opened(path: Any, flags: int, *more: Any, **options: Any) -> int:
        if flags & os.O_CREAT:
            disk.step()
        return open_(path, flags, *more, **options)

    def stream(*arguments: Any, **options: Any) -> Any:
        return _Stream(fdopen(*arguments, **options), disk)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("mkdir", "replace", "rename", "fsync"):
            patch.setattr(os, name, counted(getattr(os, name)))
        patch.setattr(os, "unlink", counted(os.unlink, frees=True))
        patch.setattr(os, "open", opened)
        patch.setattr(os, "fdopen", stream)
        try:
            yield disk
        finally:
            vfs.unregister()

"""Files for this run alone, in a folder that only this person can look into."""

import contextlib
import os
import shutil
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from pickabook_desktop.storage.atomic import make_folder, write_error

LOCK = ".in-use"


class Scratch:
    """A folder in ``parent``, made with the first file and named after the process.

    A lock in it says that the process lives: :meth:`sweep` removes what others left behind when
    they crashed. All methods may be called from any thread.
    """

    def __init__(self, parent: Path) -> None:
        self._parent = parent
        self._folder: Path | None = None
        self._lock: BinaryIO | None = None
        self._making = threading.Lock()

    def place(self, name: str) -> Path:
        """Where to write a file of this name; raises StorageError."""
        with self._making:
            if self._folder is None:
                self._folder = self._make()
            return self._folder / name

    def holds(self, path: Path) -> bool:
        """Whether ``path`` is one of these files."""
        return self._folder is not None and path.parent == self._folder

    def sweep(self) -> None:
        """Remove the folders of processes that have ended."""
        with contextlib.suppress(OSError):
            for folder in tuple(self._parent.iterdir()):
                if folder != self._folder and not in_use(folder / LOCK):
                    shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Remove everything."""
        with self._making:
            folder, self._folder = self._folder, None
            lock, self._lock = self._lock, None
            if lock is not None:
                # Windows removes no file that is open.
                lock.close()
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)

    def _make(self) -> Path:
        import tempfile

        make_folder(self._parent, private=True)
        try:
            folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=self._parent))
            self._lock = held(folder / LOCK)
        except OSError as error:
            raise write_error(self._parent / LOCK, error) from error
        return folder


def held(file: Path) -> BinaryIO:
    """``file`` made and opened, which is its lock on Windows; elsewhere it is locked as well."""
    handle = file.open("wb")
    if sys.platform != "win32":
        import fcntl

        # A file system without locks keeps what crashes leave, rather than lose what is in use.
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return handle


def in_use(file: Path) -> bool:
    """Whether a process holds ``file``; also where that cannot be found out."""
    try:
        if sys.platform == "win32":
            file.unlink()
            return False
        import fcntl

        with file.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False

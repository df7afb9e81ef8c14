"""Which processes live, told by locks that the system takes from those that die."""

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import BinaryIO

from pickabook_desktop.storage.atomic import make_folder, write_error
from pickabook_desktop.storage.scratch import held, in_use

STALE_SECONDS = 24 * 3600


class Presence:
    """A file in ``folder`` that is locked for as long as this process lives, made with the first
    look at :attr:`token`. A number of a process would not do: numbers are given out again.

    All methods may be called from any thread.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._token = ""
        self._lock: BinaryIO | None = None
        self._making = threading.Lock()

    @property
    def token(self) -> str:
        """This process's name, under which others find it alive; raises StorageError."""
        with self._making:
            if self._lock is None:
                make_folder(self._folder, private=True)
                self._sweep()
                token = f"{os.getpid()}-{os.urandom(8).hex()}"
                try:
                    self._lock = held(self._folder / token)
                except OSError as error:
                    raise write_error(self._folder / token, error) from error
                self._token = token
            return self._token

    def alive(self, token: str) -> bool:
        """Whether the process of that name lives; yes also where that cannot be found out."""
        if token == self._token:
            return self._lock is not None
        file = self._folder / token
        return bool(token) and file.exists() and in_use(file)

    def is_own(self, token: str) -> bool:
        """Whether that is this process's name."""
        return bool(token) and token == self._token

    def close(self) -> None:
        """Be gone for the others."""
        with self._making:
            lock, self._lock = self._lock, None
            if lock is not None:
                # Windows removes no file that is open.
                lock.close()
                with contextlib.suppress(OSError):
                    (self._folder / self._token).unlink(missing_ok=True)
            self._token = ""

    def _sweep(self) -> None:
        """Remove what the dead left; not what is so young that its lock may be just coming."""
        before = time.time() - STALE_SECONDS
        with contextlib.suppress(OSError):
            for file in tuple(self._folder.iterdir()):
                if file.stat().st_mtime < before and not in_use(file):
                    file.unlink(missing_ok=True)

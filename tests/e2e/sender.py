"""A process that sends what is in an outbox and is killed at its Nth step, if there are as many.

Steps are: before and after each commit of the library, before and after each word with the store.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
from services.imagekit import KEY

from pickabook_desktop.domain.events import Done
from pickabook_desktop.domain.ports import Store, StoreServices
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.jobs.upload import deliver_job
from pickabook_desktop.jobs.upload_orders import UploadRules
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.stores.imagekit import create


class Steps:
    """Kills the process at the step of that number."""

    def __init__(self, fatal: int) -> None:
        self._count = 0
        self._fatal = fatal

    def step(self) -> None:
        self._count += 1
        if self._count == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, connection: apsw.Connection) -> None:
        """Step before and after each commit."""

        def before() -> bool:
            self.step()
            return False

        def after(*_: object) -> int:
            self.step()
            return apsw.SQLITE_OK

        connection.set_commit_hook(before)
        connection.set_wal_hook(after)


class Stepping:
    """A store; each word with it is a step before and one after."""

    def __init__(self, store: Store, steps: Steps) -> None:
        self._store = store
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if name not in ("upload", "find", "delete"):
            return found

        def stepping(*words: object) -> object:
            self._steps.step()
            answer = found(*words)
            self._steps.step()
            return answer

        return stepping


class Keys:
    def known(self, name: str) -> bool | None:
        return True

    def get(self, name: str, cancellation: object = None) -> str:
        return KEY


def sending(folder: Path, address: str, wrap: Callable[[Store], Any] = lambda s: s) -> Library:
    """Send what is due in the library of ``folder`` to the service at ``address``."""
    settings = {"imagekit.base_url": address}

    def setting(key: str) -> str:
        return settings.get(key, "")

    store = wrap(create(StoreServices(setting=setting, secrets=Keys(), data_dir=folder)))
    library = Library(folder)
    job = deliver_job(library, lambda _: store, UploadRules(setting=setting), wake=True)
    *_, ending = run_job(job, CancelToken())
    if not isinstance(ending, Done):
        raise TypeError(ending)
    return library


def main(folder: Path, address: str, fatal: int) -> None:
    steps = Steps(fatal)
    apsw.connection_hooks.append(steps.watch)
    library = sending(folder, address, lambda store: Stepping(store, steps))
    library.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))

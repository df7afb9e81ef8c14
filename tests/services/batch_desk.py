"""Everything that batches need, on a real disk and wired to a Gemini server: in a test, or as a
process of its own that a test kills.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.outgoing import Outgoing
from pickabook_desktop.domain.ports import Engine
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.jobs.batches import (
    BatchNews,
    cancel_batch_job,
    poll_batches_job,
    submit_batch_job,
)
from pickabook_desktop.jobs.generate import HouseRules
from pickabook_desktop.jobs.lanes import Job, run_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.batches import Batch
from pickabook_desktop.storage.ledger import Ledger
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.records import records_database
from services.gemini import GeminiServer
from services.gemini_rig import Rig, wanted


class Desk:
    """A library, a ledger and a Gemini engine below ``folder``; a new one is a new run."""

    def __init__(
        self,
        folder: Path,
        server: GeminiServer,
        *,
        limit: float | None = None,
        allow: Callable[[Outgoing, GenerationRequest], None] = lambda outgoing, request: None,
    ) -> None:
        self.folder = folder
        self._records = records_database(folder / "data")
        self.ledger = Ledger(self._records, lambda: limit)
        self.rig = Rig(server, folder / "cache", meter=self.ledger)
        self.library = Library(folder / "library")
        self.batches = self.library.batches
        self.kept: list[KeptPicture] = []
        self.rules = HouseRules(allow=allow, on_kept=self.kept.append)
        self.events: list[JobEvent] = []

    def close(self) -> None:
        self.library.close()
        self._records.close()

    def engine(self, engine_id: str) -> Engine:
        assert engine_id == "gemini"
        return self.rig.engine

    def request(self, count: int = 3, **changes: object) -> GenerationRequest:
        """Pages of a photo that is there."""
        photo = self.folder / "Mia's photo.jpg"
        if not photo.exists():
            photo.parent.mkdir(parents=True, exist_ok=True)
            photo.write_bytes(b"a photo that only the references look at")
        plain = wanted(photo=PhotoRef(path=str(photo)), count=count, size=Size(1024, 1024))
        return plain.with_changes(**changes)

    def submit(
        self, request: GenerationRequest | None = None, token: CancelToken | None = None
    ) -> Batch:
        job = submit_batch_job(
            request or self.request(), self.engine, self.batches, self.rules, self.ledger
        )
        value = self._value(job, token)
        assert isinstance(value, Batch)
        return value

    def poll(self, token: CancelToken | None = None) -> BatchNews:
        parts = (self.engine, self.batches, self.library, self.rules, self.ledger)
        value = self._value(poll_batches_job(*parts), token)
        assert isinstance(value, BatchNews)
        return value

    def cancel(self, batch_id: str) -> BatchNews:
        parts = (self.engine, self.batches, self.library, self.rules, self.ledger)
        value = self._value(cancel_batch_job(batch_id, *parts), None)
        assert isinstance(value, BatchNews)
        return value

    def _value(self, job: Job, token: CancelToken | None) -> object:
        """What a job ends with; raises the error of one that fails."""
        self.events = list(run_job(job, token or CancelToken()))
        ending = self.events[-1]
        if isinstance(ending, Failed):
            raise ending.error
        assert isinstance(ending, Done), ending
        return ending.value


class Elsewhere:
    """A server in another process, as far as a rig wants to know of it."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key


def main(what: str, folder: Path, url: str, key: str) -> None:
    """``submit``, or ``poll``, saying each picture as it is kept, or ``die N``: poll, and be killed
    between the file and the row of picture N.
    """
    server: GeminiServer = Elsewhere(url, key)  # type: ignore[assignment] no more is needed of it
    desk = Desk(folder, server)
    rules = HouseRules(allow=desk.rules.allow, on_kept=_say)
    desk.rules = rules
    if what == "submit":
        desk.submit()
    elif what == "poll":
        desk.poll()
    else:
        _die_while_keeping(int(what.removeprefix("die ")))
        desk.poll()
    desk.close()


def _die_while_keeping(number: int) -> None:
    from pickabook_desktop.storage import keeping

    real = keeping.insert
    left = [number]

    def insert(*arguments: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        real(*arguments)  # type: ignore[arg-type] as they came

    keeping.insert = insert


def _say(picture: KeptPicture) -> None:
    sys.stdout.write(f"{picture.id}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4])

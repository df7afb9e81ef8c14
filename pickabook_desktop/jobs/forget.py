"""Forget a child: everything the program has of it goes, on this machine and at stores.

First a plan says what will go and what will not. Then whom to forget is put down in the journal,
and only then anything is deleted: whatever happens in between, the next try or :func:`resume_job`
goes through all steps again, each of which does nothing where it was done before. Copies at stores
are put down in the outbox as deletions, so that none of this needs a network.

Nobody can forget for others: the original photo, copies that were exported, and what services keep
under their own terms stay, and plan and receipt say so.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.events import Done, JobEvent, Progress
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.forget_plan import ForgetPlan, forget_plan, planned
from pickabook_desktop.jobs.forget_words import sentences_that_go, sentences_that_stay
from pickabook_desktop.jobs.known_children import (
    KnownChild,
    Surroundings,
    find_child,
    is_library,
    known_children,
    library_memory,
)
from pickabook_desktop.jobs.lanes import Job, answering, run_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.consents import timestamp
from pickabook_desktop.storage.journal import Counts, Entry, Journal
from pickabook_desktop.storage.leftovers import clean_log, clean_settings, copies, remove_copies

__all__ = [
    "ForgetPlan",
    "KnownChild",
    "Receipt",
    "Surroundings",
    "children_job",
    "find_child",
    "forget_job",
    "forget_plan",
    "forget_plan_job",
    "known_children",
    "resume_job",
    "unfinished",
]


Deliver = Callable[[Collection[str]], Job]


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What was forgotten; it names nobody. Times are UTC in ISO 8601.

    ``remote`` says whether there were copies at stores, and whether they are gone;
    ``remote_waiting`` how many deletions the outbox still has. ``went`` and ``stays`` say it all
    in sentences.
    """

    started: str
    finished: str
    counts: Counts
    remote: Literal["none", "queued", "done"] = "none"
    remote_waiting: int = 0
    went: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()


def children_job(around: Surroundings) -> Job:
    """Ends with ``Done`` and a tuple of :class:`KnownChild`."""
    return answering(lambda token: known_children(around))


def forget_plan_job(child_id: str, around: Surroundings) -> Job:
    """Ends with ``Done(value=ForgetPlan)``."""
    return answering(lambda token: forget_plan(child_id, around, token))


def forget_job(child_id: str, around: Surroundings, deliver: Deliver | None = None) -> Job:
    """Forget the child and end with ``Done(value=Receipt)``. ``deliver`` makes a job that does
    these entries of the outbox; that it fails, offline for example, is no failure of this.

    Cancelling stops it between two steps; once it has begun, it will be finished all the same, by
    the next try or the next start. Fails with InputError for an unknown id, StorageError.
    """

    def job(token: CancelToken) -> Iterator[JobEvent]:
        journal = Journal(around.records)
        entry = next((e for e in journal.entries() if e.id == child_id), None)
        if entry is None:
            yield Progress(fraction=0.0, stage=tr("Looking for everything"))
            _, entry = planned(child_id, around, token)
            token.raise_if_cancelled()
            journal.begin(entry)
        yield from _forget(entry, around, deliver, token)

    return job


def resume_job(around: Surroundings, deliver: Deliver | None = None) -> Job:
    """Finish what was begun in earlier runs; ends with ``Done`` and a tuple of receipts."""

    def job(token: CancelToken) -> Iterator[JobEvent]:
        receipts: list[object] = []
        for entry in Journal(around.records).entries():
            for event in _forget(entry, around, deliver, token):
                if isinstance(event, Done):
                    receipts.append(event.value)
                else:
                    yield event
        yield Done(value=tuple(receipts))

    return job


def unfinished(around: Surroundings) -> bool:
    """Whether :func:`resume_job` has anything to do. Quick. Raises StorageError."""
    return bool(Journal(around.records).entries())


def _forget(
    entry: Entry, around: Surroundings, deliver: Deliver | None, token: CancelToken
) -> Iterator[JobEvent]:
    """All steps, then the receipt."""
    steps = _steps(entry, around)
    for number, (title, step) in enumerate(steps):
        token.raise_if_cancelled()
        yield Progress(fraction=number / (len(steps) + 1), stage=title)
        step()
    waiting = _waiting(entry)
    if deliver is not None and waiting:
        yield Progress(
            fraction=len(steps) / (len(steps) + 1), stage=tr("Deleting copies at stores")
        )
        for _ in run_job(deliver(waiting), token):
            pass
    yield Done(value=_receipt(entry))


def _steps(entry: Entry, around: Surroundings) -> list[tuple[str, Callable[[], None]]]:
    """Each may be done again after any other. An entry that is nameless already has only the
    databases left to rebuild.
    """
    mentions, clues = entry.wish.mentions, entry.clues
    places = around.places
    journal = Journal(around.records)

    def settings() -> None:
        clean_settings(places.settings_file, clues, mentions, around.settings)

    def files() -> None:
        skip = (*(Path(folder) / "pictures" for folder in entry.libraries), places.resources)
        remove_copies(copies(around.folders, clues, skip), around.scratch)
        clean_log(places.log_file, clues, mentions)

    def records() -> None:
        bare = entry if entry.nameless else journal.forget_records(entry)
        journal.rebuild()
        journal.end(bare)

    return [
        (tr("Deleting pages"), lambda: _in_libraries(entry)),
        (tr("Cleaning the settings"), settings),
        (tr("Deleting copies of photos"), files),
        (tr("Deleting consents"), records),
    ]


def _in_libraries(entry: Entry) -> None:
    for folder in entry.libraries:
        if not is_library(Path(folder)):
            raise StorageError(
                tr("The library {folder} is not there now.", folder=folder),
                tr("Connect the disk it is on. What was begun is finished with the next start."),
                retryable=True,
            )
        with library_memory(Path(folder)) as memory:
            memory.forget(entry.wish)
            for path in memory.orphans():
                if Path(path).stem.lstrip(".").partition(".")[0] in entry.clues.pages:
                    memory.remove_orphan(path)


def _waiting(entry: Entry) -> frozenset[str]:
    """The entries of the outbox that take copies away."""
    waiting: set[str] = set()
    for folder in entry.libraries:
        with library_memory(Path(folder)) as memory:
            waiting.update(memory.deletions())
    return frozenset(waiting)


def _receipt(entry: Entry) -> Receipt:
    waiting = len(_waiting(entry))
    remote: Literal["none", "queued", "done"] = "done" if entry.counts.remote else "none"
    return Receipt(
        started=entry.started,
        finished=timestamp(datetime.now(UTC)),
        counts=entry.counts,
        remote="queued" if waiting else remote,
        remote_waiting=waiting,
        went=sentences_that_go(entry.counts),
        stays=sentences_that_stay(entry.counts),
    )

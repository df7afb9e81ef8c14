"""Forget a child: everything the program has of it goes, on this machine and at stores.

First a plan says what will go and what will not. Then whom to forget is put down in the journal,
and only then anything is deleted: whatever happens in between, the next try or :func:`resume_job`
goes through all steps again, each of which does nothing where it was done before. What stores and
services have is put down in the libraries, so that none of this needs a network, and deleted there
as soon as they can be reached.

What is drawn of the child meanwhile is not kept: whoever keeps a page looks into the journal first
and once more afterwards, and the libraries are gone through until nothing is found in them.

Nobody can forget for others: the original photo, copies that were exported, and what services keep
under their own terms stay, and plan and receipt say so.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.events import Done, JobEvent, Progress
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.forget_errands import Left, Reach, errands_left, run_errands, told_of
from pickabook_desktop.jobs.forget_plan import ForgetPlan, forget_plan, planned
from pickabook_desktop.jobs.forget_words import (
    sentences_that_go,
    sentences_that_stay,
    sentences_that_wait,
)
from pickabook_desktop.jobs.known_children import (
    KnownChild,
    Surroundings,
    find_child,
    is_there,
    known_children,
    library_memory,
)
from pickabook_desktop.jobs.lanes import Job, answering
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.consents import timestamp
from pickabook_desktop.storage.journal import Counts, Entry, Journal
from pickabook_desktop.storage.leftovers import (
    clean_log,
    clean_settings,
    copies,
    forget_memory,
    remove_copies,
)

__all__ = [
    "ForgetPlan",
    "KnownChild",
    "Reach",
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


# As often as the libraries are gone through; more only where a program that knows no journal draws.
MOST_ROUNDS = 10


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What was forgotten; it names nobody. Times are UTC in ISO 8601.

    ``remote`` says whether there were copies at stores, and whether they are gone;
    ``remote_waiting`` how many deletions of them wait in the outboxes, ``batches_waiting`` what
    services call the orders that they have not deleted yet. ``went`` and ``stays`` say it all in
    sentences.
    """

    started: str
    finished: str
    counts: Counts
    remote: Literal["none", "queued", "done"] = "none"
    remote_waiting: int = 0
    batches_waiting: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()


def children_job(around: Surroundings) -> Job:
    """Ends with ``Done`` and a tuple of :class:`KnownChild`."""
    return answering(lambda token: known_children(around))


def forget_plan_job(child_id: str, around: Surroundings) -> Job:
    """Ends with ``Done(value=ForgetPlan)``."""
    return answering(lambda token: forget_plan(child_id, around, token))


def forget_job(child_id: str, around: Surroundings, reach: Reach | None = None) -> Job:
    """Forget the child and end with ``Done(value=Receipt)``. With ``reach``, stores and services
    are told at once; that they cannot be told, offline for example, is no failure of this.

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
        yield from _Forgetting(entry, around).events(reach, token)

    return job


def resume_job(around: Surroundings, reach: Reach | None = None) -> Job:
    """Finish what was begun in earlier runs; ends with ``Done`` and a tuple of receipts. Stores and
    services that could not be told then are told now.
    """

    def job(token: CancelToken) -> Iterator[JobEvent]:
        receipts: list[object] = []
        journal = Journal(around.records)
        for entry in journal.owing():
            if reach is not None:
                yield from run_errands(entry, reach, token)
            journal.settle(entry, errands_left(entry))
        for entry in journal.entries():
            for event in _Forgetting(entry, around).events(reach, token):
                if isinstance(event, Done):
                    receipts.append(event.value)
                else:
                    yield event
        yield Done(value=tuple(receipts))

    return job


def unfinished(around: Surroundings) -> bool:
    """Whether :func:`resume_job` has anything to do here. Quick. Raises StorageError."""
    return bool(Journal(around.records).entries())


class _Forgetting:
    """All steps, then the receipt. Each may be done again after any other; an entry that is
    nameless already has only the databases left to rebuild.
    """

    def __init__(self, entry: Entry, around: Surroundings) -> None:
        self._entry = entry
        self._around = around
        self._journal = Journal(around.records)

    def events(self, reach: Reach | None, token: CancelToken) -> Iterator[JobEvent]:
        steps = (
            (tr("Deleting pages"), self._in_libraries),
            (tr("Cleaning the settings"), self._settings),
            (tr("Deleting copies of photos"), self._files),
            (tr("Deleting consents"), self._records),
        )
        counts, mentions = self._entry.counts, self._entry.wish.mentions
        for number, (title, step) in enumerate(steps):
            token.raise_if_cancelled()
            yield Progress(fraction=number / (len(steps) + 1), stage=title)
            step()
        there_were = any(e.copies or e.entries for e in errands_left(self._entry).values())
        if reach is not None:
            yield from run_errands(self._entry, reach, token)
        left = errands_left(self._entry)
        self._journal.settle(self._entry, left)
        there_were = there_were or bool(counts.remote)
        told = told_of(left, mentions)
        receipt = _receipt(self._entry.started, counts, told, there_were, self._around.store_title)
        yield Done(value=receipt)

    def _in_libraries(self) -> None:
        for folder in self._entry.libraries:
            if not is_there(Path(folder)):
                raise StorageError(
                    tr("The library {folder} is not there now.", folder=folder),
                    tr(
                        "Connect the disk it is on. What was begun is finished with the next start."
                    ),
                    retryable=True,
                )
            self._in_library(folder)

    def _in_library(self, folder: str) -> None:
        wish = self._entry.wish
        with library_memory(Path(folder)) as memory:
            memory.regain()
            errands = memory.errands(wish)
            self._entry = self._journal.add_errands(self._entry, folder, errands)
            memory.forget(wish)
            memory.remove_orphans(self._entry.clues.pages)

    def _settings(self) -> None:
        file, mentions = self._around.places.settings_file, self._entry.wish.mentions
        clean_settings(file, self._entry.clues, mentions, self._around.settings)

    def _files(self) -> None:
        places, clues = self._around.places, self._entry.clues
        pictures = (Path(folder) / "pictures" for folder in self._entry.libraries)
        skip = (*pictures, places.resources)
        remove_copies(copies(self._around.folders, clues, skip), self._around.scratch)
        clean_log(places.log_file, clues, self._entry.wish.mentions)
        forget_memory(places.catalogue_memory, self._entry.wish.mentions)

    def _records(self) -> None:
        if not self._entry.nameless:
            self._journal.forget_records(self._entry)
            self._until_nothing_is_found()
            self._entry = self._journal.lose_whom(self._entry)
        self._journal.rebuild()
        self._entry = self._journal.end(self._entry)

    def _until_nothing_is_found(self) -> None:
        for _ in range(MOST_ROUNDS):
            if not self._is_anything_left():
                return
            self._in_libraries()
            self._journal.forget_records(self._entry)
        raise StorageError(
            tr("Another program is still keeping pages of this child."),
            tr("Stop it. What was begun is finished with the next start."),
            retryable=True,
        )

    def _is_anything_left(self) -> bool:
        for folder in self._entry.libraries:
            with library_memory(Path(folder)) as memory:
                if memory.traces(self._entry.wish).any:
                    return True
        return False


def _receipt(
    started: str,
    counts: Counts,
    left: Left,
    there_were: bool,
    store_title: Callable[[str], str],
) -> Receipt:
    waiting = sum(left.deletions.values())
    remote: Literal["none", "queued", "done"] = "done" if there_were else "none"
    return Receipt(
        started=started,
        finished=timestamp(datetime.now(UTC)),
        counts=counts,
        remote="queued" if waiting else remote,
        remote_waiting=waiting,
        batches_waiting=left.batches,
        went=sentences_that_go(counts, store_title),
        stays=(*sentences_that_wait(left), *sentences_that_stay(counts)),
    )

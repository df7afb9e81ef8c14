"""Have stores and services delete what they have of a child that was forgotten here."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pickabook_desktop.domain.calls import Meter
from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.events import Progress
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import Mentions
from pickabook_desktop.domain.ports import Engine, Store
from pickabook_desktop.jobs.known_children import is_library, library_memory
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.jobs.upload_orders import UploadRules
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.journal import Entry, Errands
from pickabook_desktop.storage.library import Library


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How others are reached. ``library`` is the one in use; others are opened where needed."""

    library: Library
    get_store: Callable[[str], Store]
    rules: UploadRules
    get_engine: Callable[[str], Engine]
    meter: Meter


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """What others have not deleted yet: how many ``deletions`` wait in the outbox of which library,
    and what services call the ``batches``.
    """

    deletions: dict[str, int] = {}
    batches: tuple[str, ...] = ()


def run_errands(entry: Entry, reach: Reach, token: CancelToken) -> Iterator[Progress]:
    """Tell stores and services, whichever can be reached; what could not be done stays put down in
    the libraries.
    """
    for number, (folder, errands) in enumerate(entry.errands.items()):
        if not is_library(Path(folder)):
            continue
        waiting = _waiting(folder, errands)
        if not waiting:
            continue
        yield Progress(
            fraction=0.8 + 0.2 * number / len(entry.errands), stage=tr("Deleting copies at stores")
        )
        with _opened(Path(folder), reach) as library:
            _tell_stores(waiting, library, reach, token)
            _tell_services(waiting, library, reach, token)


def errands_left(entry: Entry) -> dict[str, Errands]:
    """What others have still to be told, by the folders of the libraries. Of a library that is not
    there now that is everything.
    """
    waiting = {folder: _waiting(folder, errands) for folder, errands in entry.errands.items()}
    return {folder: errands for folder, errands in waiting.items() if errands}


def told_of(left: dict[str, Errands], mentions: Mentions) -> Left:
    """The same in words and numbers, without the name of which there are ``mentions``."""
    names: list[str] = []
    for folder, errands in left.items():
        if errands.batches and is_library(Path(folder)):
            with library_memory(Path(folder)) as memory:
                names += memory.batch_names(errands.batches)
    counts = {f: len(errands.entries or errands.copies) for f, errands in left.items()}
    deletions = {mentions.without(folder): count for folder, count in counts.items() if count}
    return Left(deletions=deletions, batches=tuple(names))


def _waiting(folder: str, errands: Errands) -> Errands:
    if not is_library(Path(folder)):
        return errands
    with library_memory(Path(folder)) as memory:
        return memory.waiting(errands)


def _tell_stores(waiting: Errands, library: Library, reach: Reach, token: CancelToken) -> None:
    from pickabook_desktop.jobs.upload import deliver_job

    if waiting.entries:
        job = deliver_job(library, reach.get_store, reach.rules, only=waiting.entries)
        for _ in run_job(job, token):
            pass


def _tell_services(waiting: Errands, library: Library, reach: Reach, token: CancelToken) -> None:
    from pickabook_desktop.jobs.batch_discards import discard_all

    for batch_id in waiting.batches:
        # Stays put down in the library.
        with suppress(PickaBookError):
            discard_all(reach.get_engine, library.batches, token, reach.meter, only=batch_id)


@contextmanager
def _opened(folder: Path, reach: Reach) -> Generator[Library]:
    if folder == reach.library.folder.absolute():
        yield reach.library
        return
    library = Library(folder)
    try:
        yield library
    finally:
        library.close()

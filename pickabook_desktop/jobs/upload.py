"""Send what is in the library's outbox."""

import logging
import random
import time
from collections.abc import Callable, Collection, Iterator, Sequence

import msgspec

from pickabook_desktop.domain.errors import (
    NOT_CONNECTED,
    STORE_FULL,
    CancelledError,
    NotConfiguredError,
    PickaBookError,
    UnreachableError,
)
from pickabook_desktop.domain.events import Done, JobEvent, Progress
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Store
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.stored import StoredPicture, UploadOrder
from pickabook_desktop.jobs.lanes import Job, unexpected_error
from pickabook_desktop.jobs.upload_orders import UploadRules, order_for
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.copies import Copy
from pickabook_desktop.storage.entries import Entry
from pickabook_desktop.storage.library import Library

# Seconds before the second try, and at most: after failures, and while a store is out of reach.
FIRST_WAIT, LONGEST_WAIT = 5.0, 3600.0
FIRST_OFFLINE_WAIT, LONGEST_OFFLINE_WAIT = 10.0, 300.0
# At least, where a service asks for a pause: it may ask for none, again and again.
FIRST_ASKED_WAIT, LONGEST_ASKED_WAIT = 2.0, 300.0
LOOK_AGAIN_SECONDS = 0.2
# What was sent last before an upload was withdrawn may still be on its way into the store, or into
# the list in which the store looks for it.
SETTLED_SECONDS = 60.0

_log = logging.getLogger(__name__)


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the outbox: the copies that were made, how many files were taken away, and
    what is ``left`` for later or has ``failed`` and needs the person, of all there is, or of what
    was to be sent alone. ``next_due`` is as in ``Outbox``.
    """

    sent: tuple[Copy, ...] = ()
    removed: int = 0
    left: tuple[Entry, ...] = ()
    failed: tuple[Entry, ...] = ()
    next_due: float | None = None


def enqueue(pictures: Sequence[KeptPicture], store_id: str, library: Library) -> tuple[str, ...]:
    """Put the uploads of kept pictures into the outbox, in one transaction on this machine, and
    give the entries' ids. Raises StorageError.
    """
    return library.outbox.add_all([picture.id for picture in pictures], store_id)


def deliver_job(
    library: Library,
    get_store: Callable[[str], Store],
    rules: UploadRules,
    *,
    only: Collection[str] | None = None,
    wake: bool = False,
) -> Job:
    """A job that sends what is due, and ends with ``Done(value=Delivered)``: a store that cannot
    be reached is no failure. ``wake`` also tries what waits for its next try.

    Of ``only``, ids of entries, all are tried, however long they would wait, and none of others;
    what another process is at just now is waited for.
    """

    def job(token: CancelToken) -> Iterator[JobEvent]:
        if wake:
            library.outbox.wake()
        run = _Run(library, get_store, rules, only)
        yield from run.events(token)
        yield Done(value=run.delivered())

    return job


def wait_after(tries: int, first: float, longest: float) -> float:
    """Seconds to wait after that many tries in a row: twice as long each time, at most ``longest``,
    less up to a half by chance, so that those who failed together do not come back together.
    """
    full = min(longest, first * 2.0 ** min(tries - 1, 30))
    return full * random.SystemRandom().uniform(0.5, 1.0)


class _Run:
    """One go through the outbox; every entry is tried once."""

    def __init__(
        self,
        library: Library,
        get_store: Callable[[str], Store],
        rules: UploadRules,
        only: Collection[str] | None,
    ) -> None:
        self._library = library
        self._outbox = library.outbox
        self._get_store = get_store
        self._rules = rules
        self._only = None if only is None else frozenset(only)
        self._tried: set[str] = set()
        self._closed: set[tuple[str, str]] = set()
        self._sent: list[Copy] = []
        self._removed = 0
        self._count = len(self._only) if self._only is not None else self._due()

    def events(self, token: CancelToken) -> Iterator[Progress]:
        while True:
            token.raise_if_cancelled()
            entry = self._outbox.claim(
                time.time(), self._only, tried=self._tried, closed=self._closed
            )
            if entry is None:
                if not self._elsewhere():
                    return
                token.wait(LOOK_AGAIN_SECONDS)
                continue
            try:
                self._tried.add(entry.id)
                yield self._progress(entry)
                self._deal(entry, token)
            except BaseException:
                self._outbox.release(entry)
                raise

    def delivered(self) -> Delivered:
        entries = self._outbox.entries()
        asked = [e for e in entries if self._only is None or e.id in self._only]
        return Delivered(
            sent=tuple(self._sent),
            removed=self._removed,
            left=tuple(entry for entry in asked if entry.state != "failed"),
            failed=tuple(entry for entry in asked if entry.state == "failed"),
            next_due=self._outbox.next_due(),
        )

    def _elsewhere(self) -> bool:
        """Whether another process is at something that was to be sent."""
        if self._only is None:
            return False
        return any(e.state == "running" and e.id in self._only for e in self._outbox.entries())

    def _due(self) -> int:
        now = time.time()
        return sum(
            e.state in ("queued", "waiting") and e.due <= now for e in self._outbox.entries()
        )

    def _progress(self, entry: Entry) -> Progress:
        done = len(self._tried) - 1
        said = tr("Uploading a page") if entry.kind == "upload" else tr("Taking a copy away")
        return Progress(fraction=done / max(self._count, done + 1), stage=said, index=done)

    def _deal(self, entry: Entry, token: CancelToken) -> None:
        """Try an entry and note what came of it."""
        try:
            store = self._get_store(entry.store_id)
            if entry.kind == "upload":
                self._upload(entry, store, token)
            else:
                self._delete(entry, store, token)
        except CancelledError:
            raise
        except PickaBookError as error:
            _log.info("A store has not done its part: %s", type(error).__name__)
            self._note(entry, error)
        except (Exception, SystemExit):  # noqa: BLE001 a store from outside may fail in any way
            _log.exception("A store has a fault")
            self._outbox.fail(entry, unexpected_error())

    def _note(self, entry: Entry, error: PickaBookError) -> None:
        now = time.time()
        if isinstance(error, NotConfiguredError) or error.code == STORE_FULL:
            self._close(entry, entry.kind)
            self._outbox.fail_store(entry, error)
        elif isinstance(error, UnreachableError):
            self._close(entry, "upload", "deletion")
            wait = wait_after(entry.offline + 1, FIRST_OFFLINE_WAIT, LONGEST_OFFLINE_WAIT)
            self._outbox.postpone_store(entry, error, now + max(wait, error.retry_after or 0.0))
        elif error.retryable and error.retry_after is not None:
            self._close(entry, "upload", "deletion")
            wait = wait_after(entry.asked + 1, FIRST_ASKED_WAIT, LONGEST_ASKED_WAIT)
            self._outbox.postpone_store(entry, error, now + max(wait, error.retry_after))
        elif error.retryable:
            wait = wait_after(entry.attempts + 1, FIRST_WAIT, LONGEST_WAIT)
            self._outbox.postpone(entry, error, now + wait)
        else:
            self._outbox.fail(entry, error)

    def _close(self, entry: Entry, *kinds: str) -> None:
        """Ask the entry's store for nothing more of these kinds in this run."""
        self._closed |= {(entry.store_id, kind) for kind in kinds}

    def _upload(self, entry: Entry, store: Store, token: CancelToken) -> None:
        picture = self._library.get(entry.picture_id)
        data = self._library.read(entry.picture_id)
        order = order_for(picture, data, store.info, self._rules)
        stored = self._there(entry, order, store, token)
        if stored is None:
            if not self._outbox.sending(entry, order):
                self._outbox.release(entry)
                return
            stored = self._send(entry, order, store, token)
        self._outbox.finish(entry, stored)
        self._sent.append(Copy(picture_id=entry.picture_id, stored=stored))

    def _send(
        self, entry: Entry, order: UploadOrder, store: Store, token: CancelToken
    ) -> StoredPicture:
        try:
            return store.upload(order, token)
        except PickaBookError as error:
            if isinstance(error, UnreachableError):
                refused = error.code == NOT_CONNECTED
            else:
                refused = not (error.retryable or isinstance(error, CancelledError))
            if refused and entry.tried is None:
                self._outbox.not_there(entry)
            raise

    def _there(
        self, entry: Entry, order: UploadOrder, store: Store, token: CancelToken
    ) -> StoredPicture | None:
        """The file if it is there already: after a try whose answer was lost, and where a copy is
        listed. One that a lost try may have left under another name, for the settings have changed
        since, is taken away.
        """
        listed = self._outbox.stored((entry.picture_id,)).get(entry.picture_id, ())
        listed = tuple(copy for copy in listed if copy.store_id == entry.store_id)
        tried = entry.tried
        if tried is not None and (tried.folder, tried.name) != (order.folder, order.name):
            stray = store.find(tried, token)
            if stray is not None and stray.remote_id not in {copy.remote_id for copy in listed}:
                store.delete(stray.remote_id, token)
        return store.find(order, token) if tried is not None or listed else None

    def _delete(self, entry: Entry, store: Store, token: CancelToken) -> None:
        remote_id = entry.remote_id
        if not remote_id and entry.tried is not None:
            found = store.find(entry.tried, token)
            remote_id = found.remote_id if found is not None else ""
            if not remote_id and not entry.attempts:
                self._outbox.look_again(entry, time.time() + SETTLED_SECONDS)
                return
        if remote_id:
            store.delete(remote_id, token)
        self._outbox.removed(entry, remote_id)
        self._removed += 1

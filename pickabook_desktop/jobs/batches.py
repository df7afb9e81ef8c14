"""Pages that may take a day and cost less: hand them over, ask for them, file them as they come."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from pickabook_desktop.domain.calls import Meter
from pickabook_desktop.domain.errors import (
    CancelledError,
    EngineError,
    InputError,
    PickaBookError,
    UnreachableError,
)
from pickabook_desktop.domain.events import Done, Drawn, JobEvent, Progress
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import BatchEngine, BatchState, BatchTicket, Engine
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture, KeptPicture
from pickabook_desktop.jobs.batch_discards import discard_all
from pickabook_desktop.jobs.generate import Check, HouseRules, allowed, keep
from pickabook_desktop.jobs.lanes import Job, unexpected_error
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.batches import Batch, Batches
from pickabook_desktop.storage.library import Library

# A batch that its service does not know any more is asked for again until then: the key may have
# been changed for a while. Services keep batches for two days or so.
GONE_AFTER = timedelta(days=7)
# One that was handed over without an answer and is not there by then was not taken.
NOT_TAKEN_AFTER = timedelta(hours=1)

_log = logging.getLogger(__name__)

GetEngine = Callable[[str], Engine]


class BatchProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a batch could not be asked for; the next time may bring more."""

    batch_id: str
    error: PickaBookError


class BatchNews(msgspec.Struct, frozen=True, kw_only=True):
    """What asking has brought: the ``batches`` that were asked for, as they are now, and the
    ``pictures`` that were kept.
    """

    batches: tuple[Batch, ...] = ()
    pictures: tuple[KeptPicture, ...] = ()
    problems: tuple[BatchProblem, ...] = ()


def submit_batch_job(
    request: GenerationRequest,
    get_engine: GetEngine,
    batches: Batches,
    rules: HouseRules,
    meter: Meter,
) -> Job:
    """Hand ``request`` over, once everything has been checked as before any generation; ends with
    ``Done(value=Batch)``.

    It is sent once. Where no answer came, the batch stays in the list as ``unknown`` until asking
    finds it at its service.
    """

    def job(token: CancelToken) -> Iterator[JobEvent]:
        yield Progress(fraction=0.0, stage=tr("Getting ready"))
        engine = get_engine(request.engine_id)
        sender = batch_engine(engine)
        asked = allowed(request, engine, rules, token)
        yield Progress(fraction=0.3, stage=tr("Handing over"))
        token.raise_if_cancelled()
        batch_id = _begun(asked, batches, rules)
        try:
            batches.sent(batch_id, _handed_over(sender, asked, batch_id, batches, token))
        except PickaBookError:
            # A file may have been sent ahead. Where the person has stopped that waits.
            with contextlib.suppress(PickaBookError):
                discard_all(get_engine, batches, token, meter, only=batch_id)
            raise
        yield Done(value=batches.get(batch_id))

    return job


def poll_batches_job(
    get_engine: GetEngine, batches: Batches, library: Library, rules: HouseRules, meter: Meter
) -> Job:
    """Ask for every batch that can still bring something and file what has come, each picture
    once, also where a run before was cut short; ends with ``Done(value=BatchNews)``.

    What goes wrong with one batch is in the news and does not stop the others.
    """

    def job(token: CancelToken) -> Iterator[JobEvent]:
        asking = _Asking(get_engine, batches, library, rules, meter)
        yield from asking.events(batches.unfinished(), token)
        discard_all(get_engine, batches, token, meter)
        yield Done(value=asking.news())

    return job


def cancel_batch_job(
    batch_id: str,
    get_engine: GetEngine,
    batches: Batches,
    library: Library,
    rules: HouseRules,
    meter: Meter,
) -> Job:
    """Ask the service to stop a batch, and file what it had drawn by then; ends with
    ``Done(value=BatchNews)``. One that has ended, or that nobody knows, leaves the list; one of
    which nobody knows whether it was taken is looked for before.
    """

    def job(token: CancelToken) -> Iterator[JobEvent]:
        batch = batches.get(batch_id)
        asking = _Asking(get_engine, batches, library, rules, meter)
        if batch.state == "sending":
            raise InputError(
                tr("This batch is just being handed over."),
                tr("Wait a moment, then try again."),
                retryable=True,
            )
        if not batch.unfinished:
            batches.remove((batch_id,))
            yield Done(value=asking.news())
            return
        yield Progress(fraction=0.0, stage=tr("Cancelling"))
        found = _found(batch, get_engine, batches, token) if batch.lost else batch
        if found is None:
            meter.end(batch.ticket.call_id, "cancelled")
            batches.remove((batch_id,))
        elif _withdrawn(found, get_engine, batches, meter, token):
            yield from asking.events((found,), token)
        discard_all(get_engine, batches, token, meter)
        yield Done(value=asking.news())

    return job


def _found(
    batch: Batch, get_engine: GetEngine, batches: Batches, token: CancelToken
) -> Batch | None:
    """A batch of which no answer came, once its service says what it is called; None where it has
    none of that title.
    """
    ticket = batch_engine(get_engine(batch.engine_id)).find(batch.ticket, token)
    if ticket is None:
        return None
    batches.sent(batch.id, ticket)
    return batches.get(batch.id)


def _withdrawn(
    batch: Batch, get_engine: GetEngine, batches: Batches, meter: Meter, token: CancelToken
) -> bool:
    """Ask the service to stop it; False where it is over there already, and so it is here."""
    try:
        batch_engine(get_engine(batch.engine_id)).withdraw(batch.ticket, token)
    except EngineError as error:
        if error.retryable:
            raise
        meter.end(batch.ticket.call_id, "cancelled", reason=error.code)
        batches.close_one(batch.id, "cancelled", str(error))
        return False
    return True


def batch_engine(engine: Engine) -> BatchEngine:
    """The same engine, as one that takes batches; raises InputError for one that does not."""
    if isinstance(engine, BatchEngine) and engine.capabilities.batch_price:
        return engine
    raise InputError(
        tr("{title} takes no batches.", title=engine.capabilities.title),
        tr("Draw without a batch, or choose another engine."),
        remedies=("other_engine",),
    )


def _begun(request: GenerationRequest, batches: Batches, rules: HouseRules) -> str:
    """Put it down. Raises InputError, and puts nothing down, where the child is forgotten."""
    check = rules.watch(request)
    batch_id = batches.begin(request)
    try:
        check()
    except PickaBookError:
        batches.not_sent(batch_id)
        raise
    return batch_id


def _handed_over(
    sender: BatchEngine,
    request: GenerationRequest,
    batch_id: str,
    batches: Batches,
    token: CancelToken,
) -> BatchTicket:
    """Send it; whatever happens, the list says what is known of it then."""

    def announce(ticket: BatchTicket) -> None:
        batches.announced(batch_id, ticket)

    try:
        return sender.submit(request, token, announce)
    except UnreachableError as error:
        if error.retryable:
            batches.not_sent(batch_id)
        else:
            batches.lost(batch_id, str(error))
        raise
    except PickaBookError:
        batches.not_sent(batch_id)
        raise
    except BaseException:
        batches.lost(batch_id, unexpected_error().message)
        raise


class _Asking:
    """One round of asking services for batches."""

    def __init__(
        self,
        get_engine: GetEngine,
        batches: Batches,
        library: Library,
        rules: HouseRules,
        meter: Meter,
    ) -> None:
        self._get_engine = get_engine
        self._batches = batches
        self._library = library
        self._rules = rules
        self._meter = meter
        self._asked: list[str] = []
        self._pictures: list[KeptPicture] = []
        self._problems: list[BatchProblem] = []

    def events(self, batches: tuple[Batch, ...], token: CancelToken) -> Iterator[Progress]:
        for number, batch in enumerate(batches):
            token.raise_if_cancelled()
            stage = tr(
                "Asking for batch {number} of {count}", number=number + 1, count=len(batches)
            )
            yield Progress(fraction=number / len(batches), stage=stage, index=number)
            self._asked.append(batch.id)
            try:
                self._ask(batch, token)
            except CancelledError:
                raise
            except PickaBookError as error:
                _log.info("Batch %s could not be asked for: %s", batch.id, type(error).__name__)
                self._problems.append(BatchProblem(batch_id=batch.id, error=error))

    def news(self) -> BatchNews:
        known = {batch.id: batch for batch in self._batches.all()}
        return BatchNews(
            batches=tuple(known[batch_id] for batch_id in self._asked if batch_id in known),
            pictures=tuple(self._pictures),
            problems=tuple(self._problems),
        )

    def _ask(self, batch: Batch, token: CancelToken) -> None:
        if batch.lost:
            found = _found(batch, self._get_engine, self._batches, token)
            if found is None:
                self._give_up(batch)
                return
            batch = found
        engine = self._get_engine(batch.engine_id)
        try:
            said = batch_engine(engine).poll(batch.ticket, token)
        except EngineError as error:
            if error.retryable or _age(batch) <= GONE_AFTER:
                raise
            said = BatchState(state="expired", reason=str(error))
        if said.state == "finished":
            self._batches.polled(batch.id, said)
            self._collect(batch, engine, token)
        elif said.state in ("failed", "cancelled", "expired"):
            self._end(batch, said)
        else:
            self._batches.polled(batch.id, said)

    def _collect(self, batch: Batch, engine: Engine, token: CancelToken) -> None:
        desk = batch_engine(engine)
        reason, code = "", ""
        slots = _Slots(batch.request.count)
        # In this order: of a child that was forgotten the batch goes before the rest does.
        check = self._rules.watch(batch.request, new=False)
        self._batches.picture_ids(batch.id, batch.request.count)
        try:
            for event in desk.collect(batch.ticket, batch.request, token):
                if isinstance(event, Drawn):
                    place = slots.place(event.index)
                    self._file(event.picture, place, batch, engine, check)
        except EngineError as error:
            if error.retryable:
                raise
            reason, code = str(error), error.code
        count = self._batches.kept(batch.id)
        # The ledger first: once the batch is closed, nobody comes back to it.
        self._meter.end(batch.ticket.call_id, "drawn" if count else "refused", reason=code)
        self._batches.close_one(batch.id, "collected" if count else "failed", reason)

    def _file(
        self, picture: DrawnPicture, place: int, batch: Batch, engine: Engine, check: Check
    ) -> None:
        """Keep one picture, where it is not kept already."""
        ids = self._batches.picture_ids(batch.id, place + 1)
        kept = keep(
            picture,
            batch.request,
            engine.capabilities,
            self._library,
            names=self._rules.names,
            picture_id=ids[place],
            check=check,
        )
        self._pictures.append(kept)
        self._batches.kept(batch.id)
        self._rules.follow(kept)

    def _end(self, batch: Batch, said: BatchState) -> None:
        outcome = "cancelled" if said.state == "cancelled" else "failed"
        self._meter.end(batch.ticket.call_id, outcome, reason=f"batch {said.state}")
        self._batches.polled(batch.id, said)

    def _give_up(self, batch: Batch) -> None:
        """The service has no such batch, or not yet."""
        if _age(batch) < NOT_TAKEN_AFTER:
            return
        # What it was to cost stays in the ledger: it may be there under another key.
        self._meter.end(batch.ticket.call_id, "failed", reason="batch not found")
        reason = tr("The service has no such batch with the present key, so it was not taken.")
        self._batches.close_one(batch.id, "failed", reason)


class _Slots:
    """Gives each picture of a batch its place, the same one each time the batch is collected: its
    index, or a place behind all for one more of the same index.
    """

    def __init__(self, count: int) -> None:
        self._taken: set[int] = set()
        self._behind = count

    def place(self, index: int) -> int:
        if index not in self._taken:
            self._taken.add(index)
            return index
        self._behind += 1
        return self._behind - 1


def _age(batch: Batch) -> timedelta:
    return datetime.now(UTC) - datetime.fromisoformat(batch.submitted)

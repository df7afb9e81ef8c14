"""Gemini's batches: the same pictures at half the price, within a day.

A batch is one request of ours: its pictures are as many requests to the service, sent along or,
where they are too many for that, uploaded as a file before. Nothing but the batch's name and the
line in the ledger must be remembered to fetch what it brings, and its title to find it where no
answer came.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

from pickabook_desktop.domain.calls import CallPlan
from pickabook_desktop.domain.errors import (
    CancelledError,
    EngineError,
    PickaBookError,
    UnreachableError,
)
from pickabook_desktop.domain.events import EngineEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import BatchState, BatchTicket, Cancellation, EngineServices
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.net.failures import quoted
from pickabook_desktop.net.streams import run_async
from pickabook_desktop.providers.gemini import client
from pickabook_desktop.providers.gemini.batch_results import Filing, in_order, missing
from pickabook_desktop.providers.gemini.batch_sending import Sending, described, discard, found
from pickabook_desktop.providers.gemini.batch_wire import Item, Operation, read_lines
from pickabook_desktop.providers.gemini.catalogue import Catalogue, retired
from pickabook_desktop.providers.gemini.failures import Trouble, trouble_of
from pickabook_desktop.providers.gemini.prepare import Prepared
from pickabook_desktop.providers.gemini.record import ENGINE_ID

if TYPE_CHECKING:
    from google.genai.client import AsyncClient

# As many as the engine draws at once.
MOST_PICTURES = 8

T = TypeVar("T")


class Host(Protocol):
    """What is needed of the engine."""

    @property
    def catalogue(self) -> Catalogue: ...

    def line(self, cancellation: Cancellation) -> client.Line: ...

    def prepared(
        self, request: GenerationRequest, address: str, cancellation: Cancellation
    ) -> Prepared: ...


class _TroubleError(Exception):
    """A call to the service that failed."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.error)
        self.trouble = trouble


class BatchDesk:
    """Implements :class:`~pickabook_desktop.domain.ports.BatchEngine` for the engine ``host``.

    A batch that has ended is described together with all its pictures. What the last answer said is
    therefore remembered until it is used, so that they come over the line once.
    """

    def __init__(self, host: Host, services: EngineServices, now: Callable[[], datetime]) -> None:
        self._host = host
        self._services = services
        self._now = now
        self._said: dict[str, Operation] = {}
        self._uploads: dict[str, str] = {}

    def submit(
        self,
        request: GenerationRequest,
        cancellation: Cancellation,
        announce: Callable[[BatchTicket], None],
    ) -> BatchTicket:
        """Hand over ``request.count`` pictures; the ledger has one line for them all, which stays
        open where nobody knows whether they were taken.
        """
        line = self._host.line(cancellation)
        prepared = self._host.prepared(request, line.address, cancellation)
        cancellation.raise_if_cancelled()
        self._services.allow(prepared.outgoing)
        call_id = self._services.meter.start(self._plan(request, prepared))
        title = f"pickabook-{call_id}"
        sending = Sending(prepared, request.count, title)
        ticket = BatchTicket(call_id=call_id, title=title, uploads=sending.uploads)
        announce(ticket)
        try:
            name = self._call(line, sending.run, cancellation, request.count)
        except CancelledError as error:
            if sending.begun:
                raise _unknown() from error
            self._services.meter.end(call_id, "cancelled", amount=0.0)
            raise
        except _TroubleError as error:
            raise self._not_taken(error.trouble, call_id, prepared, sending) from error
        return msgspec.structs.replace(ticket, name=name)

    def find(self, ticket: BatchTicket, cancellation: Cancellation) -> BatchTicket | None:
        """The ticket with the name that the service has given the batch of its title."""
        line = self._host.line(cancellation)

        async def work(service: "AsyncClient") -> str:
            return await found(service, ticket.title)

        name = self._told(line, work, cancellation, MOST_PICTURES)
        return msgspec.structs.replace(ticket, name=name) if name else None

    def poll(self, ticket: BatchTicket, cancellation: Cancellation) -> BatchState:
        """Ask how far it is. What certainly drew nothing certainly costs nothing."""
        line = self._host.line(cancellation)
        operation = self._operation(line, ticket, cancellation)
        state = operation.state
        self._said = {ticket.name: operation} if state == "finished" else {}
        if operation.ended:
            self._uploads[ticket.name] = operation.requests_file
        reason = quoted(operation.error.message, (line.key,)) if operation.error else ""
        if state in ("failed", "cancelled", "expired"):
            self._services.meter.end(
                ticket.call_id,
                "cancelled" if state == "cancelled" else "failed",
                amount=0.0 if operation.drew_nothing else None,
                reason=f"batch {state}",
            )
        return BatchState(
            state=state,
            done=operation.done_count,
            total=operation.total,
            reason=_ended(state, reason),
        )

    def collect(
        self, ticket: BatchTicket, request: GenerationRequest, cancellation: Cancellation
    ) -> Iterator[EngineEvent]:
        """The pictures of a batch that has ended; may be called again."""
        line = self._host.line(cancellation)
        operation = self._said.pop(ticket.name, None) or self._operation(line, ticket, cancellation)
        self._uploads[ticket.name] = operation.requests_file
        items = operation.items
        if operation.results_file:
            items = self._downloaded(line, operation.results_file, cancellation, request.count)
        filing = Filing(request, self._services, self._host.catalogue, operation.model, line.key)
        for index, item in in_order(items, request.count):
            cancellation.raise_if_cancelled()
            yield from filing.drawn(index, item)
        filing.write_down(ticket.call_id)
        if filing.errors:
            raise missing(filing.errors, request.count)

    def withdraw(self, ticket: BatchTicket, cancellation: Cancellation) -> None:
        """Ask the service to stop a batch that has not ended."""
        line = self._host.line(cancellation)
        if self._operation(line, ticket, cancellation).ended:
            return

        async def work(service: "AsyncClient") -> None:
            await service.batches.cancel(name=ticket.name)

        self._told(line, work, cancellation)

    def discard(self, ticket: BatchTicket, cancellation: Cancellation) -> None:
        """Have the service delete a batch, photos and pictures with it."""
        line = self._host.line(cancellation)
        requests = self._uploads.pop(ticket.name, None)

        async def work(service: "AsyncClient") -> Operation | None:
            return await discard(service, ticket, requests)

        operation = self._told(line, work, cancellation, MOST_PICTURES)
        if operation and operation.ended and operation.drew_nothing and ticket.call_id:
            self._services.meter.end(
                ticket.call_id, "cancelled", amount=0.0, reason=f"batch {operation.state}"
            )

    def _plan(self, request: GenerationRequest, prepared: Prepared) -> CallPlan:
        price = prepared.outgoing.price
        share = self._host.catalogue.batch_share
        return CallPlan(
            engine_id=ENGINE_ID,
            model=prepared.model.id,
            estimate=round(price.amount * share * request.count, 6),
            currency=price.currency,
            book=request.book,
            pictures=request.count,
            batch=True,
        )

    def _not_taken(
        self, trouble: Trouble, call_id: str, prepared: Prepared, sending: Sending
    ) -> PickaBookError:
        """The error for a batch that could not be handed over; writes down what it cost."""
        error = trouble.error
        if sending.begun and trouble.spent is None:
            return _unknown(error)
        self._services.meter.end(call_id, "failed", amount=0.0, reason=error.code)
        if trouble.gone:
            models = self._host.catalogue.at(prepared.address)
            models.retire(prepared.model.id, self._now().date().isoformat())
            return retired(prepared.model, models.recommended())
        return error

    def _operation(
        self, line: client.Line, ticket: BatchTicket, cancellation: Cancellation
    ) -> Operation:
        async def work(service: "AsyncClient") -> Operation:
            return await described(service, ticket.name)

        # Where it has ended, all its pictures come along.
        return self._told(line, work, cancellation, MOST_PICTURES)

    def _downloaded(
        self, line: client.Line, file: str, cancellation: Cancellation, pictures: int
    ) -> tuple[Item, ...]:
        async def work(service: "AsyncClient") -> tuple[Item, ...]:
            return read_lines(await service.files.download(file=file))

        return self._told(line, work, cancellation, pictures)

    def _told(
        self,
        line: client.Line,
        work: "Callable[[AsyncClient], Awaitable[T]]",
        cancellation: Cancellation,
        pictures: int = 1,
    ) -> T:
        """As :meth:`_call`, with the error that a person is told."""
        try:
            return self._call(line, work, cancellation, pictures)
        except _TroubleError as error:
            raise _batch_error(error.trouble) from error

    def _call(
        self,
        line: client.Line,
        work: "Callable[[AsyncClient], Awaitable[T]]",
        cancellation: Cancellation,
        pictures: int = 1,
    ) -> T:
        """Do ``work`` with a client; so many pictures may take so many times as long as one.

        Raises _TroubleError where the service or the way there has failed.
        """
        seconds = line.connection.total_seconds * pictures

        async def main() -> T:
            async with asyncio.timeout(seconds), client.opened(line, pictures) as service:
                return await work(service)

        try:
            return run_async(main, cancellation)
        except PickaBookError:
            raise
        except Exception as error:
            trouble = trouble_of(
                error, host=line.host, seconds=seconds, now=self._now(), secrets=(line.key,)
            )
            if trouble is None:
                raise
            trouble.error.__cause__ = error
            raise _TroubleError(trouble) from error


def _ended(state: str, reason: str) -> str:
    said = f" {tr('Google says: “{words}”', words=reason)}" if reason else ""
    if state == "failed":
        return tr("Google could not draw this batch.") + said
    if state == "expired":
        return tr("Google did not get to this batch in time.") + said
    if state == "cancelled":
        return tr("This batch was cancelled.")
    return ""


def _unknown(error: PickaBookError | None = None) -> UnreachableError:
    """The error for a batch that was sent, and of which nobody knows whether it has arrived."""
    what = error.message if error else tr("Stopped while the batch was being handed over.")
    return UnreachableError(
        what + " " + tr("Google may have taken the batch all the same."),
        tr("It is looked for in your account soon; wait for that before you send it again."),
        code=error.code if error else "STOPPED",
    )


def _batch_error(trouble: Trouble) -> PickaBookError:
    if trouble.gone:
        return EngineError(
            tr("Google does not know this batch with the present key."),
            tr("If the key was changed, put the old one back; batches are gone after some days."),
            code="NOT_FOUND",
            remedies=("keys",),
        )
    return trouble.error

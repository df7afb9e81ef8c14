"""The Gemini engine: Google draws, from the photo, the template and words."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from pickabook_desktop.domain.capabilities import Capabilities
from pickabook_desktop.domain.errors import InputError, PickaBookError
from pickabook_desktop.domain.events import EngineEvent, Progress
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.outgoing import Outgoing
from pickabook_desktop.domain.ports import (
    BatchState,
    BatchTicket,
    Cancellation,
    EngineServices,
)
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.net.connection import Connection
from pickabook_desktop.providers.gemini import record
from pickabook_desktop.providers.gemini.catalogue import Catalogue
from pickabook_desktop.providers.gemini.client import (
    Line,
    checked_address,
    checked_key,
    written_address,
)
from pickabook_desktop.providers.gemini.prepare import Preparation, Prepared, recipient_of

if TYPE_CHECKING:
    from pickabook_desktop.net.pace import Pace
    from pickabook_desktop.providers.gemini.batch import BatchDesk
    from pickabook_desktop.providers.gemini.drawing import Rules, Tools

_ADDRESS_KEY = f"{record.ENGINE_ID}.base_url"


class GeminiEngine:
    """Asks Google for one picture a request, several at once, and hands on what comes.

    There is no seed: the same request gives another picture each time.
    """

    def __init__(
        self,
        services: EngineServices,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        """``now`` is the time here, with its zone."""
        self._services = services
        self._now = now
        self._catalogue = Catalogue(services.model_lists, services.cache_dir)
        self._preparation = Preparation(services, self._catalogue)
        self._lock = threading.Lock()
        self._pace: Pace | None = None
        self._desk: BatchDesk | None = None

    @property
    def capabilities(self) -> Capabilities:
        address = written_address(self._services.setting(_ADDRESS_KEY))
        models = self._catalogue.at(address).all
        return record.capabilities_of(models, recipient_of(address), self._catalogue.batch_share)

    @property
    def catalogue(self) -> Catalogue:
        return self._catalogue

    def unavailable(self) -> str:
        if self._services.secrets.known(record.KEY) is False:
            return tr("There is no Gemini key yet. Add one in the settings.")
        return ""

    def check(self, cancellation: Cancellation) -> str:
        """Ask for the list of models: tells whether the key is accepted, and which are left."""
        from pickabook_desktop.net.streams import run_async

        line = self.line(cancellation)
        try:
            ids = run_async(lambda: _listed(line), cancellation)
        except PickaBookError:
            raise
        except Exception as error:
            raise self.translated(error, line) from error
        here = self._catalogue.at(line.address).listed(ids, self._today())
        if not here:
            return tr(
                "The key is accepted. {host} lists no model that is known here.", host=line.host
            )
        return tr(
            "The key is accepted. Models: {names}.", names=", ".join(model.title for model in here)
        )

    def outgoing(self, request: GenerationRequest, cancellation: Cancellation) -> Outgoing:
        """The prompt and the pictures that :meth:`generate` sends for the same request."""
        address = checked_address(self._services.setting(_ADDRESS_KEY))
        return self.prepared(request, address, cancellation).outgoing

    def generate(
        self, request: GenerationRequest, cancellation: Cancellation
    ) -> Iterator[EngineEvent]:
        """As in the port; what costs nothing is found out before anything is sent.

        Where several pictures are asked for and one fails, the others still come.
        """
        from pickabook_desktop.net.streams import stream
        from pickabook_desktop.providers.gemini.drawing import Drawing

        cancellation.raise_if_cancelled()
        yield Progress(fraction=0.0, stage=tr("Preparing what is sent"))
        line = self.line(cancellation)
        prepared = self.prepared(request, line.address, cancellation)
        drawing = Drawing(request, prepared, line, self._rules(), self._tools())
        yield from stream(drawing.run, cancellation)

    def submit(
        self,
        request: GenerationRequest,
        cancellation: Cancellation,
        announce: Callable[[BatchTicket], None],
    ) -> BatchTicket:
        """As in the port: at half the price, within a day."""
        return self._batches().submit(request, cancellation, announce)

    def find(self, ticket: BatchTicket, cancellation: Cancellation) -> BatchTicket | None:
        """As in the port."""
        return self._batches().find(ticket, cancellation)

    def poll(self, ticket: BatchTicket, cancellation: Cancellation) -> BatchState:
        """As in the port."""
        return self._batches().poll(ticket, cancellation)

    def collect(
        self, ticket: BatchTicket, request: GenerationRequest, cancellation: Cancellation
    ) -> Iterator[EngineEvent]:
        """As in the port."""
        return self._batches().collect(ticket, request, cancellation)

    def withdraw(self, ticket: BatchTicket, cancellation: Cancellation) -> None:
        """As in the port."""
        self._batches().withdraw(ticket, cancellation)

    def discard(self, ticket: BatchTicket, cancellation: Cancellation) -> None:
        """As in the port."""
        self._batches().discard(ticket, cancellation)

    def prepared(
        self, request: GenerationRequest, address: str, cancellation: Cancellation
    ) -> Prepared:
        """All that is sent for one picture of ``request`` to the service behind ``address``."""
        return self._preparation.prepared(request, address, cancellation)

    def line(self, cancellation: Cancellation) -> Line:
        """How the service is reached, from the settings; may wait for the keyring.

        Raises InputError for settings that cannot be meant, NotConfiguredError without a key.
        """
        setting = self._services.setting
        return Line(
            address=checked_address(setting(_ADDRESS_KEY)),
            connection=Connection.of(setting, record.ENGINE_ID),
            key=checked_key(self._services.secrets.get(record.KEY, cancellation)),
        )

    def translated(self, error: Exception, line: Line) -> Exception:
        """What an exception of the SDK comes to; this program's own faults stay what they are."""
        from pickabook_desktop.providers.gemini.failures import trouble_of

        trouble = trouble_of(
            error,
            host=line.host,
            seconds=line.connection.total_seconds,
            now=self._now(),
            secrets=(line.key,),
        )
        return trouble.error if trouble else error

    def _batches(self) -> "BatchDesk":
        """One for all, as it remembers what it was told last."""
        from pickabook_desktop.providers.gemini.batch import BatchDesk

        with self._lock:
            if self._desk is None:
                self._desk = BatchDesk(self, self._services, self._now)
            return self._desk

    def _today(self) -> str:
        return self._now().date().isoformat()

    def _rules(self) -> "Rules":
        from pickabook_desktop.providers.gemini.drawing import Rules

        return Rules(
            retries=self._number("retries", record.RETRIES, 10),
            failed_retries=self._number("failed_retries", record.FAILED_RETRIES, 5),
        )

    def _tools(self) -> "Tools":
        from pickabook_desktop.providers.gemini.drawing import Tools

        return Tools(
            meter=self._services.meter,
            references=self._services.references,
            allow=self._services.allow,
            catalogue=self._catalogue,
            pace=self._shared_pace(),
            now=self._now,
        )

    def _shared_pace(self) -> "Pace":
        """One for all requests, by the settings of now."""
        from pickabook_desktop.net.pace import Pace

        with self._lock:
            if self._pace is None:
                self._pace = Pace(record.CONCURRENT, record.PER_MINUTE)
            pace = self._pace
        pace.set_limits(
            self._number("concurrent", record.CONCURRENT, 8),
            self._number("per_minute", record.PER_MINUTE, 1000),
        )
        return pace

    def _number(self, name: str, default: int, most: int) -> int:
        text = self._services.setting(f"{record.ENGINE_ID}.{name}").strip()
        try:
            number = int(float(text)) if text else default
        except (ValueError, OverflowError):
            number = -1
        if not 0 <= number <= most:
            raise InputError(
                tr("“{text}” is not usable for {name}.", text=text, name=f"gemini.{name}"),
                tr("Give a whole number from 0 to {most}.", most=most),
                remedies=("settings",),
            )
        return number


async def _listed(line: Line) -> list[str]:
    """The ids of all models that the service has."""
    import asyncio

    from pickabook_desktop.providers.gemini.client import opened

    async with asyncio.timeout(line.connection.total_seconds), opened(line) as service:
        pages = await service.models.list(config={"page_size": 1000})
        return [(model.name or "").removeprefix("models/") async for model in pages]

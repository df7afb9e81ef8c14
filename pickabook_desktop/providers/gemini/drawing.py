"""One request's pictures, asked for side by side."""

import asyncio
import contextlib
import random
from collections.abc import Callable, Generator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import msgspec

from pickabook_desktop.domain.calls import CallPlan, Meter
from pickabook_desktop.domain.errors import ConsentError, PickaBookError, SpendingLimitError
from pickabook_desktop.domain.events import Drawn, EngineEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.outgoing import Outgoing
from pickabook_desktop.domain.ports import References
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.net.pace import Pace
from pickabook_desktop.providers.gemini import client
from pickabook_desktop.providers.gemini.catalogue import Catalogue, retired
from pickabook_desktop.providers.gemini.costs import cost_of
from pickabook_desktop.providers.gemini.failures import Trouble, trouble_of
from pickabook_desktop.providers.gemini.prepare import Prepared
from pickabook_desktop.providers.gemini.progress import Account
from pickabook_desktop.providers.gemini.reading import Reader
from pickabook_desktop.providers.gemini.record import ENGINE_ID

# A large picture takes half a second to look at; several seldom come at once.
LOOKERS = 2
FIRST_PAUSE = 2.0
TICK = 1.0


@dataclass(frozen=True)
class Rules:
    """How often a request may be sent again: where the service turned it away and said how long to
    wait, and where it failed otherwise and may have cost something.
    """

    retries: int
    failed_retries: int


@dataclass(frozen=True)
class Tools:
    """What a drawing works with. ``allow`` is that of the services, ``now`` the time here with its
    zone.
    """

    meter: Meter
    references: References
    allow: Callable[[Outgoing], None]
    catalogue: Catalogue
    pace: Pace
    now: Callable[[], datetime]


@dataclass
class _Tries:
    """The attempts at one picture."""

    asked: int = 0
    failed: int = 0

    @property
    def number(self) -> int:
        return 1 + self.asked + self.failed

    def pause(self, trouble: Trouble, rules: Rules) -> float | None:
        """Seconds until the next attempt; None where there must be none. Never shorter than the
        service asks for, and not the same for all who were turned away together.
        """
        if trouble.wait is not None and self.asked < rules.retries:
            self.asked += 1
            return trouble.wait + random.uniform(0, min(2.0, 0.1 * trouble.wait))  # noqa: S311
        if trouble.repeatable and self.failed < rules.failed_retries:
            self.failed += 1
            return FIRST_PAUSE * 2 ** (self.failed - 1) * random.uniform(1, 1.5)  # noqa: S311
        return None


class Drawing:
    """Draws the pictures of one request; each attempt is a line in the ledger."""

    def __init__(
        self,
        request: GenerationRequest,
        prepared: Prepared,
        line: client.Line,
        rules: Rules,
        tools: Tools,
    ) -> None:
        self._request = request
        self._prepared = prepared
        self._line = line
        self._rules = rules
        self._tools = tools
        self._beside: Executor | None = None
        self._ending: PickaBookError | None = None

    async def run(self, emit: Callable[[EngineEvent], None]) -> None:
        """Emit everything that comes, then raise the first error there was.

        One picture's failure does not keep the others from coming, but after one that every
        further request would meet too, none is begun.
        """
        account = Account(self._request.count, self._prepared.model.seconds, emit)
        with ThreadPoolExecutor(LOOKERS, "pictures that came") as self._beside:
            async with client.opened(self._line) as service:
                asking = client.asking(service, self._prepared)
                work = [self._one(asking, i, account, emit) for i in range(self._request.count)]
                ends = await asyncio.gather(*work, return_exceptions=True)
        if self._ending is not None:
            raise self._ending
        for end in ends:
            if isinstance(end, BaseException):
                raise end

    async def _one(
        self,
        asking: client.Asking,
        index: int,
        account: Account,
        emit: Callable[[EngineEvent], None],
    ) -> None:
        """Picture ``index``, with as many attempts as are allowed."""
        tries = _Tries()
        while True:
            turn = self._tools.pace.turn(
                lambda left: account.waiting(index, left, tries.number, tr("Waiting for a turn"))
            )
            async with turn:
                if self._ending is not None:
                    return
                trouble = await self._attempt(asking, index, tries.number, account, emit)
            pause = tries.pause(trouble, self._rules) if trouble else None
            if trouble is None or pause is None:
                account.done(index)
                if trouble is not None:
                    raise self._final(trouble)
                return
            stage = tr("Google asks to wait") if trouble.wait else tr("Before another try")
            await self._count_down(
                pause, lambda left, stage=stage: account.waiting(index, left, tries.number, stage)
            )

    async def _attempt(
        self,
        asking: client.Asking,
        index: int,
        attempt: int,
        account: Account,
        emit: Callable[[EngineEvent], None],
    ) -> Trouble | None:
        """Send the request once, if it still may be; None once its picture is there."""
        meter = self._tools.meter
        try:
            self._tools.allow(self._prepared.outgoing)
            call_id = meter.start(self._plan())
        except (ConsentError, SpendingLimitError) as error:
            return Trouble(error=error, hopeless=True)
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            with _ticking(lambda: account.drawing(index, clock() - began, attempt)):
                text = await self._asked(asking, call_id)
            return await self._take(text, call_id, index, clock() - began, emit)
        except Exception as error:
            trouble = self._trouble(error)
            if trouble is None:
                meter.end(call_id, "failed")
                raise
            meter.end(call_id, "failed", amount=trouble.spent, reason=trouble.error.code)
            return trouble

    async def _asked(self, asking: client.Asking, call_id: str) -> str:
        """The answer's text, once all of it is there."""
        try:
            async with asyncio.timeout(self._line.connection.total_seconds):
                return await asking()
        except asyncio.CancelledError:
            self._tools.meter.end(call_id, "cancelled")
            raise

    async def _take(
        self,
        text: str,
        call_id: str,
        index: int,
        seconds: float,
        emit: Callable[[EngineEvent], None],
    ) -> Trouble | None:
        """Hand on the pictures of an answer, and write down what it cost.

        It is looked at beside the loop, so that the others' waits and Stop go on. Who stops just
        then gets what has come and is paid for; that is a matter of a second at most.
        """
        reader = Reader(self._request, self._prepared, self._tools.references, self._line.key)
        loop = asyncio.get_running_loop()
        look = loop.run_in_executor(self._beside, reader.read, text, index, seconds)
        stopped: asyncio.CancelledError | None = None
        try:
            await asyncio.shield(look)
        except asyncio.CancelledError as error:
            stopped = error
            await asyncio.wait((look,))
        reading = look.result()
        amount = cost_of(reading.usage, self._tools.catalogue.tariff(self._prepared.model.id))
        each = None if amount is None else amount / max(1, len(reading.pictures))
        for picture in reading.pictures:
            emit(Drawn(index=index, picture=msgspec.structs.replace(picture, cost=each)))
        error = reading.error
        self._tools.meter.end(
            call_id,
            reading.outcome,
            amount=amount,
            reason=error.code if error else "",
            usage=reading.usage,
        )
        if stopped is not None:
            raise stopped
        return Trouble(error=error) if error else None

    async def _count_down(self, seconds: float, tell: Callable[[float], None]) -> None:
        """Wait, telling once a second how long; not for what another request has shown to fail."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0 and self._ending is None:
            tell(left)
            await asyncio.sleep(min(TICK, left))

    def _plan(self) -> CallPlan:
        price = self._prepared.outgoing.price
        return CallPlan(
            engine_id=ENGINE_ID,
            model=self._prepared.model.id,
            estimate=price.amount,
            currency=price.currency,
            book=self._request.book,
        )

    def _trouble(self, error: Exception) -> Trouble | None:
        trouble = trouble_of(
            error,
            host=self._line.host,
            seconds=self._line.connection.total_seconds,
            now=self._tools.now(),
            secrets=(self._line.key,),
        )
        if trouble is not None:
            trouble.error.__cause__ = error
        return trouble

    def _final(self, trouble: Trouble) -> PickaBookError:
        """The error to end with; keeps the other pictures from meeting the same."""
        error = trouble.error
        if trouble.gone:
            models, model = self._tools.catalogue.at(self._line.address), self._prepared.model
            models.retire(model.id, self._tools.now().date().isoformat())
            error = retired(model, models.recommended())
            error.__cause__ = trouble.error.__cause__
        if trouble.hopeless and self._ending is None:
            self._ending = error
        return error


@contextlib.contextmanager
def _ticking(tell: Callable[[], None]) -> Generator[None]:
    """Call ``tell`` now and once a second while the block runs."""
    loop = asyncio.get_running_loop()
    handle: asyncio.TimerHandle | None = None

    def tick() -> None:
        nonlocal handle
        handle = loop.call_later(TICK, tick)
        tell()

    tick()
    try:
        yield
    finally:
        if handle is not None:
            handle.cancel()

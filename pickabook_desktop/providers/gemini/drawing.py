"""One request's pictures, asked for side by side."""

import asyncio
import contextlib
import random
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime

from pickabook_desktop.domain.calls import CallPlan, Meter
from pickabook_desktop.domain.errors import (
    EngineError,
    InputError,
    PickaBookError,
    RefusedError,
    SpendingLimitError,
)
from pickabook_desktop.domain.events import Drawn, EngineEvent
from pickabook_desktop.domain.geometry import NAMED_LONG_EDGES
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import References
from pickabook_desktop.domain.request import SEED_LIMIT, GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.net.pace import Pace
from pickabook_desktop.providers.gemini import answers, client
from pickabook_desktop.providers.gemini.catalogue import Catalogue, retired
from pickabook_desktop.providers.gemini.failures import Trouble, trouble_of
from pickabook_desktop.providers.gemini.prepare import Prepared
from pickabook_desktop.providers.gemini.progress import Account
from pickabook_desktop.providers.gemini.record import ENGINE_ID

# IPTC NewsCodes, digital source type: made by a trained model.
BY_A_MODEL = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
# A picture may be this many times larger than asked for; beyond that it is no answer to it.
LARGER_THAN_ASKED = 4.0
MOST_MEGAPIXELS = 80.0
UNUSABLE = "UNUSABLE"
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
    """What a drawing works with. ``now`` is the time here with its zone."""

    meter: Meter
    references: References
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
        self._ending: PickaBookError | None = None

    async def run(self, emit: Callable[[EngineEvent], None]) -> None:
        """Emit everything that comes, then raise the first error there was.

        One picture's failure does not keep the others from coming, but after one that every
        further request would meet too, none is begun.
        """
        account = Account(self._request.count, self._prepared.model.seconds, emit)
        async with client.opened(self._line) as service:
            asking = client.asking(service, self._prepared)
            work = [self._one(asking, index, account, emit) for index in range(self._request.count)]
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
        """Send the request once; None once its picture is there."""
        meter = self._tools.meter
        try:
            call_id = meter.start(self._plan())
        except SpendingLimitError as error:
            return Trouble(error=error, hopeless=True)
        began = time.monotonic()
        try:
            with _ticking(lambda: account.drawing(index, time.monotonic() - began, attempt)):
                async with asyncio.timeout(self._line.connection.total_seconds):
                    answer = answers.read_answer(await asking())
        except asyncio.CancelledError:
            meter.end(call_id, "cancelled")
            raise
        except Exception as error:
            trouble = self._trouble(error)
            if trouble is None:
                meter.end(call_id, "failed")
                raise
            meter.end(call_id, "failed", amount=trouble.spent, reason=trouble.error.code)
            return trouble
        return self._take(answer, call_id, index, time.monotonic() - began, emit)

    def _take(
        self,
        answer: answers.Answer,
        call_id: str,
        index: int,
        seconds: float,
        emit: Callable[[EngineEvent], None],
    ) -> Trouble | None:
        """Hand on the pictures of an answer, and write down what it cost."""
        usage = answers.usage_of(answer)
        reader = Reader(self._request, self._prepared, self._tools.references, self._line.key)
        outcome, reason, trouble = "drawn", "", None
        try:
            for picture in reader.pictures(answer, index, seconds):
                emit(Drawn(index=index, picture=picture))
        except EngineError as error:
            outcome = "refused" if isinstance(error, RefusedError) else "failed"
            reason, trouble = error.code, Trouble(error=error)
        amount = self._tools.catalogue.spent(self._prepared.model.id, usage)
        self._tools.meter.end(call_id, outcome, amount=amount, reason=reason, usage=usage)
        return trouble

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
            catalogue, model = self._tools.catalogue, self._prepared.model
            catalogue.retire(model.id, self._tools.now().date().isoformat())
            error = retired(model, catalogue.recommended())
            error.__cause__ = trouble.error.__cause__
        if trouble.hopeless and self._ending is None:
            self._ending = error
        return error


class Reader:
    """Takes pictures out of an answer and looks at each before it is handed on."""

    def __init__(
        self, request: GenerationRequest, prepared: Prepared, references: References, key: str
    ) -> None:
        self._request = request
        self._prepared = prepared
        self._references = references
        self._key = key

    def pictures(
        self, answer: answers.Answer, index: int, seconds: float
    ) -> Iterator[DrawnPicture]:
        """What was drawn for picture ``index``: as a rule one.

        Where the answer holds more, all are handed on, as all are paid for; the last, which is the
        one that the model ended with, comes last. Raises RefusedError or EngineError where there is
        no picture, and after the others where one of them cannot be opened.
        """
        broken: InputError | None = None
        for data in answers.pictures_of(answer, (self._key,)):
            try:
                media_type, size = self._references.measured(data, max_megapixels=self._most())
            except InputError as error:
                broken = error
                continue
            yield DrawnPicture(
                data=data,
                media_type=media_type,
                size=size,
                seed=(self._request.seed + index) % SEED_LIMIT,
                template_id=self._prepared.template_id,
                style_id=self._prepared.style_id,
                palette_id=self._prepared.palette_id,
                timings={"gemini": round(seconds, 3)},
                digital_source_type=BY_A_MODEL,
            )
        if broken is not None:
            raise EngineError(
                tr("What Gemini sent as a picture cannot be used: {reason}", reason=broken.message),
                tr("Try again; if it stays so, choose another model."),
                retryable=True,
                code=UNUSABLE,
                remedies=("retry", "other_model", "other_engine"),
            ) from broken

    def _most(self) -> float:
        edge = NAMED_LONG_EDGES.get(self._prepared.size_name, 0) or max(
            self._request.size.width, self._request.size.height
        )
        return min(MOST_MEGAPIXELS, LARGER_THAN_ASKED * edge * edge / 1e6)


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

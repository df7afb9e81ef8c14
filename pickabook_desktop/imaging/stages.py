"""The stages of a page: named and timed, and left at once when the page is cancelled."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Self, TypeVar

from pickabook_desktop.domain.ports import Cancellation, PaintStage

Value = TypeVar("Value")

ASK_AGAIN = 0.02
WORKERS = 2


class Stages:
    """Names each stage as it begins, times the one before, and stops between the two."""

    def __init__(self, cancellation: Cancellation) -> None:
        self.timings: dict[str, float] = {}
        self._cancellation = cancellation
        self._name = ""
        self._started = 0.0

    def check(self) -> None:
        """Raise CancelledError once cancelled."""
        self._cancellation.raise_if_cancelled()

    def begin(self, title: str, name: str, fraction: float) -> PaintStage:
        """The event that tells of the stage; raises CancelledError instead once cancelled."""
        now = time.perf_counter()
        if self._name:
            self.timings[self._name] = round(now - self._started, 4)
        self.check()
        self._name, self._started = name, now
        return PaintStage(title, fraction)


class Beside:
    """Threads for the work of one page.

    Decoders and filters cannot be stopped in the middle: when the page is cancelled they are left
    to finish what they hold, and nobody waits for them.
    """

    def __init__(self, check: Callable[[], None]) -> None:
        """``check`` raises once the work is not wanted any more."""
        self._check = check
        self._pool = ThreadPoolExecutor(WORKERS, "painter")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def start(self, work: Callable[[], Value]) -> "Future[Value]":
        """Begin ``work`` in a thread of its own."""
        return self._pool.submit(work)

    def result(self, begun: "Future[Value]") -> Value:
        """What came of it, or what it raised; raises CancelledError soon after cancellation."""
        while not wait((begun,), ASK_AGAIN).done:
            self._check()
        return begun.result()

    def run(self, work: Callable[[], Value]) -> Value:
        """:meth:`start` and :meth:`result` in one."""
        return self.result(self.start(work))

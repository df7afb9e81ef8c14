"""How many requests a service is sent at once and in a minute."""

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable

MINUTE = 60.0


class Pace:
    """Turns for the requests to one service, shared by any number of threads and event loops."""

    def __init__(
        self, concurrent: int, per_minute: int = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """At most ``concurrent`` at once and ``per_minute`` in any 60 seconds; 0 is no limit."""
        self._concurrent = max(1, concurrent)
        self._per_minute = max(0, per_minute)
        self._clock = clock
        self._running = 0
        self._started: deque[float] = deque()
        self._waiting: deque[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = deque()
        self._lock = threading.Lock()

    def set_limits(self, concurrent: int, per_minute: int = 0) -> None:
        """Change the limits for all turns from now on; those that are taken, and those of the last
        minute, still count.
        """
        with self._lock:
            self._concurrent = max(1, concurrent)
            self._per_minute = max(0, per_minute)
            for _ in range(self._concurrent - self._running):
                self._wake_next()

    @contextlib.asynccontextmanager
    async def turn(self, on_wait: Callable[[float], None] | None = None) -> AsyncGenerator[None]:
        """Wait for a turn and hold it. While the minute is full, ``on_wait`` is told once a second
        how many seconds are left.
        """
        await self._enter(on_wait or (lambda seconds: None))
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, on_wait: Callable[[float], None]) -> None:
        while True:
            ended, seconds = self._try()
            if ended is not None:
                await self._until(ended)
            elif seconds > 0:
                on_wait(seconds)
                await asyncio.sleep(min(1.0, seconds))
            else:
                return

    def _try(self) -> tuple[asyncio.Future[None] | None, float]:
        """Take a turn, or give what to wait for: another's end, or some seconds."""
        with self._lock:
            now = self._clock()
            if self._running >= self._concurrent:
                loop = asyncio.get_running_loop()
                ended = loop.create_future()
                self._waiting.append((loop, ended))
                return ended, 0.0
            while self._started and now - self._started[0] >= MINUTE:
                self._started.popleft()
            if 0 < self._per_minute <= len(self._started):
                self._wake_next()
                return None, self._started[0] + MINUTE - now
            self._running += 1
            self._started.append(now)
            return None, 0.0

    async def _until(self, ended: asyncio.Future[None]) -> None:
        try:
            await ended
        except asyncio.CancelledError:
            with self._lock:
                waiting = [entry for entry in self._waiting if entry[1] is ended]
                if waiting:
                    self._waiting.remove(waiting[0])
                else:
                    # The turn had been offered to this one; the next shall not miss it.
                    self._wake_next()
            raise

    def _leave(self) -> None:
        with self._lock:
            self._running -= 1
            self._wake_next()

    def _wake_next(self) -> None:
        """Let the first that waits try again; the caller holds the lock."""
        while self._waiting:
            loop, ended = self._waiting.popleft()
            # A loop that was closed meanwhile has nobody left who waits.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_resolve, ended)
                return


def _resolve(ended: asyncio.Future[None]) -> None:
    if not ended.done():
        ended.set_result(None)

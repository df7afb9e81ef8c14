"""Asynchronous work inside a thread that knows nothing of it, and that can be stopped at once."""

import asyncio
import contextlib
import socket
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from time import monotonic
from typing import Any, TypeVar, cast

from pickabook_desktop.domain.ports import Cancellation

T = TypeVar("T")
Emit = Callable[[T], None]


def stream(
    main: Callable[[Emit[T]], Coroutine[Any, Any, None]], cancellation: Cancellation
) -> Generator[T]:
    """Run ``main(emit)`` in an event loop of its own in this thread, and yield what it emits.

    The loop stands still while the caller has an item in hand, and so does its clock: no deadline
    in ``main`` counts that time. What ``main`` raises is raised here after the last item. Once
    cancelled, whatever it waits for is broken off and the domain's CancelledError is raised. No
    task is left afterwards, nor when the iterator is closed early.
    """
    cancellation.raise_if_cancelled()
    items: deque[T] = deque()
    with contextlib.closing(_Running(cancellation)) as running:

        def emit(item: T) -> None:
            items.append(item)
            running.arrived.set()

        running.start(main(emit))
        while not running.done:
            running.wait()
            while items:
                with running.standing_still():
                    yield items.popleft()
        running.finish()


def run_async(main: Callable[[], Awaitable[T]], cancellation: Cancellation) -> T:
    """As :func:`stream`, for the one result of ``main()``."""
    results: list[T] = []

    async def collecting(_emit: Emit[None]) -> None:
        results.append(await main())

    for _ in stream(collecting, cancellation):
        pass
    return results[0]


class _Running:
    """An event loop with one main task that cancellation ends."""

    def __init__(self, cancellation: Cancellation) -> None:
        self._cancellation = cancellation
        self._loop = asyncio.new_event_loop()
        self._stood = 0.0
        cast("Any", self._loop).time = lambda: monotonic() - self._stood
        look_up_aside(self._loop)
        self._task: asyncio.Task[None] | None = None
        self._take_back: Callable[[], None] = lambda: None
        self.arrived = asyncio.Event()

    @property
    def done(self) -> bool:
        """Whether the task has ended and nothing it emitted is left to be told."""
        return self._task is None or (self._task.done() and not self.arrived.is_set())

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        self._task = self._loop.create_task(work)
        self._task.add_done_callback(lambda task: self.arrived.set())
        self._take_back = self._cancellation.on_cancel(self._wake)

    def wait(self) -> None:
        """Run the loop until something has been emitted or the task has ended."""
        self._loop.run_until_complete(self.arrived.wait())
        self.arrived.clear()

    @contextlib.contextmanager
    def standing_still(self) -> Generator[None]:
        """Let no time pass for the loop meanwhile, as it can do nothing of what it would do in it.
        A deadline would otherwise end what has come in time and only waits to be read.
        """
        began = monotonic()
        try:
            yield
        finally:
            self._stood += monotonic() - began

    def finish(self) -> None:
        """Raise what the task has raised."""
        if self._task is not None and self._task.cancelled():
            self._cancellation.raise_if_cancelled()
        if self._task is not None:
            self._task.result()

    def close(self) -> None:
        self._take_back()
        try:
            left = asyncio.all_tasks(self._loop)
            for task in left:
                task.cancel()
            if left:
                self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            self._loop.close()

    def _wake(self) -> None:
        # The loop may have been closed in this very moment.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()


def look_up_aside(loop: asyncio.AbstractEventLoop) -> None:
    """Let ``loop`` look up names in threads that nobody ever joins.

    A look-up cannot be broken off and may take minutes where the network is half there; asyncio
    would do it in a pool that holds up the end of the loop, and then that of the program.
    """

    async def getaddrinfo(*question: Any, **details: Any) -> Any:
        answer: asyncio.Future[Any] = loop.create_future()

        def look_up() -> None:
            try:
                found, error = socket.getaddrinfo(*question, **details), None
            except OSError as problem:
                found, error = None, problem
            # The loop may be gone by now, and with it whoever has asked.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, answer, found, error)

        threading.Thread(target=look_up, name="name look-up", daemon=True).start()
        return await answer

    cast("Any", loop).getaddrinfo = getaddrinfo


def _settle(answer: asyncio.Future[Any], found: object, error: OSError | None) -> None:
    if answer.done():
        return
    if error is not None:
        answer.set_exception(error)
    else:
        answer.set_result(found)

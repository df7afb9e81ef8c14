"""Lanes: each runs its jobs in their order, one or a few at a time, beside the other lanes. Knows
no Qt and starts no thread; whoever owns a lane runs :meth:`Lane.run` in threads of its own, as many
as jobs may run at a time.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator

from pickabook_desktop.domain.errors import CancelledError, PhotoError, PickaBookError
from pickabook_desktop.domain.events import Cancelled, Done, Failed, JobEvent, Terminal
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.result import GenerationResult
from pickabook_desktop.net.cancel import CancelToken

Job = Callable[[CancelToken], Iterator[JobEvent]]
"""A generator of events that ends with exactly one terminal event."""

OnEvent = Callable[[JobEvent], None]

_log = logging.getLogger(__name__)


def run_job(job: Job, token: CancelToken) -> Iterator[JobEvent]:
    """Run ``job`` and yield its events, ending with exactly one terminal event whatever happens.

    Errors of the tree become :class:`Failed`, cancellation :class:`Cancelled`; anything else is
    logged with its traceback and becomes a :class:`Failed` that says so in plain words.
    """
    if token.cancelled:
        yield Cancelled()
        return
    try:
        for event in job(token):
            yield event
            if isinstance(event, Terminal):
                return
        ending: Terminal = Cancelled() if token.cancelled else Failed(error=unexpected_error())
    except (GeneratorExit, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001 a job must end with an event, whatever it meets
        ending = ending_for(error)
    yield ending


def answering(work: Callable[[CancelToken], object]) -> Job:
    """A job that does ``work`` and ends with ``Done`` and what it gave."""

    def job(token: CancelToken) -> Iterator[JobEvent]:
        yield Done(value=work(token))

    return job


def reporting(work: Iterator[JobEvent], report: Callable[[], object]) -> Iterator[JobEvent]:
    """The events of ``work``, whose ending has a ``report`` also where it fails or is cancelled."""
    try:
        yield from work
    except CancelledError:
        yield Cancelled(report=report())
    except PickaBookError as error:
        ending = ending_for(error)
        yield Failed(error=error, report=report()) if isinstance(ending, Failed) else ending


def ending_for(error: BaseException, kept: GenerationResult | None = None) -> Terminal:
    """The terminal event of a job that met ``error``; what is no PickaBookError is logged."""
    if isinstance(error, CancelledError):
        return Cancelled(kept=kept)
    if isinstance(error, PickaBookError):
        # What is said of photos names them, and a child's photo often has the child's name.
        telling = logging.DEBUG if isinstance(error, PhotoError) else logging.INFO
        cause = type(error.__cause__).__name__ if error.__cause__ else "nothing else"
        _log.info("A job failed: %s, because of %s", type(error).__name__, cause)
        _log.log(telling, "It says: %s", error)
        _log.debug("What led to it", exc_info=error.__cause__)
        return Failed(error=error, kept=kept)
    _log.error("A job ended unexpectedly", exc_info=error)
    if isinstance(error, MemoryError):
        return Failed(error=out_of_memory_error(), kept=kept)
    return Failed(error=unexpected_error(), kept=kept)


def unexpected_error() -> PickaBookError:
    """What a person is told where the program itself is at fault."""
    return PickaBookError(
        tr("Something unexpected happened, and the work was stopped."),
        tr("Try again. The log file says more; “pickabook doctor” shows where it is."),
    )


def out_of_memory_error() -> PickaBookError:
    """What a person is told when memory has run out."""
    return PickaBookError(
        tr("There is not enough memory for this."),
        tr("Choose a smaller size, or close other programs and try again."),
        retryable=True,
    )


def _nothing(_token: CancelToken) -> Iterator[JobEvent]:
    """In the place of a job that is over."""
    return iter(())


class JobHandle:
    """A job handed to a lane: it waits, runs, and has ended once its terminal event is out."""

    def __init__(self, lane: "Lane", job: Job, on_event: OnEvent, must_finish: bool) -> None:
        self.on_event = on_event
        self.must_finish = must_finish
        self._job = job
        self.token = CancelToken()
        self._lane = lane
        self._ended = threading.Event()

    def cancel(self) -> None:
        """Stop the job: at once where it waits, soon where it runs; nothing where it has ended."""
        self._lane.cancel(self)

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def events(self) -> Iterator[JobEvent]:
        """Called by the lane, once: run the job. The handle lets go of it and all that it holds."""
        job, self._job = self._job, _nothing
        return run_job(job, self.token)

    def mark_ended(self) -> bool:
        """Called by the lane with the terminal event; false where it had ended before."""
        if self._ended.is_set():
            return False
        self._ended.set()
        self._job = _nothing
        return True


class Lane:
    """A queue of jobs and those that run. All methods may be called anywhere.

    ``post`` receives every event with its handle, from a thread that runs the lane or, for a
    job cancelled while it waits, from the thread that cancels it.
    """

    def __init__(self, name: str, post: Callable[[JobHandle, JobEvent], None]) -> None:
        self.name = name
        self._post = post
        self._waiting: deque[JobHandle] = deque()
        self._running: set[JobHandle] = set()
        self._closed = False
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        """How many jobs wait behind those that run."""
        with self._changed:
            return len(self._waiting)

    @property
    def busy(self) -> bool:
        with self._changed:
            return bool(self._running or self._waiting)

    @property
    def jobs(self) -> int:
        """How many jobs wait or run."""
        with self._changed:
            return len(self._running) + len(self._waiting)

    def submit(
        self, job: Job, on_event: OnEvent, *, replace: bool = False, must_finish: bool = False
    ) -> JobHandle:
        """Queue ``job``. With ``replace``, whatever waits or runs here is cancelled first.

        One that ``must_finish`` is cancelled by its handle alone, not by a newer job and not by
        :meth:`close`; handed to a closed lane it is cancelled as any other.
        """
        handle = JobHandle(self, job, on_event, must_finish)
        with self._changed:
            dropped = self._take_all() if replace or self._closed else ()
            closed = self._closed
            if not closed:
                self._waiting.append(handle)
                self._changed.notify()
        for old in dropped:
            self._end(old, Cancelled())
        if closed:
            self._end(handle, Cancelled())
        return handle

    def cancel(self, handle: JobHandle) -> None:
        """As :meth:`JobHandle.cancel`."""
        with self._changed:
            handle.token.cancel()
            waited = handle in self._waiting
            if waited:
                self._waiting.remove(handle)
        if waited:
            self._end(handle, Cancelled())

    def close(self) -> None:
        """Cancel what need not be finished and make :meth:`run` return once all has ended."""
        with self._changed:
            self._closed = True
            dropped = self._take_all()
            self._changed.notify_all()
        for handle in dropped:
            self._end(handle, Cancelled())

    def run(self) -> None:
        """Run jobs until the lane is closed."""
        while self._run_next():
            pass

    def _run_next(self) -> bool:
        """Run one job; false once there are no more. What it held is gone when this returns."""
        handle = self._next()
        if handle is None:
            return False
        try:
            for event in handle.events():
                if isinstance(event, Terminal):
                    self._finish(handle, event)
                else:
                    self._tell(handle, event)
        except BaseException as error:  # noqa: BLE001 the next job has done nothing wrong
            self._finish(handle, ending_for(error))
        return True

    def _next(self) -> JobHandle | None:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if not self._waiting:
                return None
            handle = self._waiting.popleft()
            self._running.add(handle)
            return handle

    def _finish(self, handle: JobHandle, event: Terminal) -> None:
        with self._changed:
            self._running.discard(handle)
        self._end(handle, event)

    def _take_all(self) -> tuple[JobHandle, ...]:
        """Empty the queue and cancel what runs, but for what must be finished; the caller holds
        the lock.
        """
        dropped = tuple(handle for handle in self._waiting if not handle.must_finish)
        self._waiting = deque(handle for handle in self._waiting if handle.must_finish)
        for handle in dropped:
            handle.token.cancel()
        for handle in self._running:
            if not handle.must_finish:
                handle.token.cancel()
        return dropped

    def _end(self, handle: JobHandle, event: Terminal) -> None:
        if handle.mark_ended():
            self._tell(handle, event)

    def _tell(self, handle: JobHandle, event: JobEvent) -> None:
        try:
            self._post(handle, event)
        except Exception:  # noqa: BLE001 the job has done nothing wrong, nor has the next
            _log.exception("An event of the lane %s reached nobody", self.name)

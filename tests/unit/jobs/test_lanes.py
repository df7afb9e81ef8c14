"""Whatever a job does, its lane says exactly once how it ended, and goes on."""

import asyncio
import logging
import threading
import weakref
from collections.abc import Callable, Iterator
from queue import Queue

import pytest

from pickabook_desktop.domain.errors import CancelledError, EngineError, PhotoError
from pickabook_desktop.domain.events import (
    Cancelled,
    Done,
    Failed,
    JobEvent,
    Preview,
    Progress,
    Terminal,
)
from pickabook_desktop.jobs.lanes import Job, JobHandle, Lane, run_job
from pickabook_desktop.net.cancel import CancelToken

PATIENCE = 20


class Tape:
    """Records the events of one job and waits for its end."""

    def __init__(self) -> None:
        self.events: list[JobEvent] = []
        self._ended = threading.Event()

    def __call__(self, event: JobEvent) -> None:
        self.events.append(event)
        if isinstance(event, Terminal):
            self._ended.set()

    @property
    def ending(self) -> JobEvent:
        assert self._ended.wait(PATIENCE)
        assert [e for e in self.events if isinstance(e, Terminal)] == [self.events[-1]]
        return self.events[-1]


@pytest.fixture
def lane() -> Iterator[Lane]:
    def post(handle: JobHandle, event: JobEvent) -> None:
        handle.on_event(event)

    lane = Lane("draw", post)
    thread = threading.Thread(target=lane.run)
    thread.start()
    yield lane
    lane.close()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def job_that(*events: JobEvent, then: BaseException | None = None) -> Job:
    def job(token: CancelToken) -> Iterator[JobEvent]:
        yield from events
        if then is not None:
            raise then

    return job


class Gate:
    """A job that tells when it runs and goes on until it is cancelled."""

    def __init__(self) -> None:
        self.running = threading.Event()

    def __call__(self, token: CancelToken) -> Iterator[JobEvent]:
        self.running.set()
        yield Progress(fraction=0.1, stage="Waiting")
        assert token.wait(PATIENCE)
        token.raise_if_cancelled()
        yield Done(value="never")

    def wait(self) -> None:
        assert self.running.wait(PATIENCE)


def test_events_arrive_in_order_and_end_once(lane: Lane):
    tape = Tape()
    progress = Progress(fraction=0.5, stage="Half")
    lane.submit(job_that(progress, Preview(data=b"."), Done(value=7)), tape)
    assert tape.ending == Done(value=7)
    assert tape.events == [progress, Preview(data=b"."), Done(value=7)]


@pytest.mark.parametrize(
    "job",
    [
        job_that(then=RuntimeError("boom")),
        job_that(Progress(fraction=0.1, stage="x"), then=KeyError("gone")),
        job_that(),
        job_that(then=SystemExit(3)),
        job_that(then=asyncio.CancelledError()),
        job_that(then=GeneratorExit()),
    ],
    ids=["raises", "raises later", "says nothing", "leaves", "is cancelled", "is closed"],
)
def test_a_fault_in_the_program_ends_in_plain_words(
    lane: Lane, job: Job, caplog: pytest.LogCaptureFixture
):
    tape = Tape()
    with caplog.at_level(logging.CRITICAL):
        lane.submit(job, tape)
        ending = tape.ending
        after = Tape()
        lane.submit(job_that(Done(value=2)), after)
        assert after.ending == Done(value=2)
    assert isinstance(ending, Failed)
    assert "unexpected" in ending.error.message
    assert "boom" not in str(ending.error)


def test_the_log_holds_the_traceback_of_a_fault(caplog: pytest.LogCaptureFixture):
    list(run_job(job_that(then=RuntimeError("boom")), CancelToken()))
    assert "RuntimeError: boom" in caplog.text


def test_the_log_does_not_name_photos(caplog: pytest.LogCaptureFixture):
    error = PhotoError("“mia at school.jpg” is no picture.")
    error.__cause__ = OSError("cannot identify mia at school.jpg")
    with caplog.at_level(logging.INFO):
        list(run_job(job_that(then=error), CancelToken()))
    assert "PhotoError" in caplog.text
    assert "mia" not in caplog.text
    with caplog.at_level(logging.DEBUG):
        list(run_job(job_that(then=error), CancelToken()))
    assert "mia at school.jpg" in caplog.text


def test_a_failure_is_told_as_it_is(lane: Lane):
    error = EngineError("The service is down.", "Try later.")
    tape = Tape()
    lane.submit(job_that(then=error), tape)
    assert tape.ending == Failed(error=error)


def test_running_out_of_memory_says_so():
    (ending,) = run_job(job_that(then=MemoryError()), CancelToken())
    assert isinstance(ending, Failed)
    assert "memory" in ending.error.message


def test_nothing_comes_after_the_end():
    events = list(run_job(job_that(Done(value=1), Done(value=2)), CancelToken()))
    assert events == [Done(value=1)]


def test_a_job_cancelled_while_it_runs_stops(lane: Lane):
    gate, tape = Gate(), Tape()
    handle = lane.submit(gate, tape)
    gate.wait()
    handle.cancel()
    assert tape.ending == Cancelled()
    assert handle.ended
    assert not lane.busy


def test_a_job_cancelled_while_it_waits_never_runs(lane: Lane):
    first, waiting = Gate(), Gate()
    tape = Tape()
    running = lane.submit(first, Tape())
    handle = lane.submit(waiting, tape)
    first.wait()
    assert lane.waiting == 1
    handle.cancel()
    assert tape.ending == Cancelled()
    running.cancel()
    after = Tape()
    lane.submit(job_that(Done(value=1)), after)
    assert after.ending == Done(value=1)
    assert not waiting.running.is_set()


def test_cancelling_what_has_ended_does_nothing(lane: Lane):
    tape = Tape()
    handle = lane.submit(job_that(Done(value=1)), tape)
    assert tape.ending == Done(value=1)
    handle.cancel()
    handle.cancel()
    assert tape.events == [Done(value=1)]


def test_a_newer_job_takes_the_place_of_all_others(lane: Lane):
    running, waiting, newest = Gate(), Gate(), Tape()
    tapes = [Tape(), Tape()]
    lane.submit(running, tapes[0])
    lane.submit(waiting, tapes[1])
    running.wait()
    lane.submit(job_that(Done(value="new")), newest, replace=True)
    assert newest.ending == Done(value="new")
    assert [tape.ending for tape in tapes] == [Cancelled(), Cancelled()]
    assert not waiting.running.is_set()


def test_a_fault_does_not_stop_the_next_job(lane: Lane):
    first, second = Tape(), Tape()
    lane.submit(job_that(then=RuntimeError("boom")), first)
    lane.submit(job_that(Done(value=2)), second)
    assert isinstance(first.ending, Failed)
    assert second.ending == Done(value=2)


def test_closing_ends_what_runs_waits_and_comes_later(lane: Lane):
    gate = Gate()
    tapes = [Tape(), Tape(), Tape()]
    lane.submit(gate, tapes[0])
    lane.submit(Gate(), tapes[1])
    gate.wait()
    lane.close()
    lane.submit(Gate(), tapes[2])
    assert [tape.ending for tape in tapes] == [Cancelled()] * 3


def test_what_must_be_finished_is_finished_before_a_lane_closes(lane: Lane):
    gate, last = Gate(), Gate()
    tapes = [Tape() for _ in range(5)]
    lane.submit(gate, tapes[0])
    lane.submit(job_that(Done(value="saved")), tapes[1], must_finish=True)
    lane.submit(Gate(), tapes[2])
    lane.submit(job_that(Done(value="in the trash")), tapes[3], must_finish=True)
    gate.wait()
    lane.close()
    lane.submit(last, tapes[4], must_finish=True)
    assert [tape.ending for tape in tapes] == [
        *(Cancelled(), Done(value="saved"), Cancelled(), Done(value="in the trash"), Cancelled())
    ]
    assert not last.running.is_set()


def test_what_must_be_finished_goes_on_when_its_lane_closes_or_is_wanted_for_something_newer(
    lane: Lane,
):
    running, go_on = threading.Event(), threading.Event()

    def saving(token: CancelToken) -> Iterator[JobEvent]:
        running.set()
        assert go_on.wait(PATIENCE)
        token.raise_if_cancelled()
        yield Done(value="saved")

    tapes = [Tape(), Tape(), Tape()]
    lane.submit(saving, tapes[0], must_finish=True)
    assert running.wait(PATIENCE)
    lane.submit(job_that(Done(value="old")), tapes[1])
    lane.submit(job_that(Done(value="new")), tapes[2], replace=True)
    lane.close()
    go_on.set()
    assert [tape.ending for tape in tapes] == [Done(value="saved"), Cancelled(), Cancelled()]


def test_what_must_be_finished_can_be_cancelled_by_itself(lane: Lane):
    gate, tape, waiting = Gate(), Tape(), Tape()
    handle = lane.submit(gate, tape, must_finish=True)
    lane.submit(job_that(Done(value=1)), waiting, must_finish=True).cancel()
    gate.wait()
    handle.cancel()
    assert (tape.ending, waiting.ending) == (Cancelled(), Cancelled())


def test_nothing_of_a_job_is_kept_while_its_lane_is_idle(lane: Lane):
    class Pixels:
        pass

    def job_with(pixels: Pixels) -> Job:
        def job(token: CancelToken) -> Iterator[JobEvent]:
            yield Done(value=id(pixels))

        return job

    pixels = Pixels()
    kept = weakref.ref(pixels)
    gone = threading.Event()
    weakref.finalize(pixels, gone.set)
    tape = Tape()
    handle = lane.submit(job_with(pixels), tape)
    del pixels
    assert isinstance(tape.ending, Done)
    assert gone.wait(PATIENCE)
    assert kept() is None
    assert handle.ended


def test_a_listener_with_a_fault_does_not_stop_the_lane(
    lane: Lane, caplog: pytest.LogCaptureFixture
):
    def faulty(event: JobEvent) -> None:
        raise RuntimeError("the window has gone")

    tape = Tape()
    with caplog.at_level(logging.ERROR):
        lane.submit(job_that(Progress(fraction=0.5, stage="Half"), Done(value=1)), faulty)
        lane.submit(job_that(Done(value=2)), tape)
        assert tape.ending == Done(value=2)
    assert "the window has gone" in caplog.text


def test_every_one_of_many_cancelled_jobs_ends_once(lane: Lane):
    tapes = [Tape() for _ in range(200)]
    submitted: Queue[JobHandle | None] = Queue()

    def canceller() -> None:
        while (handle := submitted.get(timeout=PATIENCE)) is not None:
            handle.cancel()

    thread = threading.Thread(target=canceller)
    thread.start()
    for number, tape in enumerate(tapes):
        submitted.put(lane.submit(job_that(Done(value=number)), tape))
    submitted.put(None)
    thread.join(PATIENCE)
    endings = [tape.ending for tape in tapes]
    assert all(e in (Done(value=n), Cancelled()) for n, e in enumerate(endings))


def test_a_job_may_end_as_cancelled_by_itself():
    def job(token: CancelToken) -> Iterator[JobEvent]:
        raise CancelledError("Stopped.")
        yield

    made: Callable[[CancelToken], Iterator[JobEvent]] = job
    assert list(run_job(made, CancelToken())) == [Cancelled()]

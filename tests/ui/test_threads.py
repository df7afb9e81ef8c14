"""The threads of the lanes: events come to the main thread, and nothing is left behind."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from pickabook_desktop.domain.events import (
    Cancelled,
    Done,
    Failed,
    JobEvent,
    Progress,
    Terminal,
)
from pickabook_desktop.jobs.threads import LANES, Lanes
from pickabook_desktop.net.cancel import CancelToken


@pytest.fixture
def lanes(qtbot: QtBot) -> Iterator[Lanes]:
    lanes = Lanes()
    yield lanes
    assert lanes.shutdown()


def counting(token: CancelToken) -> Iterator[JobEvent]:
    for step in range(50):
        yield Progress(fraction=step / 50, stage="Counting")
    yield Done(value=QThread.currentThread())


def until_cancelled(token: CancelToken) -> Iterator[JobEvent]:
    yield Progress(fraction=0.0, stage="Waiting")
    token.wait(60)
    token.raise_if_cancelled()


def test_what_must_be_finished_is_waited_for(qtbot: QtBot):
    lanes = Lanes()
    looking: list[JobEvent] = []
    saving: list[JobEvent] = []
    lanes.submit("library", until_cancelled, looking.append)
    lanes.submit("library", counting, saving.append, must_finish=True)
    assert lanes.shutdown()
    assert looking[-1:] == [Cancelled()]
    assert isinstance(saving[-1], Done)


def test_events_come_to_the_main_thread_in_order(qtbot: QtBot, lanes: Lanes):
    events: list[JobEvent] = []
    threads: set[QThread] = set()

    def on_event(event: JobEvent) -> None:
        events.append(event)
        threads.add(QThread.currentThread())

    lanes.submit("draw", counting, on_event)
    qtbot.waitUntil(lambda: bool(events) and isinstance(events[-1], Terminal))
    assert threads == {QThread.currentThread()}
    assert [e.fraction for e in events if isinstance(e, Progress)] == [n / 50 for n in range(50)]
    assert isinstance(events[-1], Done)
    assert events[-1].value is not QThread.currentThread()


def test_lanes_do_not_wait_for_each_other(qtbot: QtBot, lanes: Lanes):
    slow: list[JobEvent] = []
    quick: list[JobEvent] = []
    handle = lanes.submit("draw", until_cancelled, slow.append)
    lanes.submit("photo", counting, quick.append)
    qtbot.waitUntil(lambda: bool(quick) and isinstance(quick[-1], Done))
    assert lanes.busy("draw")
    assert not lanes.busy("photo")
    handle.cancel()
    qtbot.waitUntil(lambda: bool(slow) and slow[-1] == Cancelled())


def test_a_newer_preview_takes_the_place_of_older_ones(qtbot: QtBot, lanes: Lanes):
    tapes: list[list[JobEvent]] = [[] for _ in range(4)]
    for tape in tapes[:-1]:
        lanes.submit("preview", until_cancelled, tape.append, replace=True)
    lanes.submit("preview", counting, tapes[-1].append, replace=True)
    qtbot.waitUntil(lambda: all(tape and isinstance(tape[-1], Terminal) for tape in tapes))
    assert [tape[-1] for tape in tapes[:-1]] == [Cancelled()] * 3
    assert isinstance(tapes[-1][-1], Done)


def test_a_fault_is_told_and_the_lane_goes_on(qtbot: QtBot, lanes: Lanes):
    def faulty(token: CancelToken) -> Iterator[JobEvent]:
        raise RuntimeError("boom")
        yield

    endings: list[JobEvent] = []
    lanes.submit("library", faulty, endings.append)
    lanes.submit("library", counting, endings.append)
    qtbot.waitUntil(lambda: bool(endings) and isinstance(endings[-1], Done))
    assert isinstance(endings[0], Failed)


def test_shutdown_joins_all_and_tells_the_last_events(qtbot: QtBot):
    lanes = Lanes()
    tapes: list[list[JobEvent]] = []
    for name in LANES:
        for _ in range(3):
            tapes.append([])
            lanes.submit(name, until_cancelled, tapes[-1].append)
    assert lanes.shutdown()
    assert [[e for e in tape if isinstance(e, Terminal)] for tape in tapes] == (
        [[Cancelled()]] * len(tapes)
    )
    late: list[JobEvent] = []
    lanes.submit("draw", counting, late.append)
    assert lanes.shutdown()
    assert late == [Cancelled()]


def test_shutdown_gives_up_on_a_job_that_does_not_listen(qtbot: QtBot):
    lanes = Lanes()
    release = threading.Event()
    started = threading.Event()

    def deaf(token: CancelToken) -> Iterator[JobEvent]:
        started.set()
        release.wait(60)
        yield Done(value=None)

    lanes.submit("draw", deaf, lambda event: None)
    assert started.wait(20)
    assert not lanes.shutdown(seconds=0.05)
    release.set()
    assert lanes.shutdown()


def test_jobs_that_wait_for_services_run_side_by_side(qtbot: QtBot, lanes: Lanes):
    width = LANES["cloud"]
    assert width > 1
    running: dict[int, list[JobEvent]] = {number: [] for number in range(width + 1)}
    handles = [lanes.submit("cloud", until_cancelled, running[number].append) for number in running]
    qtbot.waitUntil(lambda: sum(bool(events) for events in running.values()) == width)
    assert lanes.waiting("cloud") == 1
    handles[0].cancel()
    qtbot.waitUntil(lambda: running[0][-1:] == [Cancelled()] and bool(running[width]))
    for handle in handles:
        handle.cancel()
    qtbot.waitUntil(lambda: all(events[-1:] == [Cancelled()] for events in running.values()))
    assert not lanes.busy("cloud")

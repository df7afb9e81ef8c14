"""What takes its time: done one after another, told of once each."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.events import JobEvent, Progress
from pickabook_desktop.jobs.lanes import Job, answering, reporting
from pickabook_desktop.jobs.threads import JobHandle, Lanes
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.ui.controllers.gallery.long_work import Errand, LongWork
from pickabook_desktop.ui.toast import Toast


@pytest.fixture
def lanes(qapp: object) -> Iterator[Lanes]:
    lanes = Lanes()
    yield lanes
    assert lanes.shutdown()


@pytest.fixture
def work(lanes: Lanes, qtbot: QtBot) -> Iterator[LongWork]:
    host = QWidget()
    qtbot.addWidget(host)
    host.show()
    work = LongWork(lanes, Toast(host), host)
    yield work
    host.hide()


def errand(job: Job, told: list[object], **more: Any) -> Errand:
    return Errand(title="Working", unfinished="Stop it?", job=job, on_done=told.append, **more)


def test_what_has_ended_before_one_looks_is_told_of_too(work, lanes, qtbot, monkeypatch):
    submit = Lanes.submit

    def hasty(self: Lanes, *given: Any, **named: Any) -> JobHandle:
        handle = submit(self, *given, **named)
        handle._ended.wait(5)
        return handle

    monkeypatch.setattr(Lanes, "submit", hasty)
    told: list[object] = []
    work.begin(errand(answering(lambda token: 7), told))
    qtbot.waitUntil(lambda: told == [7])
    assert not work.busy
    assert work.card.isHidden()


def test_one_after_another_is_done_and_how_many_wait_is_said(work, qtbot):
    order: list[object] = []

    def waiting(token: CancelToken) -> str:
        token.wait(60)
        token.raise_if_cancelled()
        return "never"

    stopped: list[object] = []
    work.begin(errand(answering(waiting), order, on_stopped=stopped.append))
    work.begin(errand(answering(lambda token: "second"), order))
    assert work.card.stage.text() == "1 more to come"
    assert work.question == "Stop it?"
    work.card.stop.click()
    qtbot.waitUntil(lambda: order == ["second"])
    assert stopped == [None]
    assert not work.busy


def test_what_fails_is_said_where_nobody_else_sees_to_it(work, qtbot):
    def fail(token: CancelToken) -> object:
        raise StorageError("The disk is full.", "Make room.")

    work.begin(errand(answering(fail), []))
    qtbot.waitUntil(lambda: work._toast.text == "The disk is full. Make room.")
    seen: list[object] = []
    work.begin(errand(answering(fail), [], on_failed=lambda *told: seen.extend(told)))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert (str(seen[0]), seen[1]) == ("The disk is full. Make room.", None)


def test_what_was_done_before_it_ended_is_handed_on(work, qtbot):
    def begun(token: CancelToken) -> Iterator[JobEvent]:
        yield Progress(fraction=0.5, stage="Half")
        token.wait(60)
        token.raise_if_cancelled()

    stopped: list[object] = []

    def job(token: CancelToken) -> Iterator[JobEvent]:
        return reporting(begun(token), lambda: "one page")

    work.begin(errand(job, [], on_stopped=stopped.append))
    qtbot.waitUntil(lambda: work.card.stage.text() == "Half")
    work.card.stop.click()
    qtbot.waitUntil(lambda: stopped == ["one page"])

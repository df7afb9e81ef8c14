"""Waiting for Gemini: time-outs, repeats, pace, and being stopped at any moment."""

import dataclasses
import threading
from collections.abc import Generator
from pathlib import Path

import pytest
from services.gemini import GeminiServer, answer, failed, inline, png, too_many
from services.gemini_rig import PlainReferences, Rig, wanted
from services.wire import Answer, Exchange

from pickabook_desktop.domain.errors import (
    CancelledError,
    EngineError,
    PickaBookError,
    UnreachableError,
)
from pickabook_desktop.domain.events import Progress
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.net.cancel import CancelToken

LONG = 20.0


class Running:
    """A drawing in a thread of its own, as the window's lanes run it."""

    def __init__(self, rig: Rig, request: GenerationRequest | None = None) -> None:
        self.token = CancelToken()
        self.error: PickaBookError | None = None
        self._rig = rig
        self._thread = threading.Thread(target=self._run, args=(request or wanted(),))
        self._thread.start()

    def _run(self, request: GenerationRequest) -> None:
        try:
            self._rig.run(request, self.token)
        except PickaBookError as error:
            self.error = error

    def stop(self) -> None:
        self.token.cancel()
        self.end()

    def end(self) -> None:
        self._thread.join(LONG)
        assert not self._thread.is_alive()


def waiting_events(rig: Rig) -> list[Progress]:
    told = [event for event in rig.events if isinstance(event, Progress)]
    return [event for event in told if event.waiting is not None]


def stop_once_it_waits(rig: Rig) -> None:
    token = CancelToken()
    for event in rig.engine.generate(wanted(), token):
        rig.events.append(event)
        if isinstance(event, Progress) and event.waiting is not None:
            token.cancel()


def test_stopping_while_waiting_for_the_answer_closes_the_connection(
    server: GeminiServer, rig: Rig
):
    server.say(Answer(hang_before=True))
    running = Running(rig)
    (exchange,) = server.wire.wait_for(1)
    running.stop()
    assert isinstance(running.error, CancelledError)
    assert exchange.closed_by_client.wait(LONG)
    (call,) = rig.calls
    assert (call.outcome, call.amount) == ("cancelled", None)


def test_stopping_in_the_middle_of_the_body_closes_the_connection(server: GeminiServer, rig: Rig):
    whole = answer([inline(png(1024, 1024))])
    server.say(dataclasses.replace(whole, hang_after=len(whole.body) // 2))
    running = Running(rig)
    (exchange,) = server.wire.wait_for(1)
    running.stop()
    assert isinstance(running.error, CancelledError)
    assert exchange.closed_by_client.wait(LONG)


def test_stopping_ends_every_request_at_once(server: GeminiServer, rig: Rig):
    server.say(*[Answer(hang_before=True)] * 3)
    running = Running(rig, wanted(count=5))
    exchanges = server.wire.wait_for(3)
    running.stop()
    assert all(exchange.closed_by_client.wait(LONG) for exchange in exchanges)
    assert len(server.exchanges) == 3
    assert [call.outcome for call in rig.calls] == ["cancelled"] * 3


def test_stopping_while_counting_down_ends_at_once(server: GeminiServer, rig: Rig):
    """Waits that cannot be broken off would keep the person for a minute here."""
    server.say(too_many(retry="58s"))
    with pytest.raises(CancelledError):
        stop_once_it_waits(rig)
    assert 57 < (waiting_events(rig)[0].waiting or 0) < 62
    assert len(server.exchanges) == 1
    assert [call.outcome for call in rig.calls] == ["failed"]


class SlowReferences(PlainReferences):
    """Takes as long to look at a picture as a test wants."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = threading.Event()
        self.may_end = threading.Event()

    def measured(self, data: bytes, *, max_megapixels: float) -> tuple[str, Size]:
        self.looks.set()
        assert self.may_end.wait(LONG)
        return super().measured(data, max_megapixels=max_megapixels)


def test_stopping_does_not_wait_for_a_look_at_a_picture_which_is_kept(tmp_path: Path):
    hangs: list[Exchange] = []
    lock = threading.Lock()

    def first_hangs(exchange: Exchange) -> Answer | None:
        with lock:
            if hangs:
                return None
            hangs.append(exchange)
            return Answer(hang_before=True)

    references = SlowReferences()
    with GeminiServer(also=first_hangs) as server:
        rig = Rig(server, tmp_path, references=references)
        running = Running(rig, wanted(count=2))
        assert references.looks.wait(LONG)
        running.token.cancel()
        closed = hangs[0].closed_by_client.wait(LONG)
        references.may_end.set()
        running.end()
        assert closed
    assert isinstance(running.error, CancelledError)
    assert len(rig.pictures) == 1
    assert sorted(call.outcome for call in rig.calls) == ["cancelled", "drawn"]


def test_checking_the_key_can_be_stopped(tmp_path: Path):
    with GeminiServer(also=lambda exchange: Answer(hang_before=True)) as server:
        token = CancelToken()
        errors: list[BaseException] = []

        def check() -> None:
            try:
                Rig(server, tmp_path).engine.check(token)
            except PickaBookError as error:
                errors.append(error)

        thread = threading.Thread(target=check)
        thread.start()
        (exchange,) = server.wire.wait_for(1)
        token.cancel()
        thread.join(LONG)
        assert exchange.closed_by_client.wait(LONG)
    assert [type(error) for error in errors] == [CancelledError]


def test_an_iterator_that_is_left_early_leaves_nothing_behind(server: GeminiServer, rig: Rig):
    server.say(Answer(hang_before=True))
    events = rig.engine.generate(wanted(), CancelToken())
    assert isinstance(events, Generator)
    for _event in events:
        if server.exchanges:
            break
    events.close()
    assert server.exchanges[0].closed_by_client.wait(LONG)
    assert [call.outcome for call in rig.calls] == ["cancelled"]


def test_a_cancelled_job_sends_nothing(server: GeminiServer, rig: Rig):
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        rig.run(token=token)
    assert server.exchanges == []
    assert rig.calls == []


def test_retry_info_in_the_body_is_waited_for_and_shown(server: GeminiServer, rig: Rig):
    server.say(too_many(retry="0.25s"))
    assert len(rig.run()) == 1
    told = waiting_events(rig)
    assert told
    assert told[0].attempt == 2
    assert 0.2 < (told[0].waiting or 0) < 0.3
    assert [call.outcome for call in rig.calls] == ["failed", "drawn"]
    assert rig.calls[0].amount == 0.0
    assert rig.calls[0].reason == "RESOURCE_EXHAUSTED"


def test_retry_info_counts_and_not_the_header_alone(server: GeminiServer, rig: Rig):
    server.say(too_many(retry="0.1s", headers={"Retry-After": "9999"}))
    assert len(rig.run()) == 1


def test_without_retry_info_the_header_counts(server: GeminiServer, rig: Rig):
    server.say(too_many(headers={"Retry-After": "0"}))
    assert len(rig.run()) == 1


def test_a_busy_service_is_asked_only_so_often(server: GeminiServer, rig: Rig):
    server.say(*[too_many(retry="0.01s")] * 5)
    error = rig.error()
    assert isinstance(error, EngineError)
    assert error.retryable
    assert error.retry_after == 0.01
    assert len(server.exchanges) == 3
    assert len(rig.calls) == 3


def test_repeats_can_be_switched_off(server: GeminiServer, rig: Rig):
    rig.settings["gemini.retries"] = "0"
    server.say(too_many(retry="0.01s"))
    rig.error()
    assert len(server.exchanges) == 1


def test_a_service_that_does_not_say_when_is_not_asked_again(server: GeminiServer, rig: Rig):
    server.say(too_many())
    error = rig.error()
    assert error.retryable
    assert len(server.exchanges) == 1


def test_nobody_is_made_to_wait_for_an_hour(server: GeminiServer, rig: Rig):
    server.say(too_many(retry="3600s"))
    error = rig.error()
    assert error.retry_after == 3600
    assert waiting_events(rig) == []


@pytest.mark.parametrize(
    "said",
    [failed(500, "INTERNAL", "Oops."), failed(503, "UNAVAILABLE", "Busy."), Answer(close=True)],
    ids=["500", "503", "dropped"],
)
def test_failures_are_repeated_where_the_person_wants_it(
    server: GeminiServer, rig: Rig, said: Answer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("pickabook_desktop.providers.gemini.drawing.FIRST_PAUSE", 0.01)
    rig.settings["gemini.failed_retries"] = "1"
    server.say(said)
    assert len(rig.run()) == 1
    assert [call.outcome for call in rig.calls] == ["failed", "drawn"]
    assert rig.calls[0].amount is None
    assert waiting_events(rig)


def test_a_body_that_drips_ends_with_the_deadline(server: GeminiServer, rig: Rig):
    """Each piece comes in time; only the deadline of the whole can end it."""
    rig.settings["gemini.timeout"] = "1"
    server.say(Answer(body=b" " * 100_000, drip=(1, 0.05)))
    error = rig.error()
    assert isinstance(error, UnreachableError)
    assert error.code == "DEADLINE"
    assert error.retryable
    (exchange,) = server.exchanges
    assert exchange.closed_by_client.wait(LONG)
    assert rig.calls[0].amount is None


def test_an_answer_that_never_comes_ends_with_the_deadline(server: GeminiServer, rig: Rig):
    rig.settings["gemini.timeout"] = "0.5"
    server.say(Answer(hang_before=True))
    error = rig.error()
    assert error.code == "DEADLINE"
    assert "0.5 seconds" in error.message
    assert server.exchanges[0].closed_by_client.wait(LONG)


def test_requests_go_side_by_side_up_to_the_limit(server: GeminiServer, rig: Rig):
    rig.settings["gemini.concurrent"] = "2"
    server.say(*[Answer(hang_before=True)] * 2)
    running = Running(rig, wanted(count=3))
    server.wire.wait_for(2)
    before = len(server.exchanges)
    server.wire.release()
    running.end()
    assert before == 2
    assert len(server.exchanges) == 3


def test_a_full_minute_is_waited_for_and_said(server: GeminiServer, rig: Rig):
    rig.settings["gemini.per_minute"] = "1"
    rig.run()
    with pytest.raises(CancelledError):
        stop_once_it_waits(rig)
    assert 30 < (waiting_events(rig)[0].waiting or 0) <= 60
    assert len(server.exchanges) == 1
    assert len(rig.calls) == 1


def test_another_limit_does_not_make_a_full_minute_empty(server: GeminiServer, rig: Rig):
    rig.settings["gemini.per_minute"] = "2"
    rig.run(wanted(count=2))
    rig.settings["gemini.concurrent"] = "2"
    with pytest.raises(CancelledError):
        stop_once_it_waits(rig)
    assert len(server.exchanges) == 2

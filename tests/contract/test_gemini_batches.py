"""Half the price within a day: batches over a real socket, through restarts and kills."""

import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import time

import pytest
from e2e.forks import DRAWING, Forks
from services.batch_desk import Desk
from services.gemini import GeminiServer, answer, blocked, failed, inline, too_many
from services.gemini_batches import GeminiBatches
from services.gemini_rig import Rig, wanted
from services.wire import Answer, Exchange

from pickabook_desktop.domain.errors import (
    ConsentError,
    EngineError,
    InputError,
    NotConfiguredError,
    PickaBookError,
    RefusedError,
    SpendingLimitError,
    UnreachableError,
)
from pickabook_desktop.domain.events import Drawn
from pickabook_desktop.domain.outgoing import Outgoing
from pickabook_desktop.domain.ports import BatchEngine, BatchTicket
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.jobs import batch_discards, batches
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.providers.gemini import batch_sending

TESTS = Path(__file__).parents[1]
MODEL = "gemini-nano-banana-2.1"
# 1290 tokens sent at 1.5 dollars a million, and 1120 of a picture at 30, at half the price.
ESTIMATE, EACH = 0.0168, 0.0177675
REFUSED = 0.0009675


@pytest.fixture
def service() -> GeminiBatches:
    return GeminiBatches()


@pytest.fixture
def server(service: GeminiBatches) -> Iterator[GeminiServer]:
    with GeminiServer(also=service) as server:
        yield server


@pytest.fixture
def rig(server: GeminiServer, tmp_path: Path) -> Rig:
    return Rig(server, tmp_path)


@pytest.fixture
def new_run(server: GeminiServer, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """A run of the program on the same disk; the one before it has ended."""
    runs: list[Desk] = []

    def start(**options: object) -> Desk:
        for run in runs:
            run.close()
        runs.append(Desk(tmp_path / "disk", server, **options))  # type: ignore[arg-type] per test
        return runs[-1]

    yield start
    for run in runs:
        run.close()


@pytest.fixture
def desk(new_run: Callable[..., Desk]) -> Desk:
    return new_run()


def submitted(rig: Rig, request: GenerationRequest) -> BatchTicket:
    return rig.engine.submit(request, CancelToken(), lambda ticket: None)


def collected(
    rig: Rig, ticket: BatchTicket, request: GenerationRequest
) -> tuple[list[Drawn], PickaBookError | None]:
    """The pictures in the order they came, and the error after the last one."""
    drawn: list[Drawn] = []
    try:
        for event in rig.engine.collect(ticket, request, CancelToken()):
            assert isinstance(event, Drawn)
            drawn.append(event)
    except PickaBookError as error:
        return drawn, error
    return drawn, None


def red() -> Answer:
    from services.gemini import png

    return answer([inline(png(1024, 1024, (200, 0, 0)))], tokens=1120)


def test_the_engine_takes_batches(rig: Rig):
    assert isinstance(rig.engine, BatchEngine)
    assert rig.engine.capabilities.batch_price == 0.5


def test_a_batch_asks_for_exactly_what_was_shown(rig: Rig, service: GeminiBatches):
    request = wanted(count=3, book="The balloon")
    shown = rig.engine.outgoing(request, CancelToken())
    ticket = submitted(rig, request)
    assert ticket.name == service.only
    sent = service.requests[ticket.name]
    assert [each["metadata"]["key"] for each in sent] == ["0", "1", "2"]
    for each in sent:
        text, *pictures = each["request"]["contents"][0]["parts"]
        assert text["text"] == shown.prompt
        assert len(pictures) == len(shown.images)
        config = each["request"]["generationConfig"]
        assert config["responseModalities"] == ["IMAGE"]
        assert config["imageConfig"] == {"aspectRatio": "1:1", "imageSize": "1K"}
    (call,) = rig.calls
    assert (call.plan.batch, call.plan.pictures, call.plan.book) == (True, 3, "The balloon")
    assert call.plan.estimate == pytest.approx(3 * 0.0336 / 2)
    assert "Mia" not in service.batches[ticket.name]["metadata"]["displayName"]


def test_how_far_it_is_is_told(rig: Rig, service: GeminiBatches):
    ticket = submitted(rig, wanted(count=3))
    said = [rig.engine.poll(ticket, CancelToken())]
    service.run(done=1)
    said.append(rig.engine.poll(ticket, CancelToken()))
    service.batches[service.only]["metadata"]["state"] = "BATCH_STATE_TUNING_THE_ORCHESTRA"
    said.append(rig.engine.poll(ticket, CancelToken()))
    service.finish()
    said.append(rig.engine.poll(ticket, CancelToken()))
    assert [(each.state, each.done, each.total) for each in said] == [
        ("waiting", 0, 3),
        ("running", 1, 3),
        ("running", 1, 3),
        ("finished", 3, 3),
    ]


@pytest.mark.parametrize("as_file", [False, True])
@pytest.mark.parametrize(("keys", "mixed"), [(True, False), (True, True), (False, False)])
def test_every_answer_becomes_the_picture_it_was_asked_for(
    rig: Rig, service: GeminiBatches, as_file: bool, keys: bool, mixed: bool
):
    request = wanted(count=3)
    ticket = submitted(rig, request)
    service.finish(red(), as_file=as_file, keys=keys, mixed=mixed)
    drawn, error = collected(rig, ticket, request)
    assert error is None
    assert [(each.index, each.picture.seed) for each in drawn] == [(0, 5), (1, 6), (2, 7)]
    assert drawn[0].picture.data != drawn[1].picture.data == drawn[2].picture.data
    assert {each.picture.media_type for each in drawn} == {"image/png"}
    (call,) = rig.calls
    assert (call.outcome, call.amount) == ("drawn", pytest.approx(3 * EACH))
    assert call.usage.image_tokens == 3 * 1120
    # Whoever asks again gets the same.
    again, _ = collected(rig, ticket, request)
    assert [each.picture.data for each in again] == [each.picture.data for each in drawn]


@pytest.mark.parametrize("as_file", [False, True])
def test_what_was_refused_is_said_once_the_others_are_there(
    rig: Rig, service: GeminiBatches, as_file: bool
):
    request = wanted(count=4)
    ticket = submitted(rig, request)
    service.finish(
        answer(None, finish="IMAGE_SAFETY"),
        failed(400, "INVALID_ARGUMENT", "A picture is too small."),
        red(),
        as_file=as_file,
    )
    drawn, error = collected(rig, ticket, request)
    assert [each.index for each in drawn] == [2, 3]
    assert isinstance(error, RefusedError)
    assert error.code == "IMAGE_SAFETY"
    assert "2 of 4" in error.message
    assert error.next_step
    assert not error.retryable
    (call,) = rig.calls
    assert (call.outcome, call.reason) == ("drawn", "IMAGE_SAFETY")
    # The refusal says that it drew nothing, an error costs nothing.
    assert call.amount == pytest.approx(2 * EACH + REFUSED)


def test_a_batch_of_refusals_is_a_refusal(rig: Rig, service: GeminiBatches):
    request = wanted(count=2)
    ticket = submitted(rig, request)
    service.finish(blocked("PROHIBITED_CONTENT"), blocked("OTHER"))
    drawn, error = collected(rig, ticket, request)
    assert drawn == []
    assert isinstance(error, RefusedError)
    assert [(call.outcome, call.reason) for call in rig.calls] == [
        ("refused", "PROHIBITED_CONTENT")
    ]


def test_an_answer_that_is_missing_or_no_picture_is_said(rig: Rig, service: GeminiBatches):
    request = wanted(count=3)
    ticket = submitted(rig, request)
    service.finish(answer([inline(b"no picture at all")], tokens=1120))
    items = service.batches[service.only]["metadata"]["output"]["inlinedResponses"]
    items["inlinedResponses"].pop()
    drawn, error = collected(rig, ticket, request)
    assert [each.index for each in drawn] == [1]
    assert isinstance(error, EngineError)
    assert "2 of 3" in error.message
    assert not error.retryable
    # What could not be used was drawn, and is paid for.
    assert [call.amount for call in rig.calls] == [pytest.approx(2 * EACH)]


def test_answers_of_later_versions_are_read(rig: Rig, service: GeminiBatches):
    request = wanted(count=1)
    ticket = submitted(rig, request)
    service.finish()
    operation = service.batches[service.only]
    item = operation["metadata"]["output"]["inlinedResponses"]["inlinedResponses"][0]
    item["response"]["candidates"][0]["mood"] = "cheerful"
    item["response"]["weather"] = {"sky": "blue"}
    item["colour"] = operation["metadata"]["colour"] = 7
    drawn, error = collected(rig, ticket, request)
    assert (len(drawn), error) == (1, None)


@pytest.mark.parametrize("state", ["FAILED", "EXPIRED"])
def test_why_a_batch_came_to_nothing_is_told_and_it_costs_nothing(
    rig: Rig, service: GeminiBatches, state: str
):
    ticket = submitted(rig, wanted(count=2))
    service.fail(state, f"Out of crayons, {rig.secrets.get('gemini')}.")
    said = rig.engine.poll(ticket, CancelToken())
    assert said.state == state.lower()
    assert "Out of crayons" in said.reason
    assert rig.secrets.get("gemini") not in said.reason
    assert [(call.outcome, call.amount) for call in rig.calls] == [("failed", 0.0)]


def test_what_was_drawn_before_a_batch_was_stopped_is_not_lost(rig: Rig, service: GeminiBatches):
    request = wanted(count=2)
    ticket = submitted(rig, request)
    rig.engine.withdraw(ticket, CancelToken())
    assert rig.engine.poll(ticket, CancelToken()).state == "cancelled"
    service.finish(failed(499, "CANCELLED", "Stopped."), state="CANCELLED")
    assert rig.engine.poll(ticket, CancelToken()).state == "finished"
    drawn, error = collected(rig, ticket, request)
    assert [each.index for each in drawn] == [1]
    assert error is not None
    # Stopping what has ended is no fault and deletes nothing.
    rig.engine.withdraw(ticket, CancelToken())
    assert service.batches


def test_what_is_too_much_for_one_request_is_uploaded_and_deleted_again(
    rig: Rig, service: GeminiBatches, server: GeminiServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(batch_sending, "LARGEST_INLINE", 1000)
    request = wanted(count=3)
    shown = rig.engine.outgoing(request, CancelToken())
    ticket = submitted(rig, request)
    (uploaded,) = service.files
    sent = service.requests[ticket.name]
    assert [each["key"] for each in sent] == ["0", "1", "2"]
    assert sent[2]["request"]["contents"][0]["parts"][0]["text"] == shown.prompt
    service.finish(red(), as_file=True, mixed=True)
    drawn, error = collected(rig, ticket, request)
    assert [each.index for each in drawn] == [0, 1, 2]
    assert error is None
    rig.engine.discard(ticket, CancelToken())
    assert uploaded not in service.files
    assert service.batches == {}
    # What is gone already is no trouble.
    rig.engine.discard(ticket, CancelToken())


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("as_file", [True, False])
def test_a_batch_is_deleted_wherever_it_is_and_whatever_is_known_of_it(
    rig: Rig,
    service: GeminiBatches,
    monkeypatch: pytest.MonkeyPatch,
    as_file: bool,
    named: bool,
):
    others = [submitted(rig, wanted(count=1)) for _ in range(4)]
    if as_file:
        monkeypatch.setattr(batch_sending, "LARGEST_INLINE", 1000)
    ticket = submitted(rig, wanted(count=2))
    assert ticket.uploads == as_file
    assert len(service.files) == as_file
    bare = BatchTicket(title=ticket.title, uploads=ticket.uploads)
    rig.engine.discard(ticket if named else bare, CancelToken())
    assert set(service.batches) == {other.name for other in others}
    assert service.files == {}
    assert rig.engine.find(bare, CancelToken()) is None


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (too_many(retry="20s"), EngineError),
        (failed(403, "PERMISSION_DENIED", "This key may not."), NotConfiguredError),
        (failed(400, "INVALID_ARGUMENT", "No."), EngineError),
        (failed(404, "NOT_FOUND", "models/x is not found"), InputError),
    ],
)
def test_a_batch_that_was_turned_down_is_not_there_and_costs_nothing(
    desk: Desk, server: GeminiServer, said: Answer, kind: type[PickaBookError]
):
    server.wire.say(said)
    with pytest.raises(kind) as caught:
        desk.submit()
    assert not isinstance(caught.value, UnreachableError)
    assert desk.batches.all() == ()
    assert [(call.outcome, call.cost) for call in desk.ledger.calls()] == [("failed", 0.0)]
    assert len(server.exchanges) == 1


@pytest.mark.parametrize(
    "said",
    [
        failed(500, "INTERNAL", "Oh."),
        failed(503, "UNAVAILABLE", "Later."),
        Answer(close=True),
        Answer(status=200, body=b"{}", truncate_after=1),
        Answer(status=200, body=b"<html>"),
        Answer(status=200, body=b"{}"),
    ],
)
def test_a_batch_without_an_answer_is_neither_forgotten_nor_sent_again(
    new_run: Callable[..., Desk], server: GeminiServer, said: Answer
):
    desk = new_run()
    server.wire.say(said)
    with pytest.raises(UnreachableError) as caught:
        desk.submit()
    assert not caught.value.retryable
    assert "account" in caught.value.next_step
    (left,) = new_run().batches.all()
    assert left.state == "unknown"
    assert "may have taken" in left.reason
    desk = new_run()
    # It may still be on its way into the list.
    assert [known.state for known in desk.poll().batches] == ["unknown"]
    assert [exchange.method for exchange in server.exchanges] == ["POST", "GET"]
    # It may cost what was expected.
    assert [call.cost for call in desk.ledger.calls()] == [pytest.approx(3 * ESTIMATE)]


class LosingBatches(GeminiBatches):
    """Takes a batch, and its answer is lost."""

    def __call__(self, exchange: Exchange) -> Answer | None:
        answered = super().__call__(exchange)
        taken = exchange.path.endswith(":batchGenerateContent")
        return Answer(close=True) if taken else answered


@pytest.fixture
def losing(tmp_path: Path) -> Iterator[tuple[LosingBatches, Callable[[], Desk]]]:
    """A service whose answers to new batches are lost, and new runs with it."""
    service = LosingBatches()
    runs: list[Desk] = []
    with GeminiServer(also=service) as server:

        def start() -> Desk:
            for run in runs:
                run.close()
            runs.append(Desk(tmp_path / "disk", server))
            return runs[-1]

        yield service, start
        for run in runs:
            run.close()


def test_a_batch_whose_answer_was_lost_is_found_by_its_title(
    losing: tuple[LosingBatches, Callable[[], Desk]],
):
    service, new_run = losing
    for _ in range(3):
        with pytest.raises(UnreachableError):
            new_run().submit()
    desk = new_run()
    assert [left.state for left in desk.batches.all()] == ["unknown"] * 3
    assert all(left.unfinished for left in desk.batches.all())
    for name in service.batches:
        service.finish(name=name)
    news = new_run().poll()
    assert [known.state for known in news.batches] == ["collected"] * 3
    assert len(news.pictures) == 9
    desk = new_run()
    assert [call.amount for call in desk.ledger.calls()] == [pytest.approx(3 * EACH)] * 3
    assert service.batches == {}
    assert service.submitted == 3


def test_cancelling_what_may_have_been_taken_looks_first_and_withdraws(
    losing: tuple[LosingBatches, Callable[[], Desk]],
):
    service, new_run = losing
    with pytest.raises(UnreachableError):
        new_run().submit()
    desk = new_run()
    (left,) = desk.batches.all()
    (ended,) = desk.cancel(left.id).batches
    assert ended.state == "cancelled"
    assert service.batches == {}
    assert desk.ledger.spent() == 0.0


def test_what_was_never_taken_is_given_up_in_the_end(
    desk: Desk, server: GeminiServer, monkeypatch: pytest.MonkeyPatch
):
    server.wire.say(Answer(close=True))
    with pytest.raises(UnreachableError):
        desk.submit()
    monkeypatch.setattr(batches, "NOT_TAKEN_AFTER", timedelta(0))
    (ended,) = desk.poll().batches
    assert ended.state == "failed"
    assert "not taken" in ended.reason
    asked = len(server.exchanges)
    assert desk.poll().batches == ()
    assert len(server.exchanges) == asked


@pytest.mark.parametrize(
    "said", [failed(400, "INVALID_ARGUMENT", "No."), failed(403, "PERMISSION_DENIED", "No.")]
)
def test_a_file_sent_ahead_of_what_is_turned_down_is_deleted_at_once(
    desk: Desk,
    service: GeminiBatches,
    monkeypatch: pytest.MonkeyPatch,
    said: Answer,
):
    monkeypatch.setattr(batch_sending, "LARGEST_INLINE", 1000)
    monkeypatch.setattr(service, "_create", lambda exchange, model: said)
    with pytest.raises(PickaBookError):
        desk.submit()
    assert service.titles
    assert service.files == {}
    assert desk.batches.all() == ()


def test_a_file_sent_ahead_of_what_was_stopped_is_deleted_with_the_next_look(
    new_run: Callable[..., Desk],
    service: GeminiBatches,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(batch_sending, "LARGEST_INLINE", 1000)
    token = CancelToken()
    take = service._take_upload

    def stop(exchange: Exchange, name: str) -> Answer:
        answered = take(exchange, name)
        token.cancel()
        return answered

    monkeypatch.setattr(service, "_take_upload", stop)
    desk = new_run()
    with pytest.raises(AssertionError, match="Cancelled"):
        desk.submit(token=token)
    assert len(service.files) == 1
    assert desk.batches.all() == ()
    new_run().poll()
    assert service.files == {}


def test_a_service_that_cannot_be_reached_has_taken_nothing(desk: Desk):
    desk.rig.settings["gemini.base_url"] = "http://127.0.0.1:9"
    with pytest.raises(UnreachableError) as caught:
        desk.submit()
    assert caught.value.retryable
    assert desk.batches.all() == ()
    assert desk.ledger.spent() == 0.0


def test_stopping_while_it_is_handed_over_says_that_it_may_be_there(
    desk: Desk, server: GeminiServer
):
    server.wire.say(Answer(hang_before=True))
    token = CancelToken()

    def stop() -> None:
        server.wire.wait_for(1)
        token.cancel()

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(UnreachableError) as caught:
        desk.submit(token=token)
    stopper.join()
    assert "Stopped" in caught.value.message
    assert server.exchanges[0].finished.wait(5)
    assert server.exchanges[0].closed_by_client.is_set()
    assert [left.state for left in desk.batches.all()] == ["unknown"]
    assert desk.ledger.spent() == pytest.approx(3 * ESTIMATE)


def test_without_permission_nothing_is_written_and_nothing_leaves(
    new_run: Callable[..., Desk], server: GeminiServer
):
    def refuse(_outgoing: Outgoing, _request: GenerationRequest) -> None:
        raise ConsentError("Nobody has agreed.")

    desk = new_run(allow=refuse)
    with pytest.raises(ConsentError):
        desk.submit()
    assert server.exchanges == []
    assert desk.batches.all() == ()
    assert desk.ledger.calls() == ()


def test_a_batch_that_would_pass_the_limit_is_not_sent(
    new_run: Callable[..., Desk], server: GeminiServer
):
    desk = new_run(limit=0.05)
    with pytest.raises(SpendingLimitError):
        desk.submit()
    assert server.exchanges == []
    assert desk.batches.all() == ()
    assert [call.reason for call in desk.ledger.calls()] == ["monthly_limit"]
    # At half the price two fit, at the whole price they would not.
    desk.submit(desk.request(count=2))
    assert len(server.exchanges) == 1


def test_pages_come_after_a_restart_though_the_photo_is_gone(
    new_run: Callable[..., Desk], service: GeminiBatches
):
    desk = new_run()
    sent = desk.submit()
    assert sent.state == "waiting"
    Path(sent.request.photo.path).unlink()

    desk = new_run()
    service.run(done=1)
    (known,) = desk.poll().batches
    assert (known.state, known.done, known.total) == ("running", 1, 3)

    desk = new_run()
    service.finish()
    news = desk.poll()
    assert [page.request.seed for page in news.pictures] == [5, 6, 7]
    assert [page.id for page in desk.kept] == [page.id for page in news.pictures]
    assert desk.library.count() == 3
    assert desk.library.verify().sound
    (done,) = new_run().batches.all()
    assert (done.state, done.collected, done.reason) == ("collected", 3, "")
    # Google has nothing left of it, and the list nothing of the photo and the child.
    assert service.batches == {}
    assert done.request.photo.path == ""
    assert done.request.fields == {}
    desk = new_run()
    assert desk.poll().batches == ()
    (line,) = desk.ledger.calls()
    assert (line.outcome, line.amount) == ("drawn", pytest.approx(3 * EACH))


def test_pages_that_are_missing_are_named_and_the_others_kept(desk: Desk, service: GeminiBatches):
    desk.submit()
    service.finish(answer(None, finish="IMAGE_SAFETY"))
    news = desk.poll()
    assert len(news.pictures) == 2
    (done,) = news.batches
    assert (done.state, done.collected) == ("collected", 2)
    assert "1 of 3" in done.reason
    assert "IMAGE_SAFETY" in done.reason
    assert news.problems == ()


@pytest.mark.parametrize("state", ["FAILED", "EXPIRED", "CANCELLED"])
def test_a_batch_that_came_to_nothing_is_asked_for_no_more(
    desk: Desk, service: GeminiBatches, server: GeminiServer, state: str
):
    desk.submit()
    service.fail(state)
    (ended,) = desk.poll().batches
    assert ended.state == state.lower()
    assert ended.reason
    # The photos are not left there either.
    assert service.batches == {}
    asked = len(server.exchanges)
    assert desk.poll().batches == ()
    assert len(server.exchanges) == asked
    assert desk.ledger.spent() == 0.0


def test_photos_of_a_batch_of_refusals_are_not_left_there(desk: Desk, service: GeminiBatches):
    desk.submit(desk.request(count=2))
    service.finish(blocked("PROHIBITED_CONTENT"), blocked("OTHER"))
    assert [known.state for known in desk.poll().batches] == ["failed"]
    assert service.batches == {}


def test_photos_that_could_not_be_deleted_there_are_deleted_by_a_later_run(
    new_run: Callable[..., Desk],
    service: GeminiBatches,
    server: GeminiServer,
    monkeypatch: pytest.MonkeyPatch,
):
    desk = new_run()
    desk.submit()
    service.finish()
    delete = service._delete
    monkeypatch.setattr(service, "_delete", lambda *_: failed(503, "UNAVAILABLE", "Later."))
    assert len(desk.poll().pictures) == 3
    monkeypatch.setattr(service, "_delete", delete)
    assert len(service.batches) == 1
    # Not at once again, but when it is due.
    desk = new_run()
    asked = len(server.exchanges)
    desk.poll()
    assert len(server.exchanges) == asked
    monkeypatch.setattr(batch_discards.time, "time", lambda: time() + 100.0)
    desk.poll()
    assert service.batches == {}
    assert not desk.batches.owing


def test_a_trouble_with_one_batch_does_not_stop_the_others(
    desk: Desk, service: GeminiBatches, server: GeminiServer
):
    first, second = desk.submit(), desk.submit(desk.request(count=1))
    service.finish(name=second.ticket.name)
    server.wire.say(failed(503, "UNAVAILABLE", "Later."))
    news = desk.poll()
    assert [problem.batch_id for problem in news.problems] == [first.id]
    assert [batch.state for batch in news.batches] == ["waiting", "collected"]
    service.finish(name=first.ticket.name)
    assert len(desk.poll().pictures) == 3


def test_a_result_that_breaks_off_is_fetched_again(
    desk: Desk, service: GeminiBatches, server: GeminiServer
):
    desk.submit()
    service.finish(as_file=True)
    whole = next(iter(service.files.values()))
    state = Answer.of_json(service.batches[service.only])
    for broken in (
        Answer(body=whole, truncate_after=len(whole) // 2),
        Answer(body=b"{}"),
        Answer(body=b"<html>Please log in</html>"),
        Answer(body=b""),
    ):
        server.wire.say(state, broken)
        news = desk.poll()
        assert len(news.problems) == 1
        assert news.pictures == ()
        assert [batch.state for batch in news.batches] == ["finished"]
        assert [call.outcome for call in desk.ledger.calls()] == ["open"]
    assert len(desk.poll().pictures) == 3


def test_pictures_come_over_the_line_once(desk: Desk, service: GeminiBatches, server: GeminiServer):
    desk.submit()
    service.finish()
    desk.poll()
    methods = [exchange.method for exchange in server.exchanges]
    assert methods == ["POST", "GET", "DELETE"]


def test_a_batch_of_another_key_stays_in_the_list(desk: Desk, service: GeminiBatches):
    desk.submit()
    hidden = service.batches.copy()
    service.batches.clear()
    news = desk.poll()
    (problem,) = news.problems
    assert "key" in problem.error.message
    assert [batch.state for batch in news.batches] == ["waiting"]
    service.batches.update(hidden)
    service.finish()
    assert len(desk.poll().pictures) == 3


def test_a_cancelled_batch_ends_here_and_there(desk: Desk, service: GeminiBatches):
    batch_id = desk.submit().id
    (ended,) = desk.cancel(batch_id).batches
    assert ended.state == "cancelled"
    assert service.batches == {}
    # Once more takes it off the list.
    desk.cancel(batch_id)
    assert desk.batches.all() == ()


def test_cancelling_what_has_just_been_drawn_keeps_it(desk: Desk, service: GeminiBatches):
    batch_id = desk.submit().id
    service.finish()
    assert len(desk.cancel(batch_id).pictures) == 3
    assert desk.library.count() == 3


def test_cancelling_what_google_does_not_know_takes_it_off(desk: Desk, service: GeminiBatches):
    batch_id = desk.submit().id
    service.batches.clear()
    desk.cancel(batch_id)
    (left,) = desk.batches.all()
    assert left.state == "cancelled"


def process(what: str, desk: Path, server: GeminiServer) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "services.batch_desk", what, str(desk), server.url, server.key]
    return subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_kill_while_it_is_handed_over_leaves_a_trace_and_sends_nothing_again(
    new_run: Callable[..., Desk], server: GeminiServer, tmp_path: Path
):
    server.wire.say(Answer(hang_before=True))
    killed = process("submit", tmp_path / "disk", server)
    server.wire.wait_for(1, 30)
    desk = new_run()
    assert [batch.state for batch in desk.batches.all()] == ["sending"]
    with pytest.raises(InputError):
        desk.cancel(desk.batches.all()[0].id)
    killed.kill()
    killed.communicate()
    (left,) = desk.batches.all()
    assert left.state == "unknown"
    desk.poll()
    assert [exchange.method for exchange in server.exchanges] == ["POST", "GET"]
    # It counts until somebody knows better.
    assert desk.ledger.spent() == pytest.approx(3 * ESTIMATE)
    desk.cancel(left.id)
    assert desk.batches.all() == ()


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with Forks(DRAWING) as running:
        yield running


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_kill_between_file_and_row_neither_loses_nor_doubles_a_page(
    new_run: Callable[..., Desk],
    service: GeminiBatches,
    server: GeminiServer,
    tmp_path: Path,
    forks: Forks,
    number: int,
):
    new_run().submit()
    service.finish()
    words = (f"die {number}", tmp_path / "disk", server.url, server.key)
    code, said, _ = forks.run("services.batch_desk", words)
    assert code == -9
    assert len(said.splitlines()) == number
    check_complete(new_run, service)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_kills_at_any_time_while_filing_neither_lose_nor_double_a_page(
    new_run: Callable[..., Desk], service: GeminiBatches, server: GeminiServer, tmp_path: Path
):
    chance = random.Random(11)
    desk = new_run()
    desk.submit(desk.request(count=8))
    service.finish()
    for pages in (1, 3, 6):
        killed = process("poll", tmp_path / "disk", server)
        assert killed.stdout is not None
        for _ in range(pages):
            assert killed.stdout.readline()
        try:
            killed.wait(chance.uniform(0.0, 0.01))
        except subprocess.TimeoutExpired:
            killed.kill()
        killed.communicate()
    check_complete(new_run, service, 8)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_two_programs_that_ask_at_once_file_each_page_once(
    new_run: Callable[..., Desk], service: GeminiBatches, server: GeminiServer, tmp_path: Path
):
    desk = new_run()
    desk.submit(desk.request(count=8))
    service.finish()
    both = [process("poll", tmp_path / "disk", server) for _ in range(2)]
    for one in both:
        one.communicate(timeout=60)
        assert one.returncode == 0
    check_complete(new_run, service, 8)


def check_complete(new_run: Callable[..., Desk], service: GeminiBatches, count: int = 3) -> None:
    """Each page is there once and whole, the batch is closed and paid for once."""
    desk = new_run()
    desk.poll()
    pages = desk.library.recent(100)
    assert sorted(page.request.seed for page in pages) == list(range(5, 5 + count))
    report = desk.library.verify()
    assert report.sound
    assert report.orphans == ()
    (done,) = desk.batches.all()
    assert (done.state, done.collected) == ("collected", count)
    (line,) = desk.ledger.calls()
    assert (line.outcome, line.amount) == ("drawn", pytest.approx(count * EACH))
    assert service.batches == {}

"""Half the price within a day: what the engine asks for and brings, over a real socket."""

import msgspec
import pytest
from services.gemini import GeminiServer, answer, blocked, failed, inline
from services.gemini_batches import EACH, REFUSED, GeminiBatches
from services.gemini_rig import Rig, wanted
from services.wire import Answer

from pickabook_desktop.domain.errors import (
    EngineError,
    PickaBookError,
    RefusedError,
)
from pickabook_desktop.domain.events import Drawn
from pickabook_desktop.domain.ports import BatchEngine, BatchTicket
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.providers.gemini import batch_sending


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
    bare = msgspec.structs.replace(ticket, name="")
    rig.engine.discard(ticket if named else bare, CancelToken())
    assert set(service.batches) == {other.name for other in others}
    assert service.files == {}
    assert rig.engine.find(bare, CancelToken()) is None
    (ended,) = (call for call in rig.calls if call.outcome != "open")
    assert (ended.id, ended.outcome, ended.amount) == (ticket.call_id, "cancelled", 0.0)

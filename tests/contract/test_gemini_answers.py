"""Everything that Gemini may answer, over a real socket: what comes of it, and what it costs."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from services.gemini import (
    GeminiServer,
    answer,
    bad,
    blocked,
    failed,
    inline,
    no_such_model,
    png,
    too_many,
    wrong_key,
)
from services.gemini_rig import Rig, wanted
from services.wire import Answer

from pickabook_desktop.domain.errors import (
    EngineError,
    NotConfiguredError,
    PickaBookError,
    RefusedError,
    UnreachableError,
)
from pickabook_desktop.domain.geometry import Size

BLOCK_REASONS = ("SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY")
FINISH_REASONS = (
    "MAX_TOKENS",
    "SAFETY",
    "RECITATION",
    "LANGUAGE",
    "OTHER",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "NO_IMAGE",
    "IMAGE_RECITATION",
    "IMAGE_OTHER",
)

# 1290 tokens sent at 1.5 dollars a million, and 1120 of a picture at 30.
PICTURE = 0.035535


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    with GeminiServer() as server:
        yield server


@pytest.fixture
def rig(server: GeminiServer, tmp_path: Path) -> Rig:
    return Rig(server, tmp_path)


def explained(error: PickaBookError) -> bool:
    """Whether a person learns what happened and what to do."""
    sentences = (error.message, error.next_step)
    return bool(error.remedies) and all(text.rstrip("”").endswith((".", "…")) for text in sentences)


def test_a_picture_arrives_as_it_came(server: GeminiServer, rig: Rig):
    data = png(700, 500)
    server.say(answer([inline(data)], tokens=1120))
    (picture,) = rig.run()
    assert picture.data == data
    assert picture.media_type == "image/png"
    assert picture.size == Size(700, 500)
    assert picture.digital_source_type.endswith("/trainedAlgorithmicMedia")
    (call,) = rig.calls
    assert call.outcome == "drawn"
    assert call.amount == pytest.approx(PICTURE)
    assert call.usage.image_tokens == 1120


def test_thought_images_are_no_results(server: GeminiServer, rig: Rig):
    draft, final = png(64, 64, (9, 9, 9)), png(640, 640)
    server.say(
        answer(
            [
                {"text": "I begin with a draft.", "thought": True},
                {**inline(draft), "thought": True},
                inline(final),
            ],
            tokens=2240,
        )
    )
    assert [picture.data for picture in rig.run()] == [final]


def test_nothing_that_was_paid_for_is_lost_when_several_pictures_come(
    server: GeminiServer, rig: Rig
):
    first, last = png(640, 640, (1, 1, 1)), png(640, 640, (2, 2, 2))
    server.say(answer([inline(first), {"text": "or"}, inline(last)], tokens=2240))
    assert [picture.data for picture in rig.run()] == [first, last]
    assert [call.usage.image_tokens for call in rig.calls] == [2240]


def test_words_instead_of_a_picture_are_quoted_without_the_key(server: GeminiServer, rig: Rig):
    server.say(answer([{"text": f"I cannot draw that. {server.key} " + "Really. " * 80}]))
    error = rig.error()
    assert isinstance(error, RefusedError)
    assert "I cannot draw that." in error.message
    assert server.key not in str(error)
    assert len(error.message) < 400
    assert explained(error)
    assert rig.calls[0].outcome == "refused"


@pytest.mark.parametrize("reason", BLOCK_REASONS)
def test_each_block_reason_is_named_and_explained(server: GeminiServer, rig: Rig, reason: str):
    server.say(blocked(reason, "The prompt was blocked."))
    error = rig.error()
    assert isinstance(error, RefusedError)
    assert error.code == reason
    assert f"({reason})" not in error.message
    assert "The prompt was blocked." in error.message
    assert "does not know" not in error.message
    assert explained(error)
    (call,) = rig.calls
    assert (call.outcome, call.reason) == ("refused", reason)


@pytest.mark.parametrize("reason", FINISH_REASONS)
def test_each_finish_reason_is_named_and_explained(server: GeminiServer, rig: Rig, reason: str):
    server.say(answer(finish=reason, finish_message="The image was held back."))
    error = rig.error()
    assert isinstance(error, RefusedError)
    assert error.code == reason
    assert f"({reason})" not in error.message
    assert "The image was held back." in error.message
    assert "does not know" not in error.message
    assert explained(error)
    (call,) = rig.calls
    assert (call.outcome, call.reason) == ("refused", reason)


@pytest.mark.parametrize(
    "said", [answer(finish="MOOD"), blocked("MOOD")], ids=["finish_reason", "block_reason"]
)
def test_a_reason_from_the_future_is_named_all_the_same(
    server: GeminiServer, rig: Rig, said: Answer
):
    server.say(said)
    error = rig.error()
    assert isinstance(error, RefusedError)
    assert error.code == "MOOD"
    assert explained(error)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"candidates": []}'])
def test_an_empty_answer_is_no_success(server: GeminiServer, rig: Rig, body: bytes):
    server.say(Answer(body=body))
    error = rig.error()
    assert isinstance(error, EngineError)
    assert error.code == "EMPTY"
    assert error.retryable
    assert explained(error)


@pytest.mark.parametrize(
    "said",
    [
        Answer(body=b'{"candidates": [{"content": {'),
        Answer(body=b"<html>Please log in to the network</html>", content_type="text/html"),
        Answer(body=b'{"candidates": 7}'),
        Answer(body=b"\xff\xfe\x00garbage"),
        Answer(headers={"Content-Length": "99999999999"}, close=False, hang_after=0),
    ],
    ids=["cut short", "a login page", "another shape", "no text", "far too long"],
)
def test_what_cannot_be_read_is_said_to_be_so(server: GeminiServer, rig: Rig, said: Answer):
    server.say(said)
    error = rig.error()
    assert isinstance(error, EngineError)
    assert error.code == "UNREADABLE"
    assert explained(error)
    (call,) = rig.calls
    assert (call.outcome, call.amount) == ("failed", None)


@pytest.mark.parametrize(
    "part",
    [
        inline(b"This is no picture."),
        inline(png(64, 64)[:-40]),
        {"inlineData": {"mimeType": "image/png", "data": "no base64!"}},
    ],
    ids=["text", "cut short", "no base64"],
)
def test_an_image_that_is_none_is_not_handed_on(
    server: GeminiServer, rig: Rig, part: dict[str, object]
):
    server.say(answer([part], tokens=1120))
    error = rig.error()
    assert isinstance(error, EngineError)
    assert error.code == "UNUSABLE"
    assert explained(error)
    assert rig.pictures == []
    assert rig.calls[0].amount == pytest.approx(PICTURE)


def test_an_image_larger_than_announced_is_not_opened(server: GeminiServer, rig: Rig):
    server.say(answer([inline(png(4000, 4000))], tokens=1120))
    error = rig.error()
    assert error.code == "UNUSABLE"
    assert "16" in error.message
    assert explained(error)


def test_a_good_picture_beside_a_broken_one_is_kept(server: GeminiServer, rig: Rig):
    good = png(640, 640)
    server.say(answer([inline(b"broken"), inline(good)], tokens=2240))
    assert rig.error().code == "UNUSABLE"
    assert [picture.data for picture in rig.pictures] == [good]


def test_a_truncated_body_is_no_success(server: GeminiServer, rig: Rig):
    whole = answer([inline(png(640, 640))])
    server.say(dataclasses.replace(whole, truncate_after=len(whole.body) // 2))
    error = rig.error()
    assert isinstance(error, UnreachableError)
    assert error.code == "BROKEN_OFF"
    assert explained(error)
    assert rig.calls[0].amount is None
    assert len(server.exchanges) == 1


@pytest.mark.parametrize(
    "said",
    [Answer(close=True), Answer(close=True, reset=True), Answer(raw=b"SSH-2.0-OpenSSH\r\n\r\n")],
    ids=["closed", "reset", "not HTTP"],
)
def test_a_dropped_connection_is_not_tried_again_unasked(
    server: GeminiServer, rig: Rig, said: Answer
):
    server.say(said)
    error = rig.error()
    assert isinstance(error, UnreachableError)
    assert error.retryable
    assert explained(error)
    assert len(server.exchanges) == 1


def test_a_wrong_key_that_comes_as_400_is_about_the_key(server: GeminiServer, rig: Rig):
    server.say(wrong_key())
    error = rig.error()
    assert isinstance(error, NotConfiguredError)
    assert error.remedies[0] == "keys"
    assert explained(error)
    assert "GEMINI_API_KEY" in error.next_step
    assert rig.calls[0].amount == 0.0


def test_a_key_that_the_service_does_not_know(server: GeminiServer, tmp_path: Path):
    rig = Rig(server, tmp_path)
    server.key = "AIzaSyAnotherKeyThanTheOneSent_987654321"
    error = rig.error()
    assert isinstance(error, NotConfiguredError)
    assert error.remedies[0] == "keys"


@pytest.mark.parametrize(("status", "word"), [(401, "UNAUTHENTICATED"), (403, "PERMISSION_DENIED")])
def test_a_key_without_permission(server: GeminiServer, rig: Rig, status: int, word: str):
    server.say(failed(status, word, "Your API key was reported as leaked."))
    error = rig.error()
    assert isinstance(error, NotConfiguredError)
    assert error.code == word
    assert error.remedies[0] == "keys"
    assert explained(error)


def test_another_400_quotes_what_google_says(server: GeminiServer, rig: Rig):
    server.say(bad("Unable to process input image. Please retry."))
    error = rig.error()
    assert isinstance(error, EngineError)
    assert "Unable to process input image" in error.message
    assert explained(error)


def test_a_region_without_gemini_is_said(server: GeminiServer, rig: Rig):
    server.say(failed(400, "FAILED_PRECONDITION", "User location is not supported."))
    error = rig.error()
    assert isinstance(error, NotConfiguredError)
    assert "User location is not supported." in error.message


def test_a_retired_model_names_the_recommended_one_and_is_remembered(
    server: GeminiServer, rig: Rig, tmp_path: Path
):
    server.say(no_such_model("gemini-3.1-flash-image"))
    request = wanted(options={"model": "gemini-3.1-flash-image"})
    error = rig.error(request)
    assert "gemini-nano-banana-2.1" in error.next_step
    assert error.remedies[0] == "other_model"
    states = {model.id: model.state for model in Rig(server, tmp_path).engine.capabilities.models}
    assert states["gemini-3.1-flash-image"] == "retired"
    rig.error(request)
    assert len(server.exchanges) == 1


def test_an_address_where_gemini_is_not(server: GeminiServer, rig: Rig):
    server.say(Answer(status=404, body=b"<html>Not here</html>", content_type="text/html"))
    error = rig.error()
    assert isinstance(error, NotConfiguredError)
    assert error.remedies == ("settings",)
    assert all(model.id != "" for model in rig.engine.capabilities.models)
    assert rig.engine.capabilities.models[0].state == "recommended"


def test_a_redirect_is_not_followed_with_the_key(server: GeminiServer, rig: Rig):
    server.say(Answer(status=302, headers={"Location": f"{server.url}/elsewhere"}))
    error = rig.error()
    assert isinstance(error, NotConfiguredError)
    assert error.remedies == ("settings",)
    assert len(server.exchanges) == 1


@pytest.mark.parametrize(
    ("status", "word"), [(500, "INTERNAL"), (503, "UNAVAILABLE"), (504, "DEADLINE_EXCEEDED")]
)
def test_a_failing_server_is_asked_once(server: GeminiServer, rig: Rig, status: int, word: str):
    server.say(failed(status, word, "The model is overloaded."))
    error = rig.error()
    assert isinstance(error, EngineError)
    assert error.code == word
    assert error.retryable
    assert explained(error)
    assert len(server.exchanges) == 1
    assert rig.calls[0].amount is None


def test_a_daily_limit_is_not_tried_again_and_says_when_it_starts_anew(
    server: GeminiServer, tmp_path: Path
):
    from datetime import datetime, timedelta, timezone

    here = timezone(timedelta(hours=1))
    rig = Rig(server, tmp_path, now=lambda: datetime(2026, 11, 22, 12, 30, tzinfo=here))
    server.say(too_many("GenerateRequestsPerDayPerProjectPerModel-PaidTier", retry="0.1s"))
    error = rig.error()
    assert isinstance(error, EngineError)
    assert not error.retryable
    assert "2026-11-23 09:00" in error.next_step
    assert error.retry_after == 20.5 * 3600
    assert len(server.exchanges) == 1
    assert rig.calls[0].amount == 0.0


def test_a_limit_of_zero_means_that_billing_is_not_set_up(server: GeminiServer, rig: Rig):
    server.say(too_many("GenerateRequestsPerMinutePerProject-FreeTier", limit=0, retry="0.1s"))
    error = rig.error()
    assert isinstance(error, NotConfiguredError)
    assert "Billing" in error.message
    assert len(server.exchanges) == 1


def test_the_other_pictures_still_come_when_one_fails(server: GeminiServer, rig: Rig):
    server.say(answer(finish="IMAGE_SAFETY"))
    error = rig.error(wanted(count=3))
    assert error.code == "IMAGE_SAFETY"
    assert len(rig.pictures) == 2
    assert sorted(call.outcome for call in rig.calls) == ["drawn", "drawn", "refused"]


def test_what_every_request_would_meet_is_met_once(server: GeminiServer, rig: Rig):
    rig.settings["gemini.concurrent"] = "1"
    server.say(wrong_key())
    assert isinstance(rig.error(wanted(count=4)), NotConfiguredError)
    assert len(server.exchanges) == 1


def test_no_call_is_made_beyond_the_spending_limit(server: GeminiServer, tmp_path: Path):
    from doubles import NotingMeter

    from pickabook_desktop.domain.calls import CallPlan
    from pickabook_desktop.domain.errors import SpendingLimitError

    class Frugal(NotingMeter):
        def start(self, plan: CallPlan) -> str:
            if self.calls:
                raise SpendingLimitError("The month's limit is reached.", "Raise it.")
            return super().start(plan)

    rig = Rig(server, tmp_path, meter=Frugal())
    rig.settings["gemini.concurrent"] = "1"
    with pytest.raises(SpendingLimitError):
        rig.run(wanted(count=3))
    assert len(rig.pictures) == 1
    assert len(server.exchanges) == 1


def test_a_cut_short_answer_is_not_continued_behind_the_persons_back(
    server: GeminiServer, rig: Rig
):
    """The SDK would send a second request by itself."""
    body = json.loads(answer([inline(png(640, 640))], finish="CONTINUATION").body)
    body["candidates"][0]["continuationToken"] = "bW9yZQ=="
    server.say(Answer.of_json(body))
    rig.run()
    assert len(server.exchanges) == 1

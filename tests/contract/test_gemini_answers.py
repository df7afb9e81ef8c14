"""Everything that Gemini may answer, over a real socket: what comes of it, and what it costs."""

import dataclasses
import json
from pathlib import Path

import pytest
from services.gemini import GeminiServer, answer, blocked, inline, png
from services.gemini_rig import Rig, explained, wanted
from services.wire import Answer

from pickabook_desktop.domain.errors import EngineError, RefusedError, UnreachableError
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

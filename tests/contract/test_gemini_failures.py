"""Gemini's failures, over a real socket: each has its own words, and is not paid for twice."""

from pathlib import Path

import pytest
from services.gemini import GeminiServer, answer, bad, failed, no_such_model, too_many, wrong_key
from services.gemini_rig import Rig, explained, wanted
from services.wire import Answer

from pickabook_desktop.domain.errors import EngineError, NotConfiguredError, UnreachableError


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

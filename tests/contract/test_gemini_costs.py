"""What an answer costs, in money by what Gemini has counted, and in memory at most."""

import contextlib
import gzip
from pathlib import Path

import pytest
from doubles import RESOURCES
from services.gemini import GeminiServer, answer, blocked, inline, png
from services.gemini_batches import GeminiBatches
from services.gemini_rig import Rig, wanted
from services.wire import Answer

from pickabook_desktop.domain.errors import InputError, PickaBookError, RefusedError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.net.cancel import CancelToken

# 1290 tokens sent at 1.5 dollars a million, and 1120 of a picture at 30.
SENT = 0.001935
PICTURE = 0.0336 + SENT


def test_a_refused_picture_that_was_drawn_is_accounted_for(server: GeminiServer, rig: Rig):
    server.say(answer(finish="IMAGE_SAFETY", tokens=1120))
    rig.error()
    assert rig.calls[0].amount == pytest.approx(PICTURE)


def test_a_refusal_before_drawing_costs_what_was_counted(server: GeminiServer, rig: Rig):
    server.say(blocked("SAFETY"))
    rig.error()
    assert rig.calls[0].amount == pytest.approx(SENT)


def test_a_picture_that_was_not_counted_costs_what_was_estimated(server: GeminiServer, rig: Rig):
    server.say(answer([inline(png(640, 640))], tokens=0))
    rig.run()
    (call,) = rig.calls
    assert (call.outcome, call.amount) == ("drawn", None)
    assert call.cost == pytest.approx(0.0336)


def test_a_model_whose_price_is_not_known_is_not_asked(server: GeminiServer, tmp_path: Path):
    lists = tmp_path / "models"
    lists.mkdir()
    known = (RESOURCES / "models" / "gemini.toml").read_text()
    (lists / "gemini.toml").write_text(known.replace("1K = 0.0336, ", ""))
    rig = Rig(server, tmp_path / "cache", model_lists=lists)
    error = rig.error()
    assert isinstance(error, InputError)
    assert error.message == "The price of this picture is not known."
    assert error.next_step
    assert (server.exchanges, rig.calls) == ([], [])


def test_without_a_count_the_estimate_stands(server: GeminiServer, rig: Rig):
    server.say(answer(finish="IMAGE_SAFETY", usage=False))
    rig.error()
    (call,) = rig.calls
    assert call.amount is None
    assert call.cost == pytest.approx(0.0336)


@pytest.mark.parametrize("model", ["gemini-nano-banana-2.1", "gemini-3-pro-image"])
@pytest.mark.parametrize(
    ("said", "counted"),
    [
        (answer([inline(png(640, 640))], tokens=1120), True),
        (answer(finish="IMAGE_SAFETY", tokens=1120), True),
        (answer([inline(b"broken")], tokens=1120), True),
        (answer([inline(png(640, 640))], tokens=0), False),
        (answer([inline(png(640, 640))], usage=False), False),
        (answer(finish="IMAGE_SAFETY", usage=False), False),
        (Answer(body=b'{"candidates": 7}'), False),
    ],
)
def test_a_batch_costs_half_of_what_the_same_answer_costs_at_once(
    tmp_path: Path, said: Answer, counted: bool, model: str
):
    service = GeminiBatches()
    request = wanted(options={"model": model})
    with GeminiServer(also=service) as server:
        rig = Rig(server, tmp_path)
        server.say(said)
        with contextlib.suppress(PickaBookError):
            rig.run(request)
        ticket = rig.engine.submit(request, CancelToken(), lambda _ticket: None)
        service.finish(said)
        with contextlib.suppress(PickaBookError):
            list(rig.engine.collect(ticket, request, CancelToken()))
    at_once, later = rig.calls
    assert later.cost == pytest.approx(at_once.cost / 2)
    price = rig.engine.catalogue.known(model).prices["1K"]
    assert (at_once.cost > price + 0.001) == counted


@pytest.mark.parametrize(
    ("model", "sent"), [("gemini-nano-banana-2.1", SENT), ("gemini-3-pro-image", 0.00258)]
)
def test_no_model_is_paid_for_a_picture_that_it_did_not_begin(
    server: GeminiServer, rig: Rig, model: str, sent: float
):
    server.say(blocked("SAFETY"))
    with pytest.raises(RefusedError):
        rig.run(wanted(options={"model": model}))
    assert rig.calls[0].amount == pytest.approx(sent)


def swollen(form: str) -> Answer:
    """A good answer after more blanks than are allowed, so that its head tells nothing of it."""
    body = b" " * 1_000_000 + answer([inline(png(64, 64))], tokens=1120).body
    if form == "chunked":
        head, body = "Transfer-Encoding: chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    elif form == "until the end":
        head = "Connection: close"
    else:
        body = gzip.compress(body) if form == "gzip" else body.lstrip()
        head = f"Content-Encoding: {form}\r\nContent-Length: {len(body)}"
    lines = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{head}\r\n\r\n"
    return Answer(raw=lines.encode() + body)


@pytest.mark.parametrize("form", ["chunked", "until the end", "gzip", "a language of its own"])
def test_an_answer_without_end_is_not_read_to_its_end(
    server: GeminiServer, rig: Rig, monkeypatch: pytest.MonkeyPatch, form: str
):
    monkeypatch.setattr("pickabook_desktop.providers.gemini.carrier.LARGEST_ANSWER", 400_000)
    server.say(swollen(form))
    error = rig.error()
    assert error.code == "UNREADABLE"
    assert error.next_step


def test_a_compressed_answer_is_read(server: GeminiServer, rig: Rig):
    server.say(swollen("gzip"))
    assert [picture.size for picture in rig.run()] == [Size(64, 64)]

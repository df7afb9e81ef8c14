"""Pictures are kept as they come, and none that was finished is lost."""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from e2e.fake_engine import FakeEngine, plain_png

from pickabook_desktop.domain.calls import CallPlan
from pickabook_desktop.domain.capabilities import Price
from pickabook_desktop.domain.errors import (
    ConsentError,
    InputError,
    NotConfiguredError,
    PhotoError,
    SpendingLimitError,
    StorageError,
)
from pickabook_desktop.domain.events import Cancelled, Done, Failed, JobEvent, Progress, Succeeded
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.outgoing import Outgoing
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.imaging import metadata
from pickabook_desktop.imaging.encode import decode_rgb
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.library import Library

EventsOf = Callable[..., list[JobEvent]]
RequestFor = Callable[..., GenerationRequest]
MakeStudio = Callable[..., Studio]


def test_all_pictures_are_kept_in_the_order_of_their_seeds(
    studio: Studio, request_for: RequestFor, events_of: EventsOf
):
    ending = events_of(studio.easel.generate_job(request_for(count=3)))[-1]
    assert isinstance(ending, Succeeded)
    assert [picture.request.seed for picture in ending.result.pictures] == [10, 11, 12]
    assert studio.library.recent() == ending.result.pictures[::-1]
    assert studio.library.verify().sound


def test_a_picture_says_how_it_came_to_be_and_its_pixels_stay(
    studio: Studio, request_for: RequestFor, events_of: EventsOf, photo: Path
):
    request = request_for(prompt="a fox", fields={"name": "Ada"})
    ending = events_of(studio.easel.generate_job(request))[-1]
    assert isinstance(ending, Succeeded)
    (kept,) = ending.result.pictures
    data = studio.library.read(kept.id)
    told = metadata.read(data, "image/png")
    assert told is not None
    assert (told.prompt, told.seed, told.engine, told.engine_version) == ("a fox", 10, "fake", "7")
    assert str(photo).encode() not in data
    assert b"Ada" not in data
    assert kept.request.fields == {"name": "Ada"}
    assert (decode_rgb(data) == decode_rgb(plain_png(Size(64, 64), 10))).all()


def test_a_picture_tells_others_nothing_of_the_child(
    studio: Studio, make_studio: MakeStudio, request_for: RequestFor, events_of: EventsOf
):
    request = request_for(
        fields={"name": "Ada", "title": "A trip"},
        options={"shade": "dark", "account": "Ada's mother"},
        consent="Ada's mother",
    )
    (ending,) = events_of(studio.easel.generate_job(request))[-1:]
    assert isinstance(ending, Succeeded)
    (kept,) = ending.result.pictures
    assert kept.request.options == request.options
    assert kept.request.consent == ""
    told = metadata.read(studio.library.read(kept.id), "image/png")
    assert told is not None
    shared = GenerationRequest.from_json(told.request_json)
    assert shared.photo == PhotoRef(path="")
    assert (shared.fields, shared.options) == ({"title": "A trip"}, {"shade": "dark"})
    assert "Ada" not in told.request_json

    named = make_studio(**{"export.names": "on"})
    (ending,) = events_of(named.easel.generate_job(request))[-1:]
    assert isinstance(ending, Succeeded)
    told = metadata.read(named.library.read(ending.result.pictures[0].id), "image/png")
    assert told is not None
    assert GenerationRequest.from_json(told.request_json).fields == request.fields


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with names there")
def test_what_is_no_photo_is_not_waited_for(
    studio: Studio, request_for: RequestFor, events_of: EventsOf, tmp_path: Path
):
    os.mkfifo(tmp_path / "pipe.png")
    for path in (tmp_path / "pipe.png", tmp_path, tmp_path / "none.png"):
        request = request_for(photo=PhotoRef(path=str(path)))
        (ending,) = events_of(studio.easel.generate_job(request))
        assert isinstance(ending, Failed)
        assert isinstance(ending.error, PhotoError)


def test_a_photo_that_was_changed_since_it_was_looked_at_is_refused(
    studio: Studio, request_for: RequestFor, events_of: EventsOf, photo: Path
):
    seen = hashlib.sha256(photo.read_bytes()).hexdigest()
    request = request_for(photo=PhotoRef(path=str(photo), sha256=seen))
    assert isinstance(events_of(studio.easel.generate_job(request))[-1], Succeeded)
    photo.write_bytes(plain_png(Size(200, 200), 4))
    (ending,) = events_of(studio.easel.generate_job(request))
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, PhotoError)
    assert "changed" in ending.error.message
    assert "again" in ending.error.next_step


def test_an_engine_that_wants_to_end_the_program_loses_no_picture(
    studio: Studio, request_for: RequestFor, events_of: EventsOf
):
    ending = events_of(studio.easel.generate_job(request_for(count=2, prompt="leave at 1")))[-1]
    assert isinstance(ending, Failed)
    assert ending.kept is not None
    assert len(ending.kept.pictures) == 1


def test_a_picture_has_a_thumbnail_and_knows_its_photo(
    studio: Studio, request_for: RequestFor, events_of: EventsOf, photo: Path
):
    ending = events_of(studio.easel.generate_job(request_for(size=Size(800, 400))))[-1]
    assert isinstance(ending, Succeeded)
    (kept,) = ending.result.pictures
    thumbnail = studio.library.thumbnail(kept.id)
    assert thumbnail is not None
    assert decode_rgb(thumbnail).shape == (128, 256, 3)
    assert kept.request.photo.sha256 == hashlib.sha256(photo.read_bytes()).hexdigest()


@pytest.mark.parametrize("prompt", ["fail at 2", "boom"])
def test_what_was_finished_before_a_failure_is_kept(
    studio: Studio, request_for: RequestFor, events_of: EventsOf, prompt: str
):
    ending = events_of(studio.easel.generate_job(request_for(count=3, prompt=prompt)))[-1]
    assert isinstance(ending, Failed)
    kept = ending.kept.pictures if ending.kept else ()
    assert len(kept) == (2 if prompt == "fail at 2" else 0)
    assert studio.library.recent() == kept[::-1]


def test_what_was_finished_before_cancelling_is_kept(studio: Studio, request_for: RequestFor):
    token = CancelToken()
    events: list[JobEvent] = []
    for event in studio.easel.generate_job(request_for(count=3, prompt="wait at 1"))(token):
        events.append(event)
        if isinstance(event, Progress) and event.stage == "Waiting":
            token.cancel()
    ending = events[-1]
    assert isinstance(ending, Cancelled)
    assert ending.kept is not None
    assert studio.library.recent() == ending.kept.pictures
    assert len(ending.kept.pictures) == 1


def test_progress_never_goes_back_and_says_how_long_it_takes(
    studio: Studio, request_for: RequestFor, events_of: EventsOf
):
    events = events_of(studio.easel.generate_job(request_for(count=4)))
    progress = [event for event in events if isinstance(event, Progress)]
    fractions = [event.fraction for event in progress]
    assert fractions == [0, 0.25, 0.5, 0.75]
    assert all(event.seconds_left is not None and event.seconds_left >= 0 for event in progress)


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"count": 0}, "1 to 8"), ({"count": 9}, "1 to 8"), ({"size": Size(5000, 5000)}, "20")],
)
def test_more_than_an_engine_can_do_is_refused_before_it_begins(
    studio: Studio,
    request_for: RequestFor,
    events_of: EventsOf,
    changes: dict[str, object],
    word: str,
):
    (ending,) = events_of(studio.easel.generate_job(request_for(**changes)))
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, InputError)
    assert word in ending.error.message


def test_an_engine_that_is_not_set_up_says_why(
    make_studio: MakeStudio, request_for: RequestFor, events_of: EventsOf
):
    studio = make_studio(FakeEngine(unavailable="Give a key in the settings."))
    (ending,) = events_of(studio.easel.generate_job(request_for()))
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, NotConfiguredError)
    assert "Give a key" in ending.error.next_step


def test_no_photo_is_sent_away_without_consent(
    make_studio: MakeStudio, request_for: RequestFor, events_of: EventsOf
):
    studio = make_studio(FakeEngine(needs_network=True))
    (ending,) = events_of(studio.easel.generate_job(request_for()))
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, ConsentError)
    assert "--consent" in ending.error.next_step
    agreed = events_of(studio.easel.generate_job(request_for(consent="Ada's mother")))[-1]
    assert isinstance(agreed, Succeeded)
    again = events_of(studio.easel.generate_job(request_for()))[-1]
    assert isinstance(again, Succeeded)
    (consent,) = studio.consents.all()
    assert "Ada's mother" in str(consent)


class PaidEngine(FakeEngine):
    """Asks for money."""

    def __init__(self) -> None:
        super().__init__(needs_network=True)

    def outgoing(self, request: GenerationRequest, cancellation: Cancellation) -> Outgoing:
        plain = super().outgoing(request, cancellation)
        return msgspec.structs.replace(plain, price=Price(amount=0.0504))


def test_a_job_that_would_pass_the_limit_is_refused_as_a_whole_before_its_first_picture(
    make_studio: MakeStudio, request_for: RequestFor, events_of: EventsOf
):
    studio = make_studio(PaidEngine(), **{"spending.monthly_limit": "0.35"})
    studio.ledger.start(CallPlan(engine_id="fake", model="", estimate=0.2365))
    (ending,) = events_of(studio.easel.generate_job(request_for(count=3, consent="Ada's mother")))
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, SpendingLimitError)
    assert ending.error.message == (
        "Spent this month: USD 0.24. The limit is USD 0.35; this job would cost about USD 0.15."
    )
    assert "USD 0.11" in ending.error.next_step
    assert studio.library.count() == 0
    fits = events_of(studio.easel.generate_job(request_for(count=2)))[-1]
    assert isinstance(fits, Succeeded)


def test_an_unknown_engine_is_told(studio: Studio, request_for: RequestFor, events_of: EventsOf):
    (ending,) = events_of(studio.easel.generate_job(request_for(engine_id="none")))
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, InputError)


def test_what_was_agreed_to_once_is_not_agreed_to_again_by_drawing_the_page_again(
    make_studio: MakeStudio, request_for: RequestFor, events_of: EventsOf
):
    studio = make_studio(FakeEngine(needs_network=True))
    first = events_of(studio.easel.generate_job(request_for(consent="Ada's mother")))[-1]
    assert isinstance(first, Succeeded)
    (consent,) = studio.consents.all()
    studio.consents.withdraw(consent.id)
    again = events_of(studio.easel.generate_job(first.result.pictures[0].request))[-1]
    assert isinstance(again, Failed)
    assert isinstance(again.error, ConsentError)


def test_a_picture_is_kept_though_the_records_cannot_be_used(
    studio: Studio, request_for: RequestFor, events_of: EventsOf
):
    studio.records.file.parent.mkdir(parents=True, exist_ok=True)
    studio.records.file.write_bytes(b"no database at all" * 500)
    (ending,) = events_of(studio.easel.generate_job(request_for(fields={"name": "Ada"})))[-1:]
    assert isinstance(ending, Succeeded)
    assert studio.library.recent() == ending.result.pictures


def test_drawing_stops_once_the_child_is_forgotten(
    studio: Studio, request_for: RequestFor, events_of: EventsOf
):
    token = CancelToken()
    events = studio.easel.generate_job(request_for(count=3, fields={"name": "Ada"}))(token)
    for _ in events:
        if studio.library.count() == 1:
            (child,) = studio.children.all()
            events_of(studio.forget_job(child.id))
            break
    assert isinstance(list(events)[-1], Failed)
    assert studio.library.count() == 0
    assert studio.children.all() == ()


def test_no_text_in_a_picture_has_the_name(
    studio: Studio, request_for: RequestFor, events_of: EventsOf
):
    request = request_for(
        prompt="Emmas Reise, #Emma_the_brave", fields={"name": "Emma", "title": "EMMA’s trip"}
    )
    (ending,) = events_of(studio.easel.generate_job(request))[-1:]
    assert isinstance(ending, Succeeded)
    (kept,) = ending.result.pictures
    told = metadata.read(studio.library.read(kept.id), "image/png")
    assert told is not None
    assert told.prompt == GenerationRequest.from_json(told.request_json).prompt
    assert told.prompt == "… Reise, #…_the_brave"
    assert "emma" not in repr(told).lower()
    assert kept.request.prompt == request.prompt


def test_a_picture_that_cannot_be_kept_is_handed_back(
    studio: Studio,
    request_for: RequestFor,
    events_of: EventsOf,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    add = Library.add

    def full(library: Library, *args: Any, **rest: Any) -> KeptPicture:
        if library.count():
            raise StorageError("The disk is full.", "Make some room.")
        return add(library, *args, **rest)

    monkeypatch.setattr(Library, "add", full)
    request = request_for(count=3)
    ending = events_of(studio.easel.generate_job(request))[-1]
    assert isinstance(ending, Failed)
    assert ending.kept is not None
    assert len(ending.kept.pictures) == 1
    (unkept,) = ending.unkept
    said = metadata.read(unkept.data, unkept.media_type)
    assert said is not None
    target = tmp_path / "rescued.png"
    assert isinstance(events_of(studio.hand_over.rescue_job(unkept, request, target))[-1], Done)
    assert (decode_rgb(target.read_bytes()) == decode_rgb(unkept.data)).all()

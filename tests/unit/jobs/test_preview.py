"""A preview is small, quick to draw, and leaves nothing behind."""

from collections.abc import Callable, Iterator

import msgspec
from e2e.fake_engine import FakeEngine

from pickabook_desktop.domain.capabilities import OptionSpec
from pickabook_desktop.domain.errors import EngineError, NotConfiguredError
from pickabook_desktop.domain.events import Done, EngineEvent, Failed, JobEvent
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.jobs.studio import Studio

EventsOf = Callable[..., list[JobEvent]]
RequestFor = Callable[..., GenerationRequest]
MakeStudio = Callable[..., Studio]


def test_one_small_picture_is_drawn_and_none_is_kept(
    studio: Studio, request_for: RequestFor, events_of: EventsOf
):
    request = request_for(size=Size(2048, 1024), count=4)
    ending = events_of(studio.easel.preview_job(request))[-1]
    assert isinstance(ending, Done)
    assert isinstance(ending.value, DrawnPicture)
    assert ending.value.size == Size(768, 384)
    assert ending.value.seed == request.seed
    assert not studio.places.library.exists()


def test_an_engine_that_draws_nothing_is_told(
    studio: Studio, request_for: RequestFor, events_of: EventsOf
):
    ending = events_of(studio.easel.preview_job(request_for(prompt="nothing")))[-1]
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, EngineError)


class Listening(FakeEngine):
    """Remembers what it was asked for."""

    def __init__(self, needs_network: bool = False, options: tuple[OptionSpec, ...] = ()) -> None:
        super().__init__(needs_network=needs_network)
        self.capabilities = msgspec.structs.replace(self.capabilities, options=options)
        self.asked: list[GenerationRequest] = []

    def generate(
        self, request: GenerationRequest, cancellation: Cancellation
    ) -> Iterator[EngineEvent]:
        self.asked.append(request)
        return super().generate(request, cancellation)


def test_an_engine_is_given_no_option_that_it_has_not(
    make_studio: MakeStudio, request_for: RequestFor, events_of: EventsOf
):
    plain, choosy = Listening(), Listening(options=(OptionSpec(id="media_type", title="Format"),))
    for engine in (plain, choosy):
        events_of(make_studio(engine).easel.preview_job(request_for()))
    assert [r.options for r in (*plain.asked, *choosy.asked)] == [{}, {"media_type": "image/jpeg"}]


def test_no_photo_leaves_the_machine_for_a_preview(
    make_studio: MakeStudio, request_for: RequestFor, events_of: EventsOf
):
    engine = Listening(needs_network=True)
    studio = make_studio(engine)
    (ending,) = events_of(studio.easel.preview_job(request_for(consent="Ada's mother")))
    assert isinstance(ending, Failed)
    assert ending.error.next_step
    assert engine.asked == []


def test_an_engine_that_is_not_set_up_says_why(
    make_studio: MakeStudio, request_for: RequestFor, events_of: EventsOf
):
    studio = make_studio(FakeEngine(unavailable="Give a key in the settings."))
    (ending,) = events_of(studio.easel.preview_job(request_for()))
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, NotConfiguredError)

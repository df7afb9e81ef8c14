"""A preview is small, quick to draw, and leaves nothing behind."""

from collections.abc import Callable

from pickabook_desktop.domain.errors import EngineError
from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.jobs.studio import Studio

EventsOf = Callable[..., list[JobEvent]]
RequestFor = Callable[..., GenerationRequest]


def test_one_small_picture_is_drawn_and_none_is_kept(
    studio: Studio, request_for: RequestFor, events_of: EventsOf
):
    request = request_for(size=Size(2048, 1024), count=4)
    ending = events_of(studio.preview_job(request))[-1]
    assert isinstance(ending, Done)
    assert isinstance(ending.value, DrawnPicture)
    assert ending.value.size == Size(768, 384)
    assert ending.value.seed == request.seed
    assert not studio.places.library.exists()


def test_an_engine_that_draws_nothing_is_told(
    studio: Studio, request_for: RequestFor, events_of: EventsOf
):
    ending = events_of(studio.preview_job(request_for(prompt="nothing")))[-1]
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, EngineError)

"""Draw a page small and quickly, to be looked at and thrown away."""

from collections.abc import Callable, Iterator

from pickabook_desktop.domain.capabilities import Capabilities
from pickabook_desktop.domain.errors import EngineError, InputError
from pickabook_desktop.domain.events import Done, Drawn, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Engine
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.jobs.generate import check_request
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.net.cancel import CancelToken

PREVIEW_EDGE = 768


def preview_job(request: GenerationRequest, get_engine: Callable[[str], Engine]) -> Job:
    """A job that ends with ``Done(value=DrawnPicture)`` at most 768 pixels long, and a JPEG where
    the engine offers a choice. Engines that send the photo away draw none.
    """
    small = request.with_changes(size=request.size.fitted(PREVIEW_EDGE), count=1)

    def job(token: CancelToken) -> Iterator[JobEvent]:
        engine = get_engine(small.engine_id)
        check_request(small, engine)
        can = engine.capabilities
        if can.needs_network:
            raise InputError(
                tr("{title} draws no previews, as it would send the photo away.", title=can.title),
                tr("Press Generate to draw the page."),
            )
        for event in engine.generate(_quick(small, can), token):
            if isinstance(event, Drawn):
                yield Done(value=event.picture)
                return
            yield event
        raise EngineError(tr("The engine drew nothing."), tr("Try again, or use another engine."))

    return job


def _quick(request: GenerationRequest, can: Capabilities) -> GenerationRequest:
    if all(option.id != "media_type" for option in can.options):
        return request
    return request.with_changes(options={**request.options, "media_type": "image/jpeg"})

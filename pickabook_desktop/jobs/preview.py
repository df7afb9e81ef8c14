"""Draw a page small and quickly, to be looked at and thrown away."""

from collections.abc import Callable, Iterator

from pickabook_desktop.domain.errors import EngineError
from pickabook_desktop.domain.events import Done, Drawn, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Engine
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.net.cancel import CancelToken

PREVIEW_EDGE = 768


def preview_job(request: GenerationRequest, get_engine: Callable[[str], Engine]) -> Job:
    """A job that ends with ``Done(value=DrawnPicture)``, a JPEG at most 768 pixels long."""
    small = request.with_changes(
        size=request.size.fitted(PREVIEW_EDGE),
        count=1,
        options={**request.options, "media_type": "image/jpeg"},
    )

    def job(token: CancelToken) -> Iterator[JobEvent]:
        for event in get_engine(small.engine_id).generate(small, token):
            if isinstance(event, Drawn):
                yield Done(value=event.picture)
                return
            yield event
        raise EngineError(tr("The engine drew nothing."), tr("Try again, or use another engine."))

    return job

"""Draw the pictures of a request and keep them."""

from collections.abc import Callable

from pickabook_desktop.domain.ports import Engine
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.storage.library import Library


def generate_job(
    request: GenerationRequest, get_engine: Callable[[str], Engine], library: Library
) -> Job:
    """A job that ends with ``Succeeded``; what was finished before a failure is kept."""
    raise NotImplementedError

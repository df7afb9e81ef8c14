"""What the window itself has of a child that is being forgotten."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.domain.names import Hints, folded, name_in
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.ui.controllers.showing import Showing
from pickabook_desktop.ui.viewmodels.children import FORGET_LANE
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.session import SessionModel
from pickabook_desktop.ui.viewmodels.shelf import Shelf

if TYPE_CHECKING:
    from pickabook_desktop.jobs.forget import KnownChild


class Forgetting(QObject):
    """Stops what is being drawn of a child, and takes it out of the form and out of sight; else
    the form would be written down again when the window closes.
    """

    def __init__(
        self,
        model: CreateModel,
        session: SessionModel,
        shelf: Shelf,
        showing: Showing,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._session = session
        self._shelf = shelf
        self._showing = showing

    def begin(self, child: "KnownChild") -> None:
        """Nothing more of ``child`` is drawn, and the form is emptied of it."""
        for job in self._session.jobs:
            if _shows(job.request, child):
                self._session.cancel(job.id)
        model = self._model
        hints = Hints(child.name)
        photos = [model.photo_path, *(photo.path for photo in model.further.photos)]
        texts = (*model.fields.values(), model.prompt, model.book)
        if any(str(photo) in child.photos for photo in photos if photo) or any(
            hints.found_in(text) for text in texts
        ):
            self._empty_form()
        model.set_history(())
        self._showing.clear()

    def end(self, child: "KnownChild") -> None:
        """Read again what is left."""
        self._shelf.open()

    def resume(self, make_job: Callable[[], Job], lanes: Lanes) -> None:
        """Finish what an earlier run had begun; ``make_job`` is called off the main thread."""

        def run(token: CancelToken) -> Iterator[JobEvent]:
            yield from make_job()(token)

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done) and event.value:
                self._shelf.open()

        lanes.submit(FORGET_LANE, run, on_event)

    def _empty_form(self) -> None:
        model = self._model
        model.remove_photo()
        for field_id in tuple(model.fields):
            model.set_field(field_id, "")
        model.set_prompt("")
        model.set_book("")


def _shows(request: GenerationRequest, child: "KnownChild") -> bool:
    name = folded(name_in(request))
    photos = (request.photo, *request.further_photos)
    return (bool(name) and name == folded(child.name)) or any(
        photo.path in child.photos for photo in photos
    )

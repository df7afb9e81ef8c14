"""From the choices to a page: previews while choosing, and jobs when asked."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import GenerationRequest, random_seed
from pickabook_desktop.domain.result import DrawnPicture, GenerationResult, KeptPicture
from pickabook_desktop.jobs.inspect import InspectedPhoto
from pickabook_desktop.ui.controllers.showing import Showing
from pickabook_desktop.ui.draw_button import DrawButton
from pickabook_desktop.ui.queue_button import QueueButton
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.session import SessionModel
from pickabook_desktop.ui.viewmodels.shelf import Shelf


class Drawing(QObject):
    """Connects the create model, the session and what shows them."""

    photo_seen = Signal(object)
    """An :class:`InspectedPhoto` that belongs to the photo now chosen."""
    explained = Signal(str)
    """Something to be told in passing, as a sentence."""

    def __init__(
        self,
        model: CreateModel,
        session: SessionModel,
        shelf: Shelf,
        showing: Showing,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._session = session
        self._shelf = shelf
        self._showing = showing
        self._shown_for: GenerationRequest | None = None
        self._last_failed: GenerationRequest | None = None
        self._quiet = False
        model.photo_chosen.connect(session.inspect)
        model.request_changed.connect(self._on_request_changed)
        model.photo_changed.connect(self._on_photo_changed)
        session.photo_inspected.connect(self._on_photo_inspected)
        session.photo_failed.connect(self._on_photo_failed)
        session.preview_drawn.connect(self._on_preview_drawn)
        session.preview_failed.connect(self._on_preview_failed)
        session.work_previewed.connect(showing.show_work)
        session.pictures_kept.connect(shelf.add)
        session.finished.connect(self._on_finished)
        session.failed.connect(self._on_failed)

    def attach(self, button: DrawButton, queue: QueueButton) -> None:
        """Let the primary button and the queue follow the work."""
        self._button, self._queue = button, queue
        button.draw_wanted.connect(self.draw)
        button.cancel_wanted.connect(self._session.cancel_current)
        queue.cancel_wanted.connect(self._session.cancel)
        self._session.jobs_changed.connect(self._on_jobs_changed)
        self._model.request_changed.connect(self._offer)
        self._offer()

    def draw(self) -> None:
        """Queue the page as chosen, or say why it cannot be drawn."""
        request = self._model.request()
        if request is None:
            self.explained.emit(self._model.blocker())
            return
        self._model.remember_prompt()
        self.start(request)

    def start(self, request: GenerationRequest) -> None:
        """Queue any request."""
        self._session.draw(request, title_of(request, self._model))

    def retry(self) -> None:
        """Draw again what failed last, or what is chosen now."""
        request, self._last_failed = self._last_failed, None
        if request is None:
            self.draw()
        else:
            self.start(request)

    def recall(self, picture: KeptPicture) -> None:
        """Put everything that ``picture`` was made from back into the form."""
        request = picture.request
        self._shown_for = request
        self._model.load(request)
        if request.photo.path and not Path(request.photo.path).exists():
            self.explained.emit(
                tr("The photo of this page is no longer there. Choose it again to draw more.")
            )
        else:
            self.explained.emit(tr("The settings of this page are back in the form."))

    def reroll(self, picture: KeptPicture) -> None:
        """Draw ``picture`` once more with a fresh seed."""
        self.start(picture.request.with_changes(seed=random_seed(), count=1))

    def _offer(self) -> None:
        if not self._session.busy:
            self._button.set_offer(self._model.estimate())
        self._button.set_missing(self._model.blocker())

    def _on_request_changed(self) -> None:
        if self._quiet:
            return
        request = self._model.request()
        if request is None or not self._previews_live():
            self._session.drop_preview()
            return
        if self._shown_for is not None and _looks_of(request) == _looks_of(self._shown_for):
            return
        self._shown_for = None
        self._session.preview(request)

    def _previews_live(self) -> bool:
        capabilities = self._model.capabilities
        return capabilities is not None and capabilities.live_preview

    def _on_photo_changed(self) -> None:
        if self._model.photo_stage != "ready":
            self._showing.drop_photo()

    def _on_photo_inspected(self, path: Path, photo: InspectedPhoto) -> None:
        if path == self._model.photo_path:
            self.photo_seen.emit(photo)
            self._showing.show_photo(photo.preview)
        self._model.accept_report(path, photo.report)

    def _on_photo_failed(self, path: Path, error: PickaBookError) -> None:
        self._model.fail_photo(path, str(error))

    def _on_preview_drawn(self, request: GenerationRequest, picture: DrawnPicture) -> None:
        self._showing.show_preview(picture)

    def _on_preview_failed(self, request: GenerationRequest, error: PickaBookError) -> None:
        self._last_failed = None
        self._showing.show_error(error)

    def _on_jobs_changed(self) -> None:
        job = self._session.current
        if job is None:
            self._button.show_idle()
            self._offer()
        else:
            self._button.show_progress(job.fraction, job.stage, job.seconds_left)
        self._queue.show_jobs(self._session.jobs)

    def _on_finished(self, result: GenerationResult) -> None:
        self._session.drop_preview()
        if not result.pictures:
            return
        self._showing.show_kept(result.pictures[0], result.pictures)
        as_chosen = self._model.request()
        if as_chosen is not None and _looks_of(as_chosen) == _looks_of(result.request):
            self._advance_seed()

    def _advance_seed(self) -> None:
        # A fresh seed for the next page is no reason to replace this one by a preview.
        self._quiet = True
        self._model.advance_seed()
        self._quiet = False
        self._shown_for = self._model.request()

    def _on_failed(self, request: GenerationRequest, error: PickaBookError) -> None:
        self._last_failed = request
        self._showing.show_error(error)


def title_of(request: GenerationRequest, model: CreateModel) -> str:
    """What a page is called in the queue and the history."""
    template = model.templates.get(request.template_id)
    style = model.styles.get(request.style_id)
    page = template.title if template else request.prompt or tr("Page")
    name = request.fields.get("name", "").strip()
    return " · ".join(part for part in (page, name, style.title if style else "") if part)


def _looks_of(request: GenerationRequest) -> GenerationRequest:
    """What a preview depends on: all but the number of pictures and the file's name."""
    photo = request.photo
    anonymous = (
        photo
        if not photo.sha256
        else type(photo)(path="", sha256=photo.sha256, face_index=photo.face_index)
    )
    return request.with_changes(photo=anonymous, count=1, size=request.size.fitted(768))

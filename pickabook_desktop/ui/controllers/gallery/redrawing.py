"""Pages that the library has asked for: what becomes of them is told where they were asked for."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from pickabook_desktop.domain.errors import ConsentError, PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import GenerationResult
from pickabook_desktop.ui.controllers.drawing import Drawing
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.viewmodels.decision_words import pages
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel
from pickabook_desktop.ui.viewmodels.session import SessionModel


class Redrawing(QObject):
    """Draws through the create tab's own gate, and tells when all is done or something failed."""

    def __init__(
        self,
        model: GalleryModel,
        session: SessionModel,
        drawing: Drawing,
        toast: Toast,
        show_create: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._session = session
        self._drawing = drawing
        self._toast = toast
        self._show_create = show_create
        self._ours: set[int] = set()
        self._drawn: list[str] = []
        session.finished.connect(self._on_finished)
        session.failed.connect(self._on_failed)
        session.cancelled.connect(self._on_cancelled)

    def start(self, requests: Sequence[GenerationRequest], remark: str = "") -> None:
        """Queue one job for each request; ``remark`` is said with that."""
        before = self._open_jobs()
        for request in requests:
            self._drawing.start(request)
        self._ours |= self._open_jobs() - before
        said = tr("Drawing the page…")
        if len(requests) > 1:
            said = tr("Drawing {pages}…", pages=pages(len(requests)))
        self._toast.show_message(f"{said} {remark}".strip(), tr("Show"), self._show_create)

    def _open_jobs(self) -> set[int]:
        return {job.id for job in self._session.jobs}

    def _one_ended(self) -> bool:
        """Whether a page that was asked for here has just ended."""
        ended = self._ours - self._open_jobs()
        self._ours -= ended
        return bool(ended)

    def _on_finished(self, result: GenerationResult) -> None:
        if self._one_ended():
            self._drawn += [picture.id for picture in result.pictures]
            self._tell()

    def _on_cancelled(self, _job: object) -> None:
        if self._one_ended():
            self._tell()

    def _on_failed(self, _request: GenerationRequest, error: PickaBookError) -> None:
        if not self._one_ended():
            return
        # Who has to agree is asked at once, whatever is seen.
        if not isinstance(error, ConsentError):
            self._toast.show_message(str(error), tr("Show"), self._show_create)
        if not self._ours:
            self._drawn.clear()

    def _tell(self) -> None:
        if self._ours or not self._drawn:
            return
        drawn, self._drawn = self._drawn, []
        one = tr("The page is drawn.")
        said = one if len(drawn) == 1 else tr("{pages} are drawn.", pages=pages(len(drawn)))
        self._toast.show_message(said, tr("Show"), lambda: self._model.seek(drawn[-1]))

"""The photo column and the create model, and pictures that come without a file."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QImage, QImageWriter

from pickabook_desktop.domain.errors import PickaBookError, StorageError
from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.photo import PhotoReport
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.jobs.inspect import InspectedPhoto
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.controllers.showing import Showing
from pickabook_desktop.ui.create.columns import PhotoColumn
from pickabook_desktop.ui.result.canvas import PictureCanvas
from pickabook_desktop.ui.result.pyramid import Pyramid
from pickabook_desktop.ui.viewmodels.alignment import photo_over_page
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.loader import PictureLoader
from pickabook_desktop.ui.viewmodels.session import SessionModel


class Photos(QObject):
    """Has chosen photos looked at, and shows photo column and canvas their upright picture."""

    refused = Signal(str)
    """Why a pasted picture could not be taken, as sentences."""

    def __init__(
        self,
        column: PhotoColumn,
        canvas: PictureCanvas,
        model: CreateModel,
        session: SessionModel,
        lanes: Lanes,
    ) -> None:
        super().__init__(column)
        self._column = column
        self._canvas = canvas
        self._model = model
        self._previews = PictureLoader(lanes, self)
        self._picture: Pyramid | None = None
        self._showing: Showing | None = None
        self.pasted = PastedPictures(lanes, self)
        column.image_pasted.connect(self.pasted.take)
        self.pasted.written.connect(model.choose_photo)
        self.pasted.failed.connect(self._on_paste_failed)
        model.photo_chosen.connect(session.inspect)
        model.photo_changed.connect(self._on_photo_changed)
        session.photo_inspected.connect(self._on_inspected)
        session.photo_failed.connect(self._on_failed)

    def _on_inspected(self, path: Path, photo: InspectedPhoto) -> None:
        """Only once its picture is decoded is a photo ready, so nothing flickers."""

        def on_ready(picture: Pyramid) -> None:
            if path == self._model.photo_path:
                self._column.set_preview(path, picture.image)
                self._picture = picture
            self._model.accept_report(path, photo.report)

        self._previews.load(photo.preview, on_ready)

    def _on_failed(self, path: Path, error: PickaBookError) -> None:
        self._model.fail_photo(path, str(error))

    def follow(self, showing: Showing) -> None:
        """Offer the photo for comparison with what is shown, if that was drawn from it."""
        self._showing = showing
        showing.current_changed.connect(self._offer)
        self._model.request_changed.connect(self._offer)

    def _on_photo_changed(self) -> None:
        if self._model.photo_stage != "ready":
            self._picture = None
        self._offer()

    def _offer(self) -> None:
        report, request = self._model.report, self._model.request()
        if self._showing is not None and self._showing.current is not None:
            request = self._showing.current.request
        if self._picture is None or report is None:
            self._canvas.set_photo(None)
        elif request is None:
            self._canvas.set_photo(self._picture)
        elif request.photo.sha256 != report.sha256:
            self._canvas.set_photo(None)
        else:
            self._canvas.set_photo(self._picture, self._place(report, request))

    def _place(self, report: PhotoReport, request: GenerationRequest) -> QRectF | None:
        template = self._model.templates.get(request.template_id)
        if template is None:
            return None
        place = photo_over_page(report, request.photo.face_index, template, request.size)
        return QRectF(place.x, place.y, place.width, place.height) if place else None

    def _on_paste_failed(self, error: PickaBookError) -> None:
        self.refused.emit(str(error))


class PastedPictures(QObject):
    """Writes pasted pictures to a folder that this person alone can read (mode 0700).

    The folder lies among the system's temporary files and :meth:`close` removes it, so a page
    recalled in a later run asks for its photo again.
    """

    written = Signal(Path)
    failed = Signal(object)
    """A PickaBookError."""

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._folder: Path | None = None
        self._count = 0

    def take(self, image: QImage) -> None:
        """Store ``image``; ``written`` tells where."""
        try:
            path = self._next_path()
        except OSError as error:
            self.failed.emit(_no_room(error))
            return

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                self.written.emit(path)
            elif isinstance(event, Failed):
                self.failed.emit(event.error)

        self._lanes.submit("photo", _write_job(image, path), on_event)

    def holds(self, path: Path) -> bool:
        """Whether ``path`` is one of the pasted pictures."""
        return self._folder is not None and path.parent == self._folder

    def close(self) -> None:
        """Remove what was pasted."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _next_path(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="pickabook-"))
        self._count += 1
        return self._folder / tr("Pasted picture {number}.png", number=self._count)


def _write_job(image: QImage, path: Path) -> Job:
    def run(cancellation: Cancellation) -> Iterator[JobEvent]:
        cancellation.raise_if_cancelled()
        writer = QImageWriter(str(path), b"png")
        writer.setCompression(0)
        if not writer.write(image):
            raise _no_room()
        yield Done(value=path)

    return run


def _no_room(cause: Exception | None = None) -> PickaBookError:
    error = StorageError(
        tr("The pasted picture could not be stored."),
        tr("Make room on the disk that holds temporary files, and paste again."),
    )
    error.__cause__ = cause
    return error

"""The photo column and the create model, and pictures that come without a file."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QImageWriter

from pickabook_desktop.domain.errors import PickaBookError, StorageError
from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.jobs.inspect import InspectedPhoto
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.scratch import Scratch
from pickabook_desktop.ui.controllers.showing import Showing
from pickabook_desktop.ui.create.columns import PhotoColumn
from pickabook_desktop.ui.result.canvas import PictureCanvas
from pickabook_desktop.ui.result.pyramid import Pyramid
from pickabook_desktop.ui.viewmodels.alignment import place_of_photo
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.loader import PictureLoader
from pickabook_desktop.ui.viewmodels.session import SessionModel
from pickabook_desktop.ui.viewmodels.shelf import job_of


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
        scratch: Scratch,
    ) -> None:
        super().__init__(column)
        self._column = column
        self._canvas = canvas
        self._model = model
        self._lanes = lanes
        self._previews = PictureLoader(lanes, self)
        self._picture: Pyramid | None = None
        self._showing: Showing | None = None
        self.pasted = PastedPictures(scratch, lanes, self)
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

    def begin_with(self, *photos: Path | None) -> None:
        """Choose the first of ``photos`` that exists, unless one has been chosen by then."""

        def first() -> Path | None:
            return next((photo for photo in photos if photo and photo.is_file()), None)

        def on_event(event: JobEvent) -> None:
            found = event.value if isinstance(event, Done) else None
            if isinstance(found, Path) and self._model.photo_path is None:
                self._model.choose_photo(found)

        self._lanes.submit("photo", job_of(first), on_event)

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
            place = place_of_photo(report, request, self._model.templates)
            self._canvas.set_photo(self._picture, place)

    def _on_paste_failed(self, error: PickaBookError) -> None:
        self.refused.emit(str(error))


class PastedPictures(QObject):
    """Writes pasted pictures to a folder of this run, so a page recalled in a later run asks for
    its photo again.
    """

    written = Signal(Path)
    failed = Signal(object)
    """A PickaBookError."""

    def __init__(self, scratch: Scratch, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scratch = scratch
        self._lanes = lanes
        self._count = 0

    def take(self, image: QImage) -> None:
        """Store ``image``; ``written`` tells where."""
        self._count += 1
        name = tr("Pasted picture {number}.png", number=self._count)

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done) and isinstance(event.value, Path):
                self.written.emit(event.value)
            elif isinstance(event, Failed):
                self.failed.emit(event.error)

        self._lanes.submit("photo", _write_job(image, self._scratch, name), on_event)


def _write_job(image: QImage, scratch: Scratch, name: str) -> Job:
    def run(cancellation: Cancellation) -> Iterator[JobEvent]:
        cancellation.raise_if_cancelled()
        path = scratch.place(name)
        writer = QImageWriter(str(path), b"png")
        writer.setCompression(0)
        if not writer.write(image):
            raise StorageError(
                tr("The pasted picture could not be stored."),
                tr("Make room in {folder}, and paste again.", folder=path.parent.parent),
            )
        yield Done(value=path)

    return run

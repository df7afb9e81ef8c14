"""The photo that a kept page was drawn from, found again and laid over the page."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QRectF

from pickabook_desktop.domain.errors import PhotoError
from pickabook_desktop.domain.events import Done, Failed, JobEvent, Terminal
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.photo import PhotoReport
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.jobs.inspect import InspectedPhoto
from pickabook_desktop.jobs.lanes import Job, answering
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import JobHandle, Lanes
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.ui.result.pyramid import Pyramid, read_image
from pickabook_desktop.ui.viewmodels.alignment import place_of_photo
from pickabook_desktop.ui.viewmodels.shelf import job_of


class FoundPhoto(msgspec.Struct, frozen=True):
    """A photo, and where it lies over the page in fractions of that; None where nobody knows."""

    picture: Pyramid
    place: QRectF | None


OnFound = Callable[[FoundPhoto], None]
OnMissing = Callable[[str], None]


class _Seen(msgspec.Struct, frozen=True):
    sha256: str
    report: PhotoReport
    picture: Pyramid


class BeforePhoto(QObject):
    """Finds one photo at a time, and remembers the last: variations share theirs."""

    def __init__(self, studio: Studio, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._lanes = lanes
        self._seen: _Seen | None = None
        self._handle: JobHandle | None = None

    def find(self, picture_id: str, on_found: OnFound, on_missing: OnMissing) -> None:
        """Look for the photo of a picture; one of the two is called, unless another is sought or
        :meth:`drop` comes first. ``on_missing`` gets a sentence.
        """
        self.drop()

        def asked(value: object) -> None:
            if isinstance(value, KeptPicture):
                self._find_for(value.request, on_found, on_missing)

        job = job_of(lambda: self._studio.library.get(picture_id))
        self._submit("review", job, asked, on_missing)

    def drop(self) -> None:
        """Call back no more."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def forget(self) -> None:
        """Let go of the photo that was found last."""
        self._seen = None

    def _find_for(
        self, request: GenerationRequest, on_found: OnFound, on_missing: OnMissing
    ) -> None:
        photo = request.photo
        if self._seen is not None and photo.sha256 and self._seen.sha256 == photo.sha256:
            on_found(self._found(self._seen, request))
            return
        if not photo.path:
            on_missing(tr("It is not known which photo this page was drawn from."))
            return

        def looked(value: object) -> None:
            if isinstance(value, _Seen):
                self._seen = value
                on_found(self._found(value, request))

        self._submit("photo", _look_job(self._studio, request), looked, on_missing)

    def _found(self, seen: _Seen, request: GenerationRequest) -> FoundPhoto:
        templates = self._studio.templates
        return FoundPhoto(seen.picture, place_of_photo(seen.report, request, templates))

    def _submit(
        self, lane: str, job: Job, on_value: Callable[[object], None], on_missing: OnMissing
    ) -> None:
        def on_event(event: JobEvent) -> None:
            if handle is not self._handle or not isinstance(event, Terminal):
                return
            self._handle = None
            if isinstance(event, Done):
                on_value(event.value)
            elif isinstance(event, Failed):
                on_missing(str(event.error))

        handle = self._handle = self._lanes.submit(lane, job, on_event)


def _look_job(studio: Studio, request: GenerationRequest) -> Job:
    """Look at the photo of ``request``, if it is still that one."""
    path, sha256 = Path(request.photo.path), request.photo.sha256

    def work(token: CancelToken) -> _Seen:
        if not path.is_file():
            raise PhotoError(
                tr("The photo of this page is no longer there: {path}", path=path),
                tr("Put it back to compare the page with it."),
            )
        for event in studio.inspect_job(path)(token):
            if isinstance(event, Done) and isinstance(event.value, InspectedPhoto):
                return _decoded(event.value, path, sha256)
        raise PhotoError(tr("The photo of this page could not be read."), "")

    return answering(work)


def _decoded(photo: InspectedPhoto, path: Path, sha256: str) -> _Seen:
    if sha256 and photo.report.sha256 != sha256:
        raise PhotoError(
            tr("Another photo is in the place of the one for this page: {path}", path=path),
            tr("Put the first one back to compare the page with it."),
        )
    picture = Pyramid(read_image(photo.preview))
    picture.build()
    return _Seen(photo.report.sha256, photo.report, picture)

"""Kept pictures as other programs get them: a file, and the picture itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from PySide6.QtCore import QByteArray, QMimeData, QObject, QUrl, Signal
from PySide6.QtGui import QImage

from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import JobHandle, Lanes
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.scratch import Scratch
from pickabook_desktop.ui.controllers.showing import Showing
from pickabook_desktop.ui.create.photo_drop import OWN_PICTURE
from pickabook_desktop.ui.result.pyramid import Pyramid, read_image


class Handout(msgspec.Struct, frozen=True):
    """A picture's file and what is in it."""

    file: Path
    pyramid: Pyramid

    def mime(self) -> QMimeData:
        """For the clipboard or a drag; marked as coming from here."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(self.file))])
        mime.setImageData(self.pyramid.image)
        mime.setData(OWN_PICTURE, QByteArray())
        return mime


class HandingOut(QObject):
    """Prepares one picture at a time. Where metadata is left out of copies, that is a copy of this
    run without any, else the library's own file.
    """

    failed = Signal(object)
    """A PickaBookError."""

    def __init__(
        self, showing: Showing, lanes: Lanes, studio: Studio, scratch: Scratch, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._showing = showing
        self._lanes = lanes
        self._studio = studio
        self._scratch = scratch
        self._wanted: JobHandle | None = None

    def prepare(self, picture: KeptPicture, use: Callable[[Handout], None]) -> None:
        """Call ``use``: at once where nothing has to be read, else when that is done, unless
        another picture is asked for meanwhile.
        """
        if self._wanted is not None:
            self._wanted.cancel()
            self._wanted = None
        seen = self._showing.pyramid_of(picture)
        if seen is not None and self._studio.exports_metadata:
            use(Handout(Path(picture.path), seen))
            return

        def on_event(event: JobEvent) -> None:
            if handle is not self._wanted:
                return
            if isinstance(event, Done) and isinstance(event.value, Handout):
                use(event.value)
            elif isinstance(event, Failed):
                self.failed.emit(event.error)

        handle = self._wanted = self._lanes.submit("library", self._job(picture, seen), on_event)

    def _job(self, picture: KeptPicture, seen: Pyramid | None) -> Job:
        whole = self._studio.exports_metadata

        def run(token: CancelToken) -> Iterator[JobEvent]:
            file = Path(picture.path)
            if not whole:
                file = self._scratch.place(file.name)
                copying = self._studio.hand_over.export_job(picture, file)(token)
                yield from (event for event in copying if not isinstance(event, Done))
            token.raise_if_cancelled()
            pyramid = Pyramid(_bare(seen.image) if seen is not None else read_image(file))
            pyramid.build()
            yield Done(value=Handout(file, pyramid))

        return run


def _bare(image: QImage) -> QImage:
    """The same pixels without the texts that came with them from the file."""
    bare = QImage(
        image.constBits(), image.width(), image.height(), image.bytesPerLine(), image.format()
    ).copy()
    bare.setColorSpace(image.colorSpace())
    return bare

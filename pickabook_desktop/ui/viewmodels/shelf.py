"""The last pages of the library, and their thumbnails, fetched off the main thread."""

from collections import OrderedDict
from collections.abc import Callable, Collection
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.result import GenerationResult, KeptPicture
from pickabook_desktop.jobs.lanes import Job, answering
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library

PAGE = 60
THUMBNAIL_EDGE = 256
THUMBNAILS_KEPT = 600


class Thumbnails(QObject):
    """Thumbnails by picture id; the ones asked for last are kept."""

    loaded = Signal(str)

    def __init__(self, library: Library, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._lanes = lanes
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._asked: set[str] = set()

    def get(self, picture: KeptPicture) -> QImage | None:
        """The thumbnail, or None while it is fetched; a null image where there is none."""
        image = self._images.get(picture.id)
        if image is not None:
            self._images.move_to_end(picture.id)
        elif picture.id not in self._asked:
            self._asked.add(picture.id)
            self._fetch(picture)
        return image

    def _fetch(self, picture: KeptPicture) -> None:
        def read() -> QImage:
            from pickabook_desktop.ui.result.pyramid import read_image

            data = self._library.thumbnail(picture.id)
            source = data if data else Path(picture.path)
            return read_image(source, THUMBNAIL_EDGE)

        def on_event(event: JobEvent) -> None:
            self._asked.discard(picture.id)
            if isinstance(event, Done) and isinstance(event.value, QImage):
                self._keep(picture.id, event.value)
            elif isinstance(event, Failed):
                self._keep(picture.id, QImage())

        self._lanes.submit("thumbnails", job_of(read), on_event)

    def _keep(self, picture_id: str, image: QImage) -> None:
        self._images[picture_id] = image
        while len(self._images) > THUMBNAILS_KEPT:
            self._images.popitem(last=False)
        self.loaded.emit(picture_id)


class Shelf(QObject):
    """The newest pictures of the library, as far as they were asked for."""

    reset = Signal()
    added_first = Signal(int)
    """So many new pictures stand in front."""
    added_last = Signal(int)
    removed = Signal(int)
    put_back = Signal(int)
    prompts_read = Signal(object)
    """A tuple of the prompts that were used, latest first."""
    failed = Signal(object)
    """A PickaBookError."""

    def __init__(self, library: Library, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._lanes = lanes
        self.pictures: list[KeptPicture] = []
        self.complete = False
        self._fetching = False

    def open(self) -> None:
        """Fetch the newest pictures, and the prompts."""
        self.complete = False
        self._fetch(None, self._on_opened)
        self.read_prompts()

    def read_prompts(self) -> None:
        """Fetch the prompts that were used; ``prompts_read`` tells them."""

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                self.prompts_read.emit(event.value)

        self._lanes.submit("library", job_of(self._library.prompts), on_event)

    def fetch_more(self) -> None:
        """Fetch older pictures, if there are any."""
        if not self._fetching and not self.complete and self.pictures:
            self._fetch(self.pictures[-1].id, self._on_more)

    def add(self, result: GenerationResult) -> None:
        """Put pictures that were just kept in front, newest first."""
        known = {picture.id for picture in self.pictures}
        new = [p for p in reversed(result.pictures) if p.id not in known]
        if new:
            self.pictures[:0] = new
            self.added_first.emit(len(new))

    def take_out(self, ids: Collection[str]) -> None:
        """These pictures are in the library no more."""
        for index in reversed(range(len(self.pictures))):
            if self.pictures[index].id in ids:
                del self.pictures[index]
                self.removed.emit(index)

    def put_in(
        self, ids: Collection[str], on_done: Callable[[tuple[KeptPicture, ...]], None]
    ) -> None:
        """These pictures are in the library again: fetch them to where they belong, and call
        ``on_done`` with them. Of very many the newest are fetched as at first, and none is told.
        """
        if len(ids) > PAGE:
            self.open()
            return

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                pictures = cast("tuple[KeptPicture, ...]", event.value)
                for picture in pictures:
                    self._put_back(picture)
                on_done(pictures)
            elif isinstance(event, Failed):
                self.failed.emit(event.error)

        job = job_of(lambda: tuple(self._library.get(one) for one in ids))
        self._lanes.submit("library", job, on_event)

    def _put_back(self, picture: KeptPicture) -> None:
        if any(other.id == picture.id for other in self.pictures):
            return
        # As the library orders them: two pages may have been made in one millisecond.
        index = sum(1 for other in self.pictures if other.id > picture.id)
        if index < len(self.pictures) or self.complete:
            self.pictures.insert(index, picture)
            self.put_back.emit(index)

    def _fetch(self, before: str | None, on_pictures: Callable[[list[KeptPicture]], None]) -> None:
        def on_event(event: JobEvent) -> None:
            self._fetching = False
            if isinstance(event, Done):
                on_pictures(list(cast("tuple[KeptPicture, ...]", event.value)))
            elif isinstance(event, Failed):
                self.failed.emit(event.error)

        self._fetching = True
        job = job_of(lambda: self._library.recent(PAGE, before))
        self._lanes.submit("library", job, on_event)

    def _on_opened(self, pictures: list[KeptPicture]) -> None:
        self.pictures = pictures
        self.complete = len(pictures) < PAGE
        self.reset.emit()

    def _on_more(self, pictures: list[KeptPicture]) -> None:
        self.complete = len(pictures) < PAGE
        if pictures:
            self.pictures.extend(pictures)
            self.added_last.emit(len(pictures))


def job_of(call: Callable[[], object]) -> Job:
    """A job that ends with what ``call`` returns."""
    return answering(lambda token: call())

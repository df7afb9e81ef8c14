"""Thumbnails of many pictures: what is seen comes first, in batches, off the main thread.

Qt lets go of the interpreter while it decodes and scales, so that two threads decode at a time and
the window does not wait for either.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import cast

import msgspec
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.domain.review import Card
from pickabook_desktop.jobs.lanes import answering
from pickabook_desktop.jobs.threads import LANES, Lanes
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.library import Library

SMALL_EDGE = 256
BYTES_KEPT = 96 << 20
BATCH = 24
MOST_WAITING = 240
# A little larger than they are, the small ones still look well.
_STRETCH = 1.25

_Key = tuple[str, int]


class _Wanted(msgspec.Struct, frozen=True):
    """``made`` where there is none of that size to be read: it takes much longer."""

    id: str
    path: str
    edge: int
    made: bool = False

    @property
    def key(self) -> _Key:
        return (self.id, self.edge)


class _Waiting:
    """What is wanted and who fetches it; any thread may ask."""

    def __init__(self) -> None:
        self._wanted: OrderedDict[_Key, _Wanted] = OrderedDict()
        self._under_way: set[_Key] = set()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._wanted)

    def put(self, wanted: _Wanted) -> bool:
        """Want it before all others; false where it is under way."""
        with self._lock:
            if wanted.key in self._under_way:
                return False
            known = self._wanted.setdefault(wanted.key, wanted)
            self._wanted.move_to_end(known.key)
            while len(self._wanted) > MOST_WAITING:
                self._wanted.popitem(last=False)
        return True

    def clear(self) -> None:
        """Want nothing any more."""
        with self._lock:
            self._wanted.clear()

    def take(self) -> list[_Wanted]:
        """What is wanted most, as much as comes at once."""
        batch: list[_Wanted] = []
        with self._lock:
            while self._wanted and len(batch) < BATCH:
                key, wanted = self._wanted.popitem()
                if wanted.made and batch:
                    self._wanted[key] = wanted
                    break
                self._under_way.add(key)
                batch.append(wanted)
                if wanted.made:
                    break
        return batch

    def ended(self, batch: Iterable[_Wanted]) -> None:
        """They have come, or will not come."""
        with self._lock:
            self._under_way.difference_update(wanted.key for wanted in batch)


class ThumbnailFeed(QObject):
    """Thumbnails by picture and size, in at most ``bytes_kept``; those asked for last are kept, and
    come first. What has scrolled away before its turn is not fetched.
    """

    loaded = Signal(str)
    """The id of a picture of which a thumbnail has come."""

    def __init__(
        self,
        library: Library,
        lanes: Lanes,
        parent: QObject | None = None,
        *,
        bytes_kept: int = BYTES_KEPT,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._lanes = lanes
        self._bytes_kept = bytes_kept
        self._bytes = 0
        self._images: OrderedDict[_Key, QImage] = OrderedDict()
        self._edges: dict[str, list[int]] = {}
        self._waiting = _Waiting()
        self._jobs = 0
        self._turn = 0

    def image(self, card: Card, edge_px: int, *, ask: bool = True) -> QImage | None:
        """A thumbnail that fits into a square of ``edge_px`` device pixels; one of another size, or
        None, while it comes, or where one should not ``ask`` for it. A null image where the picture
        cannot be read.
        """
        edge = min(edge_px, max(card.size.width, card.size.height, 1))
        key = (card.id, edge)
        image = self._images.get(key)
        if image is not None:
            self._images.move_to_end(key)
            return self._nearest(card.id, edge) if image.isNull() else image
        other = self._nearest(card.id, edge)
        if not ask or (other is not None and other.isNull()):
            return other
        large = edge > SMALL_EDGE * _STRETCH
        # What is kept small is there sooner than what must be made large.
        first = SMALL_EDGE if large and other is None else edge
        wanted = _Wanted(card.id, card.path, first, made=large and other is not None)
        if self._waiting.put(wanted):
            self._start()
        return other

    def ask_ahead(self, card: Card, edge_px: int) -> None:
        """Have a thumbnail at hand when :meth:`image` is asked for it, unless it must be made."""
        large = edge_px > SMALL_EDGE * _STRETCH
        self.image(card, SMALL_EDGE if large else edge_px)

    def forget(self, picture_ids: Iterable[str]) -> None:
        """Let go of the thumbnails of pictures that have changed or are gone."""
        for picture_id in picture_ids:
            for edge in tuple(self._edges.get(picture_id, ())):
                self._drop((picture_id, edge))

    def clear(self) -> None:
        """Let go of all thumbnails, also of those that are on their way."""
        self._turn += 1
        self._waiting.clear()
        self._images.clear()
        self._edges.clear()
        self._bytes = 0

    @property
    def bytes(self) -> int:
        """How much the thumbnails at hand take."""
        return self._bytes

    def _nearest(self, picture_id: str, edge: int) -> QImage | None:
        edges = self._edges.get(picture_id)
        if not edges:
            return None
        known = [(self._images[picture_id, each], each) for each in edges]
        # One that could not be made large is still to be seen small.
        return min(known, key=lambda k: (k[0].isNull(), k[1] < edge, abs(k[1] - edge)))[0]

    def _start(self) -> None:
        """Whoever asks for one goes on to ask for its neighbours; a thread that begins takes all
        that are wanted by then.
        """
        if self._jobs >= LANES["thumbnails"]:
            return
        batch: list[_Wanted] = []
        turn = self._turn

        def read(token: CancelToken) -> object:
            batch.extend(self._waiting.take())
            return _read(self._library, batch, token)

        def on_event(event: JobEvent) -> None:
            self._jobs -= 1
            self._waiting.ended(batch)
            if isinstance(event, Done) and turn == self._turn:
                self._on_read(batch, cast("dict[_Key, QImage]", event.value))

        self._jobs += 1
        self._lanes.submit("thumbnails", answering(read), on_event)

    def _on_read(self, batch: list[_Wanted], images: dict[_Key, QImage]) -> None:
        for key, image in images.items():
            self._keep(key, image)
        for wanted in batch:
            if wanted.key not in images:
                self._waiting.put(msgspec.structs.replace(wanted, made=True))
        if len(self._waiting):
            self._start()
        for picture_id, _ in images:
            self.loaded.emit(picture_id)

    def _keep(self, key: _Key, image: QImage) -> None:
        if key in self._images:
            self._drop(key)
        self._images[key] = image
        self._edges.setdefault(key[0], []).append(key[1])
        self._bytes += image.sizeInBytes()
        while self._bytes > self._bytes_kept and len(self._images) > 1:
            self._drop(next(iter(self._images)))

    def _drop(self, key: _Key) -> None:
        image = self._images.pop(key)
        self._bytes -= image.sizeInBytes()
        edges = self._edges[key[0]]
        edges.remove(key[1])
        if not edges:
            del self._edges[key[0]]


def _read(library: Library, batch: list[_Wanted], token: CancelToken) -> dict[_Key, QImage]:
    """The images; those that must be made first are left out of a batch of others."""
    kept = library.thumbnails([wanted.id for wanted in batch if not wanted.made])
    images: dict[_Key, QImage] = {}
    for wanted in batch:
        token.raise_if_cancelled()
        jpeg = kept.get(wanted.id)
        if wanted.made:
            jpeg = _made(library, wanted)
        if jpeg is not None:
            images[wanted.key] = _decoded(jpeg, wanted.edge)
    return images


def _made(library: Library, wanted: _Wanted) -> bytes:
    from pickabook_desktop.jobs.thumbnails import kept_edge, made_thumbnail

    edge = SMALL_EDGE if wanted.edge <= SMALL_EDGE * _STRETCH else kept_edge(wanted.edge)
    try:
        return made_thumbnail(library, wanted.id, Path(wanted.path), edge)
    except StorageError:
        return b""


def _decoded(jpeg: bytes, edge: int) -> QImage:
    """In a form that is painted as it is, without being scaled or converted."""
    image = QImage.fromData(jpeg)
    longest = max(image.width(), image.height())
    if longest > edge or longest * _STRETCH >= edge > longest > 0:
        mode = Qt.TransformationMode.SmoothTransformation
        image = image.scaled(edge, edge, Qt.AspectRatioMode.KeepAspectRatio, mode)
    return image.convertToFormat(QImage.Format.Format_RGB32) if not image.isNull() else image

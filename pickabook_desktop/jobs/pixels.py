"""The parts that know pixels, made when a job first needs them.

Their modules import numpy and OpenCV, which no start of the window and no ``--help`` waits for.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.outgoing import OutgoingImage
from pickabook_desktop.domain.ports import (
    Cancellation,
    PageOrder,
    PagePainter,
    PaintEvent,
    References,
)
from pickabook_desktop.domain.request import PhotoRef

if TYPE_CHECKING:
    from pickabook_desktop.imaging.seen import SeenPhotos


class LazyPainter:
    """A :class:`PagePainter` that makes the real one with its first page."""

    def __init__(self, make: Callable[[], PagePainter]) -> None:
        self._make = make
        self._painter: PagePainter | None = None
        self._lock = threading.Lock()

    def paint(self, order: PageOrder, cancellation: Cancellation) -> Iterator[PaintEvent]:
        """As the real one."""
        with self._lock:
            if self._painter is None:
                self._painter = self._make()
        return self._painter.paint(order, cancellation)


class LazyReferences:
    """:class:`~pickabook_desktop.domain.ports.References` that are made with the first one."""

    def __init__(self, make: Callable[[], References]) -> None:
        self._make = make
        self._made: References | None = None
        self._lock = threading.Lock()

    def face(self, photo: PhotoRef, *, longest: int) -> OutgoingImage:
        """As the real ones."""
        return self._get().face(photo, longest=longest)

    def whole(self, photo: PhotoRef, *, longest: int) -> OutgoingImage:
        """As the real ones."""
        return self._get().whole(photo, longest=longest)

    def scene(self, order: PageOrder, *, longest: int) -> OutgoingImage:
        """As the real ones."""
        return self._get().scene(order, longest=longest)

    def measured(self, data: bytes, *, max_megapixels: float) -> tuple[str, Size]:
        """As the real ones."""
        return self._get().measured(data, max_megapixels=max_megapixels)

    def _get(self) -> References:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


class LazySeenPhotos:
    """Makes what looks at photos with the first one, and keeps it.

    Painter and photo check share it, so that no photo is searched for faces twice. Ask for it
    before importing what knows pixels: it has OpenCV in memory then.
    """

    def __init__(self, models: Path) -> None:
        self._models = models
        self._seen: SeenPhotos | None = None
        self._lock = threading.Lock()

    def get(self) -> "SeenPhotos":
        with self._lock:
            if self._seen is None:
                from pickabook_desktop.imaging.native import load_ahead

                load_ahead()
                from pickabook_desktop.imaging.seen import SeenPhotos

                self._seen = SeenPhotos(self._models)
            return self._seen


def storybook_painter(
    faces: LazySeenPhotos, template_dir: Callable[[str], Path], trusted: Path
) -> PagePainter:
    """The painter of pages on this machine; imports all that it needs.

    Drawings under ``trusted`` came with the program and are not checked.
    """
    seen = faces.get()
    from pickabook_desktop.imaging.memory import keep_few_arenas
    from pickabook_desktop.imaging.painter import StorybookPainter

    keep_few_arenas()
    return StorybookPainter(seen, template_dir, trusted)


def reference_maker(
    faces: LazySeenPhotos, template_dir: Callable[[str], Path], trusted: Path
) -> References:
    """What makes the pictures that are sent to services; as :func:`storybook_painter`."""
    seen = faces.get()
    from pickabook_desktop.imaging.memory import keep_few_arenas
    from pickabook_desktop.imaging.references import ReferenceMaker

    keep_few_arenas()
    return ReferenceMaker(seen, template_dir, trusted)

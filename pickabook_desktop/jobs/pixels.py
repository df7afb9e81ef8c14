"""The parts that know pixels, made when a job first needs them.

Their modules import numpy and OpenCV, which no start of the window and no ``--help`` waits for.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pickabook_desktop.domain.ports import Cancellation, PageOrder, PagePainter, PaintEvent

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


class LazySeenPhotos:
    """Makes what looks at photos with the first one, and keeps it.

    Painter and photo check share it, so that no photo is searched for faces twice.
    """

    def __init__(self, models: Path) -> None:
        self._models = models
        self._seen: SeenPhotos | None = None
        self._lock = threading.Lock()

    def get(self) -> "SeenPhotos":
        with self._lock:
            if self._seen is None:
                from pickabook_desktop.imaging.seen import SeenPhotos

                self._seen = SeenPhotos(self._models)
            return self._seen


def storybook_painter(
    faces: LazySeenPhotos, template_dir: Callable[[str], Path], trusted: Path
) -> PagePainter:
    """The painter of pages on this machine; imports all that it needs.

    Drawings under ``trusted`` came with the program and are not checked.
    """
    from pickabook_desktop.imaging.memory import keep_few_arenas
    from pickabook_desktop.imaging.painter import StorybookPainter

    keep_few_arenas()
    return StorybookPainter(faces.get(), template_dir, trusted)

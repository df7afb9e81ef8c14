"""The parts that know pixels, made when a job first needs them.

Their modules import numpy and OpenCV, which no start of the window and no ``--help`` waits for.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pickabook_desktop.domain.ports import Cancellation, PageOrder, PagePainter, PaintEvent

if TYPE_CHECKING:
    from pickabook_desktop.imaging.faces import FaceFinder


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


class LazyFaceFinder:
    """Makes the face networks with the first photo, and keeps them."""

    def __init__(self, models: Path) -> None:
        self._models = models
        self._finder: FaceFinder | None = None
        self._lock = threading.Lock()

    def get(self) -> "FaceFinder":
        with self._lock:
            if self._finder is None:
                from pickabook_desktop.imaging.faces import FaceFinder

                self._finder = FaceFinder(self._models)
            return self._finder


def storybook_painter(models: Path, template_dir: Callable[[str], Path]) -> PagePainter:
    """The painter of pages on this machine; imports all that it needs."""
    from pickabook_desktop.imaging.painter import StorybookPainter

    return StorybookPainter(models, template_dir)

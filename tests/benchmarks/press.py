"""What the benchmarks share: a stopwatch and a press that draws pages as the program does."""

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.ports import PageOrder, PaintEvent, painted
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.jobs.pixels import storybook_painter
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.net.cancel import CancelToken

SQUARE, A4 = Size(2048, 2048), Size(2480, 3508)


def median_seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """Median wall-clock time of ``work`` over ``rounds`` calls, after one to warm up."""
    work()
    times: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


class Press:
    """Draws pages with one painter, as the program does."""

    def __init__(self, studio: Studio, photo: Path) -> None:
        self.studio = studio
        self.photo = photo
        self._painter = storybook_painter(
            studio.faces, studio.template_dir, studio.places.resources
        )

    def order(
        self, template: str, style: str, size: Size, photo: Path | None = None, seed: int = 0
    ) -> PageOrder:
        return PageOrder(
            photo=PhotoRef(path=str(photo or self.photo)),
            template=self.studio.templates[template],
            style=self.studio.styles[style],
            size=size,
            seed=seed,
        )

    def page(
        self, template: str, style: str, size: Size, photo: Path | None = None, seed: int = 0
    ) -> bytes:
        """One encoded page."""
        order = self.order(template, style, size, photo, seed)
        return painted(self.paint(order, CancelToken())).data

    def paint(self, order: PageOrder, token: CancelToken) -> Iterator[PaintEvent]:
        """As the painter, stage by stage."""
        return self._painter.paint(order, token)

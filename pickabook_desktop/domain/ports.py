"""The sockets between floors: what an engine must offer, and what it is given.

Engines, stores and pixel work are siblings that do not know each other. An engine that needs
pixels is handed a :class:`PagePainter`; the composition root decides which.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from pickabook_desktop.domain.capabilities import Capabilities
from pickabook_desktop.domain.events import EngineEvent
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.template import Style, Template


class Cancellation(Protocol):
    """How a job asks whether to stop."""

    @property
    def cancelled(self) -> bool: ...

    def raise_if_cancelled(self) -> None:
        """Raise :class:`~pickabook_desktop.domain.errors.CancelledError` once cancelled."""
        ...


class PageOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One page to be painted: all choices made."""

    photo: PhotoRef
    template: Template
    style: Style
    size: Size
    seed: int = 0
    palette_id: str = ""
    media_type: str = "image/png"
    options: dict[str, str] = {}


class PaintedPage(msgspec.Struct, frozen=True, kw_only=True):
    """An encoded page and the seconds each stage took; ``thumbnail`` as in ``DrawnPicture``."""

    data: bytes
    media_type: str
    size: Size
    timings: dict[str, float]
    thumbnail: bytes = b""


class PaintStage(msgspec.Struct, frozen=True):
    """A stage begins: its translated name, and the fraction of the page done (0 to 1)."""

    title: str
    fraction: float


PaintEvent = PaintStage | PaintedPage


class PagePainter(Protocol):
    """Paints a page from a photo and a drawn scene, on this machine."""

    def paint(self, order: PageOrder, cancellation: Cancellation) -> Iterator[PaintEvent]:
        """Paint one page: yields each stage as it begins, and the page last.

        Raises PhotoError, NoFaceError, TemplateError, or CancelledError between two stages.
        """
        ...


def painted(events: Iterable[PaintEvent]) -> PaintedPage:
    """The page that ``events`` end with, for callers who do not show the stages."""
    *_, page = events
    if not isinstance(page, PaintedPage):
        raise TypeError("a painter must yield its page last")
    return page


class EngineServices(msgspec.Struct, frozen=True, kw_only=True):
    """What an engine may use. ``setting`` answers ``engine.name`` keys, empty when unset."""

    templates: Mapping[str, Template]
    styles: Mapping[str, Style]
    painter: PagePainter
    setting: Callable[[str], str]
    cache_dir: Path


class Engine(Protocol):
    """Draws pictures. Found by entry point ``pickabook_desktop.providers``, whose object is a
    function from :class:`EngineServices` to an engine.
    """

    @property
    def capabilities(self) -> Capabilities: ...

    def unavailable(self) -> str:
        """Why it cannot draw now (no key, no GPU), as a sentence; empty when it can."""
        ...

    def generate(
        self, request: GenerationRequest, cancellation: Cancellation
    ) -> Iterator[EngineEvent]:
        """Draw ``request.count`` pictures, yielding one :class:`Drawn` for each, in any order.

        Raises a PickaBookError on failure and CancelledError soon after cancellation.
        """
        ...


class Store(Protocol):
    """Keeps pictures elsewhere. Found by entry point ``pickabook_desktop.stores``, whose object is
    a function from ``setting`` (as in :class:`EngineServices`) to a store.
    """

    def unavailable(self) -> str:
        """Why it cannot be used now, as a sentence; empty when it can."""
        ...

    def upload(self, name: str, data: bytes, media_type: str, cancellation: Cancellation) -> str:
        """Put a picture there once and return its address.

        Raises a PickaBookError on failure and CancelledError soon after cancellation.
        """
        ...

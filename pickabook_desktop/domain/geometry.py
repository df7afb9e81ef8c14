"""Sizes, rectangles and aspect ratios."""

import math
from typing import Self

import msgspec

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr

NAMED_LONG_EDGES = {"512": 512, "1K": 1024, "2K": 2048, "4K": 4096}
MIN_EDGE = 64


class Size(msgspec.Struct, frozen=True):
    """Width and height in pixels."""

    width: int
    height: int

    @property
    def aspect(self) -> float:
        return self.width / self.height

    @property
    def megapixels(self) -> float:
        return self.width * self.height / 1e6

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    def fitted(self, long_edge: int) -> Self:
        """The same shape, at most ``long_edge`` pixels long; never enlarged."""
        factor = min(1.0, long_edge / max(self.width, self.height))
        return type(self)(max(1, round(self.width * factor)), max(1, round(self.height * factor)))


class Rect(msgspec.Struct, frozen=True, array_like=True):
    """An axis-aligned rectangle: left, top, width, height, in the unit of its owner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def center(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def aspect(self) -> float:
        return self.width / self.height

    def trimmed_to(self, aspect: float) -> Self:
        """The largest rectangle of ``aspect`` (width / height) inside this one, same centre."""
        width = min(self.width, self.height * aspect)
        height = width / aspect
        cx, cy = self.center
        return type(self)(cx - width / 2, cy - height / 2, width, height)


class AspectRatio(msgspec.Struct, frozen=True):
    """A ratio such as 3:4 (portrait) or 297:210 (A4 landscape)."""

    width: int
    height: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``W:H``; raise :class:`InputError` for anything else."""
        left, _, right = text.partition(":")
        if not (left.isascii() and left.isdigit() and right.isascii() and right.isdigit()):
            raise _bad_aspect(text)
        ratio = cls(int(left), int(right))
        if not (ratio.width and ratio.height and 1 / 8 <= ratio.value <= 8):
            raise _bad_aspect(text)
        return ratio

    @property
    def value(self) -> float:
        return self.width / self.height

    def __str__(self) -> str:
        return f"{self.width}:{self.height}"

    def distance(self, other: float) -> float:
        """How far apart two shapes are, symmetric in portrait and landscape; 0 when equal."""
        return abs(math.log(self.value / other))


def parse_size(text: str, aspect: float) -> Size:
    """Read ``WxH`` in pixels, or ``1K``, ``2K``, ``4K`` (the long edge) shaped by ``aspect``."""
    long_edge = NAMED_LONG_EDGES.get(text.upper())
    if long_edge is not None:
        return size_for(long_edge, aspect)
    left, _, right = text.lower().partition("x")
    if left.isascii() and left.isdigit() and right.isascii() and right.isdigit():
        size = Size(int(left), int(right))
        if min(size.width, size.height) >= MIN_EDGE and 1 / 8 <= size.aspect <= 8:
            return size
    raise InputError(
        tr("“{text}” is not a size this program can draw.", text=text),
        tr("Give width x height in pixels, for example 2048x2048, or 1K, 2K or 4K."),
    )


def size_for(long_edge: int, aspect: float) -> Size:
    """The size whose longer side is ``long_edge`` pixels and whose shape is ``aspect``."""
    if aspect >= 1:
        return Size(long_edge, max(1, round(long_edge / aspect)))
    return Size(max(1, round(long_edge * aspect)), long_edge)


def _bad_aspect(text: str) -> InputError:
    return InputError(
        tr("“{text}” is not an aspect ratio.", text=text),
        tr("Give width:height in whole numbers, for example 3:4."),
    )

"""The colours of the program: two palettes, and the few colours that are the same in both."""

from typing import Literal, cast

import msgspec
from PySide6.QtGui import QColor


class Palette(msgspec.Struct, frozen=True, kw_only=True):
    """Colours by purpose, as ``#rrggbb``.

    ``backdrop`` is the untinted grey behind pictures, ``edge`` the outline of fields and buttons,
    ``hover``, ``pressed`` and ``chosen`` are surfaces that text may stand on.
    """

    name: Literal["light", "dark"]
    ground: str
    surface: str
    line: str
    edge: str
    text: str
    quiet: str
    accent: str
    accent_hover: str
    on_accent: str
    good: str
    warn: str
    bad: str
    backdrop: str
    on_backdrop: str
    hover: str
    pressed: str
    chosen: str
    good_wash: str
    warn_wash: str
    bad_wash: str

    def colour(self, role: str) -> QColor:
        """The colour of one purpose, by its field's name."""
        return QColor(cast("str", getattr(self, role)))

    def as_mapping(self) -> dict[str, str]:
        return msgspec.structs.asdict(self)


LIGHT = Palette(
    name="light",
    ground="#F5F3EE",
    surface="#FFFFFF",
    line="#DEDAD0",
    edge="#C6C0B2",
    text="#24221D",
    quiet="#625E55",
    accent="#B83A10",
    accent_hover="#9E300B",
    on_accent="#FFFFFF",
    good="#2C6E49",
    warn="#8A5A00",
    bad="#A4262C",
    backdrop="#6E6E6E",
    on_backdrop="#FFFFFF",
    hover="#EFECE4",
    pressed="#E6E1D6",
    chosen="#FBEBE3",
    good_wash="#EDF4EF",
    warn_wash="#FBF3E1",
    bad_wash="#FBECEC",
)

DARK = Palette(
    name="dark",
    ground="#1D1E21",
    surface="#26282C",
    line="#3A3D43",
    edge="#50545C",
    text="#ECE9E2",
    quiet="#A8A49B",
    accent="#F19066",
    accent_hover="#F6A987",
    on_accent="#24130B",
    good="#7CC79B",
    warn="#E5B567",
    bad="#F08A8E",
    backdrop="#2B2B2B",
    on_backdrop="#ECECEC",
    hover="#2E3136",
    pressed="#373A40",
    chosen="#3A2C26",
    good_wash="#24302A",
    warn_wash="#332D22",
    bad_wash="#38282A",
)

PALETTES = {"light": LIGHT, "dark": DARK}

# The frame of a face lies on the photo itself, whatever the theme: white on a soft shadow.
FACE_LINE = "#FFFFFF"
FACE_SHADOW = "#000000"

# Behind a slideshow, whatever the theme, as in a dark room; the neutral grey is the other choice.
SLIDE_GROUND = "#000000"

# Colour labels are told apart at the size of a dot, on light and dark grounds and on pictures; each
# is named beside it or in its tool tip as well.
LABEL_COLOURS = {
    "red": "#D24545",
    "yellow": "#D9A300",
    "green": "#3F9A5F",
    "blue": "#3B7DDB",
    "purple": "#9160C4",
}


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

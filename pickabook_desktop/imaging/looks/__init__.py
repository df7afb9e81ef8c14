"""The ways of drawing a head, by the name a style gives in ``look``."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pickabook_desktop.imaging.looks import comic, papercut, pencil, storybook, watercolour
from pickabook_desktop.imaging.ops import F32
from pickabook_desktop.imaging.portrait.model import Portrait

Look = Callable[[Portrait, int, float], F32]
"""Draws a portrait with a seed and a light: float32 Lab (h, w, 3) of its frame, a new array."""

LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "storybook": storybook.draw,
        "watercolour": watercolour.draw,
        "pencil": pencil.draw,
        "comic": comic.draw,
        "papercut": papercut.draw,
    }
)


def draw_head(portrait: Portrait, look: str, seed: int = 0, *, light: float = -40.0) -> F32:
    """The head drawn in ``look``: float32 Lab (h, w, 3) of the portrait's frame.

    ``seed`` varies the texture of brush and paper; the same seed gives the same bytes.
    ``light`` is where the light comes from in the frame, degrees clockwise from above: lines swell
    away from it. Raises KeyError for a look that is not in :data:`LOOKS`.
    """
    return LOOKS[look](portrait, seed, light)

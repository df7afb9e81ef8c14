"""What a template and a style are, as read from their TOML files.

A template is a folder: ``template.toml``, ``back.svg``, ``front.svg``. Both drawings share one
canvas (their ``viewBox``); the head goes between them. The drawings hold plain colours: a colour
named under ``[child_colours]`` is replaced by one measured from the photo, a colour named in the
chosen palette by the palette's own.
"""

from typing import Literal

import msgspec

from pickabook_desktop.domain.geometry import AspectRatio, Rect, Size

ChildColour = Literal[
    "skin", "skin_light", "skin_shade", "skin_dark", "hair", "hair_dark", "hair_light"
]


class Ellipse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An axis-aligned ellipse in canvas units."""

    cx: float
    cy: float
    rx: float
    ry: float


class FaceSlot(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a head goes.

    ``x``, ``y`` is the point midway between the eyes and ``unit`` the distance between the pupils
    of a face seen from the front, all in canvas units. ``tilt`` turns the head clockwise, in
    degrees. ``stretch`` widens it. ``fit`` says what is seen of the child: ``"head"`` the whole
    head with hair (bare head, helmet), ``"face"`` the face alone, feathered (hood). ``clip`` hides
    what lies outside it (a helmet's opening). ``light`` is the direction the scene's light comes
    from, in degrees clockwise from straight above.
    """

    x: float
    y: float
    unit: float
    tilt: float = 0.0
    stretch: float = 1.0
    fit: Literal["head", "face"] = "head"
    clip: Ellipse | None = None
    light: float = -40.0


class TemplateField(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A blank that the person fills in, such as the child's name."""

    id: str
    title: str
    example: str = ""
    max_length: int = 60


class Palette(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A set of colours for the same drawing: ``colours`` maps a drawn ``#rrggbb`` to its stand-in.

    ``words`` are what a prompt may say to ask for it.
    """

    id: str
    title: str
    words: tuple[str, ...] = ()
    colours: dict[str, str] = {}


class Crop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What part of the canvas is seen at an aspect ratio."""

    aspect: str
    view: Rect

    @property
    def ratio(self) -> AspectRatio:
        return AspectRatio.parse(self.aspect)


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One page: its scene, its words and the places where faces go."""

    id: str
    title: str
    world: str
    summary: str
    tags: tuple[str, ...]
    words: tuple[str, ...] = ()
    prompt: str = ""
    version: int = 1
    canvas: Rect
    crops: tuple[Crop, ...]
    slots: tuple[FaceSlot, ...]
    fields: tuple[TemplateField, ...] = ()
    palettes: tuple[Palette, ...] = ()
    child_colours: dict[ChildColour, str] = {}

    @property
    def aspects(self) -> tuple[AspectRatio, ...]:
        return tuple(crop.ratio for crop in self.crops)

    def view_for(self, size: Size) -> Rect:
        """The part of the canvas to render at ``size``: the nearest crop, trimmed to its shape."""
        nearest = min(self.crops, key=lambda crop: crop.ratio.distance(size.aspect))
        return nearest.view.trimmed_to(size.aspect)

    def palette(self, palette_id: str) -> Palette | None:
        """The palette of that id, or None."""
        return next((p for p in self.palettes if p.id == palette_id), None)


class Style(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A way of drawing, applied to face and scene alike.

    ``look`` names the drawing method in the offline engine; ``prompt`` describes the style to
    engines that are driven by words. ``words`` are what a prompt may say to ask for it.
    """

    id: str
    title: str
    summary: str
    look: str
    words: tuple[str, ...] = ()
    prompt: str = ""
    version: int = 1

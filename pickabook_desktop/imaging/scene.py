"""A page's scene: both layers as pixels, and the page made of scene and heads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pickabook_desktop.domain.geometry import Rect, Size
from pickabook_desktop.domain.template import ChildColour, Palette, Template
from pickabook_desktop.imaging import page_ops
from pickabook_desktop.imaging.blend import Bounds, PlacedSlot, head_bounds, place_head
from pickabook_desktop.imaging.ops import F32, U8
from pickabook_desktop.imaging.page_ops import Between, go_on
from pickabook_desktop.imaging.paper import Medium
from pickabook_desktop.imaging.portrait.model import Portrait
from pickabook_desktop.imaging.scene_looks import treat_scene

# Canvas units beside a head that its treatment must see, so that no blur meets a false border.
SURROUND = 40.0
FRONT_SHADOW = 0.30


@dataclass(frozen=True, eq=False)
class Scene:
    """The recoloured drawing of one page.

    ``back`` is uint8 RGB of the whole page; ``front`` and ``cover`` (its alpha) are premultiplied
    and only as large as ``box``; ``flat`` is the one over the other. Treat all as read-only.
    """

    back: U8
    front: U8
    cover: U8
    box: Bounds
    flat: U8
    scale: float

    @property
    def bytes(self) -> int:
        return self.back.nbytes + self.front.nbytes + self.cover.nbytes + self.flat.nbytes


@dataclass(frozen=True, eq=False)
class Place:
    """The part of a page that a head and its shadow can touch, before the head is there.

    ``back`` is its treated back (changed when the head is added), ``front`` and ``cover`` the
    premultiplied front layer.
    """

    bounds: Bounds
    back: U8
    front: U8
    cover: U8


@dataclass(frozen=True, eq=False)
class PlacedHead:
    """A drawn head (float32 Lab in its portrait's frame) and where it goes: to ``slot`` in
    ``place``, or nowhere where the page does not show it.
    """

    lab: F32
    portrait: Portrait
    slot: PlacedSlot
    place: Place | None


def page_colours(
    template: Template, child: Mapping[ChildColour, str], palette: Palette | None
) -> dict[str, str]:
    """What stands for each literal of the drawing; the child's own colours come first."""
    colours = {old.lower(): new for old, new in (palette.colours if palette else {}).items()}
    for role, literal in template.child_colours.items():
        if role in child:
            colours[literal.lower()] = child[role]
    return colours


def render_scene(
    drawings: tuple[str, str],
    colours: Mapping[str, str],
    view: Rect,
    size: Size,
    between: Between = go_on,
) -> Scene:
    """Draw back and front (SVG texts) with ``colours``. Raises TemplateError for broken ones."""
    # Loaded late: the painter does so while it looks for faces.
    from pickabook_desktop.imaging.svg import recolour, render_svg

    back, front = (render_svg(recolour(svg, colours), view, size, between) for svg in drawings)
    back = page_ops.u8(cv2.cvtColor(back, cv2.COLOR_BGRA2RGB))
    alpha = np.ascontiguousarray(front[..., 3])
    left, top, width, height = cv2.boundingRect(alpha)
    # OpenCV refuses empty pictures: a front layer without anything keeps one clear pixel.
    box = (left, top, left + max(1, width), top + max(1, height))
    cover = np.ascontiguousarray(alpha[top : box[3], left : box[2]])
    colour = page_ops.u8(cv2.cvtColor(front[top : box[3], left : box[2]], cv2.COLOR_BGRA2RGB))
    flat = back.copy()
    _lay(flat[top : box[3], left : box[2]], colour, cover)
    return Scene(back, colour, cover, box, flat, size.height / view.height)


def treat(scene: Scene, look: str, seed: int, between: Between = go_on) -> U8:
    """The scene without heads in the medium of ``look``: uint8 RGB of the whole page."""
    return treat_scene(scene.flat, look, Medium(scene.scale, seed), between)


def place_for(
    scene: Scene, portrait: Portrait, slot: PlacedSlot, look: str, seed: int
) -> Place | None:
    """Where the head of ``portrait`` will go; None where the page does not show it."""
    bounds = head_bounds(portrait, slot, scene.back.shape)
    if bounds is None:
        return None
    back = _treated_back(scene, look, Medium(scene.scale, seed), bounds)
    return Place(bounds, back, *_front_piece(scene, bounds))


def add_heads(
    scene: Scene, treated: U8, heads: Sequence[PlacedHead], between: Between = go_on
) -> U8:
    """The page with ``heads`` between its layers, the smaller (farther) ones first.

    Only where a head or its shadow reaches is the page drawn anew from its layers. Elsewhere it
    stays as treated in one piece, so that shadows and rims across the two layers stay whole.
    """
    page = treated.copy()
    for head in sorted(heads, key=lambda head: head.slot.unit):
        if head.place is not None:
            between()
            _add_head(page, scene, treated, head, head.place, between)
    return page


def _add_head(
    page: U8, scene: Scene, treated: U8, head: PlacedHead, place: Place, between: Between
) -> None:
    left, top, right, bottom = place.bounds
    area, cover = place.back, place.cover
    reach = place_head(area, head.lab, head.portrait, head.slot, (left, top))
    between()
    window = (slice(top, bottom), slice(left, right))
    _shade_under(area, cover, head.slot)
    _lay(area, place.front, cover)
    _add_treatment(area, treated[window], scene.flat[window], cover)
    page_ops.mix_over(page[window], area, reach)


def _treated_back(scene: Scene, look: str, medium: Medium, bounds: Bounds) -> U8:
    height, width = scene.back.shape[:2]
    room = round(SURROUND * scene.scale)
    left, top = max(0, bounds[0] - room), max(0, bounds[1] - room)
    right, bottom = min(width, bounds[2] + room), min(height, bounds[3] + room)
    wide = np.ascontiguousarray(scene.back[top:bottom, left:right])
    piece = treat_scene(wide, look, medium.at(left, top))
    rows = slice(bounds[1] - top, bounds[3] - top)
    columns = slice(bounds[0] - left, bounds[2] - left)
    return np.ascontiguousarray(piece[rows, columns])


def _front_piece(scene: Scene, bounds: Bounds) -> tuple[U8, U8]:
    """Colour and cover of the front layer in a window of the page."""
    left, top, right, bottom = bounds
    colour = np.zeros((bottom - top, right - left, 3), np.uint8)
    cover = np.zeros((bottom - top, right - left), np.uint8)
    x0, y0 = max(left, scene.box[0]), max(top, scene.box[1])
    x1, y1 = min(right, scene.box[2]), min(bottom, scene.box[3])
    if x0 < x1 and y0 < y1:
        target = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
        own_left, own_top = scene.box[:2]
        source = (slice(y0 - own_top, y1 - own_top), slice(x0 - own_left, x1 - own_left))
        colour[target] = scene.front[source]
        cover[target] = scene.cover[source]
    return colour, cover


def _shade_under(area: U8, cover: U8, slot: PlacedSlot) -> None:
    """The soft shadow that hood, helmet rim or fringe throws on what lies under it."""
    unit = slot.unit / 4
    x, y = slot.towards_light
    small = page_ops.shrunk(cover, 4)
    cast = page_ops.shifted(small, -x * 0.09 * unit, -y * 0.09 * unit)
    cast = page_ops.blurred(cast, max(0.6, 0.09 * unit))
    keep = page_ops.inverted(page_ops.linear(cast, FRONT_SHADOW))
    page_ops.darken(area, page_ops.scaled(keep, area.shape[1::-1]))


def _lay(page: U8, colour: U8, cover: U8) -> None:
    """A premultiplied layer over ``page``, in place."""
    for rows in page_ops.strips(page.shape[0]):
        rest = page_ops.three(page_ops.inverted(cover[rows]))
        page[rows] = page_ops.plus(page_ops.multiplied(page[rows], rest), colour[rows])


def _add_treatment(area: U8, treated: U8, flat: U8, cover: U8) -> None:
    """Give the front layer what the treatment did to it, as far as it covers."""
    for rows in page_ops.strips(area.shape[0]):
        amount = page_ops.three(cover[rows])
        lighter = page_ops.multiplied(page_ops.minus(treated[rows], flat[rows]), amount)
        darker = page_ops.multiplied(page_ops.minus(flat[rows], treated[rows]), amount)
        area[rows] = page_ops.minus(page_ops.plus(area[rows], lighter), darker)

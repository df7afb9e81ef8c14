"""The drawn scene in the medium of a look. All pictures are uint8 RGB; inputs are not changed.

A treatment is the same for the whole page and for a piece of it, given the piece's place in the
:class:`~pickabook_desktop.imaging.paper.Medium`.
"""

from collections.abc import Callable, Mapping

import cv2
import numpy as np

from pickabook_desktop.imaging import page_ops
from pickabook_desktop.imaging.ops import F32, U8, f32
from pickabook_desktop.imaging.page_ops import (
    Between,
    blurred,
    darken,
    go_on,
    gray,
    inverted,
    linear,
    lookup,
    minus,
    multiplied,
    plus,
    scaled,
    shifted,
    shrunk,
    three,
)
from pickabook_desktop.imaging.paper import ONE, Medium

Treatment = Callable[[U8, Medium, Between], U8]

_LEVELS = np.arange(256, dtype=np.float32)
_INK = (26, 20, 34)


def treat_scene(rgb: U8, look: str, medium: Medium, between: Between = go_on) -> U8:
    """``rgb`` redrawn in the medium of ``look``; an unknown look leaves it as drawn."""
    treatment = TREATMENTS.get(look)
    return treatment(rgb, medium, between) if treatment else rgb.copy()


def _storybook(rgb: U8, medium: Medium, between: Between) -> U8:
    """Ink and wash: a little pigment gathers at edges, washes are not quite even."""
    pooled = linear(_pooling(rgb, 4.5 * medium.scale, 36), 0.45)
    size = rgb.shape[1::-1]
    wash = linear(medium.mottle(size, 150, 1), 0.16, ONE * 0.84)
    return _in_strips(
        rgb,
        lambda strip, rows: minus(_density_times(strip, wash[rows]), three(pooled[rows])),
        between,
    )


def _watercolour(rgb: U8, medium: Medium, between: Between) -> U8:
    """Pale transparent washes with dark rims, blooms, and a hand that is not quite steady."""
    scale, size = medium.scale, rgb.shape[1::-1]
    moved = _unsteady(rgb, medium, 3.2, between)
    between()
    rims = linear(_pooling(moved, 2.4 * scale, 60), 0.75)
    between()
    rims = plus(rims, linear(_pooling(moved, 11 * scale, 50), 0.6))
    between()
    wash = multiplied(_blooms(medium, size), linear(medium.mottle(size, 200, 2), 0.45, 70.0), ONE)
    pale = 255 - (255 - _LEVELS) * np.float32(0.80) + np.float32(2)

    def draw(strip: U8, rows: slice) -> U8:
        # Thinned paint keeps its hue: what the paler tone takes from the colour is given back.
        rich = page_ops.u8(cv2.addWeighted(strip, 1.2, three(gray(strip)), -0.2, 0))
        return minus(_density_times(lookup(rich, pale), wash[rows]), three(rims[rows]))

    return _in_strips(moved, draw, between)


def _pencil(rgb: U8, medium: Medium, between: Between) -> U8:
    """Coloured pencil: hatching whose direction changes from thing to thing, graphite outlines."""
    scale, size = medium.scale, rgb.shape[1::-1]
    moved = _unsteady(rgb, medium, 2.0, between)
    luma = gray(moved)
    strokes = _mixed_by(
        medium.texture("hatch_a", size), medium.texture("hatch_b", size), _things(moved, medium)
    )
    between()
    strokes = linear(strokes, 0.85, ONE * (1 - 0.85))
    cross = _lifted(medium.texture("hatch_c", size), lookup(luma, (150 - _LEVELS) * 2.2))
    strokes = multiplied(strokes, cross, ONE)
    lines = linear(minus(blurred(luma, 2.2 * scale), luma), 2.6)
    lines = multiplied(lines, medium.texture("tooth", size), 150)
    soft = 255 - (255 - _LEVELS) * np.float32(0.72)

    def draw(strip: U8, rows: slice) -> U8:
        grey = three(luma[rows])
        muted = page_ops.u8(cv2.addWeighted(strip, 0.9, grey, 0.1, 0))
        return minus(_density_times(lookup(muted, soft), strokes[rows]), three(lines[rows]))

    return _in_strips(moved, draw, between)


def _comic(rgb: U8, medium: Medium, between: Between) -> U8:
    """Flat strong colours, bolder ink, and a dot screen in the shadows."""
    scale, size = medium.scale, rgb.shape[1::-1]
    luma = gray(rgb)
    flat = lookup(blurred(luma, 1.0 * scale), _flattening(6, 9.0, 0.85))
    between()
    ink = _bolder_lines(luma, scale)
    between()
    dots = _dots(luma, medium.texture("screen", size))
    contrast = (_LEVELS - 128) * np.float32(1.10) + 132

    def draw(strip: U8, rows: slice) -> U8:
        level = multiplied(strip, three(flat[rows]), ONE)
        vivid = page_ops.u8(cv2.addWeighted(level, 1.3, three(gray(level)), -0.3, 0))
        out = lookup(vivid, contrast)
        darken(out, inverted(dots[rows]))
        page_ops.mix_over(out, np.full_like(out, _INK), ink[rows])
        return out

    return _in_strips(rgb, draw, between)


def _papercut(rgb: U8, medium: Medium, between: Between) -> U8:
    """Sheets of cut paper: outlines vanish, tones fall into layers, edges throw shadows."""
    scale = medium.scale
    sheets = _without_outlines(rgb, scale, between)
    level = lookup(gray(sheets), _flattening(9, 12.0, 0.9))
    for rows in page_ops.strips(rgb.shape[0], between):
        sheets[rows] = multiplied(sheets[rows], three(level[rows]), ONE)
    between()
    luma = gray(sheets)
    half = shrunk(luma, 2)
    step = 0.5 * scale
    cast = blurred(shifted(half, 6 * step, 9 * step), 4.5 * step)
    shadow = linear(_at_most(minus(cast, half), 90), 0.62)
    beyond = minus(half, blurred(shifted(half, 3 * step, 4 * step), 2.5 * step))
    shadow = plus(shadow, linear(_at_most(beyond, 50), 0.16))
    between()
    shadow = scaled(shadow, rgb.shape[1::-1])
    bevel = linear(_at_most(minus(luma, shifted(luma, 1.3 * scale, 1.6 * scale)), 60), 0.45)
    return _in_strips(
        sheets,
        lambda strip, rows: plus(
            multiplied(strip, inverted(three(shadow[rows]))), three(bevel[rows])
        ),
        between,
    )


TREATMENTS: Mapping[str, Treatment] = {
    "storybook": _storybook,
    "watercolour": _watercolour,
    "pencil": _pencil,
    "comic": _comic,
    "papercut": _papercut,
}


def _in_strips(rgb: U8, draw: Callable[[U8, slice], U8], between: Between) -> U8:
    out = np.empty_like(rgb)
    for rows in page_ops.strips(rgb.shape[0], between):
        out[rows] = draw(rgb[rows], rows)
    return out


def _at_most(values: U8, ceiling: int) -> U8:
    """``values``, at most ``ceiling``."""
    return page_ops.u8(np.minimum(values, np.uint8(ceiling)))


def _density_times(rgb: U8, texture: U8) -> U8:
    """Multiply the pigment, not the light: white paper stays white."""
    return inverted(multiplied(inverted(rgb), three(texture), ONE))


def _pooling(rgb: U8, sigma: float, ceiling: int) -> U8:
    """How much darker a pixel is than its surroundings, at full size."""
    half = shrunk(gray(rgb), 2)
    edge = _at_most(minus(blurred(half, sigma / 2), half), ceiling)
    return scaled(edge, rgb.shape[1::-1])


def _unsteady(rgb: U8, medium: Medium, reach: float, between: Between) -> U8:
    """The drawing as by a hand that wavers by up to about ``reach`` canvas units."""
    size = rgb.shape[1::-1]
    factor = reach * medium.scale / 64
    out = np.empty_like(rgb)
    offsets = [medium.mottle(size, 38, layer) for layer in (1, 2)]
    for rows in page_ops.strips(size[1], between):
        # Offsets are small against a strip, so it needs few rows beyond its own.
        first = max(0, rows.start - 8)
        source = rgb[first : min(size[1], rows.stop + 8)]
        x, y = (f32(offset[rows]) * np.float32(factor) for offset in offsets)
        x -= np.float32(ONE * factor)
        y -= np.float32(ONE * factor - (rows.start - first))
        out[rows] = cv2.remap(
            source,
            x,
            y,
            cv2.INTER_LINEAR | cv2.WARP_RELATIVE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    return out


def _blooms(medium: Medium, size: tuple[int, int]) -> U8:
    """Where water ran back into a drying wash: a pale blot with a ragged dark rim."""
    field = page_ops.u8(
        cv2.addWeighted(medium.mottle(size, 260, 0), 0.86, medium.mottle(size, 22, 1), 0.14, 0)
    )
    beyond = _LEVELS - 152
    inside = np.clip(beyond / 5, 0, 1) * 0.20
    rim = np.exp(-((beyond / 2.6) ** 2)) * 0.16
    return lookup(field, f32(ONE * (1 - inside * np.exp(-np.clip(beyond, 0, 99) / 40) + rim)))


def _things(rgb: U8, medium: Medium) -> U8:
    """A soft map that tells things apart by colour, 0..255, for the direction of strokes."""
    small = blurred(shrunk(rgb, 8), 1.2 * medium.scale)
    hue = page_ops.u8(cv2.cvtColor(small, cv2.COLOR_RGB2HSV))[..., 0]
    table = f32(np.clip((np.sin(_LEVELS * (np.pi / 22)) * 3 + 0.5), 0, 1) * 255)
    return scaled(blurred(lookup(np.ascontiguousarray(hue), table), 1.0), rgb.shape[1::-1])


def _mixed_by(first: U8, second: U8, share: U8) -> U8:
    """``second`` where ``share`` is 255, ``first`` where it is 0."""
    return plus(multiplied(second, share), multiplied(first, inverted(share)))


def _lifted(texture: U8, share: U8) -> U8:
    """A texture that only darkens, as strongly as ``share`` says; 128 where there is none."""
    return plus(multiplied(linear(texture, 0.6), share), np.full_like(texture, int(ONE)))


def _flattening(levels: int, hardness: float, share: float) -> F32:
    """A table of factors (128 = 1) that pulls lightness towards ``levels`` steps."""
    tone = _LEVELS / 255 * levels
    base = np.floor(tone)
    part = tone - base
    step = 0.5 + 0.5 * np.tanh((part - 0.5) * hardness) / np.tanh(hardness / 2)
    wanted = (base + step) / levels * 255
    target = _LEVELS + (wanted - _LEVELS) * share
    return f32(ONE * (target + 4) / (_LEVELS + 4))


def _bolder_lines(luma: U8, scale: float) -> U8:
    """Cover of the drawing's own outlines, thickened."""
    side = max(3, int(13 * scale) | 1)
    closed = cv2.morphologyEx(luma, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    lines = minus(page_ops.u8(closed), luma)
    thick = page_ops.u8(cv2.dilate(lines, page_ops.disc(2.6 * scale)))
    return lookup(blurred(thick, 0.7 * scale), (_LEVELS - 34) * 5)


def _without_outlines(rgb: U8, scale: float, between: Between) -> U8:
    """Dark lines take the colour of the nearest sheet; a trace is left, like a scored fold."""
    half = shrunk(rgb, 2)
    luma = gray(half)
    side = max(3, int(6.5 * scale) | 1)
    closed = cv2.morphologyEx(luma, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    lines = lookup(minus(page_ops.u8(closed), luma), (_LEVELS - 20) * 12)
    lines = page_ops.u8(cv2.dilate(lines, np.ones((3, 3), np.uint8)))
    size = rgb.shape[1::-1]
    between()
    filled = scaled(_nearest_colour(half, lines), size)
    between()
    cover = linear(scaled(lines, size), 0.86)
    out = rgb.copy()
    page_ops.mix_over(out, filled, cover)
    return out


def _nearest_colour(rgb: U8, hole: U8) -> U8:
    """Each pixel of ``hole`` (not 0) in the colour of the nearest pixel outside."""
    if not hole.any() or hole.all():
        return rgb
    _, labels = cv2.distanceTransformWithLabels(
        hole, cv2.DIST_L2, cv2.DIST_MASK_3, labelType=cv2.DIST_LABEL_PIXEL
    )
    label = np.asarray(labels, np.int32).reshape(-1)
    outside = np.flatnonzero(hole.reshape(-1) == 0)
    source = np.zeros(int(label.max()) + 1, np.int64)
    source[label[outside]] = outside
    inside = np.flatnonzero(hole.reshape(-1))
    flat = rgb.reshape(-1, 3).copy()
    flat[inside] = flat[source[label[inside]]]
    return page_ops.u8(flat.reshape(rgb.shape))


def _dots(luma: U8, screen: U8) -> U8:
    """Darkness of halftone dots, larger in darker tones; none in the lights and the deepest."""
    tone = f32(np.interp(_LEVELS, [0, 24, 60, 120, 175, 255], [0, 60, 120, 95, 20, 0]))
    inside = minus(lookup(luma, tone), screen)
    return linear(_at_most(linear(inside, 5.0), 255), 0.20)

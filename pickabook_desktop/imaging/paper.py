"""Paper and pigment: textures shared by face and scene, and the finish laid over the whole page.

A texture is uint8 with 128 for "as it was" and a deviation of 32. Textures are cut from small
periodic tiles, so nothing of the size of a page is kept.
"""

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np

from pickabook_desktop.imaging import ops, page_ops
from pickabook_desktop.imaging.ops import F32, U8, f32
from pickabook_desktop.imaging.page_ops import Between, go_on

Kind = Literal["grain", "tooth", "fibre", "hatch_a", "hatch_b", "hatch_c", "screen"]

ONE = 128.0
_DEVIATION = 32.0
_TILE = 768
_MOTTLE_TILE = 256
_MOTTLE_STEP = 12.0
_ANGLES: Mapping[Kind, int] = {"hatch_a": -56, "hatch_b": -18, "hatch_c": 38}
_SCREEN_PITCH = 9.0


@dataclass(frozen=True)
class Medium:
    """Where on the page a piece of it lies, and how large a canvas unit is drawn.

    ``scale``: pixels for one canvas unit. ``seed`` moves the textures. ``left``, ``top``: the
    piece's corner in pixels of the page, so that textures go on across pieces.
    """

    scale: float
    seed: int
    left: int = 0
    top: int = 0

    def at(self, left: int, top: int) -> "Medium":
        """The same medium for the piece of the page that begins at ``left``, ``top``."""
        return replace(self, left=left, top=top)

    def texture(self, kind: Kind, size: tuple[int, int]) -> U8:
        """A fine texture for a piece of ``size`` (width, height)."""
        tile = _tile(kind, round(ops.clamp(self.scale, 0.05, 4.0), 2))
        side = tile.shape[0]
        start = np.random.default_rng([self.seed, len(kind)]).integers(0, side, 2)
        if kind == "screen":
            start[:] = 0
        left, top = (int(start[0]) + self.left) % side, (int(start[1]) + self.top) % side
        return _cut(tile, left, top, size)

    def mottle(self, size: tuple[int, int], spread: float, layer: int = 0) -> U8:
        """A slow unevenness, with blots about ``spread`` canvas units wide."""
        step = spread * self.scale / _MOTTLE_STEP
        start = np.random.default_rng([self.seed, 77, layer]).uniform(0, _MOTTLE_TILE, 2)
        matrix = np.array(
            [
                [1 / step, 0, start[0] + self.left / step],
                [0, 1 / step, start[1] + self.top / step],
            ]
        )
        small = max(1, int(step * 1.5))
        matrix[:, :2] *= small
        piece = cv2.warpAffine(
            _mottle_tile(layer % 3),
            matrix,
            (size[0] // small + 2, size[1] // small + 2),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_WRAP,
        )
        if small == 1:
            return page_ops.u8(piece)[: size[1], : size[0]]
        grow = f32([[small, 0, 0], [0, small, 0]])
        return page_ops.u8(cv2.warpAffine(piece, grow, size, flags=cv2.INTER_LINEAR))


@dataclass(frozen=True)
class Recipe:
    """How strongly a look's paper shows, as deviations in shares of one.

    ``tooth``, ``wash`` act on the pigment (white paper stays white); ``grain``, ``fibre`` on the
    light; ``warmth`` is how much blue the sheet swallows; ``margin`` in canvas units leaves an
    uneven edge of the sheet unpainted.
    """

    tooth: float = 0.0
    wash: float = 0.0
    grain: float = 0.0
    fibre: float = 0.0
    warmth: float = 0.0
    margin: float = 0.0


RECIPES: Mapping[str, Recipe] = {
    "storybook": Recipe(tooth=0.026, wash=0.035, grain=0.012, warmth=0.012),
    "watercolour": Recipe(tooth=0.075, wash=0.06, grain=0.018, warmth=0.03, margin=24),
    "pencil": Recipe(tooth=0.11, grain=0.014, warmth=0.025),
    "comic": Recipe(wash=0.015, grain=0.008, warmth=0.015),
    "papercut": Recipe(grain=0.014, fibre=0.016),
}


@dataclass(frozen=True, eq=False)
class Sheet:
    """A page's paper before anything lies on it. ``pigment`` and ``light`` are uint8 (h, w), 128
    for as it was.
    """

    pigment: U8 | None
    light: U8
    warmth: float

    def lay(self, page: U8, between: Between = go_on) -> None:
        """Lay paper and pigment over the whole ``page`` (uint8 RGB, changed in place)."""
        for rows in page_ops.strips(page.shape[0], between):
            strip = page[rows]
            if self.pigment is not None:
                density = page_ops.inverted(strip)
                strip = page_ops.inverted(
                    page_ops.multiplied(density, page_ops.three(self.pigment[rows]), ONE)
                )
            light = self.light[rows]
            blue = page_ops.linear(light, 1 - self.warmth)
            green = page_ops.linear(light, 1 - self.warmth * 0.3)
            tinted = page_ops.u8(cv2.merge([light, green, blue]))
            page[rows] = page_ops.multiplied(strip, tinted, ONE)


def sheet_for(look: str, medium: Medium, size: tuple[int, int]) -> Sheet:
    """The paper of ``look`` for a page of ``size`` (width, height)."""
    recipe = RECIPES.get(look, RECIPES["storybook"])
    return Sheet(_pigment(recipe, medium, size), _light(recipe, medium, size), recipe.warmth)


def _pigment(recipe: Recipe, medium: Medium, size: tuple[int, int]) -> U8 | None:
    """How densely pigment lies, 128 for as drawn; None where the look has even colour."""
    if not recipe.tooth and not recipe.wash:
        return None
    plane = _mixed(
        medium.texture("tooth", size), recipe.tooth, medium.mottle(size, 90), recipe.wash
    )
    if recipe.margin:
        plane = page_ops.multiplied(plane, _margin(recipe.margin, medium, size))
    return plane


def _light(recipe: Recipe, medium: Medium, size: tuple[int, int]) -> U8:
    # Paper only takes light away: the mean lies a little below one.
    fibre = medium.texture("fibre", size) if recipe.fibre else medium.mottle(size, 60, 1)
    share = recipe.fibre or recipe.grain * 0.6
    return page_ops.linear(
        _mixed(medium.texture("grain", size), recipe.grain, fibre, share), 1 - recipe.grain * 0.5
    )


def _mixed(first: U8, first_share: float, second: U8, second_share: float) -> U8:
    a, b = (share * ONE / _DEVIATION for share in (first_share, second_share))
    return page_ops.u8(cv2.addWeighted(first, a, second, b, ONE * (1 - a - b)))


def _margin(width: float, medium: Medium, size: tuple[int, int]) -> U8:
    """255 where paint lies, 0 on the bare edge; pigment pools along the border of the wash."""
    small = max(1, size[0] // 4), max(1, size[1] // 4)
    step = 4 / medium.scale
    xs, ys = ops.grid(small)
    inside = np.minimum(
        np.minimum(xs, np.float32(small[0] - 1) - xs), np.minimum(ys, np.float32(small[1] - 1) - ys)
    ) * np.float32(step)
    quarter = replace(medium, scale=medium.scale / 4)
    ragged = (f32(quarter.mottle(small, 55, 2)) - np.float32(ONE)) * np.float32(0.16)
    ragged += (f32(quarter.mottle(small, 14, 1)) - np.float32(ONE)) * np.float32(0.06)
    edge = f32(inside - np.float32(width) + ragged)
    paint = ops.smoothstep(edge, -3.0, 4.0)
    pooled = 1 - ops.smoothstep(edge, 2.0, 16.0)
    # The ceiling of uint8 stands for the pooled rim, the rest of the wash lies a little below.
    plane = paint * (np.float32(222) + pooled * np.float32(33))
    return page_ops.scaled(plane.astype(np.uint8), size)


def _cut(tile: U8, left: int, top: int, size: tuple[int, int]) -> U8:
    width, height = size
    side = tile.shape[0]
    band = np.empty((side, width), np.uint8)
    rolled = np.roll(tile, (-top, -left), (0, 1))
    for x in range(0, width, side):
        band[:, x : x + side] = rolled[:, : min(side, width - x)]
    out = np.empty((height, width), np.uint8)
    for y in range(0, height, side):
        out[y : y + side] = band[: min(side, height - y)]
    return out


def _to_texture(values: F32) -> U8:
    centred = (values - values.mean()) / max(1e-6, float(values.std()))
    return np.clip(centred * _DEVIATION + ONE, 0, 255).astype(np.uint8)


def _periodic_noise(side: int, sigma: float, seed: int) -> F32:
    white = f32(np.random.default_rng(seed).standard_normal((side, side)))
    return _periodic(white, sigma)


def _periodic(values: F32, sigma: float) -> F32:
    margin = math.ceil(4 * sigma) + 2
    wide = f32(cv2.copyMakeBorder(values, margin, margin, margin, margin, cv2.BORDER_WRAP))
    out = ops.gaussian(wide, sigma)[margin:-margin, margin:-margin]
    return f32(out / np.float32(out.std()))


@functools.lru_cache(maxsize=3)
def _mottle_tile(layer: int) -> U8:
    coarse = _periodic_noise(_MOTTLE_TILE, 6.0, 40 + layer)
    tile = _to_texture(f32(coarse + _periodic_noise(_MOTTLE_TILE, 2.2, 50 + layer) * 0.35))
    tile.setflags(write=False)
    return tile


@functools.lru_cache(maxsize=14)
def _tile(kind: Kind, scale: float) -> U8:
    if kind == "screen":
        tile = _screen(scale)
    else:
        drawn = _drawn_tile(kind)
        # Where a texture is finer than the pixels it fades, as paper does from afar.
        side = max(32, round(_TILE * scale))
        tile = page_ops.scaled(drawn, (side, side))
    tile.setflags(write=False)
    return tile


@functools.lru_cache(maxsize=8)
def _drawn_tile(kind: Kind) -> U8:
    if kind == "grain":
        return _to_texture(_periodic_noise(_TILE, 0.9, 1))
    if kind == "tooth":
        fine, coarse = _periodic_noise(_TILE, 1.1, 2), _periodic_noise(_TILE, 2.4, 3)
        # The hollows between the bumps of rough paper are narrow: bend the noise downwards.
        return _to_texture(f32(-np.abs(fine * 0.7 + coarse * 0.7) * 0.6 + fine * 0.6))
    if kind == "fibre":
        return _fibres()
    return _strokes(_ANGLES[kind], _TILE)


def _strokes(degrees: int, side: int) -> U8:
    """Pencil strokes: noise drawn out along a direction, with a slow change of pressure."""
    turn = math.radians(degrees)
    strokes = _periodic_noise(side, 0.75, 60 + degrees % 90)
    # Adding a shifted copy doubles the length of each stroke: 64 pixels in six steps.
    for length in (1, 2, 4, 8, 16, 32):
        shift = round(math.sin(turn) * length), round(math.cos(turn) * length)
        strokes = strokes + np.roll(strokes, shift, (0, 1))
    slow = _periodic_noise(side // 8, 5.0, 70 + degrees % 90)
    pressure = ops.resize(slow, (side, side), ops.CUBIC)
    spread = np.float32(strokes.std())
    return _to_texture(f32(strokes / spread * (1 + 0.25 * pressure) + 0.35 * pressure))


def _fibres() -> U8:
    rng = np.random.default_rng(9)
    plane = np.zeros((_TILE, _TILE), np.float32)
    for _ in range(900):
        x, y = rng.uniform(0, _TILE, 2)
        turn = rng.uniform(0, math.pi)
        bend = rng.uniform(-0.9, 0.9)
        points = [
            (x + math.cos(turn + bend * t) * t * 22, y + math.sin(turn + bend * t) * t * 22)
            for t in (-1.0, -0.5, 0.0, 0.5, 1.0)
        ]
        shape = np.round(np.array(points) * 16).astype(np.int32)
        level = float(rng.choice([-1.0, 1.0]))
        cv2.polylines(plane, [shape], False, (level,), 1, cv2.LINE_AA, 4)
    fibres = _periodic(plane, 0.6)
    return _to_texture(f32(fibres + _periodic_noise(_TILE, 5.0, 10) * 0.8))


def _screen(scale: float) -> U8:
    """A halftone screen at 45 degrees: 0 in the middle of a dot to 255 between the dots."""
    pitch = max(2, round(_SCREEN_PITCH * scale))
    side = 2 * pitch * max(1, round(256 / (2 * pitch)))
    xs, ys = ops.grid((side, side))
    wave = np.cos((xs + ys) * (math.pi / pitch)) + np.cos((xs - ys) * (math.pi / pitch))
    return np.clip((0.5 - wave * 0.25) * 255, 0, 255).astype(np.uint8)

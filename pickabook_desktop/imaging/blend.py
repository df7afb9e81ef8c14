"""Joining head and scene: geometry of the slot, light, contact shadow, feather.

Pages are uint8 RGB; heads are float32 Lab (L 0..100) in the frame of their portrait.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from pickabook_desktop.domain.geometry import Rect, Size
from pickabook_desktop.domain.template import FaceSlot
from pickabook_desktop.imaging import ops, page_ops
from pickabook_desktop.imaging.faces.mesh_points import OVAL
from pickabook_desktop.imaging.ops import F32, U8, f32
from pickabook_desktop.imaging.portrait.model import Portrait

# Lengths in units of the pupil distance; lightness in steps of Lab.
SHADOW_REACH = 0.16
SHADOW_BLUR = 0.15
SHADOW_DEPTH = 0.30
RAMP_LIGHTNESS = 2.2
EDGE_LIGHTNESS = 9.0
TINT_SHARE = 0.05
TINT_LIMIT = 1.5
FEATHER = 0.09
ROOM = 0.7
JAW_WIDTH, JAW_BLUR, JAW_DEPTH = 0.10, 0.05, 0.26

# Mesh points from ear to ear along the lower jaw.
JAW_LINE = (58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288)

Bounds = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


@dataclass(frozen=True)
class PlacedSlot:
    """A slot on the page, in pixels; angles in degrees as in FaceSlot."""

    x: float
    y: float
    unit: float
    tilt: float
    stretch: float
    whole_head: bool
    clip: tuple[float, float, float, float] | None
    light: float

    def matrix(self, portrait: Portrait) -> F32:
        """The 2 x 3 affine map from pixels of the portrait's frame to pixels of the page."""
        scale = self.unit / portrait.unit
        turn = math.radians(self.tilt)
        cos, sin = math.cos(turn) * scale, math.sin(turn) * scale
        linear = np.array([[cos * self.stretch, -sin], [sin * self.stretch, cos]])
        offset = np.array([self.x, self.y]) - linear @ np.array(portrait.anchor)
        return f32(np.column_stack([linear, offset]))

    @property
    def towards_light(self) -> tuple[float, float]:
        """The unit vector on the page towards the light."""
        angle = math.radians(self.light)
        return math.sin(angle), -math.cos(angle)


def slot_on_page(slot: FaceSlot, view: Rect, size: Size) -> PlacedSlot:
    """Where ``slot`` lies when ``view`` of the canvas fills a page of ``size`` pixels."""
    scale = size.height / view.height
    clip = slot.clip
    return PlacedSlot(
        x=(slot.x - view.x) * scale,
        y=(slot.y - view.y) * scale,
        unit=slot.unit * scale,
        tilt=slot.tilt,
        stretch=slot.stretch,
        whole_head=slot.fit == "head",
        clip=clip
        and (
            (clip.cx - view.x) * scale,
            (clip.cy - view.y) * scale,
            clip.rx * scale,
            clip.ry * scale,
        ),
        light=slot.light,
    )


def head_bounds(portrait: Portrait, slot: PlacedSlot, shape: tuple[int, ...]) -> Bounds | None:
    """What the head and its shadow can touch on a page of ``shape``; None where they miss it."""
    matrix = slot.matrix(portrait)
    width, height = portrait.size
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]]) @ matrix.T
    room = ROOM * slot.unit
    left, top = (int(v) for v in np.maximum(0, np.floor(corners.min(0) - room)))
    right, bottom = (int(v) for v in np.minimum(shape[1::-1], np.ceil(corners.max(0) + room)))
    if right - left < 8 or bottom - top < 8:
        return None
    return left, top, right, bottom


def place_head(
    area: U8, lab: F32, portrait: Portrait, slot: PlacedSlot, origin: tuple[int, int]
) -> U8:
    """Draw a head into ``area`` (changed in place) so that it seems to belong there.

    ``lab`` is the drawn head in the frame of ``portrait``, ``origin`` the place of the area's
    corner on the page. Returns where the head and its shadow reach, uint8 (h, w), 0..255.
    """
    matrix = slot.matrix(portrait)
    matrix[:, 2] -= origin
    size = area.shape[1], area.shape[0]
    tint, light = _scene_tint(area), _light(portrait, slot)
    if slot.whole_head:
        alpha, rgb = portrait.alpha, _coloured(lab, tint, light)
    else:
        alpha = _feathered(portrait)
        pull = _pull_to_surroundings(_small(lab, tint, light), portrait, alpha, area, matrix)
        rgb = _coloured(lab, tint, light, pull)
    cover = page_ops.u8(cv2.warpAffine(cv2.convertScaleAbs(alpha, alpha=255), matrix, size))
    if slot.clip is not None:
        cover = page_ops.u8(cv2.min(cover, _opening(slot.clip, origin, size)))
    reach = _cast_shadow(area, cover, slot) if slot.whole_head else cover
    drawn = ops.warp_rgb(rgb, matrix, size)
    page_ops.mix_over(area, drawn, cover)
    if not slot.whole_head:
        reach = _shade_jaw(area, portrait, matrix, reach)
    return reach


def _opening(
    clip: tuple[float, float, float, float], origin: tuple[int, int], size: tuple[int, int]
) -> U8:
    opening = np.zeros((size[1], size[0]), np.uint8)
    # Four fractional bits: OpenCV takes sub-pixel positions as fixed point numbers.
    cx, cy, rx, ry = (round(16 * v) for v in (clip[0] - origin[0], clip[1] - origin[1], *clip[2:]))
    cv2.ellipse(opening, (cx, cy), (rx, ry), 0, 0, 360, (255,), -1, cv2.LINE_AA, 4)
    return opening


def _coloured(lab: F32, tint: tuple[float, float], light: F32, pull: F32 | None = None) -> U8:
    """The head in the scene's light as uint8 RGB; ``light`` and ``pull`` may be smaller."""
    size = lab.shape[1], lab.shape[0]
    light = ops.resize(light, size)
    wide = None if pull is None else ops.resize(pull, size)
    # Four numbers are what OpenCV takes for one colour.
    shift = np.array([0.0, *tint, 0.0])
    rgb = np.empty(lab.shape, np.uint8)
    for rows in page_ops.strips(size[1]):
        strip = f32(cv2.add(lab[rows], shift))
        strip[..., 0] += light[rows]
        if wide is not None:
            strip += wide[rows]
        rgb[rows] = ops.lab_to_rgb(strip)
    return rgb


def _light(portrait: Portrait, slot: PlacedSlot) -> F32:
    """Lightness to add, at a quarter of the size: a ramp, and a darker edge away from the light."""
    turn = math.radians(-slot.tilt)
    page_x, page_y = slot.towards_light
    lx = page_x * math.cos(turn) - page_y * math.sin(turn)
    ly = page_x * math.sin(turn) + page_y * math.cos(turn)
    light = _edge_shade(portrait, lx, ly)
    rows, columns = light.shape
    width, height = portrait.size
    xs, ys = ops.grid((columns, rows))
    xs = (xs * np.float32(width / columns) - np.float32(portrait.anchor[0])) * np.float32(lx)
    ys = (ys * np.float32(height / rows) - np.float32(portrait.anchor[1])) * np.float32(ly)
    # The light's pivot is the middle of the face, a little below the eyes.
    along = f32((xs + ys) * np.float32(1 / portrait.unit) - np.float32(0.4 * ly))
    light += ops.clip(along, -1.6, 1.6) * np.float32(RAMP_LIGHTNESS)
    return light


def _edge_shade(portrait: Portrait, lx: float, ly: float) -> F32:
    """Lightness to add (at most 0), at a quarter of the size: the form turns from the light."""
    width, height = portrait.size
    size = max(4, width // 4), max(4, height // 4)
    unit = portrait.unit / 4
    alpha = ops.gaussian(ops.resize(portrait.alpha, size, ops.AREA), 0.24 * unit)
    # Sampling towards the dark side: pixels near that edge see little of the head beyond them.
    reach = 0.28 * unit
    beyond = f32(cv2.warpAffine(alpha, f32([[1, 0, lx * reach], [0, 1, ly * reach]]), size))
    shade = f32(np.clip(beyond - 0.78, -0.6, 0)) * np.float32(EDGE_LIGHTNESS)
    features = ops.resize(portrait.feature_weight, size, ops.AREA)
    return f32(shade * (1 - features * np.float32(0.5)))


def _scene_tint(area: U8) -> tuple[float, float]:
    """How far the surroundings' colour moves the head's a and b."""
    # A sample of the pixels tells as much, and is read much faster.
    sample = np.ascontiguousarray(area[::4, ::4])
    mean = ops.rgb_to_lab(page_ops.scaled(sample, (16, 16))).reshape(-1, 3).mean(axis=0)
    a, b = (ops.clamp(float(v) * TINT_SHARE, -TINT_LIMIT, TINT_LIMIT) for v in mean[1:])
    return a, b


def _cast_shadow(area: U8, cover: U8, slot: PlacedSlot) -> U8:
    """Darken what lies just behind the head, away from the light: collar, neck, lining.

    Returns where head and shadow reach.
    """
    unit = slot.unit / 4
    x, y = slot.towards_light
    reach = SHADOW_REACH * unit
    matrix = f32([[1, 0, -x * reach], [0, 1, -y * reach + 0.05 * unit]])
    small = page_ops.shrunk(cover, 4)
    cast = page_ops.u8(cv2.warpAffine(small, matrix, small.shape[::-1]))
    cast = page_ops.blurred(cast, max(0.8, SHADOW_BLUR * unit))
    # Most of it falls on skin, where a shadow is warm: it leaves more of the red.
    keep = [page_ops.inverted(page_ops.linear(cast, SHADOW_DEPTH * k)) for k in (0.75, 1, 1)]
    page_ops.darken(area, page_ops.scaled(np.dstack(keep), area.shape[1::-1]))
    touched = page_ops.scaled(page_ops.linear(cast, 12.0), area.shape[1::-1])
    return page_ops.u8(cv2.max(cover, touched))


def _shade_jaw(area: U8, portrait: Portrait, matrix: F32, reach: U8) -> U8:
    """Keep chin and jaw readable where the feather lets the face run into drawn skin.

    Returns where the head reaches, now with the jaw.
    """
    size = _quarter(portrait)
    unit = portrait.unit / 4
    points = portrait.points[list(JAW_LINE)] * np.float32(size[0] / portrait.size[0])
    line = ops.gaussian(ops.band(size, points, JAW_WIDTH * unit), JAW_BLUR * unit)
    _, ys = ops.grid(size)
    chin = float(points[:, 1].max())
    # The line fades out upwards: it is the chin that needs it.
    line = line * ops.smoothstep(ys, chin - 1.25 * unit, chin - 0.25 * unit)
    quarter = matrix.copy()
    quarter[:, :2] *= portrait.size[0] / size[0]
    shade = page_ops.u8(
        cv2.warpAffine(cv2.convertScaleAbs(line, alpha=255), quarter, area.shape[1::-1])
    )
    keep = [page_ops.inverted(page_ops.linear(shade, JAW_DEPTH * k)) for k in (0.7, 1, 1)]
    page_ops.darken(area, np.dstack(keep))
    return page_ops.u8(cv2.max(reach, page_ops.linear(shade, 6.0)))


def _quarter(portrait: Portrait) -> tuple[int, int]:
    width, height = portrait.size
    return max(4, width // 4), max(4, height // 4)


def _feathered(portrait: Portrait) -> F32:
    """Alpha of the face alone, soft towards the hood, but closed over the features."""
    size = _quarter(portrait)
    edge = FEATHER * portrait.unit / 4
    mask = ops.polygon(size, portrait.points[list(OVAL)] * np.float32(size[0] / portrait.size[0]))
    mask = f32(cv2.erode(mask, ops.ellipse_kernel(edge), borderValue=(0,)))
    soft = ops.resize(ops.gaussian(mask, max(0.6, edge * 0.45)), portrait.size)
    seen = np.maximum(ops.clip(portrait.alpha * np.float32(1.5)), portrait.feature_weight)
    return soft * seen


def _small(lab: F32, tint: tuple[float, float], light: F32) -> F32:
    """The lit head at an eighth of its size."""
    height, width = lab.shape[:2]
    size = max(4, width // 8), max(4, height // 8)
    small = f32(ops.resize(lab, size, ops.AREA) + f32((0.0, *tint)))
    small[..., 0] += ops.resize(light, size, ops.AREA)
    return small


def _pull_to_surroundings(small: F32, portrait: Portrait, alpha: F32, area: U8, matrix: F32) -> F32:
    """What moves the face's border towards the hood's colours, fading out towards the features.

    A Poisson-like membrane at an eighth of the size: differences along the border, spread inwards
    by normalised Gaussians of growing width. ``small`` is the lit head's Lab at that size.
    """
    width, height = portrait.size
    size = small.shape[1], small.shape[0]
    shrink = np.diag([size[0] / width, size[1] / height, 1.0])
    from_page = shrink @ np.linalg.inv(np.vstack([matrix, [0, 0, 1]]))
    behind = ops.warp_rgb(page_ops.u8(cv2.blur(area, (9, 9))), f32(from_page[:2]), size)
    cover = ops.resize(alpha, size, ops.AREA)
    band = f32((cover > 0.08) & (cover < 0.92))
    gap = (ops.rgb_to_lab(behind) - small) * band[..., None]
    total, weight, factor = gap.copy(), band.copy(), 1e-2
    for sigma in (1.5, 3, 6, 12, 24):
        total += ops.gaussian(gap, sigma) * np.float32(factor)
        weight += ops.gaussian(band, sigma) * np.float32(factor)
        factor *= 0.02
    pull = total / (weight + np.float32(1e-12))[..., None]
    return f32(pull * _border_share(portrait, size)[..., None])


def _border_share(portrait: Portrait, size: tuple[int, int]) -> F32:
    """How much of the shift reaches a pixel: all at the border, little at the features."""
    points = portrait.points[list(OVAL)] * np.float32(size[0] / portrait.size[0])
    inner = ops.polygon(size, points, 0.28 * portrait.unit * size[0] / portrait.size[0])
    fade = 1 - ops.smoothstep(inner, 0.45, 1.0) * np.float32(0.9)
    features = ops.resize(portrait.feature_weight, size, ops.AREA)
    return f32(fade * (1 - features * np.float32(0.6)))

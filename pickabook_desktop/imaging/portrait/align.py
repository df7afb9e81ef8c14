"""Making a head upright on the fixed frame in which it is examined."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pickabook_desktop.imaging.faces import mesh_points as mp
from pickabook_desktop.imaging.ops import (
    AREA,
    F32,
    U8,
    clip,
    f32,
    from_linear,
    to_linear,
    warp_rgb,
)

if TYPE_CHECKING:
    from pickabook_desktop.imaging.faces import FaceMesh

EDGE = 512
UNIT = EDGE / 5
EYE_LINE = 0.52
# The height of a face, hairline to chin, in pupil distances: unlike the distance it does not
# shrink when the head turns.
FACE_HEIGHT = 2.75
# A photo whose lights stay below this is taken to be under-exposed as a whole.
LIT = 0.88
MAX_GAIN = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """A head on a square frame of ``EDGE`` pixels, ``UNIT`` pixels to the pupil distance.

    ``rgb`` is uint8, ``inside`` float32 1 where the photo reaches, ``points`` float32 (468, 2).
    """

    rgb: U8
    inside: F32
    points: F32
    mesh: "FaceMesh"


def make_upright(rgb: U8, mesh: "FaceMesh") -> Upright:
    """Turn, scale and shift the photo so that the head stands in the middle of the frame."""
    matrix, scale = _to_frame(mesh.points[:, :2])
    points = f32(mesh.points[:, :2] @ matrix[:, :2].T + matrix[:, 2])
    source, matrix = _reduced(rgb, matrix, scale)
    white = np.full(source.shape[:2], 255, np.uint8)
    inside = np.asarray(cv2.warpAffine(white, matrix, (EDGE, EDGE)), np.uint8)
    upright = warp_rgb(source, matrix, (EDGE, EDGE), cv2.INTER_CUBIC)
    upright = _exposed(upright, _exposure(rgb))
    return Upright(upright, f32(inside) * np.float32(1 / 255), points, mesh)


def _to_frame(points: F32) -> tuple[F32, float]:
    corners = [points[list(pair)] for pair in (mp.RIGHT_EYE_CORNERS, mp.LEFT_EYE_CORNERS)]
    (rx, ry), (lx, ly) = (pair.mean(axis=0).tolist() for pair in corners)
    angle = math.atan2(ly - ry, lx - rx)
    pupils = math.hypot(lx - rx, ly - ry)
    height = float(np.linalg.norm(points[mp.CHIN] - points[mp.TOP]))
    scale = UNIT / max(0.5 * pupils + 0.5 * height / FACE_HEIGHT, 1.0)
    middle_x, middle_y = points[list(mp.OVAL)].mean(axis=0).tolist()
    cx, cy = (rx + lx) / 2, (ry + ly) / 2
    along = 0.5 * ((middle_x - cx) * math.cos(angle) + (middle_y - cy) * math.sin(angle))
    cx += along * math.cos(angle)
    cy += along * math.sin(angle)
    cos, sin = math.cos(angle) * scale, math.sin(angle) * scale
    left, top = EDGE * 0.5 - cos * cx - sin * cy, EDGE * EYE_LINE + sin * cx - cos * cy
    return f32([[cos, sin, left], [-sin, cos, top]]), scale


def _reduced(rgb: U8, matrix: F32, scale: float) -> tuple[U8, F32]:
    """Shrink a much larger photo first, around the head only, so that nothing aliases."""
    if scale >= 0.5:
        return rgb, matrix
    corners = f32([[0, 0, 1], [EDGE, 0, 1], [0, EDGE, 1], [EDGE, EDGE, 1]])
    back = f32(cv2.invertAffineTransform(matrix))
    around = corners @ back.T
    low = np.maximum(np.floor(around.min(axis=0)).astype(int) - 2, 0).tolist()
    high = np.ceil(around.max(axis=0)).astype(int).tolist()
    part = rgb[low[1] : high[1] + 3, low[0] : high[0] + 3]
    factor = 2.0 ** -math.floor(math.log2(1 / scale))
    height, width = part.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = np.asarray(cv2.resize(part, size, interpolation=AREA), np.uint8)
    moved = matrix.copy()
    moved[:, 2] = matrix[:, :2] @ f32(low) + matrix[:, 2]
    moved[:, :2] /= np.float32(factor)
    return small, moved


def _exposure(rgb: U8) -> float:
    """The linear gain that brings the lights of a dim photo to where they belong."""
    step = max(1, max(rgb.shape[:2]) // 400)
    red, green, blue = cv2.split(rgb[::step, ::step])
    brightest = np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)
    lights = float(np.percentile(brightest, 99.3)) / 255
    return min(LIT / max(float(to_linear(f32([lights]))[0]), 0.01), MAX_GAIN)


def _exposed(rgb: U8, gain: float) -> U8:
    if gain <= 1.12:
        return rgb
    levels = to_linear(f32(np.arange(256)) / np.float32(255)) * np.float32(gain)
    table = (clip(from_linear(f32(levels))) * np.float32(255) + np.float32(0.5)).astype(np.uint8)
    return np.asarray(cv2.LUT(rgb, table), np.uint8)

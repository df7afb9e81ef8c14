"""Tapered strokes of ink along the lines of the mesh."""

import cv2
import numpy as np

from pickabook_desktop.imaging.ops import F32, U8, f32

_BITS = 4


def spline(points: F32, count: int = 40) -> F32:
    """A Catmull-Rom curve through ``points``."""
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    each = max(2, count // (len(points) - 1))
    t = np.linspace(0, 1, each, endpoint=False, dtype=np.float32)[:, None]
    parts: list[F32] = []
    for i in range(len(points) - 1):
        a, b, c, d = ends[i], ends[i + 1], ends[i + 2], ends[i + 3]
        curve = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
        parts.append(f32(0.5 * (curve + (3 * b - a - 3 * c + d) * t**3)))
    return f32(np.vstack([*parts, points[-1:]]))


def stroke(
    mask: U8,
    points: F32,
    width: float,
    end_width: float | None = None,
    *,
    taper: float = 0.6,
    value: int = 255,
) -> None:
    """Lay one stroke on ``mask`` (uint8), keeping whatever is darker there already.

    It swells from thin ends: ``taper`` 0 keeps its width, 1 is a leaf. Widths in pixels.
    """
    curve = spline(points)
    direction = np.gradient(curve, axis=0)
    normal = np.stack([-direction[:, 1], direction[:, 0]], axis=1)
    normal /= np.linalg.norm(direction, axis=1, keepdims=True) + 1e-6
    t = np.linspace(0, 1, len(curve))
    widths = width + ((width if end_width is None else end_width) - width) * t
    half = widths * np.sin(np.pi * np.clip(t * 0.94 + 0.03, 0, 1)) ** taper * 0.5
    ribbon = np.vstack([curve + normal * half[:, None], (curve - normal * half[:, None])[::-1]])
    fill(mask, f32(ribbon), value)


def fill(mask: U8, outline: F32, value: int = 255) -> None:
    """Fill a closed outline on ``mask``, keeping the larger value."""
    height, width = mask.shape
    left, top = np.maximum(np.floor(outline.min(axis=0)).astype(int) - 2, 0).tolist()
    right, bottom = (np.ceil(outline.max(axis=0)).astype(int) + 3).tolist()
    right, bottom = min(right, width), min(bottom, height)
    if right <= left or bottom <= top:
        return
    part = np.zeros((bottom - top, right - left), np.uint8)
    corners = np.round((outline - f32([left, top])) * (1 << _BITS)).astype(np.int32)
    cv2.fillPoly(part, [corners], (value,), cv2.LINE_AA, _BITS)
    window = mask[top:bottom, left:right]
    np.maximum(window, part, out=window)

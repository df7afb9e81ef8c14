"""Making the eyes a little larger, as picture books do."""

import numpy as np

from pickabook_desktop.imaging.faces import mesh_points as mp
from pickabook_desktop.imaging.ops import F32, f32, remap, smooth_value, smoothstep
from pickabook_desktop.imaging.portrait.align import UNIT
from pickabook_desktop.imaging.portrait.model import Iris

ENLARGE = 0.07
REACH = 0.62 * UNIT


def enlarge_eyes(lab: F32, points: F32, irises: tuple[Iris, Iris]) -> tuple[F32, tuple[Iris, Iris]]:
    """Magnify both eyes in ``lab``, in place; return the points and irises moved along."""
    moved = points.copy()
    grown: list[Iris] = []
    for area, (x, y, radius) in zip((mp.RIGHT_EYE, mp.LEFT_EYE), irises, strict=True):
        cx, cy = points[list(area)].mean(axis=0).tolist()
        _magnify(lab, cx, cy)
        away = f32(points - f32([cx, cy]))
        moved += away * _stretch(f32(np.linalg.norm(away, axis=1)))[:, None]
        factor = 1 + float(_stretch(f32([np.hypot(x - cx, y - cy)]))[0])
        grown.append((cx + (x - cx) * factor, cy + (y - cy) * factor, radius * factor))
    return moved, (grown[0], grown[1])


def _stretch(distance: F32) -> F32:
    pull = np.float32(ENLARGE) * smoothstep(f32(1 - distance / np.float32(REACH)), 0, 1)
    return f32(pull / (1 - pull * np.float32(0.6)))


def _magnify(lab: F32, cx: float, cy: float) -> None:
    height, width = lab.shape[:2]
    left, right = max(0, int(cx - REACH - 2)), min(width, int(cx + REACH + 3))
    top, bottom = max(0, int(cy - REACH - 2)), min(height, int(cy + REACH + 3))
    if right - left < 8 or bottom - top < 8:
        return
    columns, rows = np.meshgrid(
        np.arange(left, right, dtype=np.float32), np.arange(top, bottom, dtype=np.float32)
    )
    dx, dy = columns - np.float32(cx), rows - np.float32(cy)
    near = f32(1 - np.hypot(dx, dy) / np.float32(REACH))
    pull = smoothstep(near, 0, 1) * np.float32(ENLARGE)
    lab[top:bottom, left:right] = remap(lab, f32(columns - dx * pull), f32(rows - dy * pull))


def is_open(points: F32, upper: tuple[int, ...], lower: tuple[int, ...]) -> float:
    """How far an eye is open: 0 shut, 1 open."""
    gap = float(np.linalg.norm(points[upper[4]] - points[lower[4]]))
    width = float(np.linalg.norm(points[upper[0]] - points[upper[-1]]))
    return smooth_value(gap / max(width, 1e-3), 0.08, 0.2)

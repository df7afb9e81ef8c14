"""The parts of a face as soft masks."""

from dataclasses import dataclass

import numpy as np

from pickabook_desktop.imaging.faces import mesh_points as mp
from pickabook_desktop.imaging.ops import (
    F32,
    Bool,
    band,
    clip,
    dilate,
    f32,
    gaussian,
    grid,
    polygon,
    resize,
)

LIP_BLUR, EYE_BLUR, MOUTH_BLUR = 1 / 60, 1 / 180, 1 / 100


@dataclass(frozen=True, slots=True, eq=False)
class StudyMasks:
    """Float32 (h, w), 0..1, at the scale of the study."""

    face: F32
    features: F32
    nose: F32
    ring: F32
    brows: F32


def study_masks(size: tuple[int, int], points: F32, unit: float) -> StudyMasks:
    """Draw the masks that the looks need, from the mesh alone.

    They are soft: half the size holds them, at a quarter of the work.
    """
    small = ((size[0] + 1) // 2, (size[1] + 1) // 2)
    scale = f32([small[0] / size[0], small[1] / size[1]])
    masks = _masks(small, f32((points + np.float32(0.5)) * scale - np.float32(0.5)), unit / 2)
    return StudyMasks(*(clip(resize(mask, size)) for mask in masks))


def _masks(size: tuple[int, int], points: F32, unit: float) -> tuple[F32, F32, F32, F32, F32]:
    """Face, features, nose, ring and brows, as in :class:`StudyMasks`."""

    def shape(area: tuple[int, ...]) -> F32:
        return polygon(size, points[list(area)])

    brows = np.maximum(shape(mp.RIGHT_BROW), shape(mp.LEFT_BROW))
    features = dilate(f32(brows), 0.1 * unit)
    for area, wider in ((mp.RIGHT_EYE, 0.14), (mp.LEFT_EYE, 0.14), (mp.LIPS_OUTER, 0.1)):
        features = np.maximum(features, dilate(shape(area), wider * unit))
    nose = dilate(band(size, points[list(mp.NOSE_BASE)], 0.06 * unit), 0.1 * unit)
    face = gaussian(shape(mp.OVAL), 0.1 * unit)
    return (
        face,
        gaussian(f32(features), 0.05 * unit),
        gaussian(nose, 0.07 * unit),
        f32(_ring(size, points, unit) * face),
        gaussian(dilate(f32(brows), 0.13 * unit), 0.045 * unit),
    )


def _ring(size: tuple[int, int], points: F32, unit: float) -> F32:
    """Where spectacles sit: a wide oval around each eye, and the bridge between."""
    x, y = grid(size)
    ring = np.zeros((size[1], size[0]), np.float32)
    for area in (mp.RIGHT_EYE, mp.LEFT_EYE):
        cx, cy = points[list(area)].mean(axis=0).tolist()
        dx, dy = (x - cx) / (0.56 * unit), (y - cy - 0.08 * unit) / (0.46 * unit)
        ring = np.maximum(ring, clip(f32((1.15 - np.hypot(dx, dy)) * 5)))
    return f32(ring)


def bare_skin(size: tuple[int, int], points: F32, hair: F32) -> Bool:
    """Pixels of the cheeks without hair; of the cheeks all over if that leaves next to none.

    The forehead is not asked: fringe, brows and gloss are too often on it.
    """
    cheeks = np.maximum(*(polygon(size, points[list(a)]) for a in (mp.RIGHT_CHEEK, mp.LEFT_CHEEK)))
    bare = (cheeks > 0.5) & (hair < 0.4)
    return bare if int(bare.sum()) >= 60 else cheeks > 0.5


def eye_openings(size: tuple[int, int], points: F32, unit: float) -> tuple[F32, F32]:
    """The openings of the eyes, at the picture's left, then right."""
    right, left = (
        polygon(size, points[list(area)], unit * EYE_BLUR) for area in (mp.RIGHT_EYE, mp.LEFT_EYE)
    )
    return right, left


def mouth_and_lips(size: tuple[int, int], points: F32, unit: float) -> tuple[F32, F32]:
    """What lies between the lips, and the lips themselves."""
    mouth = polygon(size, points[list(mp.LIPS_INNER)], unit * MOUTH_BLUR)
    outer = polygon(size, points[list(mp.LIPS_OUTER)], unit * LIP_BLUR)
    return mouth, clip(f32(outer - mouth))

"""Measuring a face: size, pose, sharpness, light."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pickabook_desktop.imaging.faces import mesh_points
from pickabook_desktop.imaging.faces.crops import SquareCrop
from pickabook_desktop.imaging.faces.found import FaceMesh

EDGE = 192
# The crop is a little larger than the face, so that outline and ears stay inside.
MARGIN = 1.15
# Pitch that the mesh reports for a face looking straight ahead: its forehead recedes.
LEVEL_PITCH = -4.0
REBLUR = 9
# Parts of the skin's lightness: eyes in deep shade are dark too, but never flat.
DARK_EYES = 0.40
FLAT_EYES = 0.095

Point = tuple[float, float]


@dataclass(frozen=True)
class Measures:
    """Lengths in pixels, angles in degrees as in FaceReport, all else as parts of 1.

    ``width`` is that of the face seen from the front. ``outside`` is the part of the outline beyond
    the picture, ``highlight`` the lightness (L*) of the brightest tenth of the face, ``brightness``
    the middle one of the skin, ``burnt_out`` the part of the skin without any detail.
    """

    eyes: tuple[Point, Point]
    pupil_distance: float
    width: float
    yaw: float
    pitch: float
    outside: float
    sharpness: float
    brightness: float
    highlight: float
    burnt_out: float
    eyes_dark: bool
    presence: float
    likely: float


def measure(rgb: NDArray[np.uint8], face: FaceMesh) -> Measures:
    """Measure one face in a uint8 HxWx3 sRGB picture."""
    left, right = face.eye_centers.tolist()
    yaw, pitch = pose(face)
    crop = SquareCrop(
        face.box.center, max(face.box.width, face.box.height, 1.0) * MARGIN, math.radians(face.roll)
    )
    edge = min(EDGE, max(48, round(crop.side)))
    patch = crop.cut(rgb, edge)
    matrix = crop.matrix(edge)
    points = (face.points[:, :2] @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
    lightness = _lightness(patch)
    inside = _mask(edge, points, mesh_points.OVAL)
    skin = _skin(edge, points)
    foreshortening = max(math.cos(math.radians(yaw)), 0.3)
    return Measures(
        eyes=((left[0], left[1]), (right[0], right[1])),
        pupil_distance=math.dist(left, right) / foreshortening,
        width=max(face.box.width, face.box.height * 0.75),
        yaw=yaw,
        pitch=pitch,
        outside=_outside(rgb, face),
        sharpness=sharpness(lightness, inside),
        brightness=float(np.median(lightness[skin])) if skin.any() else 0.0,
        highlight=float(np.percentile(lightness[inside], 90)) if inside.any() else 0.0,
        burnt_out=float((patch[skin].min(axis=1) >= 250).mean()) if skin.any() else 0.0,
        eyes_dark=_eyes_dark(lightness, points, skin),
        presence=face.presence,
        likely=face.likely,
    )


def pose(face: FaceMesh) -> tuple[float, float]:
    """Yaw and pitch in degrees, from the depth of the mesh between the ears and along the face."""
    points = face.points
    across = points[mesh_points.LEFT_EAR] - points[mesh_points.RIGHT_EAR]
    upwards = points[mesh_points.TOP] - points[mesh_points.CHIN]
    yaw = math.atan2(float(across[2]), math.hypot(float(across[0]), float(across[1])))
    pitch = math.atan2(float(upwards[2]), math.hypot(float(upwards[0]), float(upwards[1])))
    return math.degrees(yaw), math.degrees(pitch) - LEVEL_PITCH


def sharpness(lightness: NDArray[np.float32], inside: NDArray[np.bool_]) -> float:
    """How much contrast of neighbouring pixels is lost by blurring again, 0 (all blur) to 1.

    After Crete et al. 2007, "The blur effect: perception and estimation with a new no-reference
    perceptual blur metric": it depends neither on the contrast nor on what is shown.
    """
    smooth = cv2.GaussianBlur(lightness, (0, 0), 0.7)
    losses: list[float] = []
    for axis, kernel in ((1, (REBLUR, 1)), (0, (1, REBLUR))):
        before = np.abs(np.diff(smooth, axis=axis))
        after = np.abs(np.diff(cv2.blur(smooth, kernel), axis=axis))
        where = inside[:, 1:] if axis else inside[1:]
        total = float(before[where].sum())
        kept = total - float(np.maximum(before - after, 0)[where].sum())
        losses.append(kept / total if total > 0 else 1.0)
    return 1.0 - max(losses)


def _lightness(patch: NDArray[np.uint8]) -> NDArray[np.float32]:
    """CIE L* of uint8 sRGB, as parts of 1."""
    lab = cv2.cvtColor(patch, cv2.COLOR_RGB2LAB)
    return np.asarray(lab[..., 0], np.float32) * np.float32(1 / 255)


def _mask(edge: int, points: NDArray[np.float32], indices: tuple[int, ...]) -> NDArray[np.bool_]:
    mask = np.zeros((edge, edge), np.uint8)
    cv2.fillPoly(mask, [np.round(points[list(indices)]).astype(np.int32)], (1,))
    return mask.astype(bool)


def _skin(edge: int, points: NDArray[np.float32]) -> NDArray[np.bool_]:
    parts = (mesh_points.RIGHT_CHEEK, mesh_points.LEFT_CHEEK, mesh_points.FOREHEAD)
    return np.logical_or.reduce([_mask(edge, points, part) for part in parts])


def _outside(rgb: NDArray[np.uint8], face: FaceMesh) -> float:
    """The part of the face's area that lies beyond the picture's edges."""
    outline = face.points[list(mesh_points.OVAL), :2].astype(np.float32)
    height, width = rgb.shape[:2]
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    hull = cv2.convexHull(outline)
    whole = cv2.contourArea(hull)
    shared, _ = cv2.intersectConvexConvex(hull, frame)
    return 1.0 - min(1.0, shared / whole) if whole > 0 else 1.0


def _eyes_dark(
    lightness: NDArray[np.float32], points: NDArray[np.float32], skin: NDArray[np.bool_]
) -> bool:
    """Whether both eyes, whites included, are far darker than the skin, as behind dark glasses."""
    skin_lightness = float(np.median(lightness[skin])) if skin.any() else 0.0
    edge = len(lightness)
    for eye in (mesh_points.RIGHT_EYE, mesh_points.LEFT_EYE):
        inside = lightness[_mask(edge, points, eye)]
        if not inside.size or float(np.percentile(inside, 85)) > DARK_EYES * skin_lightness:
            return False
        if float(inside.std()) > FLAT_EYES * skin_lightness:
            return False
    return True

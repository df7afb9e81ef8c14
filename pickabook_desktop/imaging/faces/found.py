"""What the face finder hands over."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pickabook_desktop.domain.geometry import Rect
from pickabook_desktop.imaging.faces import mesh_points


@dataclass(frozen=True, eq=False)
class FaceMesh:
    """One face.

    ``points`` is float32 (468, 3): x and y in pixels of the picture, z (depth, smaller is nearer
    to the camera) on the same scale. ``presence`` is the mesh network's confidence, 0 to 1. ``box``
    frames the face from forehead to chin, in pixels. ``likely`` is how sure the second opinion is
    that this is a person's face, 0 to 1.
    """

    points: NDArray[np.float32]
    presence: float
    box: Rect
    likely: float = 1.0

    @property
    def eye_centers(self) -> NDArray[np.float32]:
        """Float32 (2, 2): the middle between the corners of the picture's left and right eye."""
        corners = (mesh_points.RIGHT_EYE_CORNERS, mesh_points.LEFT_EYE_CORNERS)
        return np.stack([self.points[list(pair), :2].mean(axis=0) for pair in corners])

    @property
    def roll(self) -> float:
        """Degrees by which the head leans to the picture's right (clockwise)."""
        (left_x, left_y), (right_x, right_y) = self.eye_centers.tolist()
        return math.degrees(math.atan2(right_y - left_y, right_x - left_x))


@dataclass(frozen=True, eq=False)
class FoundFaces:
    """All faces of a photo, from left to right.

    ``rgb`` is the photo (uint8 HxWx3 sRGB) after it was turned ``turned`` degrees clockwise (0, 90,
    180 or 270) so that the faces stand upright; the points of the faces lie in it.
    """

    turned: int
    rgb: NDArray[np.uint8]
    faces: tuple[FaceMesh, ...]

    @property
    def largest(self) -> int | None:
        """The index of the face with the largest box, or None where there is none."""
        if not self.faces:
            return None
        areas = [face.box.width * face.box.height for face in self.faces]
        return areas.index(max(areas))


def box_around(points: NDArray[np.float32]) -> Rect:
    """The rectangle around the face's outline, of float32 (468, 3) mesh points."""
    outline = points[list(mesh_points.OVAL), :2]
    left, top = outline.min(axis=0).tolist()
    right, bottom = outline.max(axis=0).tolist()
    return Rect(left, top, right - left, bottom - top)

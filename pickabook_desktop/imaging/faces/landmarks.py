"""The 468-point mesh and the irises, each on an aligned crop."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pickabook_desktop.imaging.faces import mesh_points
from pickabook_desktop.imaging.faces.crops import SquareCrop
from pickabook_desktop.imaging.faces.detector import Candidate
from pickabook_desktop.imaging.faces.found import FaceMesh, box_around
from pickabook_desktop.imaging.faces.networks import Network, of_size, sigmoid, to_blob

MESH_INPUT = 192
IRIS_INPUT = 64
# MediaPipe's graphs: the mesh crop is 1.5 times the face, the iris crop 2.3 times the eye.
FACE_MARGIN = 1.5
EYE_MARGIN = 2.3
# A first fit below this has never become a face in the second.
HOPELESS = 0.02

Iris = tuple[float, float, float]


class MeshNetwork:
    """MediaPipe's face_landmark."""

    def __init__(self, models: Path) -> None:
        self._network = Network(models / "face_landmark.tflite")

    def locate(self, rgb: NDArray[np.uint8], candidate: Candidate, passes: int = 2) -> FaceMesh:
        """Fit the mesh, each further pass on a crop aligned by the one before."""
        crop = SquareCrop(
            candidate.center,
            max(candidate.side, 1.0) * FACE_MARGIN,
            _angle(candidate.right_eye, candidate.left_eye),
        )
        mesh = self._fit(rgb, crop)
        for _ in range(passes - 1):
            if mesh.presence < HOPELESS:
                break
            mesh = self._fit(rgb, crop_around(mesh))
        return mesh

    def refine(self, rgb: NDArray[np.uint8], mesh: FaceMesh) -> FaceMesh:
        """Fit once more, for example in the full picture after a search in a smaller one."""
        return self._fit(rgb, crop_around(mesh))

    def _fit(self, rgb: NDArray[np.uint8], crop: SquareCrop) -> FaceMesh:
        outputs = self._network.run(to_blob([crop.cut(rgb, MESH_INPUT)], 1 / 255))
        points = of_size(outputs, 468 * 3).reshape(468, 3)
        presence = float(sigmoid(of_size(outputs, 1)).reshape(-1)[0])
        points = crop.to_picture(points, MESH_INPUT)
        return FaceMesh(points=points, presence=presence, box=box_around(points))


class IrisNetwork:
    """MediaPipe's iris_landmark, trained on left eyes: the right one is shown mirrored."""

    def __init__(self, models: Path) -> None:
        self._network = Network(models / "iris_landmark.tflite")

    def locate(self, rgb: NDArray[np.uint8], mesh: FaceMesh) -> tuple[Iris, Iris]:
        """Centre x, centre y and radius in pixels: the child's right eye, then the left."""
        return (
            self._eye(rgb, mesh, mesh_points.RIGHT_EYE_CORNERS, mirrored=True),
            self._eye(rgb, mesh, mesh_points.LEFT_EYE_CORNERS, mirrored=False),
        )

    def _eye(
        self, rgb: NDArray[np.uint8], mesh: FaceMesh, corners: tuple[int, int], *, mirrored: bool
    ) -> Iris:
        (ax, ay), (bx, by) = mesh.points[list(corners), :2].tolist()
        width = max(math.hypot(bx - ax, by - ay), 1.0)
        crop = SquareCrop(
            ((ax + bx) / 2, (ay + by) / 2), width * EYE_MARGIN, _angle((ax, ay), (bx, by))
        )
        patch = crop.cut(rgb, IRIS_INPUT)
        if mirrored:
            patch = patch[:, ::-1]
        points = of_size(self._network.run(to_blob([patch], 1 / 255)), 15).reshape(5, 3).copy()
        if mirrored:
            points[:, 0] = IRIS_INPUT - points[:, 0]
        points = crop.to_picture(points, IRIS_INPUT)[:, :2]
        radius = float(np.linalg.norm(points[1:] - points[0], axis=1).mean())
        return float(points[0, 0]), float(points[0, 1]), radius


def crop_around(mesh: FaceMesh, margin: float = FACE_MARGIN) -> SquareCrop:
    """The square around all points of a mesh, standing as upright as the eyes say."""
    angle = math.radians(mesh.roll)
    cos, sin = math.cos(angle), math.sin(angle)
    turn = np.array([[cos, sin], [-sin, cos]], np.float32)
    upright = mesh.points[:, :2] @ turn.T
    low, high = upright.min(axis=0), upright.max(axis=0)
    x, y = ((low + high) / 2 @ turn).tolist()
    return SquareCrop((x, y), max(float((high - low).max()), 1.0) * margin, angle)


def _angle(first: tuple[float, float], second: tuple[float, float]) -> float:
    return math.atan2(second[1] - first[1], second[0] - first[0])

"""A second opinion on whether a mesh lies on a person's face, from MTCNN's last network.

The mesh network alone is content with many dogs, monkeys and wheels. O-Net (Zhang et al. 2016,
"Joint Face Detection and Alignment Using Multitask Cascaded Convolutional Networks") was trained to
tell such things from faces, and says where it sees eyes, nose and mouth: where it agrees with the
mesh, both look at a face. Drawn faces pass as long as their features lie where a person's do.
"""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pickabook_desktop.imaging.faces import mesh_points
from pickabook_desktop.imaging.faces.crops import SquareCrop
from pickabook_desktop.imaging.faces.found import FaceMesh
from pickabook_desktop.imaging.faces.networks import Network, of_size

INPUT = 48
# Crops as parts of the face's longer side. O-Net expects a tight box.
MARGINS = (0.95, 1.1)
# Mean distance between the two sets of features, as parts of the crop. Portraits lie at 0.01 to
# 0.04 and faces seen from the side up to 0.08; most animals lie above 0.05.
AGREED = 0.05
APART = 0.10


class Confirmation:
    """Judges meshes on uint8 HxWx3 RGB pictures."""

    def __init__(self, models: Path) -> None:
        self._network = Network(models / "onet.onnx")

    def likely(self, rgb: NDArray[np.uint8], mesh: FaceMesh) -> float:
        """How sure it is that the mesh lies on a person's face, 0 to 1."""
        side = max(mesh.box.width, mesh.box.height, 1.0)
        angle = math.radians(mesh.roll)
        crops = [SquareCrop(mesh.box.center, side * margin, angle) for margin in MARGINS]
        outputs = self._network.run(_input([crop.cut(rgb, INPUT) for crop in crops]))
        count = len(crops)
        sure = float(of_size(outputs, 2 * count).reshape(count, 2)[:, 1].mean())
        # Five x, then five y: eyes, nose, corners of the mouth.
        seen = of_size(outputs, 10 * count).reshape(count, 2, 5).transpose(0, 2, 1) * INPUT
        expected = np.stack([_features(mesh, crop) for crop in crops])
        distance = float(np.linalg.norm(seen - expected, axis=2).mean()) / INPUT
        agreement = (APART - distance) / (APART - AGREED)
        return sure * min(1.0, max(0.0, agreement))


def _input(patches: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
    """The network takes float32 (count, x, y, channel), about -1 to 1."""
    stacked = np.stack(patches).astype(np.float32).transpose(0, 2, 1, 3)
    return np.ascontiguousarray((stacked - np.float32(127.5)) * np.float32(1 / 128))


def _features(mesh: FaceMesh, crop: SquareCrop) -> NDArray[np.float32]:
    """Float32 (5, 2): the features that O-Net reports, as the mesh has them, in the crop."""
    mouth = mesh.points[list(mesh_points.MOUTH_CORNERS), :2]
    nose = mesh.points[[mesh_points.NOSE_TIP], :2]
    matrix = crop.matrix(INPUT)
    points = np.concatenate([mesh.eye_centers, nose, mouth])
    return (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)

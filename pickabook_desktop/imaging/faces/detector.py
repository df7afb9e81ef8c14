"""BlazeFace over square windows at several scales.

One look at the whole photo loses small and second faces: the network sees 128 x 128 pixels.
Anchors and decoding follow MediaPipe's face_detection_short_range graph.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pickabook_desktop.imaging.faces.networks import Network, sigmoid, to_blob

INPUT = 128
KEYPOINTS = 6
ANCHOR_GRIDS = ((16, 2), (8, 6))
OVERLAP = 0.3
SAME_FACE_IOU = 0.3
SAME_FACE_INSIDE = 0.6

COARSE = (1.0, 1 / 2.25)
"""Window sides, as parts of the photo's longer side, for every photo: the first shows faces from
about an eighth of that side up, the second whatever is smaller, whole in at least one window."""
FINE = (1 / 4.5,)
"""Further windows for a photo in which these found nothing."""


@dataclass(frozen=True)
class Candidate:
    """A face taken for one: centre, side of its square box and eye centres, in pixels."""

    center: tuple[float, float]
    side: float
    right_eye: tuple[float, float]
    left_eye: tuple[float, float]
    score: float


class Detector:
    """Finds candidates in uint8 HxWx3 RGB pictures."""

    def __init__(self, models: Path) -> None:
        self._network = Network(models / "face_detection_short_range.tflite")
        self._anchors = _anchors()

    def find(
        self, rgb: NDArray[np.uint8], windows: Sequence[float] = COARSE, threshold: float = 0.5
    ) -> list[Candidate]:
        """Candidates, the surest first; each face once."""
        height, width = rgb.shape[:2]
        small = rgb
        rows: list[NDArray[np.float32]] = []
        # The smallest windows first: each picture is made from the one before.
        for part in sorted(windows):
            scale = INPUT / (max(height, width) * part)
            small = _resized(small, max(1, round(width * scale)), max(1, round(height * scale)))
            found = self._level(small, threshold)
            found[:, 0:16:2] *= width / small.shape[1]
            found[:, 1:16:2] *= height / small.shape[0]
            rows.append(found)
        return [_candidate(row) for row in _merge(np.concatenate(rows))]

    def _level(self, small: NDArray[np.uint8], threshold: float) -> NDArray[np.float32]:
        """Rows as of a window, in pixels of ``small``, from all windows of it."""
        found: list[NDArray[np.float32]] = []
        for top in _positions(small.shape[0]):
            for left in _positions(small.shape[1]):
                rows = self._window(_cut(small, left, top), threshold)
                rows[:, 0:2] += (left, top)
                rows[:, 4:16] += np.tile(np.array((left, top), np.float32), KEYPOINTS)
                found.append(rows)
        return np.concatenate(found)

    def _window(self, patch: NDArray[np.uint8], threshold: float) -> NDArray[np.float32]:
        """Rows of cx, cy, width, height, six keypoints and score, in pixels of the window."""
        outputs = self._network.run(to_blob([patch], 1 / 127.5, 127.5))
        scores = sigmoid(outputs["classificators"].reshape(-1))
        kept = np.flatnonzero(scores > threshold)
        rows = np.empty((len(kept), 17), np.float32)
        rows[:, :16] = outputs["regressors"].reshape(-1, 16)[kept]
        anchors = self._anchors[kept]
        rows[:, 0:2] += anchors
        rows[:, 4:16] += np.tile(anchors, KEYPOINTS)
        rows[:, 16] = scores[kept]
        return rows


def _anchors() -> NDArray[np.float32]:
    """Float32 (896, 2): the middle of each anchor in pixels of the window."""
    rows = [
        ((x + 0.5) * INPUT / cells, (y + 0.5) * INPUT / cells)
        for cells, each in ANCHOR_GRIDS
        for y in range(cells)
        for x in range(cells)
        for _ in range(each)
    ]
    return np.array(rows, np.float32)


def _resized(rgb: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    method = cv2.INTER_AREA if width < rgb.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=method), np.uint8)


def _positions(length: int) -> list[int]:
    """Where windows start along one side; a single window is centred and may stick out."""
    if length <= INPUT + 1:
        return [(length - INPUT) // 2]
    steps = math.ceil((length - INPUT) / (INPUT * (1 - OVERLAP)))
    return [round(index * (length - INPUT) / steps) for index in range(steps + 1)]


def _cut(small: NDArray[np.uint8], left: int, top: int) -> NDArray[np.uint8]:
    window = np.zeros((INPUT, INPUT, 3), np.uint8)
    inside = small[max(0, top) : top + INPUT, max(0, left) : left + INPUT]
    y, x = max(0, -top), max(0, -left)
    window[y : y + inside.shape[0], x : x + inside.shape[1]] = inside
    return window


def _merge(rows: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Weighted non-maximum suppression, also of a box that lies mostly inside a surer one."""
    merged: list[NDArray[np.float32]] = []
    rows = rows[np.argsort(-rows[:, 16], kind="stable")]
    while len(rows):
        same = _overlaps(rows[0], rows)
        weights = rows[same, 16:17]
        face = (rows[same] * weights).sum(axis=0) / weights.sum()
        face[16] = rows[0, 16]
        merged.append(face)
        rows = rows[~same]
    return merged


def _overlaps(first: NDArray[np.float32], rows: NDArray[np.float32]) -> NDArray[np.bool_]:
    reach = np.minimum(first[:2] + first[2:4] / 2, rows[:, :2] + rows[:, 2:4] / 2) - np.maximum(
        first[:2] - first[2:4] / 2, rows[:, :2] - rows[:, 2:4] / 2
    )
    shared = np.maximum(reach, 0).prod(axis=1)
    areas = rows[:, 2] * rows[:, 3]
    area = first[2] * first[3]
    iou = shared / (area + areas - shared)
    inside = shared / np.minimum(area, areas)
    overlapping = (iou > SAME_FACE_IOU) | (inside > SAME_FACE_INSIDE)
    # The first row is the face itself, whatever rounding says of its overlap.
    overlapping[0] = True
    return overlapping


def _candidate(row: NDArray[np.float32]) -> Candidate:
    values = [float(value) for value in row]
    return Candidate(
        center=(values[0], values[1]),
        side=max(values[2], values[3]),
        right_eye=(values[4], values[5]),
        left_eye=(values[6], values[7]),
        score=values[16],
    )

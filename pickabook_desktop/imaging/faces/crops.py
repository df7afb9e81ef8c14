"""Turned square crops and the way back to the picture."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class SquareCrop:
    """A square of ``side`` pixels around ``center``, leaning ``angle`` radians clockwise."""

    center: tuple[float, float]
    side: float
    angle: float = 0.0

    def matrix(self, edge: int) -> NDArray[np.float32]:
        """Float32 (2, 3): from the picture to a crop of ``edge`` pixels."""
        scale = edge / self.side
        cos, sin = math.cos(self.angle) * scale, math.sin(self.angle) * scale
        x, y = self.center
        return np.array(
            [[cos, sin, edge / 2 - cos * x - sin * y], [-sin, cos, edge / 2 + sin * x - cos * y]],
            np.float32,
        )

    def cut(self, rgb: NDArray[np.uint8], edge: int) -> NDArray[np.uint8]:
        """The crop as uint8 (edge, edge, 3); beyond the picture its border is repeated."""
        source, matrix = self._region(rgb, self.matrix(edge))
        step = 2 ** max(0, math.floor(math.log2(max(1.0, self.side / edge))))
        if step > 1 and min(source.shape[:2]) >= step:
            # Bilinear sampling alone would alias; whole multiples are averaged much faster.
            height, width = source.shape[0] // step, source.shape[1] // step
            whole = source[: height * step, : width * step]
            source = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
            matrix[:, 2] += matrix[:, :2].sum(axis=1) * np.float32((step - 1) / 2)
            matrix[:, :2] *= np.float32(step)
        crop = cv2.warpAffine(
            source, matrix, (edge, edge), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(crop, np.uint8)

    def to_picture(self, points: NDArray[np.float32], edge: int) -> NDArray[np.float32]:
        """Points of a crop (x, y and, where there is one, z) in pixels of the picture."""
        inverse = np.asarray(cv2.invertAffineTransform(self.matrix(edge)), np.float32)
        moved = points.astype(np.float32, copy=True)
        moved[:, :2] = points[:, :2] @ inverse[:, :2].T + inverse[:, 2]
        moved[:, 2:] *= np.float32(self.side / edge)
        return moved

    def _region(
        self, rgb: NDArray[np.uint8], matrix: NDArray[np.float32]
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """Only the part of the picture that the crop can touch, so that large photos stay cheap."""
        reach = self.side * 0.75
        height, width = rgb.shape[:2]
        left = min(max(0, math.floor(self.center[0] - reach)), width - 1)
        top = min(max(0, math.floor(self.center[1] - reach)), height - 1)
        right = max(left + 1, min(width, math.ceil(self.center[0] + reach)))
        bottom = max(top + 1, min(height, math.ceil(self.center[1] + reach)))
        moved = matrix.copy()
        moved[:, 2] += matrix[:, :2] @ np.array((left, top), np.float32)
        return rgb[top:bottom, left:right], moved

"""The small networks, run by OpenCV; one typed door to ``cv2.dnn``."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pickabook_desktop.domain.errors import NotConfiguredError
from pickabook_desktop.domain.i18n import tr


class Network:
    """One network read from ``path`` (.tflite or .onnx). Not safe to share between threads.

    Raises NotConfiguredError when the file is missing or cannot be read.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise NotConfiguredError(
                tr("The face model {name} is missing.", name=path.name), _how_to_mend()
            )
        try:
            data = np.fromfile(path, np.uint8)
            if path.suffix == ".onnx":
                self._net = cv2.dnn.readNetFromONNX(data)
            else:
                self._net = cv2.dnn.readNetFromTFLite(data)
            self._names = list(self._net.getUnconnectedOutLayersNames())
        except (cv2.error, OSError, SystemError) as error:
            raise NotConfiguredError(
                tr("The face model {name} is damaged.", name=path.name), _how_to_mend()
            ) from error
        if not self._names:
            raise NotConfiguredError(
                tr("The face model {name} is damaged.", name=path.name), _how_to_mend()
            )

    def run(self, blob: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """All outputs by name for an input of float32 NCHW."""
        self._net.setInput(blob)
        outputs = self._net.forward(self._names)
        return {
            name: np.asarray(value, np.float32)
            for name, value in zip(self._names, outputs, strict=True)
        }


def to_blob(
    patches: Sequence[NDArray[np.uint8]], scale: float, offset: float = 0.0
) -> NDArray[np.float32]:
    """uint8 HxWx3 patches of one size as float32 NCHW: ``(value - offset) * scale``."""
    stacked = np.stack(patches).astype(np.float32)
    stacked -= np.float32(offset)
    stacked *= np.float32(scale)
    return np.ascontiguousarray(stacked.transpose(0, 3, 1, 2))


def of_size(outputs: dict[str, NDArray[np.float32]], size: int) -> NDArray[np.float32]:
    """The output with ``size`` elements: the networks' output names differ between exports."""
    return next(value for value in outputs.values() if value.size == size)


def sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logits to probabilities, without overflow."""
    return (1.0 / (1.0 + np.exp(-np.clip(values, -60, 60)))).astype(np.float32)


def _how_to_mend() -> str:
    return tr("Run python3 packaging/face_models.py, or install PickaBook Desktop again.")

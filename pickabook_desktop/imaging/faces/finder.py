"""Finding all faces of a photo."""

import threading
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pickabook_desktop.domain.geometry import Rect
from pickabook_desktop.imaging.faces.confirmation import Confirmation
from pickabook_desktop.imaging.faces.detector import COARSE, FINE, Detector
from pickabook_desktop.imaging.faces.found import FaceMesh, FoundFaces, box_around
from pickabook_desktop.imaging.faces.landmarks import Iris, IrisNetwork, MeshNetwork
from pickabook_desktop.imaging.faces.networks import Network, to_blob

SEARCH_EDGE = 1280
PRESENCE = 0.5
LIKELY = 0.6
# Turning the photo gives chance four times as many tries, and an upside-down face may just pass
# for an upright one; nearly all real faces lie above 0.95.
SURE = 0.85
SEGMENT_EDGE = 256
# Where nothing else was found, a doubtful candidate is worth the second opinion.
DOUBTFUL = 0.35
# Beyond this lean a head is taken to lie on its side, and the photo is turned.
LYING = 60.0
ROTATIONS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


class FaceFinder:
    """Reads the networks in ``models`` and finds faces with them.

    The networks keep state, so calls are taken one at a time: share a finder between threads if
    need be, but expect no speed from it. Raises NotConfiguredError when a network is missing or
    damaged.
    """

    def __init__(self, models: Path) -> None:
        self._lock = threading.Lock()
        self._detector = Detector(models)
        self._mesh = MeshNetwork(models)
        self._confirmation = Confirmation(models)
        self._iris = IrisNetwork(models)
        self._segmenter = Network(models / "selfie_segmentation.tflite")

    def find(self, rgb: NDArray[np.uint8]) -> FoundFaces:
        """All faces in a uint8 HxWx3 sRGB photo; quarter turns are tried when there are none."""
        with self._lock:
            small = _limited(rgb)
            turned, faces = self._surest(small)
            if not faces:
                return FoundFaces(turned=0, rgb=rgb, faces=())
            return self._finish(rgb, small, (turned + _lying(faces)) % 360, faces)

    def irises(self, rgb: NDArray[np.uint8], mesh: FaceMesh) -> tuple[Iris, Iris]:
        """Centre x, centre y and radius in pixels of the picture's left iris, then the right."""
        with self._lock:
            return self._iris.locate(rgb, mesh)

    def segment(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Float32 (256, 256), 0 to 1: how likely each place of the picture belongs to a person."""
        patch = cv2.resize(rgb, (SEGMENT_EDGE, SEGMENT_EDGE), interpolation=cv2.INTER_AREA)
        with self._lock:
            outputs = self._segmenter.run(to_blob([np.asarray(patch, np.uint8)], 1 / 255))
        return next(iter(outputs.values())).reshape(SEGMENT_EDGE, SEGMENT_EDGE).copy()

    def _surest(self, small: NDArray[np.uint8]) -> tuple[int, list[FaceMesh]]:
        """How far to turn, and the faces there; stops at the first turn that leaves no doubt."""
        best: tuple[int, list[FaceMesh]] = (0, [])
        surest = LIKELY
        for turned in (0, 90, 270, 180):
            faces = self._search(turn(small, turned), SURE if turned else LIKELY)
            likely = max((face.likely for face in faces), default=0.0)
            if likely > surest:
                best, surest = (turned, faces), likely
            if surest > SURE:
                break
        return best

    def _search(self, small: NDArray[np.uint8], needed: float) -> list[FaceMesh]:
        for windows, threshold in ((COARSE, 0.5), (FINE, DOUBTFUL)):
            candidates = self._detector.find(small, windows, threshold)
            meshes = [self._mesh.locate(small, candidate) for candidate in candidates]
            distinct = _distinct([mesh for mesh in meshes if mesh.presence > PRESENCE])
            judged = [
                replace(mesh, likely=self._confirmation.likely(small, mesh)) for mesh in distinct
            ]
            faces = [mesh for mesh in judged if mesh.likely > needed]
            if faces:
                return faces
        return []

    def _finish(
        self, rgb: NDArray[np.uint8], small: NDArray[np.uint8], turned: int, faces: list[FaceMesh]
    ) -> FoundFaces:
        """Turn the full picture and fit the meshes to it."""
        upright_small = turn(small, turned)
        if _lying(faces):
            faces = self._search(upright_small, LIKELY) or faces
        upright = turn(rgb, turned)
        if upright.shape != upright_small.shape:
            scale = upright.shape[1] / upright_small.shape[1]
            faces = [self._refined(upright, _scaled(face, scale)) for face in faces]
        faces.sort(key=lambda face: face.box.center[0])
        return FoundFaces(turned=turned, rgb=upright, faces=tuple(faces))

    def _refined(self, rgb: NDArray[np.uint8], face: FaceMesh) -> FaceMesh:
        fitted = self._mesh.refine(rgb, face)
        return replace(face, points=fitted.points, box=fitted.box)


def turn(rgb: NDArray[np.uint8], degrees: int) -> NDArray[np.uint8]:
    """A picture turned clockwise by 0, 90, 180 or 270 degrees."""
    if not degrees:
        return rgb
    return np.asarray(cv2.rotate(rgb, ROTATIONS[degrees]), np.uint8)


def _limited(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """At most ``SEARCH_EDGE`` pixels long."""
    height, width = rgb.shape[:2]
    scale = SEARCH_EDGE / max(height, width)
    if scale >= 1:
        return rgb
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    # Averaging is fast by whole numbers alone; what is left is less than a half.
    step = min(int(1 / scale), height, width)
    if step > 1:
        whole = (width // step, height // step)
        rgb = rgb[: whole[1] * step, : whole[0] * step]
        rgb = np.asarray(cv2.resize(rgb, whole, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _lying(faces: list[FaceMesh]) -> int:
    """By how many degrees clockwise the photo must be turned for its largest face to stand."""
    roll = max(faces, key=lambda face: face.box.width * face.box.height).roll
    if abs(roll) < LYING:
        return 0
    return round(-roll / 90) * 90 % 360


def _scaled(face: FaceMesh, scale: float) -> FaceMesh:
    points = face.points * np.float32(scale)
    return replace(face, points=points, box=box_around(points))


def _distinct(faces: list[FaceMesh]) -> list[FaceMesh]:
    """Drop meshes that slid onto a face already held."""
    kept: list[FaceMesh] = []
    for face in sorted(faces, key=lambda each: -each.presence):
        if not any(_shares(face.box, other.box) for other in kept):
            kept.append(face)
    return kept


def _shares(first: Rect, second: Rect) -> bool:
    width = min(first.x + first.width, second.x + second.width) - max(first.x, second.x)
    height = min(first.y + first.height, second.y + second.height) - max(first.y, second.y)
    if width <= 0 or height <= 0:
        return False
    smaller = min(first.width * first.height, second.width * second.height)
    return width * height > 0.4 * smaller

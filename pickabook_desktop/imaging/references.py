"""The pictures that are sent to services, made here so that nothing else of a photo leaves.

Every one is encoded anew from pixels: no EXIF, no place, no serial number, no thumbnail of the
uncropped photo can be in it.
"""

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from pickabook_desktop.domain.errors import InputError, NoFaceError, PhotoError, TemplateError
from pickabook_desktop.domain.geometry import Rect, Size
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.outgoing import OutgoingImage, Role
from pickabook_desktop.domain.ports import PageOrder
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.imaging.drawings import Drawings
from pickabook_desktop.imaging.encode import encode_jpeg
from pickabook_desktop.imaging.faces import FoundFaces
from pickabook_desktop.imaging.load import DECODER_ERRORS, LoadedPhoto, Opener
from pickabook_desktop.imaging.looks import LOOKS
from pickabook_desktop.imaging.ops import U8
from pickabook_desktop.imaging.paper import Medium, sheet_for
from pickabook_desktop.imaging.scene import page_colours, render_scene, treat
from pickabook_desktop.imaging.seen import SeenPhotos

# The margins around a face, in widths and heights of its box (forehead to chin): hair, ears, neck.
SIDE_MARGIN, TOP_MARGIN, BOTTOM_MARGIN = 0.55, 0.7, 0.45
QUALITY = 92
# Pixels across a face that is made unrecognisable; familiar ones are still recognised at 7 by 10
# (Sinha et al., Proceedings of the IEEE 94(11), 2006, result 1).
HIDDEN_PIXELS = 4

_KINDS: tuple[tuple[bytes, int, str, Opener], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png", PngImagePlugin.PngImageFile),
    (b"\xff\xd8\xff", 0, "image/jpeg", JpegImagePlugin.JpegImageFile),
    (b"WEBP", 8, "image/webp", WebPImagePlugin.WebPImageFile),
)


class ReferenceMaker:
    """Makes references; see :class:`~pickabook_desktop.domain.ports.References`."""

    def __init__(
        self, seen: SeenPhotos, template_dir: Callable[[str], Path], trusted: Path | None = None
    ) -> None:
        """As the painter's."""
        self._seen = seen
        self._drawings = Drawings(template_dir, trusted)

    def face(self, photo: PhotoRef, *, longest: int) -> OutgoingImage:
        """The chosen face with hair and neck. Other faces are cut off at the middle between the
        two; what cannot be cut off is made unrecognisable.
        """
        loaded = self._loaded(photo)
        found = self._seen.faces(loaded)
        index = _chosen(found, photo)
        rgb = _without(found, index, _around(found, index))
        return _reference("face", tr("Face crop"), rgb, longest, loaded.sha256)

    def whole(self, photo: PhotoRef, *, longest: int) -> OutgoingImage:
        """The whole photo, upright by EXIF and by its faces."""
        loaded = self._loaded(photo)
        rgb = self._seen.faces(loaded).rgb
        return _reference("photo", tr("Whole photo"), rgb, longest, loaded.sha256)

    def scene(self, order: PageOrder, *, longest: int) -> OutgoingImage:
        """The scene in its style, on its paper, with nobody's face and the drawing's own colours
        for skin and hair.
        """
        template, look = order.template, order.style.look
        if look not in LOOKS:
            raise TemplateError(
                tr("The style “{title}” is drawn in a way unknown here.", title=order.style.title),
                tr("Choose another style."),
            )
        size = order.size.fitted(longest)
        back, front = (self._drawings.read(template, name) for name in ("back.svg", "front.svg"))
        colours = page_colours(template, {}, template.palette(order.palette_id))
        scene = render_scene((back, front), colours, template.view_for(size), size)
        page = treat(scene, look, order.seed)
        medium = Medium(scene.scale, order.seed)
        sheet_for(look, medium, (size.width, size.height)).lay(page, lambda: None)
        return _reference("scene", tr("Scene “{title}”", title=template.title), page, longest)

    def measured(self, data: bytes, *, max_megapixels: float) -> tuple[str, Size]:
        """Media type and size of a whole picture, decoded to its end."""
        return measured(data, max_megapixels)

    def _loaded(self, photo: PhotoRef) -> LoadedPhoto:
        """The photo; raises PhotoError where its file is not the one that was agreed to."""
        path = Path(photo.path)
        loaded = self._seen.read(path)
        if photo.sha256 not in ("", loaded.sha256):
            raise PhotoError(
                tr("{name} has changed since it was looked at.", name=path.name),
                tr("Choose it again."),
                remedies=("other_photo",),
            )
        return loaded


def measured(data: bytes, max_megapixels: float) -> tuple[str, Size]:
    """As :meth:`ReferenceMaker.measured`, for who has nothing else to ask of it."""
    for signature, offset, media_type, opener in _KINDS:
        if data[offset : offset + len(signature)] == signature:
            try:
                return media_type, _decoded_size(opener(io.BytesIO(data)), max_megapixels)
            except DECODER_ERRORS as error:
                raise InputError(tr("The picture that came is damaged or cut short.")) from error
    raise InputError(tr("What came is not a picture of a kind that this program keeps."))


def _decoded_size(image: ImageFile.ImageFile, max_megapixels: float) -> Size:
    size = Size(*image.size)
    if size.megapixels > max_megapixels:
        raise InputError(
            tr(
                "The picture that came has {has} megapixels; at most {most} were expected.",
                has=f"{size.megapixels:.0f}",
                most=f"{max_megapixels:.0f}",
            )
        )
    image.load()
    return size


def _chosen(found: FoundFaces, photo: PhotoRef) -> int:
    index = found.largest if photo.face_index is None else photo.face_index
    if index is None or not 0 <= index < len(found.faces):
        raise NoFaceError(
            tr("No face was found in {name}.", name=Path(photo.path).name),
            tr("Choose a photo with a clear face, or send the whole photo."),
            remedies=("other_photo", "other_crop"),
        )
    return index


def _around(found: FoundFaces, index: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the crop in pixels."""
    box = found.faces[index].box
    height, width = found.rgb.shape[:2]
    left, right = box.x - SIDE_MARGIN * box.width, box.x + (1 + SIDE_MARGIN) * box.width
    top, bottom = box.y - TOP_MARGIN * box.height, box.y + (1 + BOTTOM_MARGIN) * box.height
    for other in _others(found, index):
        gap_left, gap_right = box.x - (other.x + other.width), other.x - (box.x + box.width)
        if gap_left > 0 and other.y < bottom and other.y + other.height > top:
            left = max(left, box.x - gap_left / 2)
        if gap_right > 0 and other.y < bottom and other.y + other.height > top:
            right = min(right, box.x + box.width + gap_right / 2)
    return (
        max(0, round(left)),
        max(0, round(top)),
        min(width, round(right)),
        min(height, round(bottom)),
    )


def _without(found: FoundFaces, index: int, bounds: tuple[int, int, int, int]) -> U8:
    """The crop, with every other face that reaches into it made unrecognisable."""
    left, top, right, bottom = bounds
    crop = found.rgb[top:bottom, left:right].copy()
    kept = found.faces[index].box
    for other in _others(found, index):
        x0, y0 = max(0, round(other.x) - left), max(0, round(other.y) - top)
        x1 = min(right - left, round(other.x + other.width) - left)
        y1 = min(bottom - top, round(other.y + other.height) - top)
        if x0 >= x1 or y0 >= y1:
            continue
        hidden = _coarse(crop[y0:y1, x0:x1])
        # The face that is meant stays whole where the boxes overlap.
        mask = np.ones(hidden.shape[:2], bool)
        kx0, ky0 = max(0, round(kept.x) - left - x0), max(0, round(kept.y) - top - y0)
        kx1 = max(0, round(kept.x + kept.width) - left - x0)
        ky1 = max(0, round(kept.y + kept.height) - top - y0)
        mask[ky0:ky1, kx0:kx1] = False
        crop[y0:y1, x0:x1][mask] = hidden[mask]
    return crop


def _others(found: FoundFaces, index: int) -> Sequence[Rect]:
    return [face.box for number, face in enumerate(found.faces) if number != index]


def _coarse(area: U8) -> U8:
    height, width = area.shape[:2]
    few = (min(HIDDEN_PIXELS, width), min(HIDDEN_PIXELS, height))
    small = cv2.resize(area, few, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _reference(
    role: Role, title: str, rgb: NDArray[np.uint8], longest: int, sha256: str = ""
) -> OutgoingImage:
    height, width = rgb.shape[:2]
    size = Size(width, height).fitted(longest)
    if (size.width, size.height) != (width, height):
        shape = (size.width, size.height)
        rgb = np.asarray(cv2.resize(rgb, shape, interpolation=cv2.INTER_AREA), np.uint8)
    return OutgoingImage(
        role=role,
        title=title,
        data=encode_jpeg(np.ascontiguousarray(rgb), QUALITY),
        media_type="image/jpeg",
        size=size,
        photo_sha256=sha256,
    )

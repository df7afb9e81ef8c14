"""Small JPEG pictures for the gallery."""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.imaging.load import DECODER_ERRORS
from pickabook_desktop.imaging.plain_png import decode_plain
from pickabook_desktop.imaging.profiles import to_srgb

EDGE = 256
QUALITY = 85
# JPEG can be decoded at these fractions of its size, for a fraction of the time.
REDUCTIONS = (
    (8, cv2.IMREAD_REDUCED_COLOR_8),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
)
# Some programs fill up a file behind its end.
END_WITHIN = 64


def thumbnail_of(rgb: NDArray[np.uint8], edge: int = EDGE) -> bytes:
    """A JPEG of at most ``edge`` pixels a side, from uint8 HxWx3 sRGB."""
    return _jpeg(_shrunk(rgb, Size(rgb.shape[1], rgb.shape[0]).fitted(edge)))


def thumbnail(data: bytes, edge: int = EDGE) -> bytes:
    """A JPEG of at most ``edge`` pixels a side, from PNG, JPEG, WebP or TIFF bytes.

    Raises StorageError when the picture is damaged.
    """
    return _jpeg(small_rgb(data, edge))


def small_rgb(data: bytes, edge: int) -> NDArray[np.uint8]:
    """A picture at most ``edge`` pixels long, never enlarged, as uint8 HxWx3 sRGB.

    JPEG is decoded at the smallest fraction of its size that is still twice as large as needed.
    Raises StorageError when the picture is damaged.
    """
    try:
        image = Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP", "TIFF"])
        size = Size(image.width, image.height).fitted(edge)
        quick = _quick(data, image, size)
        if quick is not None:
            small, icc = _shrunk(quick, size), image.info.get("icc_profile")
            return to_srgb(Image.fromarray(small), icc)
        return _shrunk(to_srgb(image, image.info.get("icc_profile")), size)
    except (*DECODER_ERRORS, Image.DecompressionBombError) as error:
        raise StorageError(
            tr("The picture is damaged and cannot be shown."),
            tr("Restore the file from a backup, or draw the page again."),
        ) from error


def _jpeg(rgb: NDArray[np.uint8]) -> bytes:
    """Without a profile, which would be a good part of it: whoever shows it knows it is sRGB."""
    target = io.BytesIO()
    Image.fromarray(rgb).save(target, format="JPEG", quality=QUALITY)
    return target.getvalue()


def _quick(data: bytes, image: Image.Image, size: Size) -> NDArray[np.uint8] | None:
    """Decoded in the quickest way, perhaps at a fraction of its size, in its own colours; None
    where there is no quick way.
    """
    if image.format == "PNG":
        return decode_plain(data)
    # OpenCV fills what is missing with grey and says nothing.
    whole = data.rfind(b"\xff\xd9", len(data) - END_WITHIN) > 0
    if image.format != "JPEG" or image.mode != "RGB" or not whole:
        return None
    longer = max(size.width, size.height)
    flags = next(
        (flag for factor, flag in REDUCTIONS if max(image.size) >= 2 * factor * longer),
        cv2.IMREAD_COLOR,
    )
    bgr = cv2.imdecode(np.frombuffer(data, np.uint8), flags | cv2.IMREAD_IGNORE_ORIENTATION)
    # The type stub leaves out that there may be no picture.
    return None if bgr is None else np.asarray(bgr[..., ::-1], np.uint8)  # pyright: ignore[reportUnnecessaryComparison]


def _shrunk(rgb: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
    """Averaged down to ``size``."""
    height, width = rgb.shape[:2]
    # Whole multiples are averaged ten times faster than others, so they go first.
    step = max(1, min(height, width) // (2 * min(size.width, size.height)))
    whole = (width // step, height // step)
    small = rgb[: whole[1] * step, : whole[0] * step]
    for stage in (whole, (size.width, size.height)):
        if stage != (small.shape[1], small.shape[0]):
            small = np.asarray(cv2.resize(small, stage, interpolation=cv2.INTER_AREA), np.uint8)
    return np.ascontiguousarray(small)

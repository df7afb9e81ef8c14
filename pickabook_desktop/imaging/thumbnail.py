"""Small JPEG pictures for the gallery."""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.imaging.encode import encode_jpeg

EDGE = 256
QUALITY = 85


def thumbnail_of(rgb: NDArray[np.uint8], edge: int = EDGE) -> bytes:
    """A JPEG of at most ``edge`` pixels a side, from uint8 HxWx3 sRGB."""
    height, width = rgb.shape[:2]
    size = Size(width, height).fitted(edge)
    # Whole multiples are averaged ten times faster than others, so they go first.
    step = max(1, min(height, width) // (2 * min(size.width, size.height)))
    whole = (width // step, height // step)
    small = rgb[: whole[1] * step, : whole[0] * step]
    for stage in (whole, (size.width, size.height)):
        small = np.asarray(cv2.resize(small, stage, interpolation=cv2.INTER_AREA), np.uint8)
    return encode_jpeg(small, QUALITY)


def thumbnail(data: bytes, edge: int = EDGE) -> bytes:
    """A JPEG of at most ``edge`` pixels a side, from PNG, JPEG, WebP or TIFF bytes.

    JPEG is decoded at the smallest fraction of its size that is still twice as large as needed.
    The picture is taken for sRGB. Raises StorageError when it is damaged.
    """
    try:
        image = Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP", "TIFF"])
        image.draft("RGB", (edge * 2, edge * 2))
        small = image if image.mode == "RGB" else image.convert("RGB")
        small.thumbnail((edge, edge), Image.Resampling.BICUBIC, reducing_gap=2.0)
        target = io.BytesIO()
        small.save(target, format="JPEG", quality=QUALITY)
        return target.getvalue()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise StorageError(
            tr("The picture is damaged and cannot be shown."),
            tr("Restore the file from a backup, or draw the page again."),
        ) from error

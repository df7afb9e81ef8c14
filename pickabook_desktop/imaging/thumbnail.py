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
    small = cv2.resize(rgb, (size.width, size.height), interpolation=cv2.INTER_AREA)
    return encode_jpeg(np.asarray(small, np.uint8), QUALITY)


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

"""Photos from disk: any common format, upright, in sRGB.

The format is taken from the content, never from the name, and only from the list in this module.
Nothing but pixels is taken over: no EXIF, and so no place and no serial number.
"""

import hashlib
import io
import stat
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from pickabook_desktop.domain.errors import PhotoError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.imaging.profiles import eight_bits, profile_name, to_srgb

MAX_FILE_BYTES = 500 * 2**20
MAX_MEGAPIXELS = 100
# JPEG can be decoded at a fraction of its size, so it may be larger.
MAX_JPEG_MEGAPIXELS = 250
KEPT_MEGAPIXELS = 64
ORIENTATION = 0x0112

Opener = Callable[[io.BytesIO], ImageFile.ImageFile]
# The plugins' classes are used directly: Image.open would also apply Pillow's own, global pixel
# limit, which is below what current telephones take.
OPENERS: dict[str, Opener] = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WebP": WebPImagePlugin.WebPImageFile,
    "AVIF": AvifImagePlugin.AvifImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "GIF": GifImagePlugin.GifImageFile,
}
DECODER_ERRORS = (
    *(OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError),
    *(AttributeError, OverflowError, RuntimeError, ZeroDivisionError, struct.error, zlib.error),
)

TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, eq=False)
class LoadedPhoto:
    """A photo ready for work.

    ``rgb`` is uint8 HxWx3 sRGB, upright by EXIF, transparency over white; a photo of more than 64
    megapixels is held at half, a quarter or an eighth of its size. ``size`` is that of ``rgb``.
    ``profile`` and ``icc`` are the name and the bytes of the file's own colour profile, if any.
    ``sha256`` is that of the file's bytes.
    """

    rgb: NDArray[np.uint8]
    format: str
    sha256: str
    size: Size
    profile: str = ""
    icc: bytes | None = None


def load_photo(path: Path) -> LoadedPhoto:
    """Read ``path``; raise PhotoError, with the reason in its message, when that cannot be done."""
    data = read_photo(path)
    kind = kind_of(data)
    if kind is None:
        raise PhotoError(
            tr("{name} is not a picture this program can read.", name=path.name),
            tr("Choose a JPEG, PNG, WebP, HEIC, AVIF, TIFF, BMP or GIF file."),
        )
    try:
        image, icc = _decode(path, data, kind)
        rgb = np.ascontiguousarray(to_srgb(image, icc))
    except Image.DecompressionBombError as error:
        # The GIF plugin measures the frame, which may be larger than the header says.
        raise PhotoError(
            tr("{name} has too many pixels to be opened.", name=path.name), _smaller_copy()
        ) from error
    except DECODER_ERRORS as error:
        raise PhotoError(
            tr("{name} is damaged or incomplete.", name=path.name),
            tr("Copy or download it again, or choose another photo."),
        ) from error
    except MemoryError as error:
        raise PhotoError(
            tr("There is not enough memory to open {name}.", name=path.name),
            tr("Close other programs, or save a smaller copy of the photo."),
        ) from error
    return LoadedPhoto(
        rgb=rgb,
        format=kind,
        sha256=hashlib.sha256(data).hexdigest(),
        size=Size(rgb.shape[1], rgb.shape[0]),
        profile=profile_name(icc),
        icc=icc,
    )


def read_photo(path: Path) -> bytes:
    """The bytes of the file; raise PhotoError for what is no file, is empty, or is too large."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise PhotoError(
                tr("{name} is a folder, not a photo.", name=path.name or str(path)),
                tr("Choose a picture file inside it."),
            )
        if not stat.S_ISREG(status.st_mode):
            raise PhotoError(
                tr("{name} is not a file.", name=path.name), tr("Choose a picture file.")
            )
        _check_bytes(path, status.st_size)
        return path.read_bytes()
    except PermissionError as error:
        raise PhotoError(
            tr("This program may not read {name}.", name=path.name),
            tr("Change the file's permissions, or copy it into a folder of your own."),
        ) from error
    # A path with a NUL character is a ValueError.
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise PhotoError(
            tr("There is no file {path}.", path=path),
            tr("Check the name, or choose the photo again."),
        ) from error
    except OSError as error:
        raise PhotoError(
            tr("{name} could not be read from its disk.", name=path.name),
            tr("Check that the disk is connected, then try again."),
            retryable=True,
        ) from error


def _check_bytes(path: Path, count: int) -> None:
    if not count:
        raise PhotoError(
            tr("{name} is empty: 0 bytes.", name=path.name),
            tr("Copy it again from where it came, or choose another photo."),
        )
    if count > MAX_FILE_BYTES:
        raise PhotoError(
            tr(
                "{name} has {size} MB; at most {limit} MB can be opened.",
                name=path.name,
                size=count // 2**20,
                limit=MAX_FILE_BYTES // 2**20,
            ),
            tr("Save a smaller copy of the photo, for example as a JPEG, and choose that."),
        )


def kind_of(data: bytes) -> str | None:
    """The format by its signature, or None."""
    for start, kind in (
        (b"\xff\xd8\xff", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
        (b"BM", "BMP"),
        (b"GIF87a", "GIF"),
        (b"GIF89a", "GIF"),
    ):
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return _iso_kind(data)
    return None


def _iso_kind(data: bytes) -> str | None:
    brands = data[8:12] + data[16 : min(struct.unpack(">I", data[:4])[0], 256)]
    if b"avif" in brands or b"avis" in brands:
        return "AVIF"
    if any(brand in brands for brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1")):
        return "HEIC"
    return None


def _decode(path: Path, data: bytes, kind: str) -> tuple[Image.Image, bytes | None]:
    """The first picture, upright and of bearable size, and the file's ICC profile."""
    if kind == "HEIC":
        heif = _heif().open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
        _check_pixels(path, heif.size, MAX_MEGAPIXELS)
        # The library has turned the picture already; its EXIF may still say otherwise.
        image, orientation = heif.to_pillow(), 1
    else:
        opened = OPENERS[kind](io.BytesIO(data))
        limit = MAX_JPEG_MEGAPIXELS if kind == "JPEG" else MAX_MEGAPIXELS
        _check_pixels(path, opened.size, limit)
        factor = _reduction(opened.size)
        if kind == "JPEG" and factor > 1:
            opened.draft(None, (opened.width // factor, opened.height // factor))
        opened.load()
        # Only now: the TIFF plugin turns the picture itself while loading.
        image, orientation = opened, _orientation(opened)
    icc: object = image.info.get("icc_profile")
    factor = _reduction(image.size)
    if factor > 1:
        image = _averaging(image).reduce(factor)
    if orientation in TRANSPOSITIONS:
        image = image.transpose(TRANSPOSITIONS[orientation])
    return image, icc if isinstance(icc, bytes) and icc else None


def _heif() -> Any:
    """The HEIC library: few photos need it, and it takes longer to load than all of Pillow."""
    import pillow_heif

    # The package leaves the types of its functions partly unknown.
    return pillow_heif


def _check_pixels(path: Path, size: tuple[int, int], limit: int) -> None:
    megapixels = size[0] * size[1] / 1e6
    if megapixels > limit:
        raise PhotoError(
            tr(
                "{name} has {megapixels} megapixels; at most {limit} can be opened.",
                name=path.name,
                megapixels=round(megapixels),
                limit=limit,
            ),
            _smaller_copy(),
        )


def _smaller_copy() -> str:
    return tr("Save a smaller copy of the photo, for example 6000 pixels wide, and choose that.")


def _reduction(size: tuple[int, int]) -> int:
    factor = 1
    while size[0] * size[1] / factor**2 > KEPT_MEGAPIXELS * 1e6:
        factor *= 2
    return factor


def _averaging(image: Image.Image) -> Image.Image:
    """In a mode whose pixels can be averaged: not of a palette, one bit or sixteen."""
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode == "1":
        return image.convert("L")
    return eight_bits(image) if image.mode.startswith("I;16") else image


def _orientation(image: Image.Image) -> int:
    """EXIF orientation, 1 to 8; 1 where the EXIF data are damaged."""
    try:
        value: object = image.getexif().get(ORIENTATION, 1)
    except DECODER_ERRORS:
        return 1
    return value if isinstance(value, int) else 1

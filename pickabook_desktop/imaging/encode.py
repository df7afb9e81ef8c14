"""Pictures as bytes and back.

PNG is written here rather than by a library: OpenCV's fastest setting takes five times as long for
a 2048 x 2048 page, Pillow's fifteen times.
"""

import binascii
import io
import struct
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray
from PIL import Image

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.imaging.metadata import (
    Metadata,
    embed,
    read,
    shareable,
    strip,
    to_packet,
)
from pickabook_desktop.imaging.page_ops import Between, go_on
from pickabook_desktop.imaging.plain_png import decode_plain
from pickabook_desktop.imaging.profiles import srgb_profile
from pickabook_desktop.imaging.tiff import write_tiff

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
UP = 2
STRIP_ROWS = 256
JPEG_QUALITY = 92
WEBP_QUALITY = 90
# The format's own bounds.
LONGEST = {"image/jpeg": 65535, "image/webp": 16383}
FULL_FLUSH: int = isal_zlib.Z_FULL_FLUSH

# The package ships no types for its compressor.
ISAL: Any = isal_zlib


def encode_png(rgb: NDArray[np.uint8], icc: bytes | None = None, between: Between = go_on) -> bytes:
    """Lossless PNG of uint8 HxWx3 sRGB, with ``icc`` embedded (without one, marked as sRGB).

    Every row is filtered against the one above (PNG, 9.2: "Up"), and strips of rows are deflated
    side by side, each ended by a full flush, so that together they are one stream. ``between`` is
    called with each strip, in a thread of its own, and may raise to stop.
    """
    height, width = rgb.shape[:2]
    rows = np.ascontiguousarray(rgb).reshape(height, width * 3)
    starts = range(0, height, STRIP_ROWS)
    with ThreadPoolExecutor(max_workers=min(4, len(starts))) as pool:
        strips = list(pool.map(partial(_deflate_strip, rows, between), starts))
    stream = b"".join([b"\x78\x01", *(part for part, _, _ in strips)])
    checksum = 1
    for _, part, length in strips:
        checksum = adler32_combine(checksum, part, length)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    profile = b"ICC\0\0" + ISAL.compress(icc) if icc else b""
    return b"".join(
        [
            PNG_SIGNATURE,
            *_chunk(b"IHDR", header),
            *(_chunk(b"iCCP", profile) if profile else _chunk(b"sRGB", b"\0")),
            *_chunk(b"IDAT", stream + struct.pack(">I", checksum)),
            *_chunk(b"IEND", b""),
        ]
    )


def encode_jpeg(
    rgb: NDArray[np.uint8], quality: int = JPEG_QUALITY, icc: bytes | None = None
) -> bytes:
    """JPEG of uint8 HxWx3 sRGB; full colour resolution from quality 90 up. Raises InputError."""
    subsampling = 0 if quality >= 90 else 2
    return saved(
        Image.fromarray(rgb),
        "image/jpeg",
        format="JPEG",
        quality=quality,
        subsampling=subsampling,
        icc_profile=icc or srgb_profile(),
    )


def encode_webp(
    rgb: NDArray[np.uint8], quality: int = WEBP_QUALITY, icc: bytes | None = None
) -> bytes:
    """WebP of uint8 HxWx3 sRGB; quality 100 is lossless. Raises InputError."""
    return saved(
        Image.fromarray(rgb),
        "image/webp",
        format="WEBP",
        quality=quality,
        lossless=quality >= 100,
        method=2,
        icc_profile=icc or srgb_profile(),
    )


def encode_tiff(
    rgb: NDArray[np.uint8], icc: bytes | None = None, dpi: float = 300, xmp: bytes = b""
) -> bytes:
    """Lossless TIFF (deflate) of uint8 HxWx3 sRGB, for printers; ``xmp`` is a packet to embed."""
    return write_tiff(rgb, icc or srgb_profile(), dpi, xmp)


def encode(rgb: NDArray[np.uint8], media_type: str, quality: int | None = None) -> bytes:
    """uint8 HxWx3 sRGB in any of the four formats. Raises InputError for another media type."""
    match media_type:
        case "image/png":
            return encode_png(rgb)
        case "image/jpeg":
            return encode_jpeg(rgb, quality or JPEG_QUALITY)
        case "image/webp":
            return encode_webp(rgb, quality or WEBP_QUALITY)
        case "image/tiff":
            return encode_tiff(rgb)
        case _:
            raise InputError(
                tr("This program cannot write {media_type}.", media_type=media_type),
                tr("Choose PNG, JPEG, WebP or TIFF."),
            )


def decode_rgb(data: bytes) -> NDArray[np.uint8]:
    """A picture that this program keeps (PNG, JPEG, WebP, TIFF) as uint8 HxWx3.

    Raises StorageError when it is damaged.
    """
    plain = decode_plain(data) if data.startswith(PNG_SIGNATURE) else None
    if plain is not None:
        return plain
    try:
        image = Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP", "TIFF"])
        return np.array(image.convert("RGB"), np.uint8)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise StorageError(
            tr("The picture is damaged and cannot be opened."),
            tr("Restore the file from a backup, or draw the page again."),
        ) from error


def convert(
    data: bytes,
    source_type: str,
    media_type: str,
    *,
    quality: int | None = None,
    keep_metadata: bool = True,
    names: bool = False,
) -> bytes:
    """A kept picture in another format, or without its metadata, or, without ``names``, with
    metadata that do not name the child.

    The pixels are encoded anew only where the format or the quality changes. Raises StorageError
    and InputError.
    """
    if source_type == media_type != "image/tiff" and quality is None:
        return _telling(data, media_type, names) if keep_metadata else strip(data, media_type)
    # With it comes OpenCV, which most of what is encoded here does without.
    from pickabook_desktop.imaging.arriving import told_by

    metadata: Metadata | None = told_by(data, source_type) if keep_metadata else None
    rgb = decode_rgb(data)
    if metadata is None:
        return encode(rgb, media_type, quality)
    if media_type == "image/tiff":
        return encode_tiff(rgb, xmp=to_packet(metadata, names=names))
    return embed(encode(rgb, media_type, quality), media_type, metadata, names=names)


def _telling(data: bytes, media_type: str, names: bool) -> bytes:
    """The same file, unless it tells more than it may."""
    metadata = read(data, media_type)
    if metadata is None:
        return data
    if metadata.request_json == shareable(metadata.request_json, names=names):
        return data
    return embed(data, media_type, metadata, names=names)


def adler32_combine(first: int, second: int, second_length: int) -> int:
    """Adler-32 of two texts in a row, from that of each (zlib, ``adler32_combine``)."""
    base = 65521
    low = (first & 0xFFFF) + (second & 0xFFFF) - 1
    high = (first >> 16) + (second >> 16) + second_length * ((first & 0xFFFF) - 1)
    return (high % base) << 16 | low % base


def _deflate_strip(rows: NDArray[np.uint8], between: Between, start: int) -> tuple[bytes, int, int]:
    """Raw deflate data of a strip of filtered rows, its Adler-32 and its length."""
    between()
    stop = min(start + STRIP_ROWS, len(rows))
    filtered = np.empty((stop - start, rows.shape[1] + 1), np.uint8)
    filtered[:, 0] = UP
    if start:
        np.subtract(rows[start:stop], rows[start - 1 : stop - 1], out=filtered[:, 1:])
    else:
        filtered[0, 1:] = rows[0]
        np.subtract(rows[1:stop], rows[: stop - 1], out=filtered[1:, 1:])
    plain = filtered.data.cast("B")
    compressor = ISAL.compressobj(1, ISAL.DEFLATED, -15)
    last = stop == len(rows)
    packed = compressor.compress(plain) + (
        compressor.flush() if last else compressor.flush(FULL_FLUSH)
    )
    return packed, ISAL.adler32(plain), len(plain)


def _chunk(kind: bytes, body: bytes) -> tuple[bytes, ...]:
    checksum = binascii.crc32(body, binascii.crc32(kind))
    return struct.pack(">I", len(body)), kind, body, struct.pack(">I", checksum)


def saved(image: Image.Image, media_type: str, **options: Any) -> bytes:
    """A file by Pillow with its own ``options``; raises InputError beyond the format's bounds."""
    limit = LONGEST.get(media_type)
    if limit and max(image.size) > limit:
        raise InputError(
            tr(
                "{media_type} holds at most {limit} pixels a side.",
                media_type=media_type,
                limit=limit,
            ),
            tr("Choose PNG or TIFF, or a smaller size."),
        )
    target = io.BytesIO()
    image.save(target, **options)
    return target.getvalue()

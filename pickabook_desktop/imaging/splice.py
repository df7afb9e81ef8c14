"""Resolution and colour profile in finished PNG and JPEG files, without touching a pixel."""

import binascii
import struct
import zlib

from pickabook_desktop.imaging.containers import Jpeg, Png

METRES_AN_INCH = 0.0254
# What says which colours a PNG's numbers are: the profile takes the place of all of them.
PNG_COLOUR = frozenset((b"sRGB", b"iCCP", b"gAMA", b"cHRM", b"cICP"))
# ICC.1:2022, B.4: one segment holds that much of a profile.
ICC_PART = 65519
ICC_NAME = b"ICC_PROFILE\0"


def labelled(data: bytes, media_type: str, icc: bytes | None, dpi: float) -> bytes:
    """The same PNG or JPEG with ``icc`` as its profile (None for none) and ``dpi`` as its
    resolution, in place of those it had. Raises InputError for a damaged file.
    """
    return _png(data, icc, dpi) if media_type == "image/png" else _jpeg(data, icc, dpi)


def _png(data: bytes, icc: bytes | None, dpi: float) -> bytes:
    """PNG Specification, third edition, 11.3.2.3 and 11.3.4.3."""
    pieces: list[bytes | memoryview] = [Png.SIGNATURE]
    dots = round(dpi / METRES_AN_INCH)
    for kind, _, whole in Png().chunks(data):
        if kind in PNG_COLOUR or kind == b"pHYs":
            continue
        pieces.append(whole)
        if kind == b"IHDR":
            if icc:
                pieces.append(_chunk(b"iCCP", b"ICC\0\0" + zlib.compress(icc)))
            pieces.append(_chunk(b"pHYs", struct.pack(">IIB", dots, dots, 1)))
    return b"".join(pieces)


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = binascii.crc32(body, binascii.crc32(kind))
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def _jpeg(data: bytes, icc: bytes | None, dpi: float) -> bytes:
    """JFIF 1.02, page 5, and ICC.1:2022, B.4."""
    jfif = b"JFIF\0" + struct.pack(">HBHHBB", 0x0102, 1, round(dpi), round(dpi), 0, 0)
    parts = [icc[i : i + ICC_PART] for i in range(0, len(icc or b""), ICC_PART)] if icc else []
    pieces: list[bytes | memoryview] = [b"\xff\xd8", _segment(Jpeg.APP0, jfif)]
    pieces += [
        _segment(Jpeg.APP2, ICC_NAME + bytes((number, len(parts))) + part)
        for number, part in enumerate(parts, start=1)
    ]
    for marker, body, whole in Jpeg().segments(data):
        profile = marker == Jpeg.APP2 and bytes(body[: len(ICC_NAME)]) == ICC_NAME
        if marker != Jpeg.APP0 and not profile:
            pieces.append(whole)
    return b"".join(pieces)


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body

"""TIFF files (TIFF 6.0, 1992, and its Technical Note 2 of 2002 for Deflate).

Written here rather than by Pillow, which lets nobody else run until the whole picture is deflated,
and which takes over what another TIFF said of itself.
"""

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

STRIP_ROWS = 128
LEVEL = 2
XMP, ICC = 700, 34675
BYTE, SHORT, LONG, RATIONAL, UNDEFINED = 1, 3, 4, 5, 7
# Grey, where black is 0, RGB and CMYK, by the number of samples.
PHOTOMETRIC = {1: 1, 3: 2, 4: 5}
DEFLATE, DIFFERENCES, INCHES, CHUNKY = 8, 2, 2, 1
# Baseline tags of how pixels are stored, and the two that say what we say: all else is of others.
PLAIN = frozenset(
    (254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 282, 283, 284, 296, 317, 320)
) | {322, 323, 324, 325, 332, 338, 339, XMP, ICC}
# Parts of a rational number.
PARTS = 10_000

# The package ships no types for its compressor.
ISAL: Any = isal_zlib

Entry = tuple[int, int, int, bytes]


def write_tiff(pixels: NDArray[np.uint8], icc: bytes | None, dpi: float, xmp: bytes = b"") -> bytes:
    """uint8 HxW (grey), HxWx3 (RGB) or HxWx4 (CMYK, 255 is all of an ink), without loss. ``xmp`` is
    a packet to embed.
    """
    height, width = pixels.shape[:2]
    rows = np.ascontiguousarray(pixels).reshape(height, width, -1)
    samples = rows.shape[2]
    strips = [_strip(rows[start : start + STRIP_ROWS]) for start in range(0, height, STRIP_ROWS)]
    lengths = [len(strip) for strip in strips]
    starts = [8 + sum(lengths[:place]) for place in range(len(lengths))]
    dots = struct.pack("<II", round(dpi * PARTS), PARTS)
    entries = [
        _numbers(256, LONG, (width,)),
        _numbers(257, LONG, (height,)),
        _numbers(258, SHORT, (8,) * samples),
        _numbers(259, SHORT, (DEFLATE,)),
        _numbers(262, SHORT, (PHOTOMETRIC[samples],)),
        _numbers(273, LONG, starts),
        _numbers(277, SHORT, (samples,)),
        _numbers(278, LONG, (STRIP_ROWS,)),
        _numbers(279, LONG, lengths),
        (282, RATIONAL, 1, dots),
        (283, RATIONAL, 1, dots),
        _numbers(284, SHORT, (CHUNKY,)),
        _numbers(296, SHORT, (INCHES,)),
        _numbers(317, SHORT, (DIFFERENCES,)),
        *(((XMP, BYTE, len(xmp), xmp),) if xmp else ()),
        *(((ICC, UNDEFINED, len(icc), icc),) if icc else ()),
    ]
    end = 8 + sum(lengths)
    padding = b"\0" * (end % 2)
    header = struct.pack("<2sHI", b"II", 42, end + len(padding))
    return b"".join((header, *strips, padding, _directory(entries, end + len(padding))))


def _strip(rows: NDArray[np.uint8]) -> bytes:
    """Each sample less that of the pixel on its left (TIFF 6.0, section 14), deflated."""
    differences = rows.copy()
    np.subtract(rows[:, 1:], rows[:, :-1], out=differences[:, 1:])
    return bytes(ISAL.compress(differences.data.cast("B"), LEVEL))


def _numbers(tag: int, kind: int, values: Sequence[int]) -> Entry:
    letter = "H" if kind == SHORT else "I"
    return tag, kind, len(values), struct.pack(f"<{len(values)}{letter}", *values)


def _directory(entries: Sequence[Entry], start: int) -> bytes:
    """The list of what the file says; values that do not fit into it follow it."""
    place = start + 2 + 12 * len(entries) + 4
    listed: list[bytes] = [struct.pack("<H", len(entries))]
    behind: list[bytes] = []
    for tag, kind, count, value in entries:
        if len(value) <= 4:
            listed.append(struct.pack("<HHI4s", tag, kind, count, value))
            continue
        listed.append(struct.pack("<HHII", tag, kind, count, place))
        behind.append(value + b"\0" * (len(value) % 2))
        place += len(behind[-1])
    return b"".join((*listed, struct.pack("<I", 0), *behind))

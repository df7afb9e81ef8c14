"""The ICC profile of a printing press that there is not, for tests: cyan takes the place of green,
magenta of red, yellow of yellow, and black of darkness.
"""

import itertools
import struct

from pickabook_desktop.imaging.colour_targets import profile_file

GRID = 9


def press_profile() -> bytes:
    """Class ``prtr``, CMYK, connected in Lab (ICC.1:2022, 10.11: tables of eight bits)."""
    tags = {b"A2B0": _table(4, 3, _lab_of), b"B2A0": _table(3, 4, _inks_of)}
    return profile_file(b"prtr", b"CMYK", b"Lab ", tags)


def scanner_profile() -> bytes:
    """One that leads from its colours alone."""
    return profile_file(b"scnr", b"CMYK", b"Lab ", {b"A2B0": _table(4, 3, _lab_of)})


def _table(inputs: int, outputs: int, mapping) -> bytes:
    identity = struct.pack(">9i", *(65536 * (i % 4 == 0) for i in range(9)))
    curve = bytes(range(256))
    steps = [i / (GRID - 1) for i in range(GRID)]
    cells = b"".join(
        bytes(round(255 * min(1, max(0, value))) for value in mapping(*point))
        for point in itertools.product(steps, repeat=inputs)
    )
    head = b"mft1\0\0\0\0" + bytes((inputs, outputs, GRID, 0)) + identity
    return head + curve * inputs + cells + curve * outputs


def _inks_of(lightness: float, a: float, b: float) -> tuple[float, ...]:
    red, yellow = 2 * a - 256 / 255, 2 * b - 256 / 255
    return -red, red, yellow, 1 - lightness


def _lab_of(cyan: float, magenta: float, yellow: float, black: float) -> tuple[float, ...]:
    return 1 - black, 0.502 + (magenta - cyan) / 2, 0.502 + yellow / 2

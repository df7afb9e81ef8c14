"""Pictures to work on: a photo of an astronaut that scikit-image carries, and colour profiles."""

import itertools
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from pickabook_desktop.imaging.faces import FaceFinder

MODELS = Path(__file__).parents[3] / "resources" / "face_models"

DISPLAY_P3 = (
    (0.51512, 0.24120, -0.00105),
    (0.29198, 0.69225, 0.04189),
    (0.15710, 0.06657, 0.78407),
)
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))


@pytest.fixture(scope="session")
def models():
    return MODELS


@pytest.fixture(scope="session")
def finder(models):
    return FaceFinder(models)


@pytest.fixture
def astronaut():
    return np.array(data.astronaut())


@pytest.fixture
def portrait():
    """The astronaut's head, its face about 185 pixels wide."""
    head = np.array(data.astronaut())[:300, 80:380]
    return cv2.resize(head, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)


def matrix_profile(name, primaries, gamma):
    """An ICC profile of RGB primaries (D50 XYZ) with a pure power for its curve."""

    def fixed(value):
        return struct.pack(">i", round(value * 65536))

    def xyz(values):
        return b"XYZ \0\0\0\0" + b"".join(fixed(value) for value in values)

    text = name.encode()
    description = b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" + b"\0" * 78
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    tags = {
        b"desc": description + b"\0" * (-len(description) % 4),
        b"wtpt": xyz((0.9642, 1.0, 0.8249)),
        b"rXYZ": xyz(primaries[0]),
        b"gXYZ": xyz(primaries[1]),
        b"bXYZ": xyz(primaries[2]),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    offset = 132 + 12 * len(tags)
    table, bodies = struct.pack(">I", len(tags)), b""
    for signature, body in tags.items():
        table += signature + struct.pack(">II", offset + len(bodies), len(body))
        bodies += body
    header = bytearray(128)
    header[8:12] = b"\x02\x10\0\0"
    header[12:24] = b"mntrRGB XYZ "
    header[36:40] = b"acsp"
    header[68:80] = b"".join(fixed(value) for value in (0.9642, 1.0, 0.8249))
    header[0:4] = struct.pack(">I", 128 + len(table) + len(bodies))
    return bytes(header) + table + bodies


def cmyk_profile(inks):
    """An ICC profile of a press whose full cyan, magenta and yellow are the given CIE Lab."""

    def mixed(cyan, magenta, yellow, black):
        if black:
            return 0, 128, 128
        used = [lab for lab, on in zip(inks, (cyan, magenta, yellow), strict=True) if on]
        lightness, a, b = np.mean(used, axis=0) if used else (100, 0, 0)
        return round(lightness * 2.55), round(a) + 128, round(b) + 128

    corners = itertools.product((0, 1), repeat=4)
    table = bytes(value for corner in corners for value in mixed(*corner))
    identity = b"".join(struct.pack(">i", 65536 * (n % 4 == 0)) for n in range(9))
    ramp = bytes(range(256))
    lut = b"mft1\0\0\0\0\x04\x03\x02\0" + identity + ramp * 4 + table + ramp * 3
    text = b"desc\0\0\0\0" + struct.pack(">I", 6) + b"Press\0" + b"\0" * 80
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    header = bytearray(128)
    header[8:12] = b"\x02\x10\0\0"
    header[12:24] = b"prtrCMYKLab "
    header[36:40] = b"acsp"
    header[68:80] = struct.pack(">3i", 63190, 65536, 54061)
    bodies, entries, offset = b"", b"", 132 + 3 * 12
    for tag, body in ((b"desc", text), (b"wtpt", white), (b"A2B0", lut)):
        entries += tag + struct.pack(">II", offset + len(bodies), len(body))
        bodies += body + b"\0" * (-len(body) % 4)
    header[0:4] = struct.pack(">I", offset + len(bodies))
    return bytes(header) + struct.pack(">I", 3) + entries + bodies


@pytest.fixture
def press():
    return cmyk_profile(((55, -37, -50), (60, 40, 10), (89, -5, 93)))


@pytest.fixture
def display_p3():
    return matrix_profile("Display P3", DISPLAY_P3, 2.2)


@pytest.fixture
def adobe_rgb():
    return matrix_profile("Adobe RGB (1998)", ADOBE_RGB, 563 / 256)

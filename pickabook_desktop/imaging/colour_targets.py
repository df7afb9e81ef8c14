"""The colours that copies are handed over in: sRGB, Display P3, or those of a printer's profile."""

import io
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.hand_over import (
    DISPLAY_P3,
    NO_PROFILE,
    SRGB,
    ExportFormat,
    ProfileFacts,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.imaging.profiles import (
    CMS,
    colour_space,
    is_srgb,
    profile_name,
    srgb_profile,
)

MODES = {"RGB": "RGB", "CMYK": "CMYK", "GRAY": "L"}
FORMATS: dict[str, tuple[ExportFormat, ...]] = {
    "RGB": ("original", "png", "jpeg", "webp", "tiff"),
    "GRAY": ("png", "jpeg", "tiff"),
    "CMYK": ("jpeg", "tiff"),
}
# ICC.1:2022, 7.2.5: device classes whose colours a picture can have; links and abstract profiles
# have none of their own.
CLASSES = (b"mntr", b"prtr", b"scnr", b"spac")
LARGEST_PROFILE = 32 * 2**20

# CIE xy. Primaries of SMPTE EG 432-1 with the white of IEC 61966-2-1, which is Display P3.
P3_PRIMARIES = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
D65 = (0.3127, 0.3290)
# ICC.1:2022, 7.2.16: the white that profiles connect in.
D50 = (0.9642, 1.0, 0.8249)
# Lam, "Metamerism and Colour Constancy" (1985): the Bradford cone responses.
BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
# IEC 61966-2-1, as the five numbers of a parametric curve of type 3 (ICC.1:2022, 10.18).
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


@dataclass(frozen=True)
class ColourTarget:
    """``profile`` is what colours are converted to, ``space`` its colour space as ICC names it, and
    ``embedded`` what goes into the file.
    """

    profile: bytes
    space: str
    embedded: bytes | None

    @property
    def plain(self) -> bool:
        """Whether a picture in sRGB stays as it is."""
        return self.space == "RGB" and is_srgb(self.profile)


def target_of(icc: str, profile: bytes = b"") -> ColourTarget:
    """What ``icc`` of an ExportWish asks for; ``profile`` is what the file has, where it is a path.
    Raises InputError for one that cannot be used.
    """
    if icc == SRGB:
        return ColourTarget(srgb_profile(), "RGB", srgb_profile())
    if icc == NO_PROFILE:
        return ColourTarget(srgb_profile(), "RGB", None)
    if icc == DISPLAY_P3:
        return ColourTarget(display_p3_profile(), "RGB", display_p3_profile())
    space = colour_space(profile)
    target = ColourTarget(profile, space, profile)
    if profile[36:40] != b"acsp" or profile[12:16] not in CLASSES or space not in MODES:
        raise _unusable()
    try:
        # A scanner's profile leads from its colours and not to them.
        converted(Image.new("RGB", (1, 1)), None, target)
    except InputError:
        raise
    except (ImageCms.PyCMSError, ValueError, OSError, TypeError) as error:
        raise _unusable() from error
    return target


def facts_of(profile: bytes) -> ProfileFacts:
    """What a profile is; raises InputError as :func:`target_of`."""
    target = target_of("", profile)
    return ProfileFacts(
        title=profile_name(profile) or tr("Profile without a name"),
        space=target.space,
        formats=FORMATS[target.space],
    )


def converted(image: Image.Image, source: bytes | None, target: ColourTarget) -> Image.Image:
    """A picture of mode RGB, in the colours of ``source`` (without one, sRGB), as ``target`` has
    it: in mode RGB, CMYK or L. Raises what ImageCms raises.
    """
    if (target.plain and (source is None or is_srgb(source))) or source == target.profile:
        return image
    return CMS.profileToProfile(
        image,
        io.BytesIO(source or srgb_profile()),
        io.BytesIO(target.profile),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode=MODES[target.space],
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def display_p3_profile() -> bytes:
    """An ICC profile of Display P3, version 4; the same bytes at any time."""
    columns = np.array([_xyz(*xy) for xy in P3_PRIMARIES]).T
    white = _xyz(*D65)
    adapting = _adaptation(white, np.array(D50))
    primaries = adapting @ (columns * np.linalg.solve(columns, white))
    curve = b"para\0\0\0\0" + struct.pack(">HH", 3, 0) + _fixed(*SRGB_CURVE)
    tags = {
        b"desc": _text("Display P3"),
        b"cprt": _text("No copyright, use freely"),
        b"wtpt": b"XYZ \0\0\0\0" + _fixed(*D50),
        b"chad": b"sf32\0\0\0\0" + _fixed(*adapting.flatten()),
        b"rXYZ": b"XYZ \0\0\0\0" + _fixed(*primaries[:, 0]),
        b"gXYZ": b"XYZ \0\0\0\0" + _fixed(*primaries[:, 1]),
        b"bXYZ": b"XYZ \0\0\0\0" + _fixed(*primaries[:, 2]),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    return profile_file(b"mntr", b"RGB ", b"XYZ ", tags)


def profile_file(device: bytes, space: bytes, between: bytes, tags: dict[bytes, bytes]) -> bytes:
    """A profile of version 4.3 (ICC.1:2022, 7.2 and 7.3) of that device class and colour space,
    connected in ``between``.
    """
    offset = 128 + 4 + 12 * len(tags)
    table, bodies = struct.pack(">I", len(tags)), b""
    for name, body in tags.items():
        table += struct.pack(">4sII", name, offset + len(bodies), len(body))
        bodies += body + bytes(-len(body) % 4)
    header = struct.pack(">II4s4s4s", 0, 0x04300000, device, space, between)
    dates = struct.pack(">6H4s", 2000, 1, 1, 0, 0, 0, b"acsp")
    rest = bytes(28) + _fixed(*D50) + bytes(48)
    length = struct.pack(">I", offset + len(bodies))
    return length + header + dates + rest + table + bodies


def _text(words: str) -> bytes:
    """ICC.1:2022, 10.15: the same in all languages, here English."""
    encoded = words.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II4sII", 1, 12, b"enUS", len(encoded), 28) + encoded


def _fixed(*numbers: float) -> bytes:
    """ICC.1:2022, 4.6: with 16 bits behind the point."""
    return b"".join(struct.pack(">i", round(float(number) * 65536)) for number in numbers)


def _xyz(x: float, y: float) -> NDArray[np.float64]:
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _adaptation(white: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    cones = np.array(BRADFORD)
    return np.linalg.inv(cones) @ np.diag((cones @ wanted) / (cones @ white)) @ cones


def _unusable() -> InputError:
    return InputError(
        tr("The file is no colour profile that pictures can be converted to."),
        tr("Choose an ICC profile of a printer or a screen, as the print shop gives it out."),
    )

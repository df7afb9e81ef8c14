"""Colour profiles: whatever a file holds becomes sRGB."""

import io
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

# Pillow leaves the types of this module partly unknown.
CMS: Any = ImageCms

# Modes as Pillow names them, by the colour space that a profile says it is for.
SPACE_OF_MODE = {"RGB": "RGB", "CMYK": "CMYK", "L": "GRAY", "LAB": "Lab"}


def profile_name(icc: bytes | None) -> str:
    """The description inside an ICC profile; empty without one or when it is damaged."""
    if not icc:
        return ""
    try:
        return str(CMS.getProfileDescription(io.BytesIO(icc))).strip("\0 \n")
    except (ImageCms.PyCMSError, OSError):
        return ""


def srgb_profile() -> bytes:
    """A small ICC profile of sRGB, to embed; the same bytes at any time."""
    profile = bytearray(CMS.ImageCmsProfile(CMS.createProfile("sRGB")).tobytes())
    # When it was made (ICC.1, 7.2.8), and a checksum, if any, of that (7.2.18).
    profile[24:36] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    profile[84:100] = bytes(16)
    return bytes(profile)


def to_srgb(image: Image.Image, icc: bytes | None) -> NDArray[np.uint8]:
    """A Pillow picture of any mode as uint8 HxWx3 sRGB, transparency over white.

    Without a usable profile RGB and grey are taken for sRGB, and CMYK is converted plainly. A
    profile for another colour space than the picture's is passed over.
    """
    plain, alpha = _plain(image)
    rgb = _converted(plain, icc)
    if alpha is not None:
        white = Image.new("RGB", rgb.size, (255, 255, 255))
        white.paste(rgb, mask=alpha)
        rgb = white
    return np.asarray(rgb, np.uint8)


def _plain(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """The colours in mode L, RGB, CMYK or LAB, and the transparency (mode L) where there is any."""
    if image.mode.startswith(("I", "F")):
        return eight_bits(image), None
    if image.has_transparency_data:
        # Premultiplied colours are divided out by the conversion.
        clear = image.convert("RGBA")
        return clear.convert("RGB"), clear.getchannel("A")
    if image.mode in SPACE_OF_MODE:
        return image, None
    if image.mode == "1":
        return image.convert("L"), None
    return image.convert("RGB"), None


def eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits, or of floating point (modes I, I;16, F), as mode L."""
    values = np.asarray(image)
    if image.mode.startswith("I;16"):
        return Image.fromarray((values >> 8).astype(np.uint8))
    values = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    highest = float(values.max(initial=0.0))
    # Neither says what white is; 1 makes no sense for whole numbers.
    bounds = (255.0, 65535.0) if image.mode == "I" else (1.0, 255.0, 65535.0)
    white = next((bound for bound in bounds if highest <= bound), highest)
    return Image.fromarray(np.clip(values * (255.0 / white) + 0.5, 0, 255).astype(np.uint8))


def colour_space(icc: bytes) -> str:
    """As the profile's header names it (ICC.1:2022, 7.2.8): RGB, CMYK, GRAY, Lab."""
    return icc[16:20].decode("latin-1").strip()


def _converted(image: Image.Image, icc: bytes | None) -> Image.Image:
    if image.mode == "LAB":
        source = CMS.createProfile("LAB")
    elif not icc or colour_space(icc) != SPACE_OF_MODE[image.mode] or is_srgb(icc):
        return image.convert("RGB")
    else:
        source = io.BytesIO(icc)
    try:
        return CMS.profileToProfile(
            image,
            source,
            CMS.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, ValueError, OSError):
        return image.convert("RGB")


def is_srgb(icc: bytes) -> bool:
    """By name: the common profiles of that name differ by less than one level of eight bits."""
    return profile_name(icc).startswith("sRGB")

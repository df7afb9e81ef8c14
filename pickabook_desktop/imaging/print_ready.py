"""Copies of kept pictures as they are wanted elsewhere: size, bleed, colours, resolution."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.hand_over import Planned
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.imaging import containers, metadata
from pickabook_desktop.imaging.colour_targets import ColourTarget, converted
from pickabook_desktop.imaging.encode import (
    JPEG_QUALITY,
    WEBP_QUALITY,
    encode_png,
    saved,
)
from pickabook_desktop.imaging.load import DECODER_ERRORS
from pickabook_desktop.imaging.profiles import colour_space, is_srgb, srgb_profile, to_srgb
from pickabook_desktop.imaging.splice import labelled
from pickabook_desktop.imaging.tiff import PLAIN, XMP, write_tiff

UNKNOWN_DPI = 72.0
FORMATS = ["PNG", "JPEG", "WEBP", "TIFF"]


@dataclass(frozen=True)
class Finish:
    """How one picture is to come out. ``quality`` is 1 to 100, or 0 for what suits the format;
    ``said`` is what the file says of itself, None for nothing.
    """

    media_type: str
    plan: Planned
    colours: ColourTarget
    dpi: int = 300
    quality: int = 0
    said: metadata.Metadata | None = None
    names: bool = False


def finished(data: bytes, source_type: str, finish: Finish) -> bytes:
    """The picture as ``finish`` has it. Where its pixels can stay as they are encoded, they do.

    Raises StorageError where it is damaged, InputError where the format cannot hold it.
    """
    image = _opened(data)
    if _stays(image, source_type, finish):
        done = data
        if finish.media_type in ("image/png", "image/jpeg"):
            done = labelled(data, finish.media_type, finish.colours.embedded, finish.dpi)
    else:
        done = _encoded(_rendered(image, finish), finish)
    return _telling(done, finish)


def retold_tiff(data: bytes, said: metadata.Metadata | None, *, names: bool = False) -> bytes:
    """The same TIFF, in its own colours, that says ``said`` of itself and nothing else; the very
    same bytes where that is so already. Raises StorageError for a damaged one.
    """
    packet = metadata.to_packet(said, names=names) if said else b""
    image = _opened(data)
    tags: dict[int, Any] = dict(getattr(image, "tag_v2", {}))
    if tags.keys() <= PLAIN and tags.get(XMP, b"") == packet and getattr(image, "n_frames", 1) == 1:
        return data
    icc: bytes | None = image.info.get("icc_profile")
    if image.mode not in ("L", "RGB", "CMYK"):
        image, icc = Image.fromarray(to_srgb(image, icc)), srgb_profile()
    dpi = float(image.info.get("dpi", (UNKNOWN_DPI, UNKNOWN_DPI))[0]) or UNKNOWN_DPI
    return write_tiff(np.asarray(image, np.uint8), icc, dpi, packet)


def keeps_its_colours(data: bytes, colours: ColourTarget) -> bool:
    """Whether the file, as it is, is what ``colours`` ask for: sRGB, and silent about it where that
    is wished. Raises StorageError.
    """
    image = _opened(data, whole=False)
    silent = not image.info.get("icc_profile") and "srgb" not in image.info
    return colours.plain and _profile(image) is None and (silent or colours.embedded is not None)


def _opened(data: bytes, *, whole: bool = True) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        if whole:
            image.load()
    except (*DECODER_ERRORS, Image.DecompressionBombError) as error:
        raise StorageError(
            tr("The picture is damaged and cannot be opened."),
            tr("Restore the file from a backup, or draw the page again."),
        ) from error
    return image


def _profile(image: Image.Image) -> bytes | None:
    """The file's own profile, where it says anything else than sRGB."""
    icc: object = image.info.get("icc_profile")
    if not isinstance(icc, bytes) or not icc or is_srgb(icc):
        return None
    return icc


def _stays(image: Image.Image, source_type: str, finish: Finish) -> bool:
    """Whether nothing that is asked for changes a pixel."""
    same_size = image.size == (finish.plan.full.width, finish.plan.full.height)
    same_colours = finish.colours.plain and _profile(image) is None
    # TIFF is written anew: what it says of itself cannot be taken out.
    same_kind = source_type == finish.media_type != "image/tiff" and not finish.quality
    return same_kind and same_size and same_colours and not finish.plan.bleed


def _rendered(image: Image.Image, finish: Finish) -> Image.Image:
    """In its new size and colours. Each step works on what the one before made, so that no more
    than two pictures are in memory.
    """
    source = _profile(image)
    if (
        image.mode != "RGB"
        or image.has_transparency_data
        or colour_space(source or b"") not in (*("", "RGB"),)
    ):
        image, source = Image.fromarray(to_srgb(image, image.info.get("icc_profile"))), None
    sized = _with_bleed(_resized(image, finish.plan), finish.plan.bleed)
    try:
        return converted(sized, source, finish.colours)
    except (ImageCms.PyCMSError, ValueError, OSError):
        if source is None:
            raise
        # A broken profile of the picture's own is passed over, as when it is shown.
        return converted(sized, None, finish.colours)


def _resized(image: Image.Image, plan: Planned) -> Image.Image:
    """Lanczos with three lobes either way; what does not go into the trim is cut off evenly."""
    trim = (plan.trim.width, plan.trim.height)
    if image.size == trim:
        return image
    width, height = trim[0] / plan.factor, trim[1] / plan.factor
    left, top = max(0.0, (image.width - width) / 2), max(0.0, (image.height - height) / 2)
    box = (left, top, image.width - left, image.height - top)
    return image.resize(trim, Image.Resampling.LANCZOS, box=box)


def _with_bleed(image: Image.Image, bleed: int) -> Image.Image:
    """Extended on all sides by its mirrored edge.

    A knife that misses the trim by a hair shows a sliver of the bleed. Mirrored, lines and shades
    run on into it and it passes for the picture; repeating the outermost pixel would draw stripes,
    enlarging the picture instead would move what the trim was set to.
    """
    if not bleed:
        return image
    pixels = np.asarray(image)
    return Image.fromarray(np.pad(pixels, ((bleed, bleed), (bleed, bleed), (0, 0)), "symmetric"))


def _encoded(image: Image.Image, finish: Finish) -> bytes:
    """The file without what it says of itself, but for TIFF, which takes that with the rest."""
    icc, dpi = finish.colours.embedded, finish.dpi
    with_profile: dict[str, Any] = {"icc_profile": icc} if icc else {}
    match finish.media_type:
        case "image/png":
            plain = (
                encode_png(np.asarray(image, np.uint8))
                if image.mode == "RGB"
                else saved(image, "image/png", format="PNG", compress_level=6)
            )
            return labelled(plain, "image/png", icc, dpi)
        case "image/jpeg":
            quality = finish.quality or JPEG_QUALITY
            sampling = 0 if quality >= 90 else 2
            options = {"quality": quality, "subsampling": sampling, "dpi": (dpi, dpi)}
            return saved(image, "image/jpeg", format="JPEG", **options, **with_profile)
        case "image/webp":
            quality = finish.quality or WEBP_QUALITY
            options = {"quality": quality, "lossless": quality >= 100, "method": 2}
            return saved(image, "image/webp", format="WEBP", **options, **with_profile)
        case "image/tiff":
            said = finish.said
            packet = metadata.to_packet(said, names=finish.names) if said else b""
            return write_tiff(np.asarray(image, np.uint8), icc, dpi, packet)
        case _:
            raise InputError(
                tr("This program cannot write {media_type}.", media_type=finish.media_type),
                tr("Choose PNG, JPEG, WebP or TIFF."),
            )


def _telling(data: bytes, finish: Finish) -> bytes:
    """With what the file is to say of itself, and nothing else."""
    if finish.media_type not in containers.CONTAINERS:
        return data
    if finish.said is None:
        return metadata.strip(data, finish.media_type)
    return metadata.embed(data, finish.media_type, finish.said, names=finish.names)

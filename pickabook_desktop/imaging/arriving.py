"""Pictures that come from outside and may be this program's own, or anything."""

import io
from typing import NamedTuple

from PIL import Image

from pickabook_desktop.domain.errors import InputError, PhotoError, StorageError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.imaging import containers, metadata
from pickabook_desktop.imaging.load import DECODER_ERRORS, MAX_MEGAPIXELS, OPENERS, kind_of
from pickabook_desktop.imaging.metadata import Metadata
from pickabook_desktop.imaging.thumbnail import thumbnail

KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "WebP": "image/webp", "TIFF": "image/tiff"}
# Enough of a file to know its kind.
SIGNATURE_BYTES = 32


class Arrival(NamedTuple):
    """A whole picture: its ``media_type``, ``size`` and a ``thumbnail``."""

    media_type: str
    size: Size
    thumbnail: bytes


def media_type_of(beginning: bytes) -> str:
    """The media type by the first ``SIGNATURE_BYTES``; empty for what a library does not keep."""
    return KINDS.get(kind_of(beginning) or "", "")


def told_by(data: bytes, media_type: str) -> Metadata | None:
    """What a picture says of itself, as :func:`metadata.read`, also for TIFF; None for a damaged
    file.
    """
    try:
        if media_type in containers.CONTAINERS:
            return metadata.read(data, media_type)
        if media_type == "image/tiff":
            # Pillow hands over the tag as bytes, as it was written.
            packet: object = OPENERS["TIFF"](io.BytesIO(data)).info.get("xmp")
            return metadata.from_packet(packet) if isinstance(packet, bytes) else None
    except (InputError, *DECODER_ERRORS):
        return None
    return None


def examined(data: bytes, media_type: str) -> Arrival:
    """Decode a picture to its last byte; raises PhotoError for one that is damaged or too large.

    Whoever sends such a file may mean harm: nothing is decoded before its size is known.
    """
    kind = next(kind for kind, known in KINDS.items() if known == media_type)
    try:
        image = OPENERS[kind](io.BytesIO(data))
        if image.width * image.height > MAX_MEGAPIXELS * 1e6:
            raise PhotoError(
                tr("It has more than {limit} megapixels.", limit=MAX_MEGAPIXELS),
                tr("Take a smaller copy of the picture."),
            )
        return Arrival(media_type, Size(image.width, image.height), thumbnail(data))
    except (StorageError, *DECODER_ERRORS, Image.DecompressionBombError) as error:
        raise PhotoError(
            tr("It is damaged or incomplete."), tr("Copy the file again from where it came.")
        ) from error


def same_pixels(one: bytes, other: bytes) -> bool:
    """Whether two pictures show the same to the last pixel; no where one cannot be decoded."""
    try:
        first, second = (
            Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP", "TIFF"])
            for data in (one, other)
        )
        if (first.size, first.mode) != (second.size, second.mode):
            return False
        return first.tobytes() == second.tobytes()
    except (*DECODER_ERRORS, Image.DecompressionBombError):
        return False

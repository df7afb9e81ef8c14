"""Pages in a library, for tests of handing them over."""

import binascii
import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture, KeptPicture
from pickabook_desktop.imaging.encode import encode
from pickabook_desktop.imaging.metadata import Metadata, embed
from pickabook_desktop.storage.library import Library

Keep = Callable[..., KeptPicture]


def pixels(width: int = 120, height: int = 80, seed: int = 0) -> np.ndarray:
    """A picture in which every place is another one: soft colours with some grain."""
    y, x = np.mgrid[0:height, 0:width]
    grain = np.random.default_rng(seed).integers(0, 24, (height, width))
    channels = (x * 200 // width, y * 200 // height, (x + y + seed * 40) % 200)
    return np.stack([channel + grain for channel in channels], axis=-1).astype(np.uint8)


def page(
    rgb: np.ndarray, seed: int = 7, media_type: str = "image/png", **request: Any
) -> DrawnPicture:
    """A picture that says of itself what :func:`asked` was."""
    own = asked(**request).with_changes(seed=seed, size=Size(rgb.shape[1], rgb.shape[0]))
    said = Metadata(
        prompt=own.prompt,
        template=own.template_id,
        style=own.style_id,
        engine=own.engine_id,
        engine_version="7",
        seed=seed,
        request_json=own.to_json(),
        software="PickaBook Desktop",
        created="2026-03-05T10:20:30Z",
    )
    data = embed(encode(rgb, media_type), media_type, said, names=True)
    return DrawnPicture(data=data, media_type=media_type, size=own.size, seed=seed)


def asked(**changes: Any) -> GenerationRequest:
    plain = GenerationRequest(
        photo=PhotoRef(path="", sha256="f" * 64),
        engine_id="fake",
        template_id="moon-walk",
        style_id="storybook",
        prompt="on the moon",
        book="The long way home",
        fields={"name": "Annemarie"},
    )
    return plain.with_changes(**changes)


def keep(
    library: Library,
    rgb: np.ndarray | None = None,
    seed: int = 7,
    media_type: str = "image/png",
    **request: Any,
) -> KeptPicture:
    """Keep a page in the library."""
    drawn = page(pixels(seed=seed) if rgb is None else rgb, seed, media_type, **request)
    return library.add(drawn, asked(**request), "7", b"")


def with_remark(data: bytes, remark: bytes = b"for Quentin") -> bytes:
    """A PNG into which another program has written a remark."""
    body = b"Comment\0" + remark
    checksum = binascii.crc32(b"tEXt" + body)
    chunk = struct.pack(">I", len(body)) + b"tEXt" + body + struct.pack(">I", checksum)
    return data[:33] + chunk + data[33:]


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def kind_in(data: bytes) -> str:
    """The media type of a picture."""
    return Image.open(io.BytesIO(data)).get_format_mimetype() or ""

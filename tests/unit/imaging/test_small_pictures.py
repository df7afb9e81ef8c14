"""Small pictures show the same as large ones, whichever way is the quickest to them."""

import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data
from unit.jobs.kept_pages import pixels

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.imaging.colour_targets import display_p3_profile
from pickabook_desktop.imaging.encode import encode, encode_jpeg, encode_png
from pickabook_desktop.imaging.plain_png import decode_plain
from pickabook_desktop.imaging.thumbnail import small_rgb, thumbnail


def photo(edge: int) -> np.ndarray:
    return cv2.resize(data.astronaut(), (edge, edge), interpolation=cv2.INTER_CUBIC)


def decibels(one: np.ndarray, other: np.ndarray) -> float:
    error = max(1e-6, float(np.mean((one.astype(float) - other) ** 2)))
    return float(10 * np.log10(255**2 / error))


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "tiff"])
@pytest.mark.parametrize(("full", "edge"), [(2048, 256), (1000, 256), (1024, 700), (512, 256)])
def test_a_small_picture_is_the_large_one_averaged(kind: str, full: int, edge: int):
    file = encode(photo(full), f"image/{kind}", 95)
    whole = np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))
    averaged = cv2.resize(whole, (edge, edge), interpolation=cv2.INTER_AREA)
    assert decibels(small_rgb(file, edge), averaged) > 45


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_small_pictures_are_not_enlarged(kind: str):
    assert small_rgb(encode(pixels(60, 40), f"image/{kind}"), 256).shape == (40, 60, 3)


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "1", "I;16", "CMYK"])
def test_pictures_of_any_mode_have_one(mode: str):
    image = Image.fromarray(pixels(300, 200))
    image = Image.new("I;16", (300, 200), 40_000) if mode == "I;16" else image.convert(mode)
    target = io.BytesIO()
    image.save(target, "JPEG" if mode == "CMYK" else "PNG")
    small = Image.open(io.BytesIO(thumbnail(target.getvalue(), 100)))
    assert (small.size, small.mode) == ((100, 67), "RGB")


def test_colours_of_other_spaces_are_brought_home():
    file = encode_jpeg(np.full((600, 600, 3), (234, 51, 35), np.uint8), 98, display_p3_profile())
    assert np.abs(small_rgb(file, 100).astype(int) - (255, 0, 0)).max() <= 4


# Pillow warns of what is wrong with a TIFF before it raises.
@pytest.mark.filterwarnings("ignore:.*:UserWarning")
@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "tiff"])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.97])
def test_damaged_pictures_are_told(kind: str, share: float):
    file = encode(photo(300), f"image/{kind}")
    with pytest.raises(StorageError):
        small_rgb(file[: int(len(file) * share)], 100)


def test_our_own_png_is_read_as_written():
    for rgb in (pixels(), pixels(1, 1), pixels(3, 700), photo(300)):
        read = decode_plain(encode_png(rgb))
        assert read is not None
        assert np.array_equal(read, rgb)


def test_png_of_others_is_left_to_others():
    for rgb, options in ((photo(100), {}), (pixels(), {"compress_level": 9})):
        target = io.BytesIO()
        Image.fromarray(rgb).save(target, "PNG", **options)
        read = decode_plain(target.getvalue())
        assert read is None or np.array_equal(read, rgb)
    target = io.BytesIO()
    Image.fromarray(pixels()).convert("L").save(target, "PNG")
    assert decode_plain(target.getvalue()) is None


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@pytest.mark.parametrize("harm", ["flipped", "short", "long", "no rows", "a filter that is none"])
def test_damage_is_left_to_others_too(harm: str):
    rgb = pixels(40, 30)
    rows = bytearray(b"".join(b"\0" + row.tobytes() for row in rgb))
    if harm == "a filter that is none":
        rows[121 * 20] = 9
    packed = bytearray(zlib.compress(bytes(rows)))
    match harm:
        case "flipped":
            packed[-1] ^= 1
        case "short":
            packed = bytearray(zlib.compress(bytes(rows[:-5])))
        case "long":
            packed = bytearray(zlib.compress(bytes(rows) + bytes(10_000_000)))
        case "no rows":
            packed = bytearray()
        case _:
            pass
    header = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    file = b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", bytes(packed)),
            chunk(b"IEND", b""),
        )
    )
    assert decode_plain(file) is None

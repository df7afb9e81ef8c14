"""Pictures as bytes and back."""

import io
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.imaging.encode import (
    adler32_combine,
    convert,
    decode_rgb,
    encode,
    encode_jpeg,
    encode_png,
    encode_tiff,
    encode_webp,
)
from pickabook_desktop.imaging.metadata import Metadata, embed, read, to_packet
from pickabook_desktop.imaging.thumbnail import thumbnail


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def error_of(data, rgb):
    return np.abs(np.asarray(opened(data).convert("RGB"), int) - rgb).mean()


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (255, 3), (256, 5), (257, 5), (700, 400)])
def test_png_gives_back_every_pixel(size):
    rgb = np.random.default_rng(1).integers(0, 256, (*size, 3), np.uint8)
    image = opened(encode_png(rgb))
    assert image.mode == "RGB"
    assert np.array_equal(np.asarray(image), rgb)


def test_png_is_read_by_a_second_decoder(astronaut):
    data = np.frombuffer(encode_png(astronaut), np.uint8)
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert decoded is not None
    assert np.array_equal(decoded[..., ::-1], astronaut)


def test_png_takes_a_view_that_is_not_contiguous(astronaut):
    view = astronaut[::2, ::-1]
    assert np.array_equal(np.asarray(opened(encode_png(view))), view)


def test_png_compresses_about_as_well_as_a_library(astronaut):
    target = io.BytesIO()
    Image.fromarray(astronaut).save(target, format="PNG", compress_level=1)
    assert len(encode_png(astronaut)) < 1.15 * len(target.getvalue())


def test_png_says_which_colours_are_meant(astronaut, display_p3):
    assert opened(encode_png(astronaut)).info["srgb"] == 0
    assert opened(encode_png(astronaut, display_p3)).info["icc_profile"] == display_p3


def test_checksums_of_parts_make_that_of_the_whole():
    rng = np.random.default_rng(2)
    for first, second in ((0, 5), (70_000, 1), (1, 300_000), (65_521, 65_521)):
        a, b = rng.bytes(first), b"\xff" * second
        combined = adler32_combine(zlib.adler32(a), zlib.adler32(b), len(b))
        assert combined == zlib.adler32(a + b)


@pytest.mark.parametrize("writer", [encode_jpeg, encode_webp, encode_tiff])
def test_other_formats_stay_close_and_name_srgb(astronaut, writer):
    data = writer(astronaut)
    assert error_of(data, astronaut) < 3
    profile = ImageCms.ImageCmsProfile(io.BytesIO(opened(data).info["icc_profile"]))
    assert "sRGB" in ImageCms.getProfileDescription(profile)


def test_quality_trades_size_for_closeness(astronaut):
    for writer in (encode_jpeg, encode_webp):
        low, high = writer(astronaut, 50), writer(astronaut, 95)
        assert len(low) < len(high) / 2
        assert error_of(low, astronaut) > error_of(high, astronaut)


def test_webp_at_full_quality_and_tiff_lose_nothing(astronaut):
    assert error_of(encode_webp(astronaut, 100), astronaut) == 0
    assert error_of(encode_tiff(astronaut), astronaut) == 0


def test_tiff_for_print_carries_its_resolution(astronaut):
    assert opened(encode_tiff(astronaut, dpi=300)).info["dpi"] == (300, 300)


def test_an_unknown_format_is_refused(astronaut):
    with pytest.raises(InputError, match="image/gif"):
        encode(astronaut, "image/gif")


def test_a_picture_too_long_for_its_format_is_refused():
    with pytest.raises(InputError, match="16383"):
        encode(np.zeros((1, 16_384, 3), np.uint8), "image/webp")


@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg", "image/webp", "image/tiff"])
def test_what_was_encoded_can_be_decoded(astronaut, media_type):
    decoded = decode_rgb(encode(astronaut, media_type))
    assert decoded.shape == astronaut.shape
    assert np.abs(decoded.astype(int) - astronaut).mean() < 3


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_a_damaged_picture_is_refused(data):
    with pytest.raises(StorageError):
        decode_rgb(data)
    with pytest.raises(StorageError):
        thumbnail(data)


HISTORY = Metadata(prompt="a bear", seed=7)


def test_saving_in_the_same_format_keeps_the_very_bytes(astronaut):
    data = embed(encode_png(astronaut), "image/png", HISTORY)
    assert convert(data, "image/png", "image/png") is data


def test_saving_without_history_removes_it_and_nothing_else(astronaut):
    plain = encode_png(astronaut)
    data = embed(plain, "image/png", HISTORY)
    assert convert(data, "image/png", "image/png", keep_metadata=False) == plain


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/webp"])
def test_saving_in_another_format_takes_the_history_along(astronaut, media_type):
    data = embed(encode_png(astronaut), "image/png", HISTORY)
    converted = convert(data, "image/png", media_type, quality=90)
    assert error_of(converted, astronaut) < 4
    assert read(converted, media_type) == HISTORY
    assert read(convert(data, "image/png", media_type, keep_metadata=False), media_type) is None


def test_tiff_carries_the_history_too(astronaut):
    data = embed(encode_png(astronaut), "image/png", HISTORY)
    assert opened(convert(data, "image/png", "image/tiff")).info["xmp"] == to_packet(HISTORY)


@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg", "image/webp"])
def test_thumbnails_are_small_and_true(astronaut, media_type):
    image = opened(thumbnail(encode(astronaut[:, 100:400], media_type)))
    assert image.format == "JPEG"
    assert image.size == (150, 256)
    expected = Image.fromarray(astronaut[:, 100:400]).resize((150, 256), Image.Resampling.BOX)
    assert np.abs(np.asarray(image, int) - np.asarray(expected, int)).mean() < 5


def test_a_picture_smaller_than_its_thumbnail_is_not_enlarged():
    small = np.full((20, 30, 3), 90, np.uint8)
    assert opened(thumbnail(encode_png(small))).size == (30, 20)


def test_a_picture_with_a_bomb_for_a_header_is_refused():
    data = bytearray(encode_png(np.zeros((2, 2, 3), np.uint8)))
    data[16:24] = b"\0\1\0\0" * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    with pytest.raises(StorageError):
        decode_rgb(bytes(data))
    with pytest.raises(StorageError):
        thumbnail(bytes(data))

"""What a picture says of itself, and what it must never say."""

import io
import json
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import COMPOSITE
from pickabook_desktop.imaging.encode import decode_rgb, encode
from pickabook_desktop.imaging.load import load_photo
from pickabook_desktop.imaging.metadata import (
    Metadata,
    embed,
    from_packet,
    read,
    shareable,
    strip,
    to_packet,
)

MEDIA_TYPES = ["image/png", "image/jpeg", "image/webp"]
REQUEST = GenerationRequest(
    photo=PhotoRef(path="/home/mia/Pictures/mia at school.jpg", sha256="ab" * 32, face_index=1),
    template_id="astro",
    prompt="in space",
    seed=42,
)
HISTORY = Metadata(
    prompt="in space — avec <Léa> & 月亮 🚀",
    template="astro",
    style="storybook",
    engine="storybook",
    engine_version="0.1.0",
    seed=42,
    request_json=REQUEST.to_json(),
    digital_source_type=COMPOSITE,
    software="PickaBook Desktop 0.1.0",
    created="2026-11-22T08:00:00Z",
)


@pytest.fixture
def page(astronaut):
    return astronaut[:160, 150:330]


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_history_goes_in_and_comes_out_and_pixels_stay(page, media_type):
    plain = encode(page, media_type)
    data = embed(plain, media_type, HISTORY)
    found = read(data, media_type)
    assert found is not None
    assert found.prompt == HISTORY.prompt
    assert (found.template, found.style, found.engine) == ("astro", "storybook", "storybook")
    assert (found.seed, found.engine_version) == (42, "0.1.0")
    assert (found.digital_source_type, found.created) == (COMPOSITE, HISTORY.created)
    assert np.array_equal(decode_rgb(data), decode_rgb(plain))
    assert strip(data, media_type) == plain


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_the_request_can_be_replayed_but_the_photo_is_not_named(page, media_type):
    data = embed(encode(page, media_type), media_type, HISTORY)
    found = read(data, media_type)
    assert found is not None
    again = GenerationRequest.from_json(found.request_json)
    assert again.photo == PhotoRef(path="")
    assert again.with_changes(photo=REQUEST.photo) == REQUEST
    assert b"mia" not in data
    assert b"abab" not in data


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_other_programs_find_the_standard_fields(page, media_type):
    image = Image.open(io.BytesIO(embed(encode(page, media_type), media_type, HISTORY)))
    image.load()
    root = ElementTree.fromstring(image.info["xmp"])  # noqa: S314 - written a line above
    texts = {element.tag.rpartition("}")[2]: element.text for element in root.iter()}
    assert texts["DigitalSourceType"] == COMPOSITE
    assert texts["CreatorTool"] == "PickaBook Desktop 0.1.0"
    assert texts["li"] == HISTORY.prompt


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_new_history_replaces_the_old(page, media_type):
    first = embed(encode(page, media_type), media_type, HISTORY)
    second = embed(first, media_type, Metadata(seed=1))
    assert read(second, media_type) == Metadata(seed=1)
    assert b"storybook" not in second


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_a_picture_without_history_has_none(page, media_type):
    assert read(encode(page, media_type), media_type) is None


@pytest.mark.parametrize("lossless", [True, False])
def test_a_plain_webp_gains_the_header_it_needs(page, lossless):
    target = io.BytesIO()
    Image.fromarray(page[:, :101]).save(target, format="WEBP", lossless=lossless)
    data = embed(target.getvalue(), "image/webp", HISTORY)
    image = Image.open(io.BytesIO(data))
    assert image.size == (101, 160)
    assert np.array_equal(decode_rgb(data), decode_rgb(target.getvalue()))
    assert read(data, "image/webp") is not None


def where_it_was_taken():
    exif = Image.Exif()
    exif[0x010F] = "SecretCameraMaker"
    exif[0xA431] = "SERIAL-123456"
    exif.get_ifd(0x8825)[2] = (51.0, 28.0, 38.0)
    return exif


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_stripping_removes_place_camera_and_comments(page, media_type):
    kind = media_type.partition("/")[2].upper()
    options = {"exif": where_it_was_taken(), "comment": b"SecretComment"}
    if kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", "SecretComment")
        notes.add_itxt("Note", "SecretNote", zip=True)
        options = {"exif": where_it_was_taken(), "pnginfo": notes}
    target = io.BytesIO()
    Image.fromarray(page).save(target, format=kind, **options)
    assert b"SERIAL" in target.getvalue()
    data = strip(target.getvalue(), media_type)
    assert b"Secret" not in data
    assert b"SERIAL" not in data
    assert not Image.open(io.BytesIO(data)).getexif()
    assert np.array_equal(decode_rgb(data), decode_rgb(target.getvalue()))


@pytest.mark.parametrize("media_type", [*MEDIA_TYPES, "image/tiff"])
def test_nothing_of_the_photos_exif_reaches_a_picture(page, tmp_path, media_type):
    path = tmp_path / "photo.jpg"
    Image.fromarray(page).save(path, exif=where_it_was_taken())
    assert b"SERIAL" in path.read_bytes()
    data = encode(load_photo(path).rgb, media_type)
    assert b"SERIAL" not in data
    assert b"Secret" not in data
    assert not Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_the_colour_profile_survives_stripping(page, display_p3, media_type):
    target = io.BytesIO()
    kind = media_type.partition("/")[2].upper()
    Image.fromarray(page).save(target, format=kind, icc_profile=display_p3)
    data = strip(target.getvalue(), media_type)
    assert Image.open(io.BytesIO(data)).info["icc_profile"] == display_p3


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_a_damaged_file_is_refused_in_words(page, media_type):
    data = encode(page, media_type)
    for damaged in (b"", data[:20], data[: len(data) // 3], b"x" + data[1:]):
        # A JPEG's scan has no length, so a cut one can only be told by decoding it.
        if media_type == "image/jpeg" and len(damaged) > 700:
            continue
        with pytest.raises(InputError, match="damaged"):
            embed(damaged, media_type, HISTORY)


def test_a_format_without_a_place_for_history_is_refused():
    with pytest.raises(InputError, match="image/bmp"):
        embed(b"BM", "image/bmp", HISTORY)


def test_a_history_too_long_for_jpeg_is_refused_and_fits_png(page):
    long = Metadata(prompt="bear " * 20_000)
    with pytest.raises(InputError, match="too long"):
        embed(encode(page, "image/jpeg"), "image/jpeg", long)
    assert read(embed(encode(page, "image/png"), "image/png", long), "image/png") == long


def test_letters_that_xml_cannot_hold_are_left_out(page):
    data = embed(encode(page, "image/png"), "image/png", Metadata(prompt="a\0b\x0bc\ud800d\n"))
    found = read(data, "image/png")
    assert found is not None
    assert found.prompt == "abcd\n"


def test_packets_with_entities_are_not_opened(page):
    bomb = to_packet(HISTORY).replace(
        b"<x:xmpmeta", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x:xmpmeta', 1
    )
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", bomb.decode())
    target = io.BytesIO()
    Image.fromarray(page).save(target, format="PNG", pnginfo=info)
    assert read(target.getvalue(), "image/png") is None


@pytest.mark.parametrize("text", ["", "not json", "[1]", "7"])
def test_only_a_request_is_stored_as_a_request(text):
    assert shareable(text) == ""


def test_only_what_is_meant_for_others_is_stored():
    request = REQUEST.with_changes(
        fields={"name": "Mia", "title": "A trip"}, options={"paper": "off"}, consent="Mia's mother"
    )
    later = json.loads(request.to_json()) | {"later": "Mia", "size": [64, 32]}
    told = json.loads(shareable(json.dumps(later)))
    assert told["fields"] == {"title": "A trip"}
    assert (told["options"], told["size"]) == ({"paper": "off"}, [64, 32])
    assert set(told) == {
        *("photo", "template_id", "style_id", "engine_id", "prompt", "fields", "palette_id"),
        *("size", "seed", "options"),
    }
    assert "Mia" not in json.dumps(told)
    named = GenerationRequest.from_json(shareable(request.to_json(), names=True))
    assert named.fields == {"name": "Mia", "title": "A trip"}


@pytest.mark.parametrize("seed", ["", "-1", "a bear", "٣", "9" * 5000])
def test_a_packet_with_a_seed_that_is_none_is_not_ours(seed):
    packet = to_packet(Metadata(seed=77)).replace(b">77<", f">{seed}<".encode())
    assert from_packet(packet) is None


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_damage_anywhere_is_survived_or_refused_in_words(page, media_type):
    whole = embed(encode(page[:40, :40], media_type), media_type, HISTORY)
    rng = np.random.default_rng(11)
    refused: list[str] = []
    for _ in range(150):
        damaged = np.frombuffer(whole, np.uint8).copy()
        damaged[rng.integers(0, len(damaged), 8)] = rng.integers(0, 256, 8)
        try:
            read(damaged.tobytes(), media_type)
            strip(damaged.tobytes(), media_type)
        except InputError as error:
            refused.append(error.next_step)
    assert 0 < len(refused) < 150
    assert all(refused)

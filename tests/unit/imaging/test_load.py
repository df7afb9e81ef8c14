"""Getting a photo in: every format, every way in which a file can be wrong."""

import hashlib
import os
import struct
import zlib

import numpy as np
import pillow_heif
import pytest
from PIL import Image
from skimage.color import lab2rgb

from pickabook_desktop.domain.errors import PhotoError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.imaging.load import load_photo

# Where a picture of four quarters has its red one after being stored in each EXIF orientation.
ORIENTATIONS = (1, 2, 3, 4, 5, 6, 7, 8)
STORED_AS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def save(path, image, **options):
    image.save(path, **options)
    return path


def flat(colour, size=(24, 16), mode="RGB"):
    return Image.new(mode, size, colour)


def near(photo, colour, tolerance=2):
    return np.abs(photo.rgb.reshape(-1, 3).astype(int) - colour).max() <= tolerance


@pytest.mark.parametrize(
    ("name", "kind", "options", "tolerance"),
    [
        ("a.jpg", "JPEG", {"quality": 95}, 4),
        ("a.png", "PNG", {}, 0),
        ("a.webp", "WebP", {"lossless": True}, 0),
        ("a.avif", "AVIF", {"quality": 95}, 6),
        ("a.tif", "TIFF", {}, 0),
        ("a.bmp", "BMP", {}, 0),
        ("a.gif", "GIF", {}, 0),
    ],
)
def test_common_formats_are_read(tmp_path, name, kind, options, tolerance):
    path = save(tmp_path / name, flat((200, 100, 50), (64, 48)), **options)
    photo = load_photo(path)
    assert photo.format == kind
    assert photo.size == Size(64, 48)
    assert photo.rgb.shape == (48, 64, 3)
    assert photo.rgb.dtype == np.uint8
    assert near(photo, (200, 100, 50), tolerance)
    assert photo.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_heic_is_read(tmp_path):
    path = tmp_path / "a.heic"
    pillow_heif.from_pillow(flat((200, 100, 50), (64, 48))).save(path, quality=95)
    photo = load_photo(path)
    assert (photo.format, photo.size) == ("HEIC", Size(64, 48))
    assert near(photo, (200, 100, 50), 6)


def test_a_wrong_extension_does_not_matter(tmp_path):
    path = tmp_path / "a.png"
    flat((10, 20, 30)).save(path, format="BMP")
    assert load_photo(path).format == "BMP"


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (flat(200, mode="L"), (200, 200, 200)),
        (flat(1, mode="1"), (255, 255, 255)),
        (flat((120, 128), mode="LA"), (187, 187, 187)),
        (flat((200, 0, 0, 128), mode="RGBA"), (227, 127, 127)),
        (flat((9, 9, 9, 0), mode="RGBA"), (255, 255, 255)),
        (flat((0, 128, 255)).convert("P", palette=Image.Palette.ADAPTIVE), (0, 128, 255)),
        (Image.fromarray(np.full((16, 24), 0x8000, np.uint16)), (128, 128, 128)),
    ],
    ids=["grey", "bitmap", "grey-alpha", "alpha", "clear", "palette", "16-bit"],
)
def test_every_kind_of_png_becomes_plain_rgb(tmp_path, image, expected):
    assert near(load_photo(save(tmp_path / "a.png", image)), expected)


def test_sixteen_bit_colour_png(tmp_path):
    rows = b"".join(b"\0" + struct.pack(">3H", 0xC8C8, 0x6464, 0x3232) * 8 for _ in range(8))
    path = tmp_path / "a.png"
    path.write_bytes(png(8, 8, zlib.compress(rows), depth=16))
    assert near(load_photo(path), (200, 100, 50))


def test_transparent_palette_lies_over_white(tmp_path):
    image = flat(0, mode="P")
    image.putpalette([255, 0, 0])
    assert near(load_photo(save(tmp_path / "a.png", image, transparency=0)), (255, 255, 255))


def test_cmyk_jpeg_is_not_inverted(tmp_path):
    path = save(tmp_path / "a.jpg", flat((0, 255, 255, 0), mode="CMYK"), quality=95)
    assert near(load_photo(path), (255, 0, 0), 4)


def test_the_first_picture_of_an_animation_is_taken(tmp_path):
    path = tmp_path / "a.gif"
    flat((255, 0, 0)).save(path, save_all=True, append_images=[flat((0, 0, 255))])
    assert near(load_photo(path), (255, 0, 0))


def test_display_p3_becomes_srgb(tmp_path, display_p3):
    """(234, 51, 35) in Display P3 is pure red in sRGB."""
    path = save(tmp_path / "a.png", flat((234, 51, 35)), icc_profile=display_p3)
    photo = load_photo(path)
    assert near(photo, (255, 0, 0), 8)
    assert photo.profile == "Display P3"
    assert photo.icc == display_p3


def test_a_colour_inside_both_gamuts_keeps_its_appearance(tmp_path, display_p3):
    """By hand: P3 (0.6, 0.4, 0.3) to the power of 2.2, through D50 XYZ, to sRGB's own curve."""
    path = save(tmp_path / "a.png", flat((153, 102, 77)), icc_profile=display_p3)
    assert near(load_photo(path), in_srgb((153, 102, 77)))


def test_adobe_rgb_becomes_srgb(tmp_path, adobe_rgb):
    """(144, 255, 60) in Adobe RGB is pure green in sRGB."""
    path = save(tmp_path / "a.png", flat((144, 255, 60)), icc_profile=adobe_rgb)
    photo = load_photo(path)
    assert near(photo, (0, 255, 0), 6)
    assert photo.profile == "Adobe RGB (1998)"


@pytest.mark.parametrize("name", ["a.jpg", "a.tif"])
def test_cmyk_is_converted_by_its_own_profile(tmp_path, press, name):
    """Full magenta on this press is CIE Lab 60, 40, 10."""
    path = save(tmp_path / name, flat((0, 255, 0, 0), mode="CMYK"), icc_profile=press, quality=95)
    photo = load_photo(path)
    expected = np.clip(lab2rgb([60.0, 40.0, 10.0]) * 255, 0, 255)
    assert near(photo, np.round(expected).astype(int), 4)
    assert photo.profile == "Press"
    assert near(load_photo(save(path, flat((0, 0, 0, 0), mode="CMYK"), icc_profile=press)), 255)


def test_a_damaged_profile_is_passed_over(tmp_path):
    path = save(tmp_path / "a.png", flat((10, 200, 30)), icc_profile=b"not a profile at all" * 20)
    photo = load_photo(path)
    assert near(photo, (10, 200, 30), 0)
    assert photo.profile == ""


def test_a_profile_of_another_colour_space_is_passed_over(tmp_path, display_p3):
    path = save(tmp_path / "a.png", flat(90, mode="L"), icc_profile=display_p3)
    assert near(load_photo(path), (90, 90, 90), 0)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif", "a.webp", "a.avif", "a.heic"])
def test_exif_orientation_is_applied(tmp_path, orientation, name):
    upright = flat((255, 255, 255), (48, 32))
    upright.paste((255, 0, 0), (0, 0, 24, 16))
    stored = upright.transpose(STORED_AS[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    if name.endswith("heic"):
        pillow_heif.from_pillow(stored).save(tmp_path / name, exif=exif.tobytes(), quality=95)
    else:
        save(tmp_path / name, stored, exif=exif, quality=95)
    photo = load_photo(tmp_path / name)
    assert photo.size == Size(48, 32)
    assert photo.rgb[4, 4, 1] < 60
    assert photo.rgb[4, 44, 1] > 200
    assert photo.rgb[28, 4, 1] > 200


def test_paths_with_spaces_emoji_and_many_folders(tmp_path):
    folder = tmp_path / "Söhne & Töchter 🎂" / ("long " * 12).strip() / ("er " * 20).strip()
    folder.mkdir(parents=True)
    path = save(folder / "kind 🐻 ‏صورة.jpg", flat((0, 0, 0)))
    assert load_photo(path).size == Size(24, 16)


def test_a_huge_jpeg_is_held_smaller(tmp_path):
    path = save(tmp_path / "a.jpg", Image.new("L", (9000, 7200), 128))
    photo = load_photo(path)
    assert photo.size == Size(4500, 3600)
    assert near(photo, (128, 128, 128))


@pytest.mark.parametrize("mode", ["P", "1", "I;16", "RGBA", "LA"])
def test_a_huge_png_of_any_kind_is_held_smaller(tmp_path, mode):
    path = save(tmp_path / "a.png", Image.new(mode, (10000, 7000)), compress_level=1)
    assert load_photo(path).size == Size(5000, 3500)


def png(width, height, stream, depth=8):
    """A PNG file of the given size in its header, whatever the stream holds."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", stream) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def in_srgb(p3):
    """The same colour in sRGB (IEC 61966-2-1), from Display P3 with a power of 2.2."""
    to_xyz = np.array(
        [[0.51512, 0.29198, 0.15710], [0.24120, 0.69225, 0.06657], [-0.00105, 0.04189, 0.78407]]
    )
    srgb = np.array(
        [[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.71410]]
    )
    linear = np.linalg.solve(srgb, to_xyz @ (np.array(p3) / 255) ** 2.2)
    curved = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
    return np.round(curved * 255).astype(int)


def failure(path):
    with pytest.raises(PhotoError) as caught:
        load_photo(path)
    assert caught.value.message
    assert caught.value.next_step
    return caught.value.message


def test_a_missing_file(tmp_path):
    assert "There is no file" in failure(tmp_path / "gone.jpg")


def test_a_path_below_a_file(tmp_path):
    assert "There is no file" in failure(save(tmp_path / "a.png", flat((0, 0, 0))) / "b.jpg")


def test_a_folder(tmp_path):
    assert "is a folder" in failure(tmp_path)


def test_something_that_is_no_file(tmp_path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("named pipes are a Unix thing")
    os.mkfifo(tmp_path / "pipe.jpg")
    assert "is not a file" in failure(tmp_path / "pipe.jpg")


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = save(tmp_path / "a.png", flat((0, 0, 0)))

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    # Taking the permission away has no effect for an administrator.
    monkeypatch.setattr(type(path), "read_bytes", refuse)
    assert "may not read a.png" in failure(path)


def test_an_empty_file(tmp_path):
    (tmp_path / "a.jpg").touch()
    assert "is empty" in failure(tmp_path / "a.jpg")


def test_a_file_that_is_too_large(tmp_path):
    with (tmp_path / "a.tif").open("wb") as file:
        file.truncate(600 * 2**20)
    message = failure(tmp_path / "a.tif")
    assert "600 MB" in message
    assert "500 MB" in message


@pytest.mark.parametrize(
    "content",
    [
        b"Dear diary, this is no picture.",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
        b"\xff",
    ],
    ids=["text", "pdf", "eps", "svg", "film", "one-byte"],
)
def test_something_that_is_no_picture(tmp_path, content):
    (tmp_path / "a.jpg").write_bytes(content)
    assert "not a picture" in failure(tmp_path / "a.jpg")


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tif", "a.bmp", "a.gif", "a.avif"])
@pytest.mark.parametrize("kept", [0.05, 0.5])
def test_a_truncated_picture(tmp_path, astronaut, name, kept):
    path = save(tmp_path / name, Image.fromarray(astronaut))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    assert "is damaged or incomplete" in failure(path)


def test_a_truncated_heic(tmp_path, astronaut):
    path = tmp_path / "a.heic"
    pillow_heif.from_pillow(Image.fromarray(astronaut)).save(path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert "is damaged or incomplete" in failure(path)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tif", "a.bmp", "a.gif", "a.avif"])
def test_random_damage_is_read_or_refused_in_words(tmp_path, astronaut, name):
    path = save(tmp_path / name, Image.fromarray(astronaut[:96, 200:296]))
    whole = path.read_bytes()
    rng = np.random.default_rng(7)
    outcomes = set()
    for _ in range(40):
        damaged = np.frombuffer(whole, np.uint8).copy()
        damaged[rng.integers(0, len(damaged), 12)] = rng.integers(0, 256, 12)
        path.write_bytes(damaged.tobytes())
        try:
            outcomes.add(load_photo(path).rgb.ndim)
        except PhotoError as error:
            outcomes.add(bool(error.next_step))
    assert outcomes <= {3, True}
    assert outcomes


def test_a_decompression_bomb_is_refused_by_its_header(tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(png(60_000, 60_000, zlib.compress(b"\0" * 100)))
    message = failure(path)
    assert "3600 megapixels" in message
    assert "100" in message


def test_a_bomb_hidden_in_a_gif_frame_is_refused(tmp_path):
    screen = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0)
    frame = b"," + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x08\x02\x4c\x01\0;"
    (tmp_path / "bomb.gif").write_bytes(screen + frame)
    assert "too many pixels" in failure(tmp_path / "bomb.gif")

"""What is sent to services: the right pixels, upright, and not a byte more."""

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data as samples

from pickabook_desktop.domain.errors import InputError, NoFaceError, PhotoError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.ports import PageOrder
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.imaging.references import ReferenceMaker
from pickabook_desktop.imaging.seen import SeenPhotos
from pickabook_desktop.storage.catalogue import read_catalogue

RESOURCES = Path(__file__).parents[3] / "resources"
GPS_IFD = 0x8825
SECRET_WORDS = b"Canon of the Miller family"


@pytest.fixture(scope="module")
def seen() -> SeenPhotos:
    return SeenPhotos(RESOURCES / "face_models")


@pytest.fixture(scope="module")
def maker(seen: SeenPhotos) -> ReferenceMaker:
    return ReferenceMaker(seen, lambda name: RESOURCES / "templates" / name)


def _telling_photo(file: Path, pixels: np.ndarray, orientation: int = 1) -> PhotoRef:
    """A JPEG whose EXIF tells where and with what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = SECRET_WORDS.decode()
    exif[0x0112] = orientation
    exif[GPS_IFD] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0)}
    Image.fromarray(pixels).save(file, exif=exif, comment=SECRET_WORDS, quality=92)
    return PhotoRef(path=str(file))


def _pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


@pytest.mark.parametrize("role", ["face", "whole"])
def test_nothing_of_the_file_but_pixels_leaves(
    maker: ReferenceMaker, tmp_path: Path, role: str
) -> None:
    photo = _telling_photo(tmp_path / "child.jpg", samples.astronaut())
    sent = getattr(maker, role)(photo, longest=512)
    image = Image.open(io.BytesIO(sent.data))
    assert sent.media_type == "image/jpeg"
    assert max(image.size) <= 512
    assert (image.width, image.height) == (sent.size.width, sent.size.height)
    assert not image.getexif()
    assert SECRET_WORDS not in sent.data
    assert not {"exif", "comment", "photoshop", "xmp"} & set(image.info)
    assert sent.photo_sha256 != ""


@pytest.mark.parametrize("role", ["face", "whole"])
def test_another_photo_of_that_name_is_not_sent(
    maker: ReferenceMaker, tmp_path: Path, role: str
) -> None:
    photo = _telling_photo(tmp_path / "child.jpg", samples.astronaut())
    looked_at = getattr(maker, role)(photo, longest=512).photo_sha256
    same = PhotoRef(path=photo.path, sha256=looked_at)
    assert getattr(maker, role)(same, longest=512).photo_sha256 == looked_at
    _telling_photo(tmp_path / "child.jpg", samples.astronaut()[::-1])
    with pytest.raises(PhotoError) as caught:
        getattr(maker, role)(same, longest=512)
    assert "child.jpg has changed" in caught.value.message
    assert caught.value.next_step


def test_the_crop_holds_the_head_and_little_else(
    maker: ReferenceMaker, seen: SeenPhotos, tmp_path: Path
) -> None:
    photo = _telling_photo(tmp_path / "child.jpg", samples.astronaut())
    sent = maker.face(photo, longest=1024)
    assert sent.role == "face"
    assert sent.size.width * sent.size.height < 0.4 * 512 * 512
    (face,) = seen.finder.find(_pixels(sent.data)).faces
    assert 0.3 < face.box.width / sent.size.width < 0.7
    assert face.box.y > 0.2 * sent.size.height  # room for the hair


def test_sideways_photos_are_sent_upright(maker: ReferenceMaker, tmp_path: Path) -> None:
    upright = maker.face(_telling_photo(tmp_path / "a.jpg", samples.astronaut()), longest=256)
    turned = np.rot90(samples.astronaut())  # as held, EXIF says turn it clockwise
    sent = maker.face(_telling_photo(tmp_path / "b.jpg", turned, orientation=6), longest=256)
    assert abs(sent.size.width - upright.size.width) <= 6
    same = _pixels(sent.data)[:200, :180].astype(float)
    assert np.abs(same - _pixels(upright.data)[:200, :180]).mean() < 20


def test_nobody_else_can_be_recognised(
    maker: ReferenceMaker, seen: SeenPhotos, tmp_path: Path
) -> None:
    face = samples.astronaut()[0:240, 110:330]
    pair = np.hstack([face, face[:, ::-1]])
    photo = _telling_photo(tmp_path / "pair.jpg", pair)
    found = seen.finder.find(pair)
    assert len(found.faces) == 2
    for index in (0, 1):
        chosen = PhotoRef(path=photo.path, face_index=index)
        sent = maker.face(chosen, longest=512)
        assert len(seen.finder.find(_pixels(sent.data)).faces) == 1


def test_a_face_that_overlaps_the_other_is_blurred(
    maker: ReferenceMaker, seen: SeenPhotos, tmp_path: Path
) -> None:
    child = cv2.resize(samples.astronaut()[30:200, 150:300], None, fx=2.2, fy=2.2)
    pixels = np.full((520, 520, 3), 90, np.uint8)
    small = cv2.resize(child, None, fx=0.45, fy=0.45)
    pixels[60 : 60 + child.shape[0], 20 : 20 + child.shape[1]] = child
    pixels[0 : small.shape[0], 330 : 330 + small.shape[1]] = small
    photo = _telling_photo(tmp_path / "two.jpg", pixels)
    if len(seen.finder.find(pixels).faces) != 2:
        pytest.fail("the picture of this test should show two faces")
    sent = maker.face(photo, longest=512)
    assert len(seen.finder.find(_pixels(sent.data)).faces) == 1


def test_photos_without_a_face_or_that_are_none(maker: ReferenceMaker, tmp_path: Path) -> None:
    photo = _telling_photo(tmp_path / "cat.jpg", samples.chelsea())
    with pytest.raises(NoFaceError) as caught:
        maker.face(photo, longest=512)
    assert "other_crop" in caught.value.remedies
    assert maker.whole(photo, longest=200).size.width == 200
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    with pytest.raises(PhotoError):
        maker.whole(PhotoRef(path=str(broken)), longest=200)


def test_every_scene_can_be_sent_and_shows_nobody(maker: ReferenceMaker, seen: SeenPhotos) -> None:
    catalogue = read_catalogue((RESOURCES / "templates",), (RESOURCES / "styles",))
    for template in catalogue.templates.values():
        order = PageOrder(
            photo=PhotoRef(path="there-is-none.jpg"),
            template=template,
            style=catalogue.styles["storybook"],
            size=Size(2048, 2048),
        )
        sent = maker.scene(order, longest=640)
        assert sent.role == "scene"
        assert sent.photo_sha256 == ""
        assert sent.size == Size(640, 640)
        assert _pixels(sent.data).std() > 15
        assert not seen.finder.find(_pixels(sent.data)).faces


def _encoded(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, kind)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_that_came_is_measured(maker: ReferenceMaker, kind: str) -> None:
    media_type, size = maker.measured(_encoded(kind), max_megapixels=1)
    assert media_type == f"image/{kind.lower()}"
    assert size == Size(40, 30)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_half_a_picture_is_none(maker: ReferenceMaker, kind: str) -> None:
    noise = np.random.default_rng(7).integers(0, 255, (200, 200, 3), np.uint8)
    target = io.BytesIO()
    Image.fromarray(noise).save(target, kind)
    whole = target.getvalue()
    with pytest.raises(InputError, match="damaged"):
        maker.measured(whole[: len(whole) // 2], max_megapixels=1)


def test_what_is_no_picture_or_far_too_large(maker: ReferenceMaker) -> None:
    with pytest.raises(InputError, match="not a picture"):
        maker.measured(b"<html>Sorry</html>", max_megapixels=1)
    with pytest.raises(InputError, match="not a picture"):
        maker.measured(b"", max_megapixels=1)
    with pytest.raises(InputError, match="megapixels"):
        maker.measured(_encoded("PNG", (20000, 9000)), max_megapixels=64)

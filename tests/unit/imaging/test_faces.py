"""Finding faces."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image
from skimage import data

from pickabook_desktop.domain.errors import NotConfiguredError
from pickabook_desktop.imaging.faces import FaceFinder, mesh_points
from pickabook_desktop.imaging.load import load_photo

# Where the astronaut's eyes are, read off the photo.
RIGHT_EYE = (203, 102)
LEFT_EYE = (246, 105)


def only(found):
    assert len(found.faces) == 1
    return found.faces[0]


def close(points, expected, distance=6):
    return np.abs(np.asarray(points) - expected).max() <= distance


def test_the_face_and_its_eyes_are_found(finder, astronaut):
    found = finder.find(astronaut)
    face = only(found)
    assert found.turned == 0
    assert face.points.shape == (468, 3)
    assert face.points.dtype == np.float32
    assert close(face.eye_centers, (RIGHT_EYE, LEFT_EYE))
    assert 80 < face.box.width < 110
    assert face.presence > 0.9


def test_the_mesh_lies_the_right_way_round(finder, astronaut):
    points = only(finder.find(astronaut)).points
    assert (
        points[mesh_points.TOP, 1] < points[mesh_points.NOSE_TIP, 1] < points[mesh_points.CHIN, 1]
    )
    assert points[mesh_points.RIGHT_EAR, 0] < points[mesh_points.LEFT_EAR, 0]
    assert points[mesh_points.NOSE_TIP, 2] < points[mesh_points.RIGHT_EAR, 2]


def test_irises_lie_in_the_eyes(finder, portrait):
    face = only(finder.find(portrait))
    for iris, eye in zip(finder.irises(portrait, face), face.eye_centers, strict=True):
        assert close(iris[:2], eye, 12)
        assert 5 < iris[2] < 20


def test_the_person_is_told_from_the_background(finder, portrait):
    person = finder.segment(portrait)
    assert person.shape == (256, 256)
    assert person.dtype == np.float32
    assert person[120, 125] > 0.9
    assert person[10, 10] < 0.1


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_photo_on_its_side_is_turned(finder, astronaut, quarters):
    found = finder.find(np.ascontiguousarray(np.rot90(astronaut, quarters)))
    assert found.turned == quarters * 90
    assert np.array_equal(found.rgb, astronaut)
    assert close(only(found).eye_centers, (RIGHT_EYE, LEFT_EYE))


@pytest.mark.parametrize("degrees", [-45, -20, 20, 45])
def test_a_leaning_head_is_found_without_turning(finder, astronaut, degrees):
    leaning = np.array(Image.fromarray(astronaut).rotate(-degrees, expand=True))
    found = finder.find(leaning)
    assert found.turned == 0
    assert abs(only(found).roll - degrees) < 8


def test_a_mirrored_face_is_found(finder, astronaut):
    found = finder.find(np.ascontiguousarray(astronaut[:, ::-1]))
    assert close(only(found).eye_centers, ((511 - 246, 105), (511 - 203, 102)))


def test_a_face_of_forty_pixels_is_found_in_a_large_photo(finder, astronaut):
    small = Image.fromarray(astronaut).resize((222, 222), Image.Resampling.BOX)
    photo = Image.new("RGB", (960, 720), (150, 150, 150))
    photo.paste(small, (500, 300))
    face = only(finder.find(np.array(photo)))
    assert 30 < face.box.width < 50
    assert close(face.eye_centers[0], (500 + 203 * 222 / 512, 300 + 102 * 222 / 512), 4)


def test_a_dark_and_noisy_face_is_found(finder, astronaut):
    rng = np.random.default_rng(3)
    dark = astronaut * 0.2 + rng.normal(0, 3, astronaut.shape)
    only(finder.find(np.clip(dark, 0, 255).astype(np.uint8)))


def test_grey_photos_work_too(finder):
    only(finder.find(np.repeat(np.array(data.camera())[..., None], 3, axis=2)))


def test_two_faces_are_found_from_left_to_right(finder, astronaut):
    found = finder.find(np.hstack([astronaut, astronaut[:, ::-1]]))
    assert [round(face.box.center[0] / 1024, 1) for face in found.faces] == [0.2, 0.8]


def test_the_largest_face_is_known(finder, astronaut):
    near = np.array(Image.fromarray(astronaut).resize((800, 800)))
    far = np.full((800, 512, 3), 120, np.uint8)
    far[:512] = astronaut
    assert finder.find(np.hstack([far, near])).largest == 1


def test_points_lie_in_the_full_photo_however_large(finder, astronaut):
    large = np.array(Image.fromarray(astronaut).resize((2048, 2048), Image.Resampling.BICUBIC))
    face = only(finder.find(large))
    assert close(face.eye_centers, np.array((RIGHT_EYE, LEFT_EYE)) * 4, 24)


@pytest.mark.parametrize(
    "name", ["chelsea", "coins", "moon", "coffee", "rocket", "brick", "grass", "page", "text"]
)
def test_cats_and_things_are_no_faces(finder, name):
    picture = np.array(getattr(data, name)())
    if picture.ndim == 2:
        picture = np.repeat(picture[..., None], 3, axis=2)
    assert finder.find(picture).faces == ()


def test_two_threads_may_share_a_finder(finder, astronaut):
    mirrored = np.ascontiguousarray(astronaut[:, ::-1])
    expected = [finder.find(photo).faces[0].points for photo in (astronaut, mirrored)]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(finder.find, [astronaut, mirrored] * 4))
    for index, result in enumerate(found):
        assert np.array_equal(only(result).points, expected[index % 2])


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (16, 16), (3000, 200)])
def test_pictures_of_any_shape_are_searched(finder, size):
    found = finder.find(np.full((*size, 3), 128, np.uint8))
    assert found.faces == ()
    assert found.rgb.shape == (*size, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_face_is_in_the_same_place_whatever_the_camera_noted(
    finder, astronaut, tmp_path, orientation
):
    stored = {
        1: astronaut,
        2: astronaut[:, ::-1],
        3: astronaut[::-1, ::-1],
        4: astronaut[::-1],
        5: astronaut.transpose(1, 0, 2),
        6: np.rot90(astronaut),
        7: np.rot90(astronaut, 2).transpose(1, 0, 2),
        8: np.rot90(astronaut, 3),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "a.jpg"
    Image.fromarray(np.ascontiguousarray(stored)).save(path, exif=exif, quality=95)
    found = finder.find(load_photo(path).rgb)
    assert found.turned == 0
    assert close(only(found).eye_centers, (RIGHT_EYE, LEFT_EYE))


@pytest.mark.parametrize(
    "name",
    [
        "face_detection_short_range.tflite",
        "face_landmark.tflite",
        "iris_landmark.tflite",
        "selfie_segmentation.tflite",
        "onet.onnx",
    ],
)
@pytest.mark.parametrize("harm", ["missing", "empty", "wrong"])
def test_a_missing_or_damaged_model_is_named_with_the_way_to_mend_it(tmp_path, models, name, harm):
    for path in models.glob("*.*"):
        if path.name != name:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    if harm != "missing":
        (tmp_path / name).write_bytes(b"" if harm == "empty" else b"<html>Not found</html>" * 9)
    with pytest.raises(NotConfiguredError, match=name) as caught:
        FaceFinder(tmp_path)
    assert "packaging/face_models.py" in caught.value.next_step

"""The five looks: each its own medium, none a photo."""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from pickabook_desktop.imaging.faces import FaceFinder, FaceMesh, mesh_points
from pickabook_desktop.imaging.looks import LOOKS, draw_head
from pickabook_desktop.imaging.ops import F32, gaussian, lab_to_rgb, rgb_to_lab
from pickabook_desktop.imaging.portrait import Portrait, prepare

MODELS = Path(__file__).parents[3] / "resources" / "face_models"
NAMES = ("storybook", "watercolour", "pencil", "comic", "papercut")
UNIT = 120


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    return FaceFinder(MODELS)


@pytest.fixture(scope="module")
def head(finder: FaceFinder) -> Portrait:
    found = finder.find(np.asarray(data.astronaut()))
    return prepare(found.rgb, found.faces[0], finder, UNIT)


@pytest.fixture(scope="module")
def drawn(head: Portrait) -> Mapping[str, F32]:
    return {name: draw_head(head, name, 7) for name in NAMES}


def fine(lab: F32, mask: NDArray[np.bool_]) -> F32:
    """The fine texture of a picture: what a blur of a few pixels takes away."""
    light = np.ascontiguousarray(lab[..., 0])
    return (light - gaussian(light, 2.0))[mask]


def calm_skin(head: Portrait) -> NDArray[np.bool_]:
    return (head.face_mask > 0.95) & (head.feature_weight < 0.05) & (head.lips < 0.01)


def test_the_looks_are_those_that_styles_may_name():
    assert set(LOOKS) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_look_fills_the_frame_with_colours_that_can_be_shown(
    head: Portrait, drawn: Mapping[str, F32], name: str
):
    lab = drawn[name]
    assert lab.shape == (*head.alpha.shape, 3)
    assert lab.dtype == np.float32
    assert np.isfinite(lab).all()
    inside = lab[head.alpha > 0.5]
    assert inside[:, 0].min() >= 0
    assert inside[:, 0].max() <= 101
    assert lab_to_rgb(lab).dtype == np.uint8


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_draws_the_same_and_another_varies(
    head: Portrait, drawn: Mapping[str, F32], name: str
):
    assert np.array_equal(draw_head(head, name, 7), drawn[name])
    assert not np.array_equal(draw_head(head, name, 8), drawn[name])


@pytest.mark.parametrize("name", NAMES)
def test_drawing_leaves_the_portrait_as_it_was(head: Portrait, name: str):
    arrays = {
        **{
            field: getattr(head.study, field)
            for field in head.study.__slots__
            if field not in ("unit", "memo")
        },
        **{field: getattr(head, field) for field in ("points", "alpha", "mouth", "lips")},
        "face_mask": head.face_mask,
        "left": head.eyes[0],
        "right": head.eyes[1],
    }
    before = {field: array.copy() for field, array in arrays.items()}
    draw_head(head, name, 3)
    assert [f for f, array in arrays.items() if not np.array_equal(array, before[f])] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_eyes_stay_where_they_are(head: Portrait, drawn: Mapping[str, F32], name: str):
    """Each pupil is darker than the white beside it and lies where the iris was found."""
    light = drawn[name][..., 0]
    for (x, y, radius), opening in zip(head.irises, head.eyes, strict=True):
        rows, columns = np.indices(light.shape)
        away = np.hypot(columns - x, rows - y) / radius
        white = light[(opening > 0.95) & (away > 1.25)].mean()
        assert light[(away < 0.4)].mean() < white - 25
        assert np.abs(np.subtract((x, y), centre_of(head, x))).max() < 0.12 * UNIT


def centre_of(head: Portrait, x: float) -> NDArray[np.float32]:
    area = mesh_points.RIGHT_EYE if x < head.anchor[0] else mesh_points.LEFT_EYE
    return head.points[list(area)].mean(axis=0)


@pytest.mark.parametrize("name", NAMES)
def test_no_look_has_the_grain_of_the_photo(head: Portrait, drawn: Mapping[str, F32], name: str):
    skin = calm_skin(head)
    photo, drawing = fine(head.lab, skin), fine(drawn[name], skin)
    assert abs(np.corrcoef(photo, drawing)[0, 1]) < 0.6


def test_no_two_looks_are_alike(head: Portrait, drawn: Mapping[str, F32]):
    solid = head.alpha > 0.9
    for index, first in enumerate(NAMES):
        for second in NAMES[index + 1 :]:
            difference = np.abs(drawn[first][solid] - drawn[second][solid]).mean()
            assert difference > 2.0, (first, second)


def test_ink_and_wash_has_few_tones_in_the_skin(head: Portrait, drawn: Mapping[str, F32]):
    """Most of the skin is flat: tones change in clean steps, not as in a photo."""
    skin = calm_skin(head)
    light = np.ascontiguousarray(drawn["storybook"][..., 0])
    slope = np.hypot(cv2.Sobel(light, cv2.CV_32F, 1, 0), cv2.Sobel(light, cv2.CV_32F, 0, 1)) / 8
    assert np.median(slope[skin]) < 0.35


@pytest.mark.parametrize("name", ["storybook", "comic"])
def test_the_silhouette_is_inked(head: Portrait, drawn: Mapping[str, F32], name: str):
    light = drawn[name][..., 0]
    alpha = head.alpha
    inner = cv2.erode(alpha, np.ones((3, 3), np.uint8), borderValue=0)
    rim = (alpha > 0.8) & (inner < 0.8)
    chin = rim & (np.arange(len(alpha))[:, None] > head.points[mesh_points.NOSE_TIP, 1])
    assert np.median(light[chin]) < 30


def darker_face(photo: NDArray[np.uint8], mesh: FaceMesh, gain: float) -> NDArray[np.uint8]:
    """The photo with only the face darkened, as skin differs and not the light."""
    oval = np.zeros(photo.shape[:2], np.float32)
    cv2.fillPoly(oval, [mesh.points[list(mesh_points.OVAL), :2].astype(np.int32)], (1.0,))
    weight = (cv2.GaussianBlur(oval, (0, 0), 3) * (1 - gain))[..., None]
    return (photo * (1 - weight)).astype(np.uint8)


@pytest.mark.parametrize("name", NAMES)
def test_darker_skin_is_drawn_darker(finder: FaceFinder, name: str):
    photo = np.asarray(data.astronaut())
    mesh = finder.find(photo).faces[0]
    tones: list[float] = []
    for gain in (0.45, 0.7, 1.0):
        head = prepare(darker_face(photo, mesh, gain), mesh, finder, 64)
        tones.append(float(np.median(draw_head(head, name, 1)[..., 0][calm_skin(head)])))
    assert tones == sorted(tones)
    assert tones[2] - tones[0] > 8


@pytest.mark.parametrize("name", NAMES)
def test_a_grey_photo_is_drawn_in_colour(finder: FaceFinder, name: str):
    photo = np.asarray(data.astronaut())
    mesh = finder.find(photo).faces[0]
    light = np.asarray(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), np.uint8)
    grey = np.repeat(light[..., None], 3, axis=2)
    head = prepare(grey, mesh, finder, 64)
    skin = draw_head(head, name, 1)[calm_skin(head)]
    assert np.median(skin[:, 1]) > 4
    assert np.median(skin[:, 2]) > 6


@pytest.mark.parametrize("name", NAMES)
def test_a_face_without_hair_can_be_drawn(finder: FaceFinder, name: str):
    photo = np.asarray(data.astronaut())
    face = prepare(photo, finder.find(photo).faces[0], finder, 70, "face")
    assert draw_head(face, name, 1).shape[:2] == face.alpha.shape


def test_an_unknown_look_is_refused(head: Portrait):
    with pytest.raises(KeyError):
        draw_head(head, "oil", 1)


@pytest.mark.parametrize("gain", [0.4, 0.7, 1.0])
def test_the_scene_is_given_the_colour_of_the_drawn_face(finder: FaceFinder, gain: float):
    """Hands, neck and ears of the scene must look as if they belonged to the drawn face."""
    photo = np.asarray(data.astronaut())
    mesh = finder.find(photo).faces[0]
    head = prepare(darker_face(photo, mesh, gain), mesh, finder, 64)
    code = head.colours()["skin"]
    colour = rgb_to_lab(np.array([[[int(code[i : i + 2], 16) for i in (1, 3, 5)]]], np.uint8))[0, 0]
    cheeks = np.zeros(head.alpha.shape, np.uint8)
    for area in (mesh_points.RIGHT_CHEEK, mesh_points.LEFT_CHEEK):
        cv2.fillPoly(cheeks, [head.points[list(area)].astype(np.int32)], (1,))
    for name in NAMES:
        drawn_cheeks = draw_head(head, name, 1)[cheeks > 0].mean(axis=0)
        assert np.linalg.norm(drawn_cheeks - colour) < 5, name


def test_variants_of_the_skin_go_from_light_to_dark(head: Portrait):
    colours = head.colours()
    order = ("skin_light", "skin", "skin_shade", "skin_dark")
    greens = [int(colours[role][3:5], 16) for role in order]
    assert greens == sorted(greens, reverse=True)
    assert len(set(greens)) == len(order)


@pytest.mark.parametrize("name", ["storybook", "comic"])
def test_the_outline_is_heavier_away_from_the_light(head: Portrait, name: str):
    from_left, from_right = (draw_head(head, name, 7, light=at)[..., 0] for at in (-90.0, 90.0))
    solid = head.alpha > 0.9
    left = solid & (np.arange(head.size[0])[None] < head.anchor[0])
    right = solid & ~left
    assert from_left[right].mean() < from_right[right].mean()
    assert from_right[left].mean() < from_left[left].mean()

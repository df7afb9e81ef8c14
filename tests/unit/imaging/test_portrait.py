"""A head prepared for drawing: what a user would notice if it went wrong."""

import re
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from pickabook_desktop.imaging.faces import FaceFinder, FaceMesh, mesh_points
from pickabook_desktop.imaging.ops import f32, lab_to_rgb, rgb_to_lab
from pickabook_desktop.imaging.portrait import Portrait, prepare

MODELS = Path(__file__).parents[3] / "resources" / "face_models"
Photo = NDArray[np.uint8]


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    return FaceFinder(MODELS)


@pytest.fixture(scope="module")
def photo() -> Photo:
    return np.asarray(data.astronaut())


@pytest.fixture(scope="module")
def mesh(finder: FaceFinder, photo: Photo) -> FaceMesh:
    return finder.find(photo).faces[0]


@pytest.fixture(scope="module")
def head(finder: FaceFinder, photo: Photo, mesh: FaceMesh) -> Portrait:
    return prepare(photo, mesh, finder, 110)


def center(head: Portrait, area: tuple[int, ...]) -> NDArray[np.float32]:
    return head.points[list(area)].mean(axis=0)


def test_the_eyes_are_level_and_the_anchor_lies_between_them(head: Portrait):
    right, left = center(head, mesh_points.RIGHT_EYE), center(head, mesh_points.LEFT_EYE)
    assert abs(right[1] - left[1]) < 0.06 * head.unit
    assert abs(head.anchor[0] - (right[0] + left[0]) / 2) < 0.15 * head.unit
    assert abs(head.anchor[1] - (right[1] + left[1]) / 2) < 0.08 * head.unit
    assert left[0] - right[0] == pytest.approx(head.unit, rel=0.15)


def test_the_irises_lie_in_the_openings_of_the_eyes(head: Portrait):
    for (x, y, radius), opening in zip(head.irises, head.eyes, strict=True):
        assert opening[round(y), round(x)] > 0.9
        assert 0.05 * head.unit < radius < 0.2 * head.unit


def test_the_irises_are_where_the_picture_is_dark(head: Portrait):
    light = head.lab[..., 0]
    for x, y, radius in head.irises:
        pupil = light[round(y) - 1 : round(y) + 2, round(x) - 1 : round(x) + 2].mean()
        cheek = light[round(y + 6 * radius), round(x)]
        assert pupil < cheek - 20


def test_the_head_is_kept_and_the_background_is_not(head: Portrait):
    inner = head.face_mask > 0.98
    assert head.alpha[inner].min() > 0.95
    height, width = head.alpha.shape
    corners = [head.alpha[y, x] for y in (0, height - 1) for x in (0, width - 1)]
    assert max(corners) < 0.02
    chin_y = head.points[mesh_points.CHIN, 1]
    below = head.alpha[min(height - 1, round(chin_y + 0.25 * head.unit)) :]
    assert below.mean() < 0.1, "neither neck nor suit belongs to the head"


def test_the_hair_belongs_to_the_head_and_is_told_from_the_skin(head: Portrait):
    study = head.study
    top_x, top_y = study.points[mesh_points.TOP].astype(int)
    above = (slice(top_y - int(0.5 * study.unit), top_y - int(0.3 * study.unit)), top_x)
    assert study.alpha[above].min() > 0.95
    assert study.hair[above].mean() > 0.8
    cheek_x, cheek_y = study.points[list(mesh_points.RIGHT_CHEEK)].mean(axis=0).astype(int)
    assert study.hair[cheek_y, cheek_x] < 0.05


def test_a_face_alone_takes_less_room_than_the_head(
    finder: FaceFinder, photo: Photo, mesh: FaceMesh, head: Portrait
):
    face = prepare(photo, mesh, finder, 110, "face")
    assert face.size[0] < head.size[0]
    assert face.size[1] < head.size[1]
    assert face.colours()["hair"] == head.colours()["hair"]


def test_a_leaning_head_is_drawn_upright(finder: FaceFinder, photo: Photo, head: Portrait):
    height, width = photo.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 4), 25, 1.0)
    leaning = np.asarray(cv2.warpAffine(photo, turn, (width, height)), np.uint8)
    found = finder.find(leaning)
    upright = prepare(found.rgb, found.faces[0], finder, 110)
    for ours, theirs in zip(upright.irises, head.irises, strict=True):
        offset = np.subtract(ours[:2], upright.anchor) - np.subtract(theirs[:2], head.anchor)
        assert np.abs(offset).max() < 0.07 * head.unit


def test_the_scale_of_the_page_changes_the_size_and_nothing_else(
    finder: FaceFinder, photo: Photo, mesh: FaceMesh, head: Portrait
):
    large = prepare(photo, mesh, finder, 220)
    assert large.size[0] == pytest.approx(2 * head.size[0], abs=2)
    assert np.array_equal(large.study.lab, head.study.lab)
    assert large.colours() == head.colours()


def test_darker_skin_stays_darker(finder: FaceFinder, photo: Photo, mesh: FaceMesh):
    """Only the face is darkened or lightened, as skin differs and not the light."""
    size = (photo.shape[1], photo.shape[0])
    oval = np.zeros(photo.shape[:2], np.uint8)
    cv2.fillPoly(oval, [mesh.points[list(mesh_points.OVAL), :2].astype(np.int32)], (1,))
    weight = cv2.GaussianBlur(oval.astype(np.float32), (0, 0), 3)
    assert weight.shape == size[::-1]
    tones: list[float] = []
    for step in (-28, -14, 0, 8):
        lab = rgb_to_lab(photo)
        lab[..., 0] = np.clip(lab[..., 0] + step * weight, 0, 100)
        tones.append(prepare(lab_to_rgb(lab), mesh, finder, 64).skin[0])
    assert tones == sorted(tones)
    assert tones[2] - tones[0] > 8, "dark skin is not bleached"


def test_a_grey_photo_gets_the_tint_of_skin(finder: FaceFinder, photo: Photo, mesh: FaceMesh):
    light = np.asarray(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), np.uint8)
    grey = np.repeat(light[..., None], 3, axis=2)
    red, green, blue = (
        int(prepare(grey, mesh, finder, 64).colours()["skin"][i : i + 2], 16) for i in (1, 3, 5)
    )
    assert red > green > blue
    assert red - blue > 25


def test_a_dim_photo_is_brought_to_light(
    finder: FaceFinder, photo: Photo, mesh: FaceMesh, head: Portrait
):
    dim = (photo * 0.3).astype(np.uint8)
    assert prepare(dim, mesh, finder, 64).skin[0] > head.skin[0] - 14


def test_a_colour_cast_is_taken_out_of_the_skin(
    finder: FaceFinder, photo: Photo, mesh: FaceMesh, head: Portrait
):
    blue = np.clip(photo * np.array([0.75, 0.95, 1.25]), 0, 255).astype(np.uint8)
    cast = prepare(blue, mesh, finder, 64).skin
    before = f32(rgb_to_lab(blue)[150:170, 215:225].reshape(-1, 3).mean(axis=0))
    assert np.hypot(cast[1] - head.skin[1], cast[2] - head.skin[2]) < 10
    assert np.hypot(*(before[1:] - f32(head.skin[1:]))) > 15, "the cast was there to be seen"


def test_the_colours_are_written_for_a_drawing(head: Portrait):
    colours = head.colours()
    assert set(colours) == {
        *("skin", "skin_light", "skin_shade", "skin_dark"),
        *("hair", "hair_dark", "hair_light"),
    }
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours.values())


def test_a_face_cut_by_the_border_is_still_prepared(finder: FaceFinder, photo: Photo):
    left = 170
    found = finder.find(np.ascontiguousarray(photo[20:300, left:420]))
    head = prepare(found.rgb, found.faces[0], finder, 90)
    assert np.isfinite(head.lab).all()
    assert head.alpha.max() > 0.9


def test_a_mesh_far_outside_the_photo_does_no_harm(
    finder: FaceFinder, photo: Photo, mesh: FaceMesh
):
    away = replace(mesh, points=mesh.points + f32([300, 0, 0]))
    head = prepare(photo, away, finder, 64)
    assert np.isfinite(head.lab).all()

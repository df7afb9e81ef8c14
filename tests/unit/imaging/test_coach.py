"""Advice on photos."""

import hashlib
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from pickabook_desktop.imaging.coach import inspect
from pickabook_desktop.imaging.faces.measures import measure
from pickabook_desktop.imaging.load import load_photo


@pytest.fixture
def look_at(finder, tmp_path):
    """Save a picture, read it and report on it."""

    def report(rgb, name="holiday.png"):
        path = tmp_path / name
        Image.fromarray(np.ascontiguousarray(rgb)).save(path)
        photo = load_photo(path)
        return inspect(photo, finder.find(photo.rgb), path)

    return report


def advice(report, face=0):
    return {note.code: note.level for note in report.faces[face].notes}


def test_a_good_portrait_is_called_good(look_at, portrait):
    report = look_at(portrait)
    assert advice(report) == {"good": "good"}
    assert report.level_for(None) == "good"
    face = report.faces[0]
    assert abs(face.yaw) < 10
    assert abs(face.pitch) < 15
    assert 75 < face.pupil_distance < 95
    assert 0.4 < face.brightness < 0.8


def test_the_report_names_the_file(look_at, portrait, tmp_path):
    report = look_at(portrait)
    path = tmp_path / "holiday.png"
    assert report.path == str(path)
    assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (report.size.width, report.size.height) == (600, 600)
    assert report.format == "PNG"


def test_no_face_stops_and_says_what_to_choose(look_at):
    report = look_at(np.full((300, 400, 3), 140, np.uint8))
    assert report.level_for(None) == "stop"
    (note,) = report.notes
    assert note.code == "no_face"
    assert note.message == "No face found in holiday.png."
    assert "64 pixels" in note.next_step


def test_a_small_face_is_a_warning_a_tiny_one_stops(look_at, astronaut):
    assert advice(look_at(astronaut)) == {"too_small": "warn"}
    tiny = cv2.resize(astronaut, (256, 256), interpolation=cv2.INTER_AREA)
    assert advice(look_at(tiny))["too_small"] == "stop"


def test_blur_is_seen_at_any_size(look_at, portrait):
    # Sigma as a part of the face's width: 2 % softens it, 3.5 % loses the features.
    width = 185
    assert advice(look_at(cv2.GaussianBlur(portrait, (0, 0), 0.02 * width))) == {"blurred": "warn"}
    assert advice(look_at(cv2.GaussianBlur(portrait, (0, 0), 0.035 * width))) == {"blurred": "stop"}
    large = cv2.resize(portrait, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    assert advice(look_at(large)) == {"good": "good"}
    assert "blurred" in advice(look_at(cv2.GaussianBlur(large, (0, 0), 0.02 * width * 3)))


def test_too_little_light(look_at, portrait):
    assert advice(look_at((portrait * 0.25).astype(np.uint8)))["too_dark"] == "warn"
    assert advice(look_at((portrait * 0.1).astype(np.uint8)))["too_dark"] == "stop"


def test_dark_skin_in_good_light_is_not_called_dark(look_at, portrait):
    """The skin at a third of its lightness, whites of the eyes and highlights as they are."""
    lab = cv2.cvtColor(portrait, cv2.COLOR_RGB2LAB)
    lightness = lab[..., 0].astype(np.float32)
    lab[..., 0] = (lightness * np.clip(lightness / 255, 0.42, 1)).astype(np.uint8)
    report = look_at(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB))
    assert report.faces[0].brightness < 0.4
    assert "too_dark" not in advice(report)


def test_burnt_out_skin(look_at, portrait):
    bright = np.clip(portrait.astype(np.int32) * 1.6 + 30, 0, 255).astype(np.uint8)
    assert advice(look_at(bright))["too_bright"] == "warn"


def test_a_face_cut_by_the_edge(look_at, portrait):
    assert advice(look_at(portrait[:, 240:]))["cut_off"] == "warn"


def test_a_face_half_out_of_the_picture_stops(look_at, portrait):
    report = look_at(portrait[:, 315:])
    assert report.level_for(None) == "stop"


def test_sunglasses(look_at, portrait, finder):
    worn = portrait.copy()
    for x, y in finder.find(portrait).faces[0].eye_centers:
        cv2.ellipse(worn, (round(x), round(y)), (36, 27), 0, 0, 360, (18, 18, 20), -1, cv2.LINE_AA)
    note = look_at(worn).faces[0].notes[0]
    assert (note.level, note.code) == ("warn", "covered")
    assert "sunglasses" in note.message


def test_a_head_turned_to_the_side(look_at, portrait, finder):
    """A real turn cannot be made from one photo, so the mesh is turned instead of the head."""
    face = finder.find(portrait).faces[0]
    for degrees in (-50, 50):
        angle = np.radians(degrees)
        turn = np.array(
            [[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]]
        )
        middle = face.points.mean(axis=0)
        turned = replace(face, points=((face.points - middle) @ turn.T + middle).astype(np.float32))
        assert abs(measure(portrait, turned).yaw - degrees) < 8


def test_several_faces_are_counted_not_scolded(look_at, portrait):
    report = look_at(np.hstack([portrait, portrait[:, ::-1]]))
    (note,) = report.notes
    assert (note.level, note.code) == ("good", "several_faces")
    assert note.message == "2 faces found in holiday.png."
    assert report.level_for(1) == "good"


def test_a_photo_on_its_side_reports_the_turn(look_at, portrait):
    report = look_at(np.rot90(portrait[:, 50:550]))
    assert report.turned == 90
    assert (report.size.width, report.size.height) == (500, 600)
    assert advice(report) == {"good": "good"}

"""One photo, one template, one command: a finished page, without key or network."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from e2e.conftest import Answer
from PIL import Image

Run = Callable[..., Answer]


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    """A photo of a person."""
    data = pytest.importorskip("skimage.data")
    file = tmp_path / "astronaut.png"
    Image.fromarray(data.astronaut()).save(file)
    return file


def test_a_photo_becomes_a_page(pickabook: Run, portrait: Path, tmp_path: Path):
    checked = pickabook("check-photo", portrait, "--json")
    assert checked.code == 0
    assert len(checked.json["faces"]) == 1

    target = tmp_path / "page.png"
    answer = pickabook(
        *("generate", portrait, "--template", "moon-walk", "--style", "storybook"),
        *("--name", "Ada", "--seed", 7, "--out", target, "--json"),
    )
    assert answer.code == 0, answer.err
    (picture,) = answer.json["pictures"]
    assert (picture["width"], picture["height"], picture["seed"]) == (2048, 2048, 7)
    with Image.open(target) as image:
        assert (image.format, image.size, image.mode) == ("PNG", (2048, 2048), "RGB")
        page = np.asarray(image)

    other = pickabook(
        *("generate", portrait, "--template", "moon-walk", "--style", "pencil", "--seed", 7),
        *("--json", "--size", "1K"),
    )
    with Image.open(other.json["pictures"][0]["path"]) as image:
        assert image.size == (1024, 1024)
        small = np.asarray(Image.fromarray(page).resize(image.size), float)
        assert np.abs(np.asarray(image, float) - small).mean() > 5


def test_the_same_request_draws_the_same_page(pickabook: Run, portrait: Path):
    words = ("generate", portrait, "--template", "bear-hood", "--seed", 3, "--size", "512x512")
    paths = [pickabook(*words, "--json").json["pictures"][0]["path"] for _ in range(2)]
    first, second = (np.asarray(Image.open(path)) for path in paths)
    assert (first == second).all()


def test_a_prompt_alone_chooses_the_page(pickabook: Run, portrait: Path):
    answer = pickabook(
        *("generate", portrait, "--prompt", "walking on the moon in watercolour"),
        *("--size", "256x256", "--json"),
    )
    (picture,) = answer.json["pictures"]
    assert (picture["template"], picture["style"]) == ("moon-walk", "watercolour")
    assert "moon" in picture["used_words"]


def test_a_picture_without_a_face_says_so(pickabook: Run, photo: Path):
    answer = pickabook("generate", photo, "--template", "moon-walk", "--json")
    assert answer.code == 2
    assert answer.json["error"]["kind"] == "photo"
    assert "face" in answer.json["error"]["message"]
    assert pickabook("library", "list", "--json").json == {"pictures": []}


def test_a_setting_that_nothing_reads_is_refused(pickabook: Run, portrait: Path):
    done = pickabook("generate", portrait, "--template", "moon-walk", "--set", "foo.bar=1")
    assert done.code == 2
    assert "photo.face" in done.err


def test_a_face_that_is_not_there_is_refused(pickabook: Run, portrait: Path):
    done = pickabook("generate", portrait, "--template", "moon-walk", "--set", "photo.face=4")
    assert done.code == 2
    assert "number 4" in done.err


def test_a_poor_photo_is_drawn_with_a_warning(pickabook: Run, portrait: Path, tmp_path: Path):
    small = tmp_path / "small.png"
    with Image.open(portrait) as image:
        image.resize((220, 220)).save(small)
    done = pickabook("generate", small, "--template", "moon-walk", "--size", "512x512", "--json")
    assert done.code == 0, done.err
    assert [note["code"] for note in done.json["warnings"]] == ["too_small"]
    assert "64 pixels" in done.err

"""What is kept with a picture is enough to draw the same picture again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from e2e.conftest import Answer
from PIL import Image

from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.imaging.metadata import strip
from pickabook_desktop.storage.library import Library

Run = Callable[..., Answer]


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    """A photo of a person."""
    data = pytest.importorskip("skimage.data")
    file = tmp_path / "astronaut.png"
    Image.fromarray(data.astronaut()).save(file)
    return file


def words_for(request: GenerationRequest) -> list[object]:
    """The command that a kept request stands for."""
    settings = {f"{request.engine_id}.{name}": value for name, value in request.options.items()}
    settings["page.palette"] = request.palette_id
    if request.photo.face_index is not None:
        settings["photo.face"] = str(request.photo.face_index)
    return [
        *("generate", request.photo.path, "--template", request.template_id),
        *("--style", request.style_id, "--seed", request.seed, "--size", request.size),
        *("--engine", request.engine_id),
        *(word for item in settings.items() for word in ("--set", "=".join(item))),
    ]


@pytest.mark.parametrize(
    "choices",
    [
        ("--template", "moon-walk", "--set", "page.palette=rose", "--set", "photo.face=0"),
        ("--prompt", "on the moon in blue, as a comic", "--count", 2),
        ("--template", "bear-hood", "--set", "storybook.media_type=image/jpeg"),
    ],
    ids=["palette", "words", "jpeg"],
)
def test_a_kept_request_draws_the_same_bytes(
    pickabook: Run, portrait: Path, tmp_path: Path, choices: tuple[object, ...]
):
    shelf = tmp_path / "shelf"
    drawn = pickabook(
        *("generate", portrait, *choices, "--seed", 5, "--size", "384x512"),
        *("--library", shelf, "--json"),
    )
    assert drawn.code == 0, drawn.out
    library = Library(shelf)
    try:
        kept = library.get(drawn.json["pictures"][-1]["id"])
    finally:
        library.close()
    assert kept.request.palette_id

    again = pickabook(*words_for(kept.request), "--json")
    assert again.code == 0, again.out
    (second,) = again.json["pictures"]
    first_bytes, second_bytes = (Path(path).read_bytes() for path in (kept.path, second["path"]))
    assert strip(first_bytes, kept.media_type) == strip(second_bytes, kept.media_type)

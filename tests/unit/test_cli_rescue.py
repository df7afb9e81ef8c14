"""What the command line does with a page that the library cannot keep."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pickabook_desktop.cli import main
from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.storage.library import Library

SAMPLE = Path(__file__).parents[2] / "resources" / "samples" / "sample.png"
Draw = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def draw(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Draw:
    def refuse(*_args: object, **_rest: object) -> None:
        raise StorageError("The disk is full.", "Make some room.")

    monkeypatch.setattr(Library, "add", refuse)

    def run(*words: str) -> tuple[int, dict[str, Any], str]:
        asked = ["generate", str(SAMPLE), "--template", "moon-walk", "--size", "256x256"]
        code = main([*asked, *words, "--library", str(tmp_path / "shelf"), "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out), said.err

    return run


def test_a_page_that_cannot_be_kept_is_where_the_copy_was_to_go(draw: Draw, tmp_path: Path):
    target = tmp_path / "page.jpg"
    code, data, said = draw("--out", str(target))
    assert code == 3
    assert data["error"]["message"] == "The disk is full."
    assert data["rescued"] == [str(target)]
    assert "not in the library" in said
    with Image.open(target) as image:
        assert image.format == "JPEG"


def test_without_a_place_for_it_the_page_is_said_to_be_lost(draw: Draw):
    code, data, said = draw()
    assert (code, data["rescued"]) == (3, [])
    assert "--out" in said

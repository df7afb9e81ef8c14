"""Handing over and taking back from the command line, as scripts see it."""

import json
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from e2e.conftest import Answer
from PIL import Image

Run = Callable[..., Answer]


@pytest.fixture
def pages(pickabook: Run, photo: Path) -> list[dict[str, Any]]:
    """Three pages, oldest first."""
    answer = pickabook(
        *("generate", photo, "--engine", "fake", "--count", 3, "--seed", 41, "--json"),
        *("--prompt", "a fox", "--name", "Annemarie", "--size", "96x64"),
    )
    assert answer.code == 0, answer.err
    return answer.json["pictures"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    return made


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_copies_of_pages_that_are_named_or_found(
    pickabook: Run, pages: list[dict[str, Any]], folder: Path
):
    ids = [page["id"] for page in pages[:2]]
    words = ("--format", "tiff", "--print", "25.4x", "--bleed", 3, "--pattern", "{number} {seed}")
    answer = pickabook("library", "export-many", folder, *ids, *words, "--json")
    assert answer.code == 0, answer.err
    data = answer.json
    assert list(data) == ["target", "written", "skipped", "failed", "notes"]
    assert [page["id"] for page in data["written"]] == ids
    assert data["written"][0]["trim"] == {"width": 300, "height": 200}
    assert data["written"][0]["size"] == {"width": 370, "height": 270}
    assert names_in(folder) == ["1 41.tif", "2 42.tif"]
    with Image.open(folder / "1 41.tif") as image:
        assert image.size == (370, 270)
    found = pickabook(
        "library", "export-many", folder, "--search", "seed:43", "--pattern", "{seed}"
    )
    assert (found.code, found.out) == (0, f"{folder / '43.png'}\n")


def test_a_page_that_fails_is_told_and_the_rest_is_written(
    pickabook: Run, pages: list[dict[str, Any]], folder: Path
):
    Path(pages[0]["path"]).unlink()
    ids = [page["id"] for page in pages]
    answer = pickabook("library", "export-many", folder, *ids, "--json")
    assert (answer.code, len(answer.json["written"])) == (3, 2)
    assert [one["what"] for one in answer.json["failed"]] == [ids[0]]
    spoken = pickabook("library", "export-many", folder, *ids, "--clash", "skip")
    assert spoken.code == 3
    assert ids[0] in spoken.out


def test_small_pages_are_enlarged_only_where_that_is_asked_for(
    pickabook: Run, pages: list[dict[str, Any]], folder: Path
):
    words = ("library", "export-many", folder, pages[0]["id"], "--edge", 480, "--json")
    assert pickabook(*words).json["written"][0]["size"] == {"width": 96, "height": 64}
    larger = pickabook(*words, "--enlarge").json["written"][0]["size"]
    assert larger == {"width": 480, "height": 320}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_an_export_that_is_stopped_tells_what_it_has_written(
    command: list[str],
    environment: dict[str, str],
    pages: list[dict[str, Any]],
    folder: Path,
):
    ids = [page["id"] for page in pages]
    # So large that there is time to stop it between two of them.
    words = ("--format", "tiff", "--print", "600x", "--pattern", "{seed}", "--json")
    process = subprocess.Popen(
        [*command, "library", "export-many", str(folder), *ids, *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    first = folder / "41.tif"
    while not first.exists() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=100)
    data = json.loads(out)
    assert process.returncode == 130
    assert data["error"]["kind"] == "cancelled"
    assert [page["file"] for page in data["written"]] == [str(f) for f in sorted(folder.iterdir())]
    assert 1 <= len(data["written"]) < 3


@pytest.mark.parametrize(
    "words",
    [
        ("library", "export-many", "{folder}"),
        ("library", "export-many", "{folder}/none", "{id}"),
        ("library", "export-many", "{folder}", "{id}", "--print", "wide"),
        ("library", "export-many", "{folder}", "{id}", "--print", "0x0"),
        ("library", "export-many", "{folder}", "{id}", "--print", "x"),
        ("library", "export-many", "{folder}", "{id}", "--edge", "0"),
        ("library", "export-many", "{folder}", "{id}", "--icc", "{folder}/none.icc"),
        ("library", "export-many", "{folder}", "{id}", "--icc", "{folder}"),
        ("library", "export-many", "{folder}", "{id}", "--pattern", "{{nobody}}"),
        ("library", "export-many", "{folder}", "--search", "rating:many"),
        ("library", "zip", "{folder}", "{id}"),
        ("library", "sheet", "{folder}/sheet.png", "{id}"),
        ("library", "sheet", "{folder}/sheet.pdf", "{id}", "--captions", "weight"),
        ("library", "import", "{folder}/nothing.png"),
    ],
)
def test_wrong_usage_is_2_and_writes_nothing(
    pickabook: Run, pages: list[dict[str, Any]], folder: Path, words: tuple[str, ...]
):
    filled = [word.format(folder=folder, id=pages[0]["id"]) for word in words]
    answer = pickabook(*filled, "--json")
    assert answer.code == 2, answer.out
    said = answer.json.get("error") or answer.json["refused"][0]
    assert said["message"]
    assert said["next_step"]
    assert names_in(folder) == []


def test_pages_travel_in_an_archive_to_another_library(
    pickabook: Run, pages: list[dict[str, Any]], folder: Path
):
    ids = [page["id"] for page in pages]
    packed = pickabook("library", "zip", folder / "pages.zip", *ids, "--json")
    assert (packed.code, packed.json["target"]) == (0, str(folder / "pages.zip"))
    with zipfile.ZipFile(folder / "pages.zip") as archive:
        assert b"Annemarie" not in archive.read(archive.namelist()[0])
    elsewhere = ("--library", folder / "elsewhere")
    taken = pickabook("library", "import", folder / "pages.zip", *elsewhere, "--json")
    assert taken.code == 0, taken.err
    assert len(taken.json["imported"]) == 3
    assert [taken.json[name] for name in ("known", "foreign", "refused")] == [[], [], []]
    listed = pickabook("library", "list", *elsewhere, "--json").json["pictures"]
    assert sorted(page["seed"] for page in listed) == [41, 42, 43]
    assert {page["prompt"] for page in listed} == {"a fox"}
    again = pickabook("library", "import", folder / "pages.zip", *elsewhere)
    assert (again.code, again.out.count("Known as")) == (0, 3)
    assert pickabook("library", "verify", *elsewhere).code == 0


def test_a_contact_sheet_needs_no_screen(pickabook: Run, pages: list[dict[str, Any]], folder: Path):
    words = ("--columns", 2, "--rows", 1, "--captions", "seed,engine", "--header", "For the press")
    answer = pickabook("library", "sheet", folder / "s.pdf", "--search", "fox", *words, "--json")
    assert answer.code == 0, answer.err
    assert answer.json == {
        "target": str(folder / "s.pdf"),
        "pages": 2,
        "pictures": 3,
        "failed": [],
    }
    pdf = pypdf.PdfReader(folder / "s.pdf")
    text = " ".join(" ".join(page.extract_text().split()) for page in pdf.pages)
    assert all(word in text for word in ("41", "42", "43", "fake", "For the press"))
    assert "Annemarie" not in text

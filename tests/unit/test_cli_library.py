"""Looking after a library from the command line: which folders are one, and what pages are said to
be and made to be.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from e2e.fake_engine import drawn

from pickabook_desktop.cli import main
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.review import Marks
from pickabook_desktop.imaging.metadata import Metadata, embed, read
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.places import Places
from pickabook_desktop.storage.settings import Settings

Ask = Callable[..., tuple[int, dict[str, Any]]]


def keep(library: Library, seed: int, **request: Any) -> KeptPicture:
    asked = GenerationRequest(photo=PhotoRef(path=""), prompt=f"page {seed}", **request)
    plain = drawn(seed)
    said = Metadata(prompt=asked.prompt, seed=seed, request_json=asked.to_json())
    data = embed(plain.data, plain.media_type, said)
    return library.add(msgspec.structs.replace(plain, data=data), asked, "7", b"small")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "shelf"


@pytest.fixture
def pages(folder: Path) -> list[KeptPicture]:
    """Three pages of a library, one of them judged."""
    library = Library(folder)
    pages = [keep(library, seed, book="The moon book") for seed in range(3)]
    library.review.decisions.mark([pages[0].id], Marks(rating=5, flag=1, label="green"))
    library.review.decisions.tag([pages[0].id], add=("cover",))
    library.review.decisions.annotate(pages[0].id, "for the title")
    library.close()
    return pages


@pytest.fixture
def ask(folder: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    def run(*words: object, library: Path = folder) -> tuple[int, dict[str, Any]]:
        code = main([*map(str, words), "--library", str(library), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


def lose_the_list(folder: Path) -> None:
    for file in folder.glob("library.db*"):
        file.unlink()


def judged(folder: Path, picture_id: str) -> tuple[object, ...]:
    library = Library(folder)
    try:
        card = library.review.card(picture_id)
    finally:
        library.close()
    return card.rating, card.flag, card.label, card.tags, card.note, card.book


READING = (
    ("library", "list"),
    ("library", "verify"),
    ("library", "verify", "--repair"),
    ("library", "backups", "--now"),
    ("library", "adopt"),
    ("library", "purge"),
    ("library", "show", "{id}"),
    ("library", "export-many", "{folder}/out", "--search", "moon"),
    ("library", "mark", "{id}", "--stars", "3"),
    ("outbox", "list"),
)

BEGINNING = (
    ("generate", "{folder}/photo.jpg"),
    ("library", "import", "{folder}"),
    ("batches", "submit", "{folder}/photo.jpg"),
    ("forget", "Ada", "--yes"),
)


@pytest.mark.parametrize("words", READING, ids=" ".join)
@pytest.mark.parametrize("kind", ["nothing", "file", "empty folder", "other folder"])
def test_what_is_no_library_is_not_taken_for_an_empty_one(
    ask: Ask, tmp_path: Path, words: tuple[str, ...], kind: str
) -> None:
    place = tmp_path / "place"
    if kind == "file":
        place.write_text("a list of guests")
    elif kind != "nothing":
        place.mkdir()
    if kind == "other folder":
        (place / "holiday.png").write_bytes(b"a picture of somebody")
    before = sorted(place.rglob("*"))
    filled = [word.format(id="01KAP8Z0V8TESTPAGE00000000", folder=tmp_path) for word in words]
    code, said = ask(*filled, library=place)
    assert code == 2
    assert str(place) in said["error"]["message"]
    assert said["error"]["next_step"]
    assert sorted(place.rglob("*")) == before
    assert place.exists() == (kind != "nothing")


@pytest.mark.parametrize("words", [*READING[:1], *READING[5:]], ids=" ".join)
def test_a_library_that_has_lost_its_list_is_not_taken_for_an_empty_one(
    ask: Ask, folder: Path, pages: list[KeptPicture], tmp_path: Path, words: tuple[str, ...]
) -> None:
    lose_the_list(folder)
    filled = [word.format(id=pages[0].id, folder=tmp_path) for word in words]
    code, said = ask(*filled)
    assert code == 3
    assert "verify --repair" in said["error"]["next_step"]
    assert not (folder / "library.db").exists()


@pytest.mark.parametrize("words", [*READING, *BEGINNING], ids=" ".join)
@pytest.mark.parametrize("kind", ["away", "file"])
def test_a_folder_of_the_settings_that_is_not_there_is_not_taken_for_an_empty_library(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], kind: str
) -> None:
    place = tmp_path / "disk" / "pages"
    if kind == "file":
        place.parent.mkdir()
        place.write_text("a list of guests")
    Settings(Places.of_system().settings_file).set("library.dir", str(place))
    before = sorted(tmp_path.rglob("disk/*"))
    filled = [word.format(id="01KAP8Z0V8TESTPAGE00000000", folder=tmp_path) for word in words]
    assert main([*filled, "--json"]) == 4
    error = json.loads(capsys.readouterr().out)["error"]
    assert str(place) in error["message"]
    assert "Connect the disk" in error["next_step"]
    assert sorted(tmp_path.rglob("disk/*")) == before
    assert place.parent.exists() == (kind == "file")


def test_what_looks_into_no_library_is_content_without_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Settings(Places.of_system().settings_file).set("library.dir", str(tmp_path / "away"))
    assert main(["templates", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["templates"]
    assert main(["library", "import", str(tmp_path), "--library", str(tmp_path / "new")]) != 4


def test_the_doctor_says_that_the_folder_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "disk" / "pages"
    Settings(Places.of_system().settings_file).set("library.dir", str(place))
    assert main(["doctor", "--json"]) == 4
    found = json.loads(capsys.readouterr().out)["findings"]
    (library,) = (one for one in found if one["name"] == "Library")
    assert library["level"] == "stop"
    assert str(place) in library["detail"]
    assert "Connect the disk" in library["next_step"]


def test_taking_back_keeps_what_was_decided(
    folder: Path, pages: list[KeptPicture], ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    library = Library(folder)
    library.backups.make()
    late = keep(library, 9)
    library.close()
    before = judged(folder, pages[0].id)
    lose_the_list(folder)
    code, said = ask("library", "adopt")
    assert code == 0
    assert {page["id"] for page in said["adopted"]} == {late.id, *(page.id for page in pages)}
    assert said["orphans"] == []
    assert (
        judged(folder, pages[0].id)
        == before
        == (*(5, 1, "green", ("cover",), "for the title", "The moon book"),)
    )


def test_the_check_of_a_lost_list_advises_the_repair_alone(
    folder: Path, pages: list[KeptPicture], capsys: pytest.CaptureFixture[str]
) -> None:
    lose_the_list(folder)
    assert main(["library", "verify", "--library", str(folder)]) == 3
    said = capsys.readouterr().out
    assert "verify --repair" in said
    assert "library adopt" not in said


def test_a_search_that_finds_nothing_says_so(
    ask: Ask, pages: list[KeptPicture], tmp_path: Path
) -> None:
    code, said = ask("library", "export-many", tmp_path, "--search", "rating:4")
    assert code == 2
    assert "rating:4" in said["error"]["message"]
    code, said = ask("library", "export-many", tmp_path)
    assert code == 2
    assert "--search" in said["error"]["next_step"]


def test_what_was_decided_is_shown(
    ask: Ask, folder: Path, pages: list[KeptPicture], capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = ask("library", "show", pages[0].id)
    assert code == 0
    page = said["picture"]
    wanted = {
        "rating": 5,
        "flag": "picked",
        "label": "green",
        "tags": ["cover"],
        "note": "for the title",
        "book": "The moon book",
        "upload": "",
        "trashed": False,
        "likeness": None,
        "seam": None,
        "cost": None,
    }
    assert {name: page[name] for name in wanted} == wanted
    assert page["prompt"] == "page 0"
    assert main(["library", "show", pages[0].id, "--library", str(folder)]) == 0
    lines = {line.split(maxsplit=1)[0]: line for line in capsys.readouterr().out.splitlines()}
    assert lines["rating"].endswith(" 5")
    assert lines["flag"].endswith(" picked")
    assert lines["note"].endswith(" for the title")
    assert "likeness" not in lines


def test_the_list_can_be_searched(ask: Ask, pages: list[KeptPicture]) -> None:
    code, said = ask("library", "list", "--search", "rating:>=4 tag:cover")
    assert code == 0
    assert [page["id"] for page in said["pictures"]] == [pages[0].id]
    code, said = ask("library", "list", "--search", "page")
    assert [page["id"] for page in said["pictures"]] == [page.id for page in reversed(pages)]
    assert ask("library", "list", "--search", "nobody") == (0, {"pictures": []})
    assert ask("library", "delete", pages[1].id)[0] == 0
    code, said = ask("library", "list", "--trash", "--search", "page")
    assert [page["id"] for page in said["pictures"]] == [pages[1].id]
    code, said = ask("library", "list", "--search", "rating:many")
    assert code == 2
    assert "rating:" in said["error"]["message"]


def test_pages_are_marked(ask: Ask, folder: Path, pages: list[KeptPicture]) -> None:
    ids = [page.id for page in pages[1:]]
    words = ("--stars", 4, "--pick", "--label", "red", "--tag", "Cover", "--tag", "for print")
    code, said = ask("library", "mark", *ids, *words, "--note", "larger boat")
    assert code == 0
    assert [page["id"] for page in said["marked"]] == ids
    assert said["marked"][0] == {
        "id": ids[0],
        "rating": 4,
        "flag": "picked",
        "label": "red",
        "tags": ["cover", "for print"],
        "note": "larger boat",
    }
    for one in ids:
        expected = (4, 1, "red", ("cover", "for print"), "larger boat", "The moon book")
        assert judged(folder, one) == expected
    words = ("--stars", 0, "--unflag", "--label", "none", "--untag", "cover", "--note", "")
    assert ask("library", "mark", *ids, *words)[0] == 0
    assert judged(folder, ids[1]) == (0, 0, "", ("for print",), "", "The moon book")
    assert ask("library", "mark", ids[0], "--reject")[1]["marked"][0]["flag"] == "rejected"
    code, said = ask("library", "mark", "--search", "is:picked", "--stars", 2)
    assert [page["id"] for page in said["marked"]] == [pages[0].id]


@pytest.mark.parametrize(
    "words",
    [
        ("--note", "new", "--stars", "6"),
        ("--note", "new", "--stars", "many"),
        ("--note", "new", "--label", "pink"),
        ("--note", "new", "--tag", "!"),
        ("--stars", "3", "--note", "x" * 20_001),
        ("--note", "new", "--pick", "--reject"),
        ("01KAP8Z0V8TESTPAGE00000000", "--stars", "3"),
        (),
    ],
)
def test_marks_that_cannot_be_change_nothing(
    ask: Ask, folder: Path, pages: list[KeptPicture], words: tuple[str, ...]
) -> None:
    code, said = ask("library", "mark", pages[1].id, *words)
    assert code == 2
    assert said["error"]["message"]
    assert said["error"]["next_step"]
    assert judged(folder, pages[1].id)[:5] == (0, 0, "", (), "")


def test_a_single_copy_says_how_a_page_was_judged(
    folder: Path, pages: list[KeptPicture], ask: Ask, tmp_path: Path
):
    target = tmp_path / "copy.png"
    assert ask("library", "export", pages[0].id, target)[0] == 0
    said = read(target.read_bytes(), "image/png")
    assert said is not None
    assert (said.decided.rating, said.decided.tags, said.decided.note) == (5, ("cover",), "")

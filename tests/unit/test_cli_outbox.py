"""The outbox on the command line: a page goes to a folder and back, and wrong words say so."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e.fake_engine import drawn

from pickabook_desktop.cli import main
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.storage.library import Library

NOBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
Said = Callable[..., dict[str, Any]]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path / "library")
    yield library
    library.close()


@pytest.fixture
def picture_id(library: Library) -> str:
    return library.add(drawn(), GenerationRequest(photo=PhotoRef(path="ada.jpg"))).id


@pytest.fixture
def said(library: Library, capsys: pytest.CaptureFixture[str]) -> Said:
    def run(*words: str, code: int = 0) -> dict[str, Any]:
        assert main([*words, "--library", str(library.folder), "--json"]) == code
        return json.loads(capsys.readouterr().out)

    return run


def test_a_page_goes_to_a_folder_and_is_taken_away(
    said: Said,
    library: Library,
    picture_id: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    copies = tmp_path / "copies"
    copies.mkdir()
    where = ("--set", f"folder.dir={copies}")
    (entry_id,) = said("outbox", "add", "folder", picture_id)["queued"]
    (entry,) = said("outbox", "list")["outbox"]
    assert (entry["id"], entry["state"], entry["due"]) == (entry_id, "queued", "")
    (sent,) = said("outbox", "send", *where)["sent"]
    assert sent["picture"] == picture_id
    (file,) = copies.rglob("*.png")
    assert said("library", "link", picture_id, *where) == {"url": file.as_uri(), "store": "folder"}
    listed = said("library", "show", picture_id)["picture"]
    assert (listed["url"], listed["stored"][0]["path"]) == (file.as_uri(), str(file))
    assert len(said("outbox", "remove", picture_id, *where)["queued"]) == 1
    assert main(["outbox", "send", *where, "--library", str(library.folder)]) == 0
    assert capsys.readouterr().out == "Copies taken away: 1\n"
    assert not file.exists()
    assert said("outbox", "send", *where)["removed"] == 0
    assert said("library", "show", picture_id)["picture"]["stored"] == []


def test_what_cannot_be_sent_is_told_and_can_be_taken_out(
    said: Said, picture_id: str, capsys: pytest.CaptureFixture[str], library: Library
):
    said("outbox", "add", "folder", picture_id)
    answer = said("outbox", "send", code=4)
    assert answer["error"]["kind"] == "not_configured"
    (entry,) = answer["outbox"]
    assert entry["state"] == "failed"
    assert entry["error"]["next_step"]
    assert main(["outbox", "list", "--library", str(library.folder)]) == 0
    assert entry["error"]["message"] in capsys.readouterr().out
    where = ("--set", "folder.dir=here")
    assert said("outbox", "retry", "all", *where) == {"retried": [entry["id"]]}
    assert said("outbox", "cancel", "all") == {"cancelled": [entry["id"]], "outbox": []}
    assert main(["outbox", "list", "--library", str(library.folder)]) == 0
    assert "empty" in capsys.readouterr().out


def test_a_store_that_is_out_of_reach_is_no_failure(
    said: Said,
    picture_id: str,
    tmp_path: Path,
    library: Library,
    capsys: pytest.CaptureFixture[str],
):
    said("outbox", "add", "folder", picture_id)
    where = ("--set", f"folder.dir={tmp_path / 'stick'}")
    answer = said("outbox", "send", *where)
    assert "error" not in answer
    (entry,) = answer["outbox"]
    assert (entry["state"], entry["offline"], entry["error"]["kind"]) == (
        *("waiting", True),
        "unreachable",
    )
    assert main(["outbox", "send", *where, "--library", str(library.folder)]) == 0
    out = capsys.readouterr().out
    assert entry["id"] in out
    assert "is not there now" in out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("outbox", "cancel", NOBODY), 2),
        (("outbox", "retry", NOBODY), 2),
        (("outbox", "remove", NOBODY), 2),
        (("outbox", "add", "folder", NOBODY), 2),
        (("outbox", "add", "nowhere", NOBODY), 4),
        (("library", "link", NOBODY), 2),
        (("outbox", "send", "--set", "nothing.there=1"), 2),
    ],
    ids=lambda words: " ".join(words[:3]) if isinstance(words, tuple) else "",
)
def test_wrong_words_say_what_there_is(
    said: Said, library: Library, picture_id: str, words: tuple[str, ...], code: int
):
    error = said(*words, code=code)["error"]
    assert error["message"]
    assert error["next_step"]
    assert library.outbox.entries() == ()


@pytest.mark.parametrize("time", ["soon", "-1", "1.5h", "h", "99999999999"])
def test_a_time_that_is_none_is_refused(
    said: Said, library: Library, picture_id: str, tmp_path: Path, time: str
):
    where = ("--set", f"folder.dir={tmp_path}")
    said("outbox", "add", "folder", picture_id)
    said("outbox", "send", *where)
    answer = said("library", "link", picture_id, f"--expires={time}", *where, code=2)
    assert time in answer["error"]["message"]

"""``pickabook library verify --repair`` and ``backups``, as a person meets them."""

from collections.abc import Callable
from pathlib import Path

from e2e.conftest import Answer

Run = Callable[..., Answer]


def draw(pickabook: Run, photo: Path, shelf: tuple[object, ...], count: int) -> list[str]:
    words = ("--engine", "fake", "--count", count, "--prompt", "on the moon", *shelf, "--json")
    answer = pickabook("generate", photo, *words)
    assert answer.code == 0, answer.err
    return [picture["id"] for picture in answer.json["pictures"]]


def test_a_damaged_list_is_told_repaired_and_sound_again(
    pickabook: Run, photo: Path, tmp_path: Path
):
    folder = tmp_path / "shelf"
    shelf = ("--library", folder)
    first = draw(pickabook, photo, shelf, 2)
    # The first page of the day has been copied; what comes later has not.
    (copy,) = pickabook("library", "backups", *shelf, "--json").json["backups"]
    assert Path(copy["path"]).is_file()
    later = draw(pickabook, photo, shelf, 1)
    assert len(pickabook("library", "backups", *shelf, "--json").json["backups"]) == 1

    (folder / "library.db").write_bytes(b"not a database at all" * 200)
    listed = pickabook("library", "list", *shelf)
    assert listed.code == 3
    assert "library verify --repair" in listed.err
    found = pickabook("library", "verify", *shelf)
    assert found.code == 3
    assert "library verify --repair" in found.out

    mended = pickabook("library", "verify", "--repair", *shelf, "--json")
    assert mended.code == 0, mended.out
    assert mended.json["sound"]
    assert mended.json["repair"]["copies"] == [f"backups/{copy['name']}"]
    assert mended.json["repair"]["from_copies"] == len(first)
    assert mended.json["repair"]["adopted"] == later
    kept = {
        picture["id"] for picture in pickabook("library", "list", *shelf, "--json").json["pictures"]
    }
    assert kept == {*first, *later}
    again = pickabook("library", "verify", "--repair", *shelf)
    assert (again.code, again.out.splitlines()[0]) == (0, "There was nothing to repair.")


def test_copies_are_made_when_asked_for_and_not_where_they_are_switched_off(
    pickabook: Run, photo: Path, home: Path
):
    pickabook("generate", photo, "--engine", "fake", "--set", "library.backups=off")
    assert pickabook("library", "backups", "--json").json["backups"] == []
    said = pickabook("library", "backups")
    assert said.out == "There is no copy of the list yet.\n"
    (copy,) = pickabook("library", "backups", "--now", "--json").json["backups"]
    assert Path(copy["path"]).is_relative_to(home)
    findings = pickabook("doctor", "--json").json["findings"]
    assert "last made" in next(f["detail"] for f in findings if "Copies" in f["name"])


def test_a_copy_is_put_back_by_its_name(pickabook: Run, photo: Path, tmp_path: Path):
    shelf = ("--library", tmp_path / "shelf")
    first = draw(pickabook, photo, shelf, 2)
    (copy,) = pickabook("library", "backups", *shelf, "--json").json["backups"]
    (later,) = draw(pickabook, photo, shelf, 1)

    wrong = pickabook("library", "backups", "--restore", "library-old.db", *shelf)
    assert wrong.code == 2
    assert "library backups" in wrong.err

    back = pickabook("library", "backups", "--restore", copy["name"], *shelf)
    assert back.code == 0, back.err
    assert "verify --repair" in back.out
    assert "damaged/" in back.out
    listed = pickabook("library", "list", *shelf, "--json").json["pictures"]
    assert {picture["id"] for picture in listed} == set(first)
    mended = pickabook("library", "verify", "--repair", *shelf, "--json").json
    assert (mended["sound"], mended["repair"]["from_copies"]) == (True, 1)
    listed = pickabook("library", "list", *shelf, "--json").json["pictures"]
    assert {picture["id"] for picture in listed} == {*first, later}

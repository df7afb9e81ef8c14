"""Traces of a child beside the library."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from pickabook_desktop.domain.names import Mentions
from pickabook_desktop.storage.leftovers import (
    Clues,
    clean_log,
    clean_settings,
    settings_that_stay,
    telling,
)
from pickabook_desktop.storage.settings import Settings

CLUES = Clues(photos=("f" * 64,), paths=("/photos/IMG_7.jpg",), pages=())
ADA = Mentions("Ada")


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("/photos/IMG_7.jpg", ""),
        ("/photos/IMG_77.jpg", "/photos/IMG_77.jpg"),
        ("ada", ""),
        ("adagio", "adagio"),
        ('{"a":["Ada","x",1],"Ada":2}', '{"a":["","x",1]}'),
        ("f" * 64, ""),
    ],
)
def test_settings_that_lead_to_the_child_go(here: Path, value: str, left: str) -> None:
    file = here / "settings.json"
    live = Settings(file)
    live.update({"window.some": value, "engine.default": "storybook"})
    clean_settings(file, CLUES, ADA, live)
    assert Settings(file).text("window.some") == live.text("window.some") == left
    assert Settings(file).text("engine.default") == "storybook"


def test_what_was_set_aside_or_left_half_written_goes(here: Path) -> None:
    file = here / "settings.json"
    Settings(file).set("engine.default", "storybook")
    part, aside = here / ".settings.json.1234.part", here / "settings.json.broken"
    part.write_text('{"window.form": "Ada"')
    aside.write_text('{"window.form": "Ada"')
    clean_settings(file, CLUES, ADA, Settings(file))
    assert (part.exists(), aside.exists()) == (False, False)
    aside.write_text("{of nobody")
    clean_settings(file, CLUES, ADA, Settings(file))
    assert aside.exists()


def test_settings_for_this_run_alone_are_not_written(here: Path) -> None:
    file = here / "settings.json"
    Settings(file).set("window.photo", "/photos/IMG_7.jpg")
    clean_settings(file, CLUES, ADA, Settings(file, {"engine.default": "other"}))
    assert Settings(file).starting_with("") == {}


@pytest.mark.parametrize("path", ["/photos/for Zoë.jpg", '/photos/"Zoë".jpg', r"C:\photos\Zoë.jpg"])
@pytest.mark.parametrize("write", [str, json.dumps, repr, quote])
def test_photos_are_known_however_their_paths_are_written(
    path: str, write: Callable[[str], str]
) -> None:
    clues = Clues(paths=(path,))
    assert clues.found_in(f"cannot read {write(path)}: it is broken")
    assert not clues.found_in("cannot read Zoë: it is broken")


def test_where_the_library_is_stays_known(here: Path) -> None:
    file = here / "settings.json"
    values = {"library.dir": "/pages of Ada"}
    live = Settings(file)
    live.update(values)
    assert clean_settings(file, CLUES, ADA, live) == 0
    assert live.text("library.dir") == "/pages of Ada"
    assert settings_that_stay(values, ADA) == ("library.dir",)


def test_a_log_that_is_being_written_goes_on(here: Path) -> None:
    log, older = here / "some.log", here / "some.log.1"
    line = "2026-11-22 12:00:00,000 INFO 1 a: {}\n"
    log.write_text(line.format("one") + line.format("of Ada") + "  and more\n")
    older.write_text(line.format("f" * 64))
    with log.open("a") as writing:
        assert clean_log(log, CLUES, ADA) == 2
        writing.write(line.format("two"))
    assert log.read_text() == line.format("one") + line.format("two")
    assert older.read_text() == ""


def test_texts_of_the_persons_own_are_told(here: Path) -> None:
    (here / "template.toml").write_text('title = "Ada at sea"')
    (here / "other.toml").write_text('title = "An adagio"')
    (here / "for Ada.png").write_bytes(b"pixels")
    assert {file.name for file in telling([here], ADA, [])} == {"template.toml", "for Ada.png"}

"""Templates and styles are found, and a broken one is left out with its reason."""

import os
from pathlib import Path

import pytest

from pickabook_desktop.domain.errors import TemplateError
from pickabook_desktop.storage.catalogue import read_catalogue
from pickabook_desktop.storage.places import find_resources

TEMPLATE = """
id = "{id}"
title = "{title}"
world = "space"
summary = "A walk."
tags = ["moon"]
canvas = [0, 0, 1000, 1000]
[[crops]]
aspect = "1:1"
view = [0, 0, 1000, 1000]
[[slots]]
x = 500
y = 400
unit = 60
"""
STYLE = 'id = "{id}"\ntitle = "Comic"\nsummary = "Bold."\nlook = "comic"\n'


def make_template(root: Path, name: str, text: str = TEMPLATE, title: str = "Moon") -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    filled = text.replace("{id}", name).replace("{title}", title)
    (folder / "template.toml").write_text(filled)
    for layer in ("back.svg", "front.svg"):
        (folder / layer).write_text("<svg/>")
    return folder


def test_templates_and_styles_are_found_with_their_folders(here: Path):
    moon = make_template(here / "templates", "moon")
    style = here / "styles" / "comic"
    style.mkdir(parents=True)
    (style / "style.toml").write_text(STYLE.format(id="comic"))
    catalogue = read_catalogue((here / "templates",), (here / "styles",))
    assert catalogue.templates["moon"].slots[0].unit == 60
    assert catalogue.template_dir("moon") == moon
    assert catalogue.styles["comic"].look == "comic"
    assert catalogue.style_dir("comic") == style
    assert catalogue.skipped == ()


def test_they_come_in_the_order_of_their_titles(here: Path):
    for name, title in (("a", "Zebra"), ("b", "Ape"), ("c", "Moon")):
        make_template(here, name, title=title)
    catalogue = read_catalogue((here,), ())
    assert list(catalogue.templates) == ["b", "c", "a"]


def test_the_persons_own_template_wins(here: Path):
    make_template(here / "built-in", "moon")
    own = make_template(here / "own", "moon", title="My moon")
    catalogue = read_catalogue((here / "built-in", here / "own"), ())
    assert catalogue.templates["moon"].title == "My moon"
    assert catalogue.template_dir("moon") == own


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('title = "Moon"', "", "title"),
        ('title = "Moon"', "title = 7", "title"),
        ('title = "Moon"', 'title = "Moon', "template.toml"),
        ('title = "Moon"', 'title = "Moon"\ncolour = "red"', "colour"),
        ('id = "moon"', 'id = "mars"', "mars"),
        ("unit = 60", "unit = 0", "eyes"),
        ('aspect = "1:1"', 'aspect = "wide"', "wide"),
        ('"1:1"\nview = [0, 0, 1000, 1000]', '"1:1"\nview = [0, 0, 0, 1000]', "1:1"),
    ],
)
def test_a_broken_template_is_left_out_with_its_reason(here: Path, old: str, new: str, reason: str):
    text = TEMPLATE.replace("{id}", "moon").replace("{title}", "Moon")
    assert old in text
    broken = make_template(here, "moon", text.replace(old, new))
    make_template(here, "sun")
    catalogue = read_catalogue((here,), ())
    assert list(catalogue.templates) == ["sun"]
    (skipped,) = catalogue.skipped
    assert skipped.folder == broken
    assert reason in skipped.reason


def test_a_missing_drawing_or_description_is_told(here: Path):
    (make_template(here, "moon") / "front.svg").unlink()
    (make_template(here, "sun") / "template.toml").unlink()
    catalogue = read_catalogue((here,), ())
    reasons = {skipped.folder.name: skipped.reason for skipped in catalogue.skipped}
    assert "front.svg" in reasons["moon"]
    assert "template.toml" in reasons["sun"]


def test_missing_folders_are_no_fault(here: Path):
    catalogue = read_catalogue((here / "none",), (here / "none",))
    assert (catalogue.templates, catalogue.styles, catalogue.skipped) == ({}, {}, ())


def test_an_unknown_template_is_told(here: Path):
    with pytest.raises(TemplateError, match="moon"):
        read_catalogue((), ()).template_dir("moon")


def test_everything_that_comes_with_the_program_is_sound():
    resources = find_resources()
    catalogue = read_catalogue((resources / "templates",), (resources / "styles",))
    assert catalogue.skipped == ()
    assert catalogue.templates
    assert catalogue.styles


def test_what_was_read_before_is_known_until_it_changes(here: Path, tmp_path: Path):
    memory = tmp_path / "cache" / "memory.json"
    make_template(here, "moon")
    first = read_catalogue((here,), (), memory)
    assert memory.is_file()
    assert read_catalogue((here,), (), memory) == first
    file = here / "moon" / "template.toml"
    changed = file.read_text(encoding="utf-8").replace('title = "', 'title = "New ')
    file.write_text(changed, encoding="utf-8")
    assert read_catalogue((here,), (), memory).templates["moon"].title.startswith("New ")


@pytest.mark.parametrize("broken", [b"", b"{", b'{"a": 1}', b"\xff"])
def test_a_broken_memory_is_none(here: Path, tmp_path: Path, broken: bytes):
    memory = tmp_path / "memory.json"
    make_template(here, "moon")
    memory.write_bytes(broken)
    assert "moon" in read_catalogue((here,), (), memory).templates
    os.utime(here / "moon" / "template.toml", ns=(1, 1))
    assert "moon" in read_catalogue((here,), (), memory).templates

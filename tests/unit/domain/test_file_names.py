"""Names of files say what was asked for and are taken by every system."""

import pytest

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.file_names import (
    LONGEST_NAME,
    check_pattern,
    file_name,
    numbered_name,
    safe_stem,
)

VALUES: dict[str, str | int] = {"number": 7, "title": "Moon walk", "seed": 42, "child": ""}


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{number:03} {title}", "007 Moon walk.png"),
        ("{number}-{seed:05}", "7-00042.png"),
        ("{title}", "Moon walk.png"),
        ("{child} - {title}", "Moon walk.png"),
        ("{title} - {child} - {number}", "Moon walk - 7.png"),
        ("a{{b}}", "a{b}.png"),
        ("{book}", "page.png"),
    ],
)
def test_patterns_are_filled(pattern: str, name: str):
    assert file_name(pattern, VALUES, "png") == name


@pytest.mark.parametrize(
    "pattern",
    [
        *("", "  ", "-", "{", "}", "{}", "{nobody}", "{title:03}", "{number:x}", "{number!r}"),
        *("{number.real}", "{title[0]}", "{number:{seed}}", "{number:99999}", "{0}"),
    ],
)
def test_what_makes_no_name_is_refused_with_an_example(pattern: str):
    with pytest.raises(InputError) as refused:
        check_pattern(pattern)
    assert refused.value.next_step


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ('a/b\\c:d*e?f"g<h>i|j', "a_b_c_d_e_f_g_h_i_j"),
        ("../../etc/passwd", "etc_passwd"),
        ("CON", "_CON"),
        ("com1.tar", "_com1.tar"),
        ("nul", "_nul"),
        ("console", "console"),
        ("ends in dots...", "ends in dots"),
        (" spaces ", "spaces"),
        (".hidden", "hidden"),
        ("tab\tand\nline", "tab and line"),
        ("u\u0308ber \u202egnp.exe", "über gnp.exe"),
        ("\0", "page"),
        ("...", "page"),
        ("月の上の猫 🐈", "月の上の猫 🐈"),
        ("\udcff", "page"),
    ],
)
def test_every_system_takes_the_name(text: str, stem: str):
    assert safe_stem(text) == stem


@pytest.mark.parametrize("letter", ["x", "ü", "猫", "🐈"])
def test_long_names_are_cut_between_letters(letter: str):
    stem = safe_stem(letter * 500)
    assert len(stem.encode()) <= LONGEST_NAME
    assert set(stem) == {letter}
    assert len(numbered_name(f"{stem}.png", 1234).encode()) < 255


def test_a_further_file_of_the_same_name_has_a_number():
    assert numbered_name("page.v2.png", 3) == "page.v2 (3).png"

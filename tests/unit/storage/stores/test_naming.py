"""Names and folders are the same for the same picture, and safe everywhere."""

from datetime import UTC, datetime

import pytest

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.storage.stores.naming import (
    PLACEHOLDERS,
    check_pattern,
    file_name,
    folder_of,
    safe_folder,
    safe_part,
    tags_of,
)

CREATED = datetime(2026, 3, 9, 23, 59, tzinfo=UTC)
FACTS = {"book": "Zoë’s Reise / 2", "template": "moon-walk", "engine": "storybook"}


def test_the_name_is_made_of_the_content_alone():
    assert file_name("ab" * 32, "image/jpeg") == f"{'ab' * 16}.jpg"


def test_every_placeholder_is_filled_in():
    pattern = "/".join(f"{{{name}}}" for name in PLACEHOLDERS)
    assert folder_of(pattern, FACTS, CREATED) == "2026/03/Zoes-Reise-2/moon-walk/storybook"


def test_what_is_not_known_of_a_picture_is_called_other():
    assert folder_of("{book}/{engine}", {}, CREATED) == "other/other"


@pytest.mark.parametrize(
    ("folder", "safe"),
    [
        ("/a//b/", "a/b"),
        ("../../etc", "etc"),
        ("..\\..\\windows", "windows"),
        ("C:\\x", "C/x"),
        (".", ""),
        ("сказка", ""),
        ("mit Leerzeichen", "mit-Leerzeichen"),
        ("x" * 200, "x" * 60),
    ],
)
def test_a_folder_stays_inside_and_is_plain(folder: str, safe: str):
    assert safe_folder(folder) == safe
    assert safe_folder(safe) == safe


def test_a_part_has_no_slash():
    assert safe_part("a/b") == "a-b"


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ("{name}/{year}", "{name}"),
        ("{child}", "child’s name is never"),
        ("{year", "brace"),
        ("year}", "brace"),
        ("{}", "{}"),
        ("{0}", "{0}"),
        ("{year.real}", "{year.real}"),
        ("{year!r}", "{year}"),
        ("{month:>9}", "{month}"),
    ],
)
def test_a_pattern_that_cannot_be_meant_is_explained(pattern: str, word: str):
    with pytest.raises(InputError) as caught:
        check_pattern(pattern)
    assert word in str(caught.value)
    assert "{template}" in caught.value.next_step


def test_tags_are_a_list_with_commas():
    assert tags_of(" a, b ,,a ") == ("a", "b")
    assert tags_of("") == ()


@pytest.mark.parametrize("text", ["50%", "x" * 501])
def test_tags_that_no_store_takes_are_explained(text: str):
    with pytest.raises(InputError):
        tags_of(text)

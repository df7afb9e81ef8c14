import random

import pytest

from pickabook_desktop.domain.search import (
    FIELDS,
    LONGEST_WORD,
    MOST_PIECES,
    Condition,
    Search,
    Word,
    parse,
    quoted,
)


def test_what_the_manual_shows() -> None:
    found = parse('pirate "red hat" engine:gemini rating:>=4 -tag:draft has:url ')
    assert found == Search(
        words=(Word(text="pirate"), Word(text="red hat")),
        conditions=(
            Condition(field="engine", value="gemini"),
            Condition(field="rating", value="4", operator=">="),
            Condition(field="tag", value="draft", negated=True),
            Condition(field="has", value="url"),
        ),
    )


@pytest.mark.parametrize("text", ["", " ", '"', '""', "-", ":", "-:", '-"', "* ~", "tag", "“ ”"])
def test_what_says_nothing_is_no_condition(text: str) -> None:
    assert not parse(text).conditions
    assert not parse(text).problems


def test_only_the_last_word_may_be_a_beginning() -> None:
    assert [word.prefix for word in parse("red ha").words] == [False, True]
    assert [word.prefix for word in parse("red ha ").words] == [False, False]
    assert [word.prefix for word in parse('red "ha').words] == [False, False]
    assert [word.prefix for word in parse("re* hat ").words] == [True, False]
    assert parse("-ha").words == (Word(text="ha", negated=True, prefix=True),)


def test_quotation_marks_keep_words_together() -> None:
    assert parse('child:"Mia Luise"').conditions == (
        Condition(field="child", value="Mia Luise", exact=True),
    )
    assert parse('-"red hat"').words == (Word(text="red hat", negated=True),)
    assert parse('"never closed').words == (Word(text="never closed"),)
    assert parse('tag:"never closed').conditions == (
        Condition(field="tag", value="never closed", exact=True),
    )


def test_a_colon_within_words_is_no_field() -> None:
    assert [word.text for word in parse("scene:night 3:4 ").words] == ["scene:night", "3:4"]
    assert parse("Tag:Cover ENGINE:Gemini").conditions == (
        Condition(field="tag", value="Cover"),
        Condition(field="engine", value="Gemini"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rating:4", [("=", "4")]),
        ("rating:=4", [("=", "4")]),
        ("cost:<0,05", [("<", "0.05")]),
        ("likeness:0.1..0.42", [(">=", "0.1"), ("<=", "0.42")]),
        ("seam:>2.5", [(">", "2.5")]),
    ],
)
def test_numbers(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(c.operator, c.value) for c in parse(text).conditions] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("date:2026", ("=", "2026")),
        ("date:2026-5", ("=", "2026-05")),
        ("date:>=2026-05-09", (">=", "2026-05-09")),
        ("before:2026-05", ("<", "2026-05")),
        ("after:2024-02-29", (">", "2024-02-29")),
    ],
)
def test_dates(text: str, expected: tuple[str, str]) -> None:
    (condition,) = parse(text).conditions
    assert (condition.field, condition.operator, condition.value) == ("date", *expected)


@pytest.mark.parametrize(
    "text",
    [
        *("rating:", 'rating:""', "rating:many", "rating:>", "cost:1e5", f"cost:{'9' * 400}"),
        *("rating:2..", "-rating:2..4", "likeness:-1", "cost:1.2.3"),
        *("date:yesterday", "date:2026-13", "date:2026-02-30", "date:0000", "before:>2026"),
        *("has:everything", "is:perfect", 'tag:""', "has:", "date:٢٠٢٦"),
    ],
)
def test_what_is_not_understood_is_named_and_left_out(text: str) -> None:
    found = parse(f"moon {text}")
    assert not found.conditions
    assert found.problems or [word.text for word in found.words] == ["moon", text]


def test_only_deleted_pictures_are_sought_where_that_is_said() -> None:
    assert parse("is:trashed moon").in_trash
    assert not parse("-is:trashed moon").in_trash
    assert not parse("moon").in_trash
    assert parse("").empty
    assert not parse("moon").empty


def test_too_many_words_are_left_out_and_that_is_said() -> None:
    found = parse("moon " * 3000)
    assert len(found.words) == MOST_PIECES
    (problem,) = found.problems
    assert str(MOST_PIECES) in problem


def test_whatever_is_typed_is_read() -> None:
    chance = random.Random(4)
    letters = '"-:*<>=.,()^+~ \t\n\0\\%_ab19é月ß😀\ud800\u0301\u202e'
    for _ in range(3000):
        pieces = [chance.choice((*letters, *FIELDS, "has:url", '"')) for _ in range(12)]
        found = parse("".join(pieces))
        for condition in found.conditions:
            assert condition.field in FIELDS
            assert condition.value or condition.prefix
        for word in found.words:
            assert any(letter.isalnum() for letter in word.text)
            assert '"' not in word.text


@pytest.mark.parametrize("negated", [False, True])
@pytest.mark.parametrize(
    "value",
    [
        *("cover", "for print", "Mia Luise", 'with "marks"', '5" print', 'Zoe "Z" O', '"Z"', 'a"'),
        *('"', '""', "foo*", "two words*", "*", "-x", "a:b", "“Z”", "a\\"),
    ],
)
def test_a_value_that_is_written_is_read_again(value: str, negated: bool) -> None:
    found = parse(f"{'-' * negated}tag:{quoted(value)} moon ")
    (condition,) = found.conditions
    assert (condition.value, condition.negated, condition.prefix) == (value, negated, False)
    assert found.words == (Word(text="moon"),)


def test_a_star_outside_quotation_marks_asks_for_beginnings() -> None:
    def read(text: str) -> tuple[str, bool]:
        (condition,) = parse(text).conditions
        return condition.value, condition.prefix

    assert read("tag:foo*") == ("foo", True)
    assert read('tag:"for pr"*') == ("for pr", True)
    assert read("child:*") == ("", True)
    assert read('tag:"foo*"') == ("foo*", False)
    assert read('tag:5"') == ('5"', False)


def test_a_whole_value_is_asked_for_with_quotation_marks_or_an_equals_sign() -> None:
    def read(text: str) -> tuple[str, bool]:
        (condition,) = parse(text).conditions
        return condition.value, condition.exact

    assert read("book:moon") == ("moon", False)
    assert read('book:"moon"') == ("moon", True)
    assert read("book:=moon") == ("moon", True)
    assert read('book:="The moon book"') == ("The moon book", True)
    assert not parse("book:=").conditions
    assert parse("book:=").problems


@pytest.mark.parametrize("text", ["foo:bar", "size:>500", "-name:zoe", 'color:"red"'])
def test_a_field_that_there_is_not_is_named_with_those_there_are(text: str) -> None:
    found = parse(f"moon {text}")
    (problem,) = found.problems
    assert text.lstrip("-").partition(":")[0] in problem
    assert "child, book" in problem
    assert found.words[0] == Word(text="moon")


@pytest.mark.parametrize(
    "text", ["scene: night", "3:4", "https://example.org/a", '"foo:bar"', "foo :bar", "été:x", ":x"]
)
def test_a_colon_that_is_no_fields_is_no_problem(text: str) -> None:
    assert parse(f"moon {text}").problems == ()


@pytest.mark.parametrize(
    "text", ["rating:>=9", "rating:6", "rating:<7", "rating:2..9", "-rating:6", "likeness:>35"]
)
def test_a_number_that_nothing_can_have_is_named(text: str) -> None:
    found = parse(f"moon {text}")
    assert not found.conditions
    (problem,) = found.problems
    assert text.lstrip("-").partition(":")[0] in problem
    assert "from 0 to" in problem


@pytest.mark.parametrize("text", ["字" * 20_000, f'"{"a " * 20_000}"', f"-{'x' * 20_000}"])
def test_of_a_very_long_word_the_beginning_is_sought_and_that_is_said(text: str) -> None:
    found = parse(f"{text} moon ")
    assert [len(word.text) <= LONGEST_WORD for word in found.words] == [True, True]
    assert [word.prefix for word in found.words] == [True, False]
    (problem,) = found.problems
    assert str(LONGEST_WORD) in problem

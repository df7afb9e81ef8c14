import unicodedata

import pytest

from pickabook_desktop.storage.mentions import Mentions


@pytest.mark.parametrize(
    "text",
    [
        "Al",
        "Al's boat",
        "with AL, at sea",
        "al",
        "/photos/for_al.png",
        "Al2.jpg",
        "photos/Al",
        "„Al“",
    ],
)
def test_a_short_name_is_found_as_a_word(text: str) -> None:
    assert Mentions("Al").found_in(text)


@pytest.mark.parametrize("text", ["also", "a pale moon", "Algebra", "royal", "Álvaro", "Äl", ""])
def test_a_short_name_is_not_found_within_words(text: str) -> None:
    assert not Mentions("Al").found_in(text)


def test_composition_does_not_matter() -> None:
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, "ZOË on the moon")
        for name in ("Zoë", unicodedata.normalize("NFD", "zoë")):
            assert Mentions(name).found_in(text)
            assert Mentions(name).without(text) == "… on the moon"
    assert not Mentions("Zoe").found_in(unicodedata.normalize("NFD", "Zoë"))


def test_names_of_several_words_and_in_addresses() -> None:
    assert Mentions("Mia Luise").found_in("for Mia  Luise")
    assert Mentions("Mia Luise").found_in("file:///photos/Mia%20Luise.jpg")
    assert Mentions("Jürgen").found_in("https://example.test/J%C3%BCrgen.png")
    assert not Mentions("Mia Luise").found_in("Mia")


def test_scripts_without_spaces() -> None:
    assert Mentions("小明").without("小明在月球上") == "…在月球上"
    assert Mentions("민준").found_in("민준이가")


def test_the_longer_name_of_another_child_is_not_meant() -> None:
    mentions = Mentions("Mia", others=("Mia Luise", "Ben"))
    assert not mentions.found_in("Mia Luise and Ben")
    assert mentions.without("Mia and Mia Luise") == "… and Mia Luise"


@pytest.mark.parametrize("name", ["", " ", "A"])
def test_no_name_and_an_initial_are_nowhere(name: str) -> None:
    assert not Mentions(name).found_in("A is for Ada")
    assert Mentions(name).without("A is for Ada") == "A is for Ada"

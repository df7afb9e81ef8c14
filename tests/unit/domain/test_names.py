import unicodedata

import pytest

from pickabook_desktop.domain.names import GAP, Hints, Mentions


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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ('Ada "Sunny"', r"{\"name\":\"Ada \\\"Sunny\\\"\"}"),
        ('Ada "Sunny"', 'child:"Ada ""Sunny"""'),
        ('"Sunny" Ada', "at sea\n&quot;Sunny&quot; Ada"),
        ("Ada\\Sunny", r"Ada\\\\Sunny.jpg"),
        ("Zoë", r"Zo\u00eb and Zo\xEB"),
        ("Zoë", r"ZO\u00CB"),
        ("Zoë", "Zoe\\\\u0308"),
        ("Ada 🦄", r"Ada \uD83E\uDD84, ada \U0001F984"),
        ("O'Neill", "O''Neill, o&#39;neill"),
        ("小明", r"\u5c0f\u660e"),
        ("小明", "%E5%B0%8F%e6%98%8e.png"),
        ("Mia Luise", "Mia+Luise"),
        ("Mia Luise", r"Mia\nLuise"),
        ("Mia Luise", "mia&nbsp;luise"),
    ],
)
def test_a_name_is_found_however_it_is_written(name: str, text: str) -> None:
    mentions = Mentions(name)
    assert mentions.found_in(text)
    assert not mentions.found_in(mentions.without(text))
    assert not Mentions("Ben").found_in(text)


def test_what_quotes_others_may_begin_a_line_before_the_name() -> None:
    assert Mentions("Ina").quoted_in(r"refused: a moon\nIna")
    assert not Mentions("Ina").found_in(r"C:\Users\nina")


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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Emma", "Emmas Reise"),
        ("Emma", "EMMAS"),
        ("Emma", "Emma’s"),
        ("Emma", "little Emmachen"),
        ("Emma", "#ForEmma"),
        ("Emma", "#EmmaAtSea"),
        ("Emma", "emmas_reise_2"),
        ("Ada", "#Ada_the_brave"),
        ("Ada", "A\u00adda"),
        ("Ada", "\uff21\uff24\uff21"),
        ("Zoë", unicodedata.normalize("NFD", "Zoë")),
        (unicodedata.normalize("NFD", "Zoë"), "Zoë"),
        ("Zoë", "Zoes trip"),
        ("Anna Lena", "annalena"),
        ("Anna Lena", "Lenas boat"),
        ("McKay", "mckay"),
        ("Jürgen", "Juergens boat"),
        ("Jürgen", "Jurgen"),
        ("Søren", "soren"),
        ("Łucja", "LUCJA"),
        ("李小明", "小明在月球上"),
        ("김민준", "민준이가"),
        ("小明", "小明在月球上"),
        (unicodedata.normalize("NFD", "민준"), "민준이가"),
    ],
)
def test_what_leaves_tells_a_name_in_many_ways(name: str, text: str) -> None:
    assert Hints(name).found_in(text)
    assert not Hints(name).found_in(Hints(name).without(text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ada", "Adaptable"),
        ("Mia", "Miaow"),
        ("Al", "also a pale royal alien"),
        ("Ali", "an alien"),
        ("Ida van der Berg", "a van der"),
        ("A", "a boat for A"),
        ("", "nobody"),
        ("민", "미나"),
    ],
)
def test_other_words_tell_no_name(name: str, text: str) -> None:
    assert not Hints(name).found_in(text)
    assert Hints(name).without(text) == text


def test_what_is_around_a_name_stays_letter_by_letter() -> None:
    text = unicodedata.normalize("NFD", "Ärger: Zoë’s ﬁsh, ZOËS „Öl“")
    assert Hints("Zoë").without(text) == unicodedata.normalize(
        "NFD", f"Ärger: {GAP}’s ﬁsh, {GAP} „Öl“"
    )

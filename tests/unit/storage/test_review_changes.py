import unicodedata

import pytest
from unit.storage.album import found, keep

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.review import Card, Decided, Facet, Label, Marks
from pickabook_desktop.storage.library import Library


@pytest.fixture
def ids(library: Library) -> list[str]:
    return [keep(library, f"moon {number}", seed=number) for number in range(4)]


def cards(library: Library, ids: list[str]) -> list[Card]:
    return [library.review.card(picture_id) for picture_id in ids]


def test_marks_change_only_what_is_said(library: Library, ids: list[str]) -> None:
    review = library.review
    review.decisions.mark(ids[:3], Marks(rating=3, label="blue"))
    before = review.decisions.mark(ids[:2], Marks(flag=-1))
    assert sorted(before, key=lambda was: was.id) == [
        Decided(id=picture_id, rating=3, label="blue") for picture_id in ids[:2]
    ]
    review.decisions.mark((ids[0],), Marks(rating=0, label=""))
    marked = [(card.rating, card.flag, card.label) for card in cards(library, ids)]
    assert marked == [(0, -1, ""), (3, -1, "blue"), (3, 0, "blue"), (0, 0, "")]


def test_each_change_can_be_had_back(library: Library, ids: list[str]) -> None:
    review = library.review
    review.decisions.tag(ids[:2], ("cover",))
    review.decisions.annotate(ids[0], "for print")
    first = cards(library, ids)
    steps = [
        review.decisions.mark(ids, Marks(rating=5, flag=1, label="red")),
        review.decisions.tag(ids, ("draft", "moon"), ("cover",)),
        review.decisions.annotate(ids[0], "no, not yet"),
    ]
    assert found(library, "draft cover") == []
    for step in reversed(steps):
        review.decisions.put_back(step)
    assert cards(library, ids) == first
    assert found(library, "cover") == ["moon 1", "moon 0"]
    assert found(library, "print") == ["moon 0"]
    assert found(library, "draft") == found(library, "yet") == []


def test_what_others_decided_since_stays_when_a_step_is_taken_back(
    library: Library, ids: list[str]
) -> None:
    review, other = library.review, Library(library.folder)
    review.decisions.tag(ids[:1], ("Keeper",))
    review.decisions.annotate(ids[1], "first")
    tagged = review.decisions.tag(ids[:2], ("cover", "keeper"), ("draft",))
    marked = review.decisions.mark(ids[:2], Marks(rating=3, flag=1))
    noted = review.decisions.annotate(ids[1], " second ")
    other.review.decisions.mark(ids[:1], Marks(rating=5, label="red"))
    other.review.decisions.annotate(ids[0], "print this one")
    other.review.decisions.tag(ids[:2], ("theirs", "draft"))
    for step in (noted, marked, tagged):
        review.decisions.put_back(step)
    first, second = cards(library, ids[:2])
    assert (first.rating, first.flag, first.label) == (5, 0, "red")
    assert (second.rating, second.flag, second.label) == (0, 0, "")
    assert (first.note, second.note) == ("print this one", "first")
    assert first.tags == ("draft", "Keeper", "theirs")
    assert second.tags == ("draft", "theirs")
    noted = review.decisions.annotate(ids[1], "third")
    other.review.decisions.annotate(ids[1], "theirs")
    other.close()
    review.decisions.put_back(noted)
    assert review.card(ids[1]).note == "theirs"


def test_a_tag_is_spelled_as_it_was_first(library: Library, ids: list[str]) -> None:
    review = library.review
    review.decisions.tag(ids[:1], ("  Für   Zoë ",))
    review.decisions.tag(ids[1:], (unicodedata.normalize("NFD", "FÜR zoë"), "für ZOË"))
    assert review.facets("tag") == (Facet("Für Zoë", 4),)
    assert all(card.tags == ("Für Zoë",) for card in cards(library, ids))
    assert review.tags_like(unicodedata.normalize("NFD", "fÜ")) == ("Für Zoë",)
    review.decisions.tag(ids, (), ("für zoë", "never used"))
    assert review.facets("tag") == ()


def test_a_tag_that_is_put_on_and_taken_off_is_on(library: Library, ids: list[str]) -> None:
    library.review.decisions.tag(ids, ("cover",))
    library.review.decisions.tag(ids, ("cover",), ("Cover",))
    assert library.review.facets("tag") == (Facet("cover", 4),)


def test_pictures_that_have_gone_are_passed_over(library: Library, ids: list[str]) -> None:
    review = library.review
    before = review.decisions.mark(("unknown", ids[0]), Marks(rating=1))
    assert list(before) == [Decided(id=ids[0])]
    assert not review.decisions.tag(("unknown",), ("cover",))
    assert not review.decisions.annotate("unknown", "note")
    tagged = review.decisions.tag((ids[1],), ("cover",))
    library.trash(ids[1])
    library.purge()
    review.decisions.put_back(tagged)
    assert review.facets("tag") == ()
    assert not review.decisions.mark((), Marks(rating=1))


@pytest.mark.parametrize("marks", [Marks(rating=6), Marks(rating=-1), Marks(flag=2)])
def test_marks_that_there_are_not(library: Library, ids: list[str], marks: Marks) -> None:
    with pytest.raises(InputError):
        library.review.decisions.mark(ids, marks)
    assert library.review.card(ids[0]).rating == 0


def test_a_label_that_there_is_not(library: Library, ids: list[str]) -> None:
    unknown: Label = "pink"  # type: ignore[assignment] what a plug-in might say
    with pytest.raises(InputError, match="pink"):
        library.review.decisions.mark(ids, Marks(label=unknown))


@pytest.mark.parametrize("tag", ["", "  ", "…", "a\0b", "x" * 101, "\ud800"])
def test_tags_that_are_none(library: Library, ids: list[str], tag: str) -> None:
    with pytest.raises(InputError):
        library.review.decisions.tag(ids, ("cover", tag))
    assert library.review.facets("tag") == ()


def test_notes_are_kept_as_they_are_written(library: Library, ids: list[str]) -> None:
    review = library.review
    review.decisions.annotate(ids[0], "  Two\nlines \ud800\0 ")
    assert review.card(ids[0]).note == "Two\nlines ?"
    with pytest.raises(InputError):
        review.decisions.annotate(ids[0], "x" * 20_001)
    assert review.card(ids[0]).note == "Two\nlines ?"


def test_many_go_to_the_trash_and_come_back(library: Library, ids: list[str]) -> None:
    review = library.review
    assert review.decisions.trash((*ids[:3], "unknown")) == 3
    assert review.decisions.trash(ids) == 1
    assert library.count() == 0
    assert review.decisions.restore(ids[1:]) == 3
    assert (library.count(), library.count_trash()) == (3, 1)
    assert [card.trashed for card in cards(library, ids)] == [True, False, False, False]


def test_deciding_about_thousands_is_one_step(library: Library) -> None:
    keep(library, "moon")
    with library._database.writing() as connection:
        connection.execute(_MANY)
    review = library.review
    some = [f"card-{number}" for number in range(5000)]
    before = review.decisions.tag(some, ("cover", "print"))
    assert len(before) == 5000
    assert len(review.decisions.mark(some, Marks(rating=2))) == 5000
    assert review.facets("tag") == (Facet("cover", 5000), Facet("print", 5000))
    review.decisions.put_back(before)
    assert review.facets("tag") == ()


_MANY = """
    WITH RECURSIVE number (k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM number WHERE k < 4999)
    INSERT INTO cards (n, id, engine, template, style, child, book, stack, seed)
    SELECT k, 'card-' || k, '', '', '', '', '', '', 0 FROM number
"""

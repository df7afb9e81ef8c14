import contextlib
import shutil
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import apsw
import pytest
from unit.storage.album import cards_of, found, keep

from pickabook_desktop.domain.errors import CancelledError, InputError, StorageError
from pickabook_desktop.domain.review import (
    GROUP_KEYS,
    SORT_KEYS,
    Facet,
    Group,
    Marks,
    SavedSearch,
    Shown,
    View,
)
from pickabook_desktop.storage import review_shown
from pickabook_desktop.storage.library import Library


def test_where_there_is_no_library_there_is_nothing_and_none_is_made(tmp_path: Path) -> None:
    library = Library(tmp_path / "library")
    review = library.review
    assert review.first(View()) == ()
    assert review.show(View(), "A") == Shown(sought="A")
    assert review.cards(0, 9) == review.ids([(0, 9)]) == review.stack("A") == ()
    assert review.facets("tag") == review.tags_like("a") == review.searches.all() == ()
    assert review.place_of("A") == -1
    with pytest.raises(InputError):
        review.card("A")
    library.close()
    assert not (tmp_path / "library").exists()


def test_a_card_says_what_is_known_of_a_picture(library: Library) -> None:
    picture_id = keep(
        library, "on the moon", child=" Mia ", book="Stars", cost=0.04, likeness=0.3, seam=1.5
    )
    library.review.decisions.mark((picture_id,), Marks(rating=4, flag=1, label="green"))
    library.review.decisions.tag((picture_id,), ("print", "cover"))
    library.review.decisions.annotate(picture_id, "for grandma")
    card = library.review.card(picture_id)
    kept = library.get(picture_id)
    assert (card.path, card.created, card.size) == (kept.path, kept.created, kept.size)
    assert (card.child, card.book, card.prompt) == ("Mia", "Stars", "on the moon")
    assert (card.engine, card.template, card.style) == ("storybook", "moon-walk", "storybook")
    assert (card.cost, card.likeness, card.seam) == (0.04, 0.3, 1.5)
    assert (card.rating, card.flag, card.label) == (4, 1, "green")
    assert (card.tags, card.note) == (("cover", "print"), "for grandma")
    assert cards_of(library) == [card]


def test_newest_first_and_turned_round(library: Library) -> None:
    ids = [keep(library, f"picture {number}", seed=number) for number in range(7)]
    assert [card.id for card in cards_of(library)] == ids[::-1]
    assert [card.id for card in cards_of(library, descending=False)] == ids
    library.review.show(View(), ids[2])
    assert library.review.cards(2, 4) == tuple(library.review.card(i) for i in (ids[4], ids[3]))
    assert library.review.cards(5, 900) == tuple(library.review.card(i) for i in (ids[1], ids[0]))
    assert library.review.cards(9, 12) == ()
    assert library.review.ids([(0, 1), (5, 7)]) == (ids[6], ids[1], ids[0])
    assert library.review.place_of(ids[2]) == 4


def test_a_view_is_as_it_was_when_it_was_shown(library: Library) -> None:
    first, second, third = (keep(library, str(number), seed=number) for number in range(3))
    assert library.review.show(View(), second) == Shown(count=3, sought=second, place=1)
    keep(library, "later", seed=9)
    library.trash(second)
    library.purge()
    library.review.decisions.trash((third,))
    cards = library.review.cards(0, 9)
    assert [card and (card.id, card.trashed) for card in cards] == [
        (third, True),
        None,
        (first, False),
    ]
    assert library.review.ids([(0, 9)]) == (third, first)
    assert library.review.show(View(), second) == Shown(count=2, sought=second, place=-1)


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (View(sort="rating"), "bdca"),
        (View(sort="rating", descending=False), "dbac"),
        (View(sort="likeness"), "cbda"),
        (View(sort="likeness", descending=False), "bcad"),
        (View(sort="cost"), "badc"),
        (View(sort="cost", descending=False), "abcd"),
        (View(sort="template", descending=False), "dabc"),
        (View(sort="child", descending=False), "cbad"),
        (View(sort="child"), "abcd"),
        (View(sort="engine", descending=False), "bcda"),
    ],
)
def test_orders(library: Library, view: View, expected: str) -> None:
    """What has no value comes last, whichever way round."""
    keep(library, "a", cost=0.1, child="Émile", template="reef", engine="z", seed=1)
    b = keep(library, "b", cost=0.2, child="emil", template="reef", likeness=0.4, seed=2)
    keep(library, "c", child="Anna", likeness=0.2, template="sea", seed=3)
    d = keep(library, "d", template="Barn", seed=4)
    library.review.decisions.mark((b,), Marks(rating=5))
    library.review.decisions.mark((d,), Marks(rating=2))
    prompts = [card.prompt for card in library.review.first(view)]
    assert "".join(prompts) == expected


def test_names_stand_in_the_order_of_the_alphabet(library: Library) -> None:
    for seed, child in enumerate(("Zoë", "ezra", "Émile", "Anna", "", "Emil")):
        keep(library, child, child=child, seed=seed)
    names = ["Anna", "Emil", "Émile", "ezra", "Zoë", ""]
    assert [c.child for c in cards_of(library, sort="child", descending=False)] == names
    assert [g.key for g in library.review.show(View(grouping="child")).groups] == names


def test_groups_by_name_and_day(library: Library) -> None:
    keep(library, "old", when=datetime(2024, 2, 29, 23, 59), child="mia", book="Stars", seed=1)
    keep(library, "night", when=datetime(2024, 3, 1, 0, 1), child="Zoë", seed=2)
    keep(library, "noon", when=datetime(2024, 3, 1, 12), child="Mia", book="Apples", seed=3)
    keep(library, "nobody", when=datetime(2025, 3, 1), seed=4)
    review = library.review
    days = review.show(View(grouping="day")).groups
    assert days == (Group("2025-03-01", 1), Group("2024-03-01", 2), Group("2024-02-29", 1))
    assert review.show(View(grouping="day", descending=False)).groups == days[::-1]
    assert review.show(View(grouping="day", sort="cost")).groups == days
    assert review.show(View(grouping="child")).groups == (
        Group("Mia", 2),
        Group("Zoë", 1),
        Group("", 1),
    )
    assert [c.prompt for c in cards_of(library, grouping="child")] == [
        *("noon", "old"),
        *("night", "nobody"),
    ]
    assert [group.key for group in review.show(View(grouping="book")).groups] == [
        *("Apples", "Stars"),
        "",
    ]
    assert review.show(View()).groups == ()


def test_every_sort_goes_with_every_grouping_and_with_stacks(library: Library) -> None:
    for number in range(6):
        keep(library, f"moon {number // 2}", seed=number, child=f"Child {number % 2}")
    for sort in SORT_KEYS:
        for grouping in GROUP_KEYS:
            for words, stacked, count in (("", False, 6), ("moon", False, 6), ("moon", True, 3)):
                assert (
                    len(found(library, words, sort=sort, grouping=grouping, stacked=stacked))
                    == count
                )
                groups = library.review.show(View(grouping=grouping, sort=sort)).groups
                assert sum(group.count for group in groups) == (6 if grouping else 0)


def test_variations_stand_as_one_picture(library: Library) -> None:
    older = [keep(library, "on the moon", seed=seed) for seed in range(3)]
    other = keep(library, "in the sea")
    newest = keep(library, "on the moon", seed=7)
    review = library.review
    assert [card.id for card in cards_of(library, stacked=True)] == [newest, other]
    assert review.card(newest).variations == 4
    assert review.card(other).variations == 1
    assert review.place_of(older[0]) == 0
    assert [card.id for card in review.stack(older[1])] == [*older, newest]
    review.decisions.trash((newest, older[0]))
    assert [card.id for card in cards_of(library, stacked=True)] == [other, older[2]]
    assert [card.id for card in review.stack(newest)] == [older[1], older[2]]
    assert review.card(older[1]).variations == 2
    assert review.stack(other) == (review.card(other),)
    assert review.stack("unknown") == ()


def test_of_very_many_variations_those_around_the_picture_are_given(library: Library) -> None:
    ids = [keep(library, "on the moon", seed=seed) for seed in range(9)]
    keep(library, "in the sea")
    review = library.review
    assert [card.id for card in review.stack(ids[4], 4)] == ids[2:6]
    assert [card.id for card in review.stack(ids[0], 4)] == ids[:2]
    assert [card.id for card in review.stack(ids[8], 4)] == ids[6:]
    review.decisions.trash(ids[3:5])
    assert [card.id for card in review.stack(ids[4], 4)] == [ids[1], ids[2], ids[5], ids[6]]
    assert {card.variations for card in review.stack(ids[4], 4)} == {7}


def test_facets_count_what_is_not_in_the_trash(library: Library) -> None:
    ids = [keep(library, "moon", child="Mia", seed=seed) for seed in range(3)]
    keep(library, "sea", child="Zoë", engine="other")
    review = library.review
    review.decisions.tag(ids, ("cover",))
    review.decisions.tag(ids[:1], ("draft",))
    review.decisions.mark(ids[:2], Marks(flag=1, label="red"))
    assert review.facets("child") == (Facet("Mia", 3), Facet("Zoë", 1))
    assert review.facets("tag") == (Facet("cover", 3), Facet("draft", 1))
    assert review.facets("tag", 1) == (Facet("cover", 3),)
    review.decisions.trash(ids[:1])
    assert review.facets("child") == (Facet("Mia", 2), Facet("Zoë", 1))
    assert review.facets("tag") == (Facet("cover", 2),)
    assert review.facets("flag") == (Facet("1", 1),)
    assert review.facets("label") == (Facet("red", 1),)
    assert review.facets("book") == ()
    assert review.tags_like("CO") == ("cover",)
    assert review.tags_like("") == ("cover", "draft")


def test_a_library_that_is_put_in_the_place_of_another_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    library, away = Library(folder), Library(tmp_path / "elsewhere")
    keep(library, "here")
    for number in range(2):
        keep(away, f"elsewhere {number}", seed=number)
    away.close()
    assert library.review.show(View()).count == 1
    folder.rename(tmp_path / "moved")
    assert library.review.show(View()).count == 0
    assert library.review.cards(0, 9) == ()
    shutil.copytree(tmp_path / "elsewhere", folder)
    cards = library.review.cards(0, 9)
    assert [card and card.prompt for card in cards] == ["elsewhere 1", "elsewhere 0"]
    library.close()
    assert len(library.review.cards(0, 9)) == 2
    library.close()


def test_a_look_that_is_no_longer_wanted_is_cut_short(library: Library) -> None:
    keep(library, "moon")
    with library._database.writing() as connection:
        connection.execute(_MANY)
    review = library.review
    assert review.show(View()).count == _COUNT
    ended = threading.Event()
    outcome: list[object] = []

    def look() -> None:
        try:
            while not ended.is_set():
                outcome.append(review.show(View(sort="cost", grouping="day")))
        except CancelledError as error:
            outcome.append(error)

    looking = threading.Thread(target=look)
    looking.start()
    while looking.is_alive():
        review.interrupt()
    ended.set()
    looking.join()
    assert isinstance(outcome[-1], CancelledError)
    assert len(review.ids([(0, _COUNT)])) == _COUNT


def test_only_a_look_is_cut_short_and_nothing_else(library: Library) -> None:
    for number in range(5):
        keep(library, f"moon {number}", seed=number)
    review = library.review
    review.show(View())
    ended = threading.Event()

    def look() -> None:
        while not ended.is_set():
            with contextlib.suppress(CancelledError):
                review.show(View(grouping="child"))

    def cut() -> None:
        while not ended.is_set():
            review.interrupt()

    others = [threading.Thread(target=look), threading.Thread(target=cut)]
    for other in others:
        other.start()
    try:
        for _ in range(100):
            assert len(review.cards(0, 9)) == len(review.ids([(0, 9)])) == 5
    finally:
        ended.set()
        for other in others:
            other.join()


@pytest.mark.parametrize("statement", ["COMMIT", "COMMIT ROLLBACK"])
def test_a_look_that_fails_at_its_end_leaves_the_last_one(library: Library, statement: str) -> None:
    for number in range(3):
        keep(library, f"moon {number}", child="Mia", seed=number)
    review = library.review
    review.show(View(descending=False))
    before = review.cards(0, 9)
    reader = review._reader
    reader._connection = _Failing(reader._connection, statement)  # type: ignore[assignment] all of it
    with pytest.raises(StorageError):
        review.show(View(grouping="child"))
    assert review.cards(0, 9) == before
    assert review.show(View(grouping="child")).groups == (Group("Mia", 3),)


def test_a_look_is_at_one_moment(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(library, "moon", child="Mia", seed=1)
    keep(library, "sea", seed=2)
    other = Library(library.folder)
    ordered = review_shown.ordered

    def late(*given: object) -> object:
        plan = ordered(*given)  # type: ignore[arg-type] whatever it is given
        keep(other, "star", child="Ben", seed=3)
        return plan

    library.review.show(View())
    with monkeypatch.context() as patch:
        patch.setattr(review_shown, "ordered", late)
        shown = library.review.show(View(grouping="child"))
    other.close()
    assert shown.groups == (Group("Mia", 1), Group("", 1))
    first = library.review.first(View(grouping="child"))
    assert [card.child for card in first] == ["Ben", "Mia", ""]


def test_rewriting_the_database_changes_no_place(library: Library) -> None:
    for number in range(5):
        keep(library, f"moon {number}", seed=number)
    gone = keep(library, "gone")
    library.trash(gone)
    before = cards_of(library)
    library.purge()
    library._database.rebuild()
    assert library.review.cards(0, 9) == tuple(before)
    assert found(library, "moon") == [card.prompt for card in before]


def test_saved_searches_keep_their_order(library: Library) -> None:
    keep(library, "moon")
    review = library.review
    best = review.searches.save(SavedSearch(id="", title=" Best  ones ", words="rating:>=4"))
    new = review.searches.save(
        SavedSearch(id="", title="New", words="", sort="cost", descending=False, grouping="day")
    )
    assert (best.title, bool(best.id)) == ("Best ones", True)
    assert review.searches.all() == (best, new)
    review.searches.move(new.id, 0)
    assert review.searches.all() == (new, best)
    review.searches.move("unknown", 0)
    review.searches.move(new.id, 99)
    renamed = review.searches.save(SavedSearch(id=best.id, title="Top", words="rating:5"))
    assert review.searches.all() == (renamed, new)
    review.searches.remove(best.id)
    review.searches.remove(best.id)
    assert review.searches.all() == (new,)
    for title, words in (("  ", "moon"), ("x" * 101, ""), ("x", "moon " * 1000)):
        with pytest.raises(InputError):
            review.searches.save(SavedSearch(id="", title=title, words=words))


class _Failing:
    """A connection on which each of the statements ``failing`` fails once."""

    def __init__(self, connection: Any, failing: str) -> None:
        self._connection = connection
        self._failing = set(failing.split())

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def execute(self, statement: str, *values: object) -> object:
        if statement in self._failing:
            self._failing.remove(statement)
            raise apsw.IOError
        return self._connection.execute(statement, *values)


_COUNT = 60_000
_MANY = """
    WITH RECURSIVE number (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM number WHERE k < 59999)
    INSERT INTO cards (n, id, engine, template, style, child, book, stack, seed)
    SELECT k, 'card-' || k, '', '', '', '', '', '', 0 FROM number
"""


def test_only_what_others_write_is_a_change_elsewhere(library: Library) -> None:
    keep(library, "moon")
    review = library.review
    (card,) = review.first(View())
    assert not review.changed_elsewhere()
    review.decisions.mark((card.id,), Marks(rating=3))
    assert not review.changed_elsewhere(), "that was ourselves"
    review.decisions.mark((card.id,), Marks(rating=2))
    assert not review.changed_elsewhere()
    other = Library(library.folder)
    assert not other.review.changed_elsewhere()
    review.decisions.mark((card.id,), Marks(rating=4))
    assert other.review.changed_elsewhere(), "where nothing was written yet"
    assert not other.review.changed_elsewhere()
    other.review.decisions.mark((card.id,), Marks(rating=5))
    assert review.changed_elsewhere()
    assert not review.changed_elsewhere()
    assert not other.review.changed_elsewhere()
    other.close()

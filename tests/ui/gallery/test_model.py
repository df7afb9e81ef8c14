"""What is looked at, current and chosen, over a real library that changes meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from benchmarks.many import fill
from pytestqt.qtbot import QtBot

from pickabook_desktop.domain.review import Card, Marks, View
from pickabook_desktop.domain.search import parse
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel
from pickabook_desktop.ui.viewmodels.gallery_pages import PAGE, PAGES_KEPT
from pickabook_desktop.ui.viewmodels.selection import Selection

COUNT = 650


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(fill(tmp_path / "library", COUNT, thumbnails=False))
    yield library
    library.close()


@pytest.fixture
def model(library: Library, qtbot: QtBot) -> Iterator[GalleryModel]:
    lanes = Lanes()
    model = GalleryModel(library, lanes)
    with qtbot.waitSignal(model.counted):
        model.open()
    yield model
    assert lanes.shutdown()


def card_at(model: GalleryModel, place: int, qtbot: QtBot) -> Card:
    qtbot.waitUntil(lambda: model.card(place) is not None)
    card = model.card(place)
    assert card is not None
    return card


def ids_of(model: GalleryModel, qtbot: QtBot) -> tuple[str, ...]:
    """What an action on all that is chosen would be done to."""
    got: list[tuple[str, ...]] = []
    model.with_selected_ids(got.append)
    qtbot.waitUntil(lambda: bool(got))
    return got[0]


def test_the_newest_pictures_are_there_first_and_then_the_count(
    library: Library, qtbot: QtBot
) -> None:
    lanes = Lanes()
    model = GalleryModel(library, lanes)
    counts: list[int] = []
    model.reset.connect(lambda: counts.append(model.count))
    assert model.count == 0
    with qtbot.waitSignal(model.counted):
        model.open()
    assert counts == [60, COUNT]
    first = model.card(0)
    assert first is not None
    assert first.created > card_at(model, 1, qtbot).created
    assert lanes.shutdown()


def test_cards_come_when_they_are_looked_at(model: GalleryModel, qtbot: QtBot) -> None:
    assert model.card(COUNT - 1) is None
    with qtbot.waitSignal(model.cards_changed) as changed:
        model.card(COUNT - 1)
    assert changed.args == [600, COUNT - 1]
    last = model.card(COUNT - 1)
    assert last is not None
    assert last.created.startswith("2016-11")
    assert model.card(COUNT) is None
    assert model.card(-1) is None


def test_memory_holds_a_bounded_number_of_pages(tmp_path: Path, qtbot: QtBot) -> None:
    many = (PAGES_KEPT + 4) * PAGE
    library = Library(fill(tmp_path / "library", many, thumbnails=False))
    lanes = Lanes()
    model = GalleryModel(library, lanes)
    with qtbot.waitSignal(model.counted):
        model.open()
    for place in range(0, many, PAGE):
        card_at(model, place, qtbot)
    assert model.card(many - 1) is not None
    assert model.card(0) is None, "the page that was looked at longest ago went"
    assert card_at(model, 0, qtbot)
    assert lanes.shutdown()
    library.close()


def test_who_rushes_past_many_pages_gets_the_last_one_first(
    model: GalleryModel, qtbot: QtBot
) -> None:
    come: list[int] = []
    model.cards_changed.connect(lambda first, _last: come.append(first))
    for place in (250, 450, 620):
        model.card(place)
    qtbot.waitUntil(lambda: len(come) == 3)
    assert come == [200, 600, 400], "the first was on its way already"


def test_the_last_view_asked_for_is_what_is_shown(model: GalleryModel, qtbot: QtBot) -> None:
    shown: list[int] = []
    model.counted.connect(lambda seen: shown.append(seen.count))
    for words in ("castle", "lantern", "template:pirate"):
        model.set_view(View(search=parse(words)))
    qtbot.waitUntil(lambda: not model.looking)
    assert len(shown) == 1
    assert 0 < model.count < COUNT
    assert {card_at(model, place, qtbot).template for place in range(5)} == {"pirate"}


def test_groups_add_up_to_the_count(model: GalleryModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model.counted):
        model.set_view(View(grouping="child"))
    assert sum(group.count for group in model.groups) == COUNT
    assert card_at(model, 0, qtbot).child == model.groups[0].key


def test_what_is_current_and_chosen_is_found_again_in_another_order(
    model: GalleryModel, qtbot: QtBot
) -> None:
    model.set_current(3)
    model.set_current(7, "toggle")
    wanted = {card_at(model, place, qtbot).id for place in (3, 7)}
    with qtbot.waitSignal(model.counted):
        model.set_view(View(descending=False))
    assert model.current == COUNT - 1 - 7
    assert set(ids_of(model, qtbot)) == wanted


def test_what_a_new_view_does_not_hold_is_not_chosen(model: GalleryModel, qtbot: QtBot) -> None:
    pirates = [p for p in range(60) if card_at(model, p, qtbot).template == "pirate"]
    others = [p for p in range(60) if card_at(model, p, qtbot).template != "pirate"]
    model.set_current(pirates[0])
    model.set_current(others[0], "toggle")
    with qtbot.waitSignal(model.counted):
        model.set_view(View(search=parse("template:pirate ")))
    assert model.current == -1
    assert model.selected_count == 1
    assert card_at(model, model.selection.first(1)[0], qtbot).template == "pirate"


def test_the_neighbour_of_a_deleted_picture_becomes_current(
    model: GalleryModel, library: Library, qtbot: QtBot
) -> None:
    model.set_current(5)
    gone, neighbour = card_at(model, 5, qtbot), card_at(model, 6, qtbot)
    library.review.decisions.trash((gone.id,))
    with qtbot.waitSignal(model.counted):
        model.refresh()
    assert model.count == COUNT - 1
    assert model.current == 5
    assert model.current_card == neighbour
    assert model.selected_places(2) == [model.current], "and is seen to be"
    assert ids_of(model, qtbot) == (neighbour.id,)


def test_what_is_seen_in_the_middle_stays_when_others_add_pictures(
    model: GalleryModel, library: Library, qtbot: QtBot
) -> None:
    model.see(300, 320)
    seen = card_at(model, 300, qtbot)
    library.review.decisions.trash((card_at(model, 10, qtbot).id,))
    with qtbot.waitSignal(model.counted):
        model.refresh()
    assert model.kept == (300, 299)
    assert model.stays
    assert model.card(299) == seen, "at once, without a blank in between"


def test_everything_chosen_stays_chosen_when_marks_change_the_order(
    model: GalleryModel, library: Library, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(model.counted):
        model.set_view(View(sort="rating"))
    model.select_all()
    ids = ids_of(model, qtbot)
    assert len(set(ids)) == COUNT
    library.review.decisions.mark(ids[: COUNT // 2], Marks(rating=1))
    with qtbot.waitSignal(model.counted):
        model.refresh()
    assert model.selected_count == COUNT


def test_many_chosen_pictures_are_handed_over_in_their_order(
    model: GalleryModel, library: Library, qtbot: QtBot
) -> None:
    model.choose(Selection([(2, 3), (400, 610)]))
    ids = ids_of(model, qtbot)
    assert len(ids) == 211
    assert ids[0] == card_at(model, 2, qtbot).id
    assert ids[-1] == card_at(model, 609, qtbot).id
    assert ids == library.review.ids(((2, 3), (400, 610)))


def test_a_few_chosen_pictures_are_handed_over_at_once(model: GalleryModel) -> None:
    got: list[tuple[str, ...]] = []
    model.set_current(1)
    model.set_current(4, "extend")
    model.with_selected_ids(got.append)
    assert len(got[0]) == 4
    assert [card.id for card in model.selected_cards()] == list(got[0])


def test_nothing_is_handed_over_where_there_is_nothing(model: GalleryModel, qtbot: QtBot) -> None:
    got: list[tuple[str, ...]] = []
    with qtbot.waitSignal(model.counted):
        model.set_view(View(search=parse("nowhere-to-be-found ")))
    assert model.count == 0
    model.with_selected_ids(got.append)
    assert model.current == -1
    assert not got


def test_what_was_asked_of_a_selection_during_a_look_is_done_to_the_same_pictures(
    model: GalleryModel, library: Library, qtbot: QtBot
) -> None:
    wanted = library.review.ids(((300, 302),))
    model.choose(Selection([(300, 302)]))
    got: list[tuple[str, ...]] = []
    model.set_view(View(descending=False))
    model.with_selected_ids(got.append)
    assert not got
    qtbot.waitUntil(lambda: bool(got))
    assert set(got[0]) == set(wanted)


def test_everything_that_is_chosen_during_a_look_is_everything_afterwards(
    model: GalleryModel, library: Library, qtbot: QtBot
) -> None:
    got: list[tuple[str, ...]] = []
    model.refresh()
    model.select_all()
    model.with_selected_ids(got.append)
    qtbot.waitUntil(lambda: bool(got))
    assert len(got[0]) == COUNT


def test_a_part_of_many_that_were_chosen_during_a_look_is_never_handed_over(
    model: GalleryModel, qtbot: QtBot
) -> None:
    got: list[tuple[str, ...]] = []
    model.set_view(View(search=parse("template:pirate ")))
    model.choose(Selection([(0, 400)]))
    model.with_selected_ids(got.append)
    qtbot.waitUntil(lambda: not model.looking)
    assert model.selected_count == 0
    assert not got


def test_a_range_grows_and_shrinks_from_where_it_began(model: GalleryModel) -> None:
    model.set_current(10)
    model.set_current(14, "extend")
    assert model.selection.ranges() == ((10, 15),)
    model.set_current(8, "extend")
    assert model.selection.ranges() == ((8, 11),)
    model.set_current(20, "move")
    assert model.selection.ranges() == ((8, 11),)
    model.set_current(20, "toggle")
    model.set_current(22, "extend_more")
    assert model.selection.ranges() == ((8, 11), (20, 23))
    model.invert_selection()
    assert model.selected_count == COUNT - 6
    model.select_none()
    assert model.selected_count == 0


def test_marks_show_at_once(model: GalleryModel, qtbot: QtBot) -> None:
    card = card_at(model, 5, qtbot)
    with qtbot.waitSignal(model.cards_changed) as changed:
        model.patch([msgspec.structs.replace(card, rating=5)])
    assert changed.args == [5, 5]
    now = model.card(5)
    assert now is not None
    assert now.rating == 5


def test_a_picture_is_sought_out_and_chosen(
    model: GalleryModel, library: Library, qtbot: QtBot
) -> None:
    (wanted,) = library.review.ids(((444, 445),))
    with qtbot.waitSignal(model.counted):
        model.seek(wanted)
    assert model.current == 444
    assert ids_of(model, qtbot) == (wanted,)
    assert not model.stays


def test_a_picture_sought_behind_the_first_page_has_its_card_at_hand(
    model: GalleryModel, library: Library, qtbot: QtBot
) -> None:
    (wanted,) = library.review.ids(((444, 445),))
    with qtbot.waitSignal(model.counted):
        model.seek(wanted)
    assert model.current_card is not None


def test_two_changes_during_one_look_are_both_seen(
    model: GalleryModel, library: Library, qtbot: QtBot
) -> None:
    first, second = card_at(model, 0, qtbot), card_at(model, 1, qtbot)
    library.review.decisions.trash((first.id,))
    model.refresh()
    library.review.decisions.trash((second.id,))
    model.refresh()
    qtbot.waitUntil(lambda: not model.looking)
    assert model.count == COUNT - 2


def test_a_library_that_is_not_there_yet_is_empty(tmp_path: Path, qtbot: QtBot) -> None:
    lanes = Lanes()
    library = Library(tmp_path / "none")
    model = GalleryModel(library, lanes)
    with qtbot.waitSignal(model.counted):
        model.open()
    assert model.count == 0
    assert lanes.shutdown()
    assert not (tmp_path / "none").exists()


def test_a_damaged_library_says_so(tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "library.db").write_bytes(b"no database" * 1000)
    lanes = Lanes()
    model = GalleryModel(Library(folder), lanes)
    with qtbot.waitSignal(model.failed) as failed:
        model.open()
    assert failed.args is not None
    assert "library.db" in str(failed.args[0]) + failed.args[0].next_step
    assert lanes.shutdown()


@pytest.mark.parametrize("seed", range(20))
def test_ranges_of_a_selection_are_what_a_set_would_be(seed: int) -> None:
    import random

    dice = random.Random(seed)
    selection, expected = Selection(), set[int]()
    for _ in range(200):
        start = dice.randrange(60)
        stop = start + dice.randrange(8)
        match dice.randrange(4):
            case 0:
                selection.add(start, stop)
                expected |= set(range(start, stop))
            case 1:
                selection.remove(start, stop)
                expected -= set(range(start, stop))
            case 2:
                selection.toggle(start)
                expected ^= {start}
            case _:
                selection.invert(70)
                expected = set(range(70)) - expected
        places = [place for first, last in selection.ranges() for place in range(first, last)]
        assert places == sorted(expected)
        assert len(selection) == len(expected)
        assert selection == Selection.of(expected)
        assert all((place in selection) == (place in expected) for place in range(70))
        assert selection.first(3) == sorted(expected)[:3]

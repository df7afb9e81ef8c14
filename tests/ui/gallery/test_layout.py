"""Where pictures stand, and where arrow keys lead, whatever there is of them."""

import random

import pytest

from pickabook_desktop.ui.gallery.layout import Box, Layout, Shape

GRID = Shape(mode="grid", width=100, height=120, margin=8, header=40)


def grid(count: int, groups: tuple[int, ...] = (), across: int = 420) -> Layout:
    return Layout(GRID, across, count, groups)


def test_a_grid_has_as_many_columns_as_fit_and_spreads_them_over_the_room() -> None:
    layout = grid(10)
    assert layout.columns == 4
    assert layout.box(0) == Box(8, 8, 101, 120)
    assert layout.box(5) == Box(109, 128, 101, 120)
    assert layout.extent == 8 + 3 * 120 + 8


def test_a_view_narrower_than_one_picture_still_has_one_column() -> None:
    assert grid(3, across=20).columns == 1


@pytest.mark.parametrize("groups", [(), (3, 1, 9, 7)])
@pytest.mark.parametrize("mode", ["grid", "list", "strip"])
def test_every_picture_is_found_at_its_own_middle(mode, groups) -> None:
    shape = Shape(mode=mode, width=100, height=120, margin=8, header=40)
    layout = Layout(shape, 420, 20, groups)
    for place in range(20):
        box = layout.box(place)
        assert layout.place_at(box.x + box.width // 2, box.y + box.height // 2) == place


def test_every_group_begins_with_a_heading_and_a_row_of_its_own() -> None:
    layout = grid(7, (1, 6))
    assert layout.header(0) == Box(0, 8, 420, 40)
    assert layout.box(0).y == 48
    assert layout.header(1).y == 168
    assert layout.box(1).y == 208
    assert list(layout.headers(0, 100)) == [0]
    assert list(layout.headers(0, 1000)) == [0, 1]
    assert list(layout.headers(50, 165)) == []
    assert layout.place_at(20, 180) == -1, "a heading is no picture"


def test_a_heading_stays_in_sight_until_its_group_has_gone() -> None:
    layout = Layout(GRID, 420, 5, (3, 2))
    first, second = layout.header(0), layout.header(1)
    assert layout.lifted(first.y) is None, "it is where it belongs"
    assert layout.lifted(first.y + 10) == (0, Box(0, 0, 420, 40))
    pushed = layout.lifted(layout.bottom_of(0) - 15)
    assert pushed == (0, Box(0, -25, 420, 40)), "the next one pushes it out"
    assert layout.lifted(second.y + 1) == (1, Box(0, 0, 420, 40))
    assert grid(100).lifted(500) is None


def test_beside_and_beyond_the_pictures_there_is_nothing() -> None:
    layout = grid(5)
    assert layout.place_at(3, 20) == -1
    assert layout.place_at(330, 200) == -1, "the last row has but one"
    assert layout.place_at(20, 5000) == -1
    assert grid(0).place_at(20, 20) == -1
    assert not grid(0).visible(0, 1000)


def test_what_is_seen_is_a_screenful_however_many_there_are() -> None:
    layout = grid(1_000_000)
    offset = layout.box(500_000).y
    seen = layout.visible(offset, offset + 600)
    assert seen.start == 500_000
    assert len(seen) == 5 * layout.columns
    last = layout.visible(layout.extent - 600, layout.extent)
    assert last.stop == 1_000_000


def test_what_is_seen_stops_at_the_end_of_a_group() -> None:
    layout = grid(9, (2, 7))
    assert layout.visible(0, 60) == range(2)
    assert layout.visible(0, 10_000) == range(9)


@pytest.mark.parametrize(
    ("place", "step", "expected"),
    [
        (0, "left", 0),
        (0, "up", 0),
        (3, "right", 4),
        (1, "down", 5),
        (6, "down", 8),
        (8, "down", 8),
        (8, "up", 4),
        (8, "right", 8),
    ],
)
def test_arrow_keys_walk_through_a_grid_and_stay_at_its_ends(place, step, expected) -> None:
    assert grid(9).moved(place, step) == expected


def test_arrow_keys_keep_the_column_across_groups() -> None:
    # Two rows of four and two; then a row of three.
    layout = grid(9, (6, 3))
    assert layout.moved(4, "down") == 6
    assert layout.moved(5, "down") == 7
    assert layout.moved(2, "down") == 5, "the short last row of the group comes first"
    assert layout.moved(8, "up") == 5
    assert layout.moved(6, "up") == 4
    assert layout.moved(5, "right") == 6


def test_groups_without_pictures_are_passed_over() -> None:
    layout = grid(4, (2, 0, 2))
    assert layout.moved(1, "down") == 3
    assert layout.moved(2, "up") == 0


def test_in_a_strip_all_arrow_keys_go_along_it() -> None:
    layout = Layout(Shape(mode="strip", width=80, height=100), 100, 3)
    assert layout.moved(0, "down") == 1
    assert layout.moved(1, "left") == 0
    assert layout.moved(2, "right") == 2
    assert layout.box(2) == Box(160, 0, 80, 100)


def test_a_page_is_a_screen_less_one_row() -> None:
    layout = grid(100)
    assert layout.paged(1, 5 * 120, back=False) == 17
    assert layout.paged(17, 5 * 120, back=True) == 1
    assert layout.paged(98, 5 * 120, back=False) == 98


def test_a_frame_takes_the_pictures_that_it_touches() -> None:
    layout = grid(12)
    first, second = layout.box(1), layout.box(6)
    frame = Box(first.x + 10, first.y + 10, second.right - first.x - 20, 150)
    assert layout.within(frame) == [(1, 3), (5, 7)]
    assert layout.within(Box(0, 0, 5, 5)) == []


def test_a_frame_across_groups_leaves_out_the_headings() -> None:
    layout = grid(6, (1, 5))
    assert layout.within(Box(0, 0, 100, 240)) == [(0, 1), (1, 2)]


def test_places_at_the_far_end_of_a_million_rows_are_exact() -> None:
    layout = Layout(Shape(mode="list", width=1, height=56), 800, 1_000_000)
    assert layout.box(999_999).y == 999_999 * 56
    assert layout.place_at(10, 999_999 * 56 + 3) == 999_999


@pytest.mark.parametrize("groups", [(), (5, 1, 14, 3, 17)])
@pytest.mark.parametrize("mode", ["grid", "list", "strip"])
def test_a_frame_anywhere_takes_exactly_what_it_touches(mode, groups) -> None:
    layout = Layout(Shape(mode=mode, width=100, height=60, margin=8, header=30), 430, 40, groups)
    dice = random.Random(7)
    for _ in range(300):
        frame = Box(
            dice.randrange(500), dice.randrange(900), dice.randrange(1, 500), dice.randrange(1, 400)
        )
        taken = {place for start, stop in layout.within(frame) for place in range(start, stop)}
        assert taken == {place for place in range(40) if touch(frame, layout.box(place))}


def touch(first: Box, second: Box) -> bool:
    aside = first.right <= second.x or second.right <= first.x
    return not (aside or first.bottom <= second.y or second.bottom <= first.y)

"""What the library tab calls days, ids, orders and counts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QLocale
from ui.window_data import ObedientEngine, catalogue

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.review import GROUP_KEYS, SORT_KEYS, Card
from pickabook_desktop.domain.search import FIELDS, parse
from pickabook_desktop.ui.viewmodels.folders import SECTIONS, section_titles
from pickabook_desktop.ui.viewmodels.gallery_words import (
    Titles,
    count_text,
    day_title,
    direction_title,
    field_words,
    group_titles,
    sort_titles,
    value_words,
)

DAY = date(2026, 11, 13)


@pytest.fixture(autouse=True)
def british() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def titles() -> Titles:
    can = ObedientEngine().capabilities
    states = (EngineState(id=can.id, title=can.title, capabilities=can),)
    known = catalogue()
    return Titles(known.templates, known.styles, lambda: states)


def card(**changes: object) -> Card:
    plain = Card(
        n=1,
        id="x",
        created=datetime.now(UTC).isoformat(),
        path="/x.png",
        media_type="image/png",
        size=Size(64, 64),
        template="moon",
        child="Mia",
    )
    return replace(plain, **changes)


@pytest.mark.parametrize(
    ("iso", "title"),
    [
        ("2026-11-13", "Today"),
        ("2026-11-12", "Yesterday"),
        ("2026-11-11", "11 November 2026"),
        ("2025-03-01", "1 March 2025"),
        ("2026-11-14", "14 November 2026"),
        ("no day", "no day"),
    ],
)
def test_days_are_named_as_people_name_them(iso: str, title: str) -> None:
    assert day_title(iso, DAY) == title


def test_a_moment_is_of_the_day_on_the_persons_own_clock() -> None:
    local = datetime(2026, 11, 13, 0, 30).astimezone()
    assert day_title(local.astimezone(UTC).isoformat(), DAY) == "Today"


def test_ids_have_titles_and_unknown_ones_are_shown_as_they_are(titles: Titles) -> None:
    assert titles.of("template", "moon") == "Moon"
    assert titles.of("template", "retired-page") == "retired-page"
    assert titles.of("style", "pencil") == "Pencil"
    assert titles.of("engine", "storybook") == "Obedient"
    assert titles.of("engine", "another") == "another"
    assert titles.of("tag", "cover") == "cover"


def test_groups_without_a_value_say_so(titles: Titles) -> None:
    assert titles.group("child", "") == "No name"
    assert titles.group("book", "") == "No book"
    assert titles.group("template", "") == "No template"
    assert titles.group("day", "2026-11-13", DAY) == "Today"


def test_a_picture_is_described_with_all_that_was_decided(titles: Titles) -> None:
    said = titles.describe(card(rating=4, flag=1, label="red", upload="queued", variations=3))
    assert said == (
        "Moon · Mia · Today · 4 stars · Picked · Red · Waiting to upload · 3 variations"
    )
    assert titles.card(card(template="", child="", prompt="an owl")) == "an owl"


def test_in_little_room_what_tells_pictures_apart_comes_first(titles: Titles) -> None:
    page = card(template="garden", child="Jean-Baptiste")
    assert titles.short(page) == f"Jean-Baptiste · {titles.template('garden')}"
    titles.remark = lambda card: "30 days left"
    assert titles.short(page) == "30 days left"


def test_counts_are_written_as_the_person_writes_numbers() -> None:
    assert count_text(1234, 100_000) == "1,234 of 100,000 pages"
    assert count_text(100_000, 100_000) == "100,000 pages"
    assert count_text(1, 1) == "1 page"
    assert count_text(0, 5) == "0 of 5 pages"


def test_every_order_group_field_and_section_has_words() -> None:
    assert tuple(sort_titles()) == SORT_KEYS
    assert set(group_titles()) == set(GROUP_KEYS)
    assert set(field_words()) == set(FIELDS)
    assert tuple(section_titles()) == SECTIONS
    for key in SORT_KEYS:
        down, up = (direction_title(key, descending=way) for way in (True, False))
        assert down != up


def test_every_value_that_is_offered_is_understood() -> None:
    for field, values in value_words().items():
        for value in values:
            assert parse(f"{field}:{value}").problems == ()

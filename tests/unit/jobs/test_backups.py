"""When the list of a library is copied by itself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from unit.storage.shelf import add

from pickabook_desktop.domain.review import Marks
from pickabook_desktop.jobs.backups import MANY, OFTEN, back_up
from pickabook_desktop.storage.backups import DAYS, NEWEST, WEEKS
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.settings import Settings


@pytest.fixture
def library(tmp_path: Path):
    library = Library(tmp_path / "library")
    yield library
    library.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.json")


def age(library: Library, by: timedelta) -> None:
    """Have the newest copy be so old."""
    (newest, *_) = library.backups.all()
    made = datetime.now(UTC) - by
    path = library.backups.path(newest)
    path.rename(path.with_name(made.strftime("library-%Y%m%dT%H%M%SZ.db")))


def judged(library: Library) -> None:
    library.review.decisions.mark([page.id for page in library.recent()], Marks(rating=4))


def kept(library: Library) -> None:
    add(library, 99)


def trashed(library: Library) -> None:
    library.trash(library.recent()[0].id)


@pytest.mark.parametrize("change", [judged, kept, trashed])
def test_what_was_decided_or_kept_is_copied_once_the_last_copy_is_a_while_old(
    library: Library, settings: Settings, change: Callable[[Library], None]
) -> None:
    add(library, 0)
    assert back_up(library, settings) is not None
    change(library)
    assert back_up(library, settings) is None
    age(library, OFTEN)
    assert back_up(library, settings) is not None
    age(library, OFTEN)
    assert back_up(library, settings) is None


def test_many_decisions_are_copied_however_young_the_last_copy_is(
    library: Library, settings: Settings
) -> None:
    page = add(library, 0)
    assert back_up(library, settings) is not None
    for number in range(MANY - 1):
        library.review.decisions.mark([page.id], Marks(rating=1 + number % 2))
    assert back_up(library, settings) is None
    library.review.decisions.annotate(page.id, "the best of all")
    assert back_up(library, settings) is not None
    assert back_up(library, settings) is None


def test_what_changes_nothing_is_not_copied(library: Library, settings: Settings) -> None:
    add(library, 0)
    assert back_up(library, settings) is not None
    library.purge()
    library.review.decisions.mark(["01KAP8Z0V8TESTPAGE00000000"], Marks(rating=3))
    library.close()
    age(library, OFTEN)
    assert back_up(library, settings) is None


def test_a_day_is_long_enough_whoever_changed_the_list(
    library: Library, settings: Settings
) -> None:
    add(library, 0)
    assert back_up(library, settings) is not None
    library.close()
    other = Library(library.folder)
    age(other, timedelta(hours=25))
    assert back_up(other, settings) is not None
    other.close()


def test_nothing_is_copied_where_that_is_switched_off(library: Library, tmp_path: Path) -> None:
    add(library, 0)
    off = Settings(tmp_path / "settings.json", {"library.backups": "off"})
    assert back_up(library, off) is None
    assert library.backups.all() == ()


def test_however_often_it_is_copied_few_copies_stay(library: Library, settings: Settings) -> None:
    for number in range(NEWEST + 4):
        add(library, number)
        assert back_up(library, settings) is not None
        age(library, OFTEN + timedelta(seconds=number))
    assert len(library.backups.all()) <= NEWEST + DAYS + WEEKS
    library.backups.make()
    midnight = 1
    assert len(library.backups.all()) <= NEWEST + 1 + midnight

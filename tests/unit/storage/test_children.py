import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.storage.children import Children
from pickabook_desktop.storage.journal import Counts, Entry, Journal
from pickabook_desktop.storage.leftovers import Clues
from pickabook_desktop.storage.records import records_database
from pickabook_desktop.storage.traces import Wish

ONE = PhotoRef(path="/photos/one.jpg", sha256="1" * 64)
TWO = PhotoRef(path="/photos/two.jpg", sha256="2" * 64)


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    database = records_database(tmp_path / "data")
    yield Children(database)
    database.close()


def known(children: Children) -> dict[str, set[str]]:
    return {child.name: {photo.path for photo in child.photos} for child in children.all()}


def test_nobody_is_known_at_first(children: Children) -> None:
    assert children.all() == ()


def test_photos_of_one_name_show_one_child(children: Children) -> None:
    children.note(ONE, "Zoë")
    children.note(TWO, unicodedata.normalize("NFD", " ZOË "))
    assert known(children) == {"Zoë": {ONE.path, TWO.path}}


def test_a_photo_without_a_name_gets_one_later(children: Children) -> None:
    children.note(ONE)
    children.note(ONE)
    assert known(children) == {"": {ONE.path}}
    children.note(ONE, "Ada")
    assert known(children) == {"Ada": {ONE.path}}
    children.note(ONE)
    assert known(children) == {"Ada": {ONE.path}}


def test_a_photo_without_a_name_joins_the_child_of_that_name(children: Children) -> None:
    children.note(TWO, "Ada")
    children.note(ONE)
    children.note(ONE, "ada")
    assert known(children) == {"Ada": {ONE.path, TWO.path}}


def test_one_photo_may_show_two_children(children: Children) -> None:
    children.note(ONE, "Ada")
    children.note(ONE, "Ben")
    assert known(children) == {"Ada": {ONE.path}, "Ben": {ONE.path}}


def test_further_photos_show_the_same_child(children: Children) -> None:
    children.note_request(GenerationRequest(photo=ONE, further_photos=(TWO,)))
    assert [len(child.photos) for child in children.all()] == [2]
    children.note(TWO, "Ada")
    assert known(children) == {"Ada": {ONE.path, TWO.path}}


def test_the_last_place_of_a_photo_counts(children: Children) -> None:
    children.note(ONE, "Ada")
    children.note(PhotoRef(path="/moved/one.jpg", sha256=ONE.sha256), "Ada")
    children.note(PhotoRef(path="", sha256=ONE.sha256))
    assert known(children) == {"Ada": {"/moved/one.jpg"}}


def test_a_photo_that_nobody_has_read_is_not_noted(children: Children) -> None:
    children.note(PhotoRef(path="/photos/one.jpg"), "Ada")
    assert children.all() == ()


def test_whoever_remembers_something_learns_that_a_child_was_forgotten(children: Children) -> None:
    journal = Journal(children._database)
    before = children.watch_all()
    assert not before()
    entry = Entry(id="A", started="2026-05-01", wish=Wish(), clues=Clues(), counts=Counts())
    journal.begin(entry)
    during = children.watch_all()
    assert (before(), during()) == (True, True)
    journal.end(entry)
    after = children.watch_all()
    assert (before(), during(), after()) == (True, True, False)

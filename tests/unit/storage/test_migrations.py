"""Libraries as every version since the first has left them, brought up to date.

``tests/fixtures/libraries`` has one for each version of the tables, as SQL. A new version brings
its own. Those of released versions have their tables in them and stay as they are; that of one that
is not released yet has rows alone.
"""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import pytest
from unit.storage.shelf import add, files_with

from pickabook_desktop.domain.review import View
from pickabook_desktop.domain.search import parse
from pickabook_desktop.storage import library_file
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.repair import repair_list
from pickabook_desktop.storage.rows import stack_of
from pickabook_desktop.storage.schema import LIBRARY_STEPS

FIXTURES = Path(__file__).parents[2] / "fixtures" / "libraries"
VERSIONS = range(1, len(LIBRARY_STEPS) + 1)

# Of the steps that were released, in their order: SHA-256, shortened.
RELEASED = (
    "389d1aa34d7d8d08",
    "5534bebdce71eed0",
    "3857773fd0eed208",
    "e42b7725b5625015",
    "90cbe2a8c6e09c2c",
    "eff7c1c20e88dfa4",
    "ea60ae0a25d074ee",
    "98573f741e4bafb5",
)

# The last letter of the part that differs is the page's number.
KEPT, TRASHED, OLD_REQUEST = (0, 1, 2, 4), 3, 4
WHOLE_BUT_PENDING, DOOMED, HALF_WRITTEN = 5, 6, 7


def id_of(page: int) -> str:
    return f"01KAP8Z0V{page}TESTPAGE00000000"


def pixels(page: int) -> bytes:
    return b"the pixels of page %d" % page


def file_of(library: Library, page: int) -> Path:
    return library.folder / "pictures" / "2025" / "11" / f"{id_of(page)}.png"


def made(file: str, version: int) -> apsw.Connection:
    """An empty library with the tables of that version."""
    connection = apsw.Connection(file)
    name_stacks: Any = stack_of
    connection.create_scalar_function("stack_of", name_stacks, 1, deterministic=True)
    for step in LIBRARY_STEPS[:version]:
        connection.execute(step)
    connection.execute(f"PRAGMA user_version={version}")
    return connection


def filled(file: str, version: int) -> apsw.Connection:
    """The library of that version as the fixture has it."""
    connection = made(file, version) if version > len(RELEASED) else apsw.Connection(file)
    connection.execute((FIXTURES / f"v{version}.sql").read_text(encoding="utf-8"))
    return connection


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture
def old(tmp_path: Path, version: int) -> Iterator[Library]:
    """A library of that version with its files; nothing has opened it since."""
    library = Library(tmp_path / "library")
    file_of(library, 0).parent.mkdir(parents=True)
    for page in (*KEPT, TRASHED, WHOLE_BUT_PENDING, DOOMED):
        file_of(library, page).write_bytes(pixels(page))
    month = file_of(library, 0).parent
    (month / f".{id_of(HALF_WRITTEN)}.png.0badcafe.part").write_bytes(b"half of it")
    with closing(filled(str(library.folder / "library.db"), version)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    yield library
    library.close()


def test_a_released_step_stays_as_it_is():
    hashes = [hashlib.sha256(step.encode()).hexdigest()[:16] for step in LIBRARY_STEPS]
    assert tuple(hashes[: len(RELEASED)]) == RELEASED


def schema(connection: apsw.Connection) -> set[tuple[object, ...]]:
    query = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'"
    return {
        (kind, name, " ".join(str(sql).split())) for kind, name, sql in connection.execute(query)
    }


def test_each_version_of_the_tables_has_a_library_that_looks_like_it(version: int):
    with closing(made(":memory:", version)) as new, closing(filled(":memory:", version)) as kept:
        assert schema(kept) == schema(new)


def test_every_page_is_there_byte_for_byte(old: Library, version: int):
    assert [picture.id for picture in old.recent()] == [id_of(page) for page in reversed(KEPT)]
    assert [picture.id for picture in old.recent(trashed=True)] == [id_of(TRASHED)]
    for page in (*KEPT, TRASHED):
        assert old.read(id_of(page)) == pixels(page)
        kept = old.get(id_of(page))
        assert (kept.request.seed, kept.engine_version) == (page, f"0.{version}")
        assert kept.request.photo.sha256 == str(page) * 64
    assert old.get(id_of(0)).request.fields == {"name": "Adelheid"}
    report = old.verify()
    assert (report.sound, report.pictures) == (True, 5)


def test_it_says_so_while_it_lasts(
    old: Library, version: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    said: list[bool] = []
    monkeypatch.setattr(library_file, "_copy", lambda folder: said.append(old.being_updated))
    caplog.set_level("INFO")
    assert old.count() == old.count() == len(KEPT)
    newest = len(LIBRARY_STEPS)
    assert said == [True] * (version < newest)
    assert (f"from step {version} to {newest}" in caplog.text) == (version < newest)
    assert not old.being_updated


def test_what_was_cut_short_is_finished(old: Library, version: int):
    assert add(old) in old.recent()
    left = {file.name for file in file_of(old, 0).parent.iterdir()}
    # Earlier versions noted less of what was under way.
    if version >= 3:
        assert not file_of(old, DOOMED).exists()
    if version >= 4:
        assert old.read(id_of(WHOLE_BUT_PENDING)) == pixels(WHOLE_BUT_PENDING)
        assert not any(name.endswith(".part") for name in left)
    assert old.verify().sound


def test_pages_are_found_by_their_words_and_grouped_by_request(old: Library):
    review = old.review
    for words, page in (("cheese", 0), ("zoe", 2), ("child:ben", 1), ("template:dragon-rider", 4)):
        assert id_of(page) in {card.id for card in review.first(View(search=parse(words)))}, words
    assert review.show(View()).count == len(KEPT)
    assert review.card(id_of(0)).cost == 0
    assert review.card(id_of(0)).stack
    assert review.card(id_of(TRASHED)).trashed


def test_what_people_and_stores_were_promised_is_kept(old: Library, version: int):
    if version >= 2:
        assert set(old.prompts()) == {"on the moon with cheese", "a friendly dragon"}
    if version >= 5:
        assert {entry.kind for entry in old.outbox.entries()} == {"upload", "deletion"}
        (copy,) = old.outbox.stored((id_of(1),))[id_of(1)]
        assert copy.remote_id == "file-1"
        (batch,) = old.batches.all()
        assert batch.ticket.name == "batches/42"
    if version >= 6:
        assert "batches/41" in {owed.ticket.name for owed in old.batches.discards(0.0)}
    if version >= 8:
        card = old.review.card(id_of(0))
        assert (card.rating, card.flag, card.label, card.note) == (5, 1, "green", "for the cover")
        assert set(card.tags) == {"cover", "moon"}
        assert old.review.card(id_of(1)).flag == -1
        assert [search.title for search in old.review.searches.all()] == ["Best"]


def test_the_list_is_copied_before_it_is_changed(old: Library, version: int):
    old.count()
    backups = old.backups.all()
    assert len(backups) == (version < len(LIBRARY_STEPS))
    for backup in backups:
        with closing(apsw.Connection(str(old.backups.path(backup)))) as connection:
            assert list(connection.execute("PRAGMA user_version")) == [(version,)]
            assert list(connection.execute("SELECT count(*) FROM pictures")) == [(5,)]


def test_a_copy_from_before_the_change_mends_the_list(old: Library, version: int):
    from pickabook_desktop.storage.repair import repair_list

    old.count()
    old.backups.make()
    old.close()
    (old.folder / "library.db").write_bytes(b"not a database at all" * 300)
    newest = old.backups.path(old.backups.all()[0])
    if version < len(LIBRARY_STEPS):
        newest.unlink()
    report = repair_list(old.folder)
    assert report.from_copies == 5
    assert old.verify().sound
    assert old.count_trash() == 1
    assert old.review.show(View()).count == len(KEPT)


def test_nothing_of_a_purged_page_stays_in_the_copy_of_the_old_list(old: Library):
    old.trash(id_of(0))
    assert old.purge() == 2
    for trace in (id_of(0).encode(), b"/photos/holiday-0.jpg", b"on the moon with cheese"):
        assert files_with(old.folder, trace) == []
    assert old.verify().sound


def test_what_pages_cost_is_the_same_out_of_a_copy_of_any_version(old: Library):
    file = old.folder / "library.db"
    old.backups.make()
    brought = {page.id: page.cost for page in old.recent()}
    assert 0.0 in brought.values()
    old.close()
    for copy in old.backups.all()[:-1]:
        old.backups.path(copy).unlink()
    file.write_bytes(b"no list at all" * 900)
    assert repair_list(old.folder).from_copies == len(brought) + 1
    assert {page.id: page.cost for page in old.recent()} == brought

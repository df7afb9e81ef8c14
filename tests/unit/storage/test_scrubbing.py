"""Nothing of moved rows stays in pages, and whoever reads or writes meanwhile notices nothing."""

import contextlib
import random
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.storage import scrubbing
from pickabook_desktop.storage.database import Connection, Database
from pickabook_desktop.storage.pages import PAGE
from pickabook_desktop.storage.scrubbing import free_space, scrub

STEPS = (
    """
    CREATE TABLE rows (k INTEGER PRIMARY KEY, v TEXT NOT NULL);
    CREATE INDEX rows_by_text ON rows (v);
    CREATE TABLE keyed (k INTEGER, v TEXT, PRIMARY KEY (k, v)) WITHOUT ROWID;
    """,
)
SECRET = b"secret"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "list.db", STEPS)
    yield database
    database.close()


def fill(database: Database, chance: random.Random, keys: range) -> dict[int, str]:
    """Rows that grow and shrink, so that they are moved from page to page."""
    rows: dict[int, str] = {}
    for _ in range(3):
        with database.writing() as connection:
            for key in chance.sample(keys, len(keys) * 2 // 3):
                rows[key] = f"secret {key} " * chance.choice((1, 4, 30, 200, 900))
                put(connection, key, rows[key])
    return rows


def put(connection: Connection, key: int, text: str) -> None:
    remove(connection, key)
    connection.execute("INSERT INTO rows VALUES (?, ?)", (key, text))
    connection.execute("INSERT INTO keyed VALUES (?, ?)", (key, text))


def remove(connection: Connection, key: int) -> None:
    connection.execute("DELETE FROM rows WHERE k=?", (key,))
    connection.execute("DELETE FROM keyed WHERE k=?", (key,))


def content(database: Database) -> dict[int, str]:
    assert database.check() == "ok"
    keyed = {int(str(k)): str(v) for k, v in database.rows("SELECT k, v FROM keyed")}
    assert keyed == {int(str(k)): str(v) for k, v in database.rows("SELECT k, v FROM rows")}
    return keyed


def traces(database: Database) -> int:
    files = [database.file, Path(f"{database.file}-wal")]
    return sum(file.read_bytes().count(SECRET) for file in files if file.exists())


def test_nothing_is_left_of_what_was_deleted_and_everything_of_the_rest(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "PAGES_AT_ONCE", 7)
    fill(database, random.Random(1), range(400))
    with database.writing() as connection:
        for key in range(400):
            remove(connection, key)
            if key % 3 == 0:
                put(connection, key, "harmless " * (key % 90 + 1))
    before = content(database)
    database.fold()
    assert traces(database)
    scrub(database)
    assert traces(database) == 0
    assert content(database) == before
    assert len(before) == 134


def test_a_writer_that_remembers_pages_brings_nothing_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "PAGES_AT_ONCE", 50)
    fill(database, random.Random(2), range(400))
    with database.writing() as connection:
        for key in range(400):
            put(connection, key, "harmless " * (key % 20 + 1))
    database.fold()
    assert traces(database)
    with closing(apsw.Connection(str(database.file))) as other:
        assert list(other.execute("SELECT sum(length(v)) FROM rows"))
        scrub(database)
        assert traces(database) == 0
        # One byte on each page is another one; the rest is as the writer knows it.
        other.execute("UPDATE rows SET v=replace(v, 'h', 'H') WHERE k % 9 = 0")
        other.execute("UPDATE keyed SET v=replace(v, 'h', 'H') WHERE k % 9 = 0")
        assert traces(database) == 0
    with database.writing() as connection:
        connection.execute("UPDATE rows SET v=replace(v, 'H', 'h')")
        connection.execute("UPDATE keyed SET v=replace(v, 'H', 'h')")
    assert traces(database) == 0
    assert len(content(database)) == 400


def test_a_writer_between_two_steps_brings_nothing_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, random.Random(2), range(400))
    with database.writing() as connection:
        for key in range(400):
            put(connection, key, "harmless " * (key % 20 + 1))
    database.fold()
    empty_log, step = scrubbing._empty_log, scrubbing._step
    with closing(apsw.Connection(str(database.file))) as other:
        other.execute("PRAGMA cache_size=-100000")

        def remembered(connection: Connection) -> None:
            empty_log(connection)
            assert list(other.execute("PRAGMA integrity_check")) == [("ok",)]

        def changed(connection: Connection, path: Path, place: int, there: tuple[int, int]) -> int:
            following = step(connection, path, place, there)
            if not following:
                other.execute("UPDATE rows SET k=k + 1000 WHERE k % 40 = 0")
                other.execute("DELETE FROM keyed WHERE k % 40 = 0")
            return following

        monkeypatch.setattr(scrubbing, "_empty_log", remembered)
        monkeypatch.setattr(scrubbing, "_step", changed)
        assert traces(database)
        scrub(database)
    assert traces(database) == 0
    assert database.check() == "ok"


def test_threads_that_keep_and_delete_meanwhile_lose_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "PAGES_AT_ONCE", 5)
    kept: dict[int, str] = {}
    started, stop = threading.Event(), threading.Event()

    def work(place: int) -> None:
        own = Database(database.file, STEPS)
        chance = random.Random(place)
        while not stop.is_set():
            kept.update(fill(own, chance, range(place * 1000, place * 1000 + 60)))
            started.set()
        own.close()

    workers = [threading.Thread(target=work, args=(place,)) for place in (1, 2)]
    for worker in workers:
        worker.start()
    assert started.wait(60)
    for _ in range(5):
        # Where somebody always writes it may be put off.
        with contextlib.suppress(StorageError):
            scrub(database, 0.5)
    stop.set()
    for worker in workers:
        worker.join(60)
    assert content(database) == kept
    scrub(database)
    assert content(database) == kept


def test_who_reads_for_long_puts_it_off(database: Database) -> None:
    fill(database, random.Random(3), range(50))
    with closing(apsw.Connection(str(database.file))) as other:
        other.execute("BEGIN")
        assert list(other.execute("SELECT count(*) FROM rows"))
        with database.writing() as connection:
            remove(connection, 1)
        with pytest.raises(StorageError, match="busy"):
            scrub(database, 0.01)
    scrub(database)


def test_a_file_that_has_taken_the_place_of_the_list_is_left_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, random.Random(4), range(100))
    with database.writing() as connection:
        connection.execute("DELETE FROM rows")
    database.fold()
    other = database.file.with_name("other")
    other.write_bytes(database.file.read_bytes())
    data = other.read_bytes()
    opened = database.open_to_read

    def replaced() -> Connection:
        connection = opened()
        other.replace(database.file)
        return connection

    monkeypatch.setattr(database, "open_to_read", replaced)
    with pytest.raises(StorageError, match="busy"):
        scrub(database, 0.1)
    assert database.file.read_bytes() == data


def test_there_is_nothing_to_do_where_there_is_no_list(tmp_path: Path) -> None:
    scrub(Database(tmp_path / "none" / "list.db", STEPS))
    assert not (tmp_path / "none").exists()


def test_noise_is_no_free_space_that_overlaps_what_a_page_says() -> None:
    chance = random.Random(5)
    for _ in range(3000):
        head = bytes([chance.choice((2, 5, 10, 13)), *chance.choices((0, 0, 1, 4, 255), k=11)])
        page = head + chance.randbytes(PAGE - len(head))
        end = 0
        for begin, stop in free_space(page):
            assert max(end, 8) <= begin <= stop <= PAGE
            end = stop
    for first in (0, 1, 3, 9, 83, 255):
        assert free_space(bytes([first]) + bytes(PAGE - 1)) == []

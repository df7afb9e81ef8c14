"""Many pictures deleted for good at once: nothing of them is left, whoever reads meanwhile."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import pytest
from e2e.fake_engine import drawn
from unit.storage.album import found
from unit.storage.shelf import REQUEST

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.storage import purging
from pickabook_desktop.storage.database import Database
from pickabook_desktop.storage.forgetting import LibraryMemory
from pickabook_desktop.storage.ids import IdMaker
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.library_file import library_database
from pickabook_desktop.storage.rows import row_of
from pickabook_desktop.storage.traces import Wish
from pickabook_desktop.storage.unfinished import insert

MANY = 1500
# A word is spelled out in the rows, and cut into what it shares with its neighbours in the index.
GONE = re.compile(rb"(?:vanishing|lantern)word\d{5}|xxvanish")


def shelve(folder: Path, count: int) -> list[str]:
    """Rows without files; every other one has long words that no other has."""
    database, maker = library_database(folder), IdMaker()
    ids = [maker.next() for _ in range(count)]
    with database.writing() as connection:
        for number, picture_id in enumerate(ids):
            own = f"vanishingword{number:05} xxvanish{number:05}" if number % 2 else ""
            request = REQUEST.with_changes(
                prompt=f"moon pirate {own * (1 + number % 7)}",
                book=f"lanternword{number:05}" if number % 2 else "Stars",
            )
            path = f"pictures/2026/01/{picture_id}.png"
            insert(connection, row_of(picture_id, path, "0" * 64, drawn(number), request, "7"))
    database.close()
    return ids


def traces(folder: Path) -> list[tuple[str, int]]:
    """In which files something of what went is left, and how much."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    counted = [(file.name, len(GONE.findall(file.read_bytes()))) for file in files]
    return [(name, count) for name, count in counted if count]


def sound(library: Library) -> bool:
    """Whether the index of words is whole and deletes so that no word stays."""
    with library._database.writing() as connection:
        for index in ("words", "note_words"):
            connection.execute(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")  # noqa: S608 constants
            kept = connection.execute(f"SELECT v FROM {index}_config WHERE k='secure-delete'")  # noqa: S608 constants
            if [row[0] for row in kept] != [1]:
                return False
    return library.check_database() == "ok"


@contextmanager
def reading_elsewhere(library: Library) -> Iterator[None]:
    other = apsw.Connection(str(library.folder / "library.db"))
    other.execute("BEGIN")
    list(other.execute("SELECT count(*) FROM pictures"))
    try:
        yield
    finally:
        other.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "PATIENCE_SECONDS", 0.01)


@pytest.mark.parametrize("part", [purging.A_GOOD_PART, 1.0])
def test_a_purge_of_many_leaves_nothing_in_the_list(
    library: Library, monkeypatch: pytest.MonkeyPatch, part: float
) -> None:
    monkeypatch.setattr(purging, "A_GOOD_PART", part)
    ids = shelve(library.folder, MANY)
    # Rows that grow are moved from page to page.
    for picture_id in ids[1:200:4]:
        library.review.decisions.annotate(picture_id, "lanternword00001 " * 20)
    library.review.decisions.trash(ids[1::2])
    assert traces(library.folder)
    assert library.purge() == MANY // 2
    assert traces(library.folder) == []
    assert sound(library)
    assert len(found(library, "pirate")) == MANY // 2
    assert found(library, "vanishingword00001") == []
    assert library.prompts() == ("moon pirate ",)
    library.close()
    assert traces(library.folder) == []


def test_more_than_are_deleted_at_once_go_all(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "AT_ONCE", 7)
    ids = shelve(library.folder, 60)
    library.review.decisions.trash(ids[1::2])
    assert library.purge(only=ids[:31]) == 15
    assert library.count_trash() == 15
    assert library.purge() == 15
    assert library.count_trash() == 0
    assert library.count() == 30
    assert traces(library.folder) == []


def test_a_purge_of_nothing_writes_nothing_anew(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = shelve(library.folder, 3)
    library.review.decisions.trash(ids[:1])

    def refused(self: Database, patience: float = 0) -> None:
        raise AssertionError

    assert library.purge() == 1
    monkeypatch.setattr(Database, "rebuild", refused)
    assert library.purge() == 0


def test_who_reads_for_long_puts_the_rest_off(library: Library, impatient: None) -> None:
    ids = shelve(library.folder, 300)
    library.review.decisions.trash(ids[1::2])
    with reading_elsewhere(library):
        assert library.purge() == 150
        assert library.count() == 150
        assert traces(library.folder)
    library.close()
    next_start = Library(library.folder)
    assert next_start.purge() == 0
    assert traces(library.folder) == []
    assert not purging.owed(next_start._database)
    next_start.close()


def test_forgetting_a_child_also_does_what_a_purge_put_off(
    library: Library, impatient: None
) -> None:
    ids = shelve(library.folder, 100)
    library.review.decisions.trash(ids[1::2])
    with reading_elsewhere(library):
        library.purge()
    memory = LibraryMemory(library.folder)
    memory.forget(Wish(name="Nobody known"))
    memory.close()
    assert traces(library.folder) == []
    assert not purging.owed(library._database)


def test_a_full_disk_puts_the_rest_off(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = shelve(library.folder, 100)
    library.review.decisions.trash(ids[1::2])

    def full(self: Database, patience: float = 0) -> None:
        raise StorageError("There is no room left for the library.")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "rebuild", full)
        assert library.purge() == 50
    assert purging.owed(library._database)
    assert library.purge() == 0
    assert traces(library.folder) == []


_KILLED = """
import os, signal, sys
from pathlib import Path
from pickabook_desktop.storage import purging
from pickabook_desktop.storage.database import Database
from pickabook_desktop.storage.library import Library

def die(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)

where, folder = sys.argv[1:]
purging.AT_ONCE = 100
if where == "within":
    purging.withdraw_purged = die
else:
    owner, name = {"between": (purging.Purge, "_finish"), "after": (Database, "rebuild")}[where]
    method, calls = getattr(owner, name), []
    def late(self, *rest):
        calls.append(1)
        die() if where == "after" or len(calls) == 3 else method(self, *rest)
    setattr(owner, name, late)
Library(Path(folder)).purge()
"""


@pytest.mark.parametrize(("where", "left"), [("within", 150), ("between", 0), ("after", 0)])
def test_a_kill_leaves_the_index_as_it_was_or_the_rest_to_the_next_purge(
    library: Library, where: str, left: int
) -> None:
    ids = shelve(library.folder, 300)
    library.review.decisions.trash(ids[1::2])
    library.close()
    run = [sys.executable, "-c", _KILLED, where, str(library.folder)]
    done = subprocess.run(run, check=False, timeout=60, env=os.environ)
    assert done.returncode == -signal.SIGKILL
    assert sound(library)
    assert library.count_trash() == left
    assert library.purge() == left
    assert traces(library.folder) == []
    assert sound(library)


def test_what_is_deleted_alone_after_a_purge_that_failed_is_gone_at_once(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = shelve(library.folder, 40)
    library.review.decisions.trash(ids[1::2])

    def failing(connection: object) -> None:
        raise StorageError("There is no room left for the library.")

    with monkeypatch.context() as patch:
        patch.setattr(purging, "withdraw_purged", failing)
        with pytest.raises(StorageError):
            library.purge()
    assert library.count_trash() == 20
    assert sound(library)
    with library._database.writing() as connection:
        connection.execute("DELETE FROM pictures")
    blocks = library._database.rows("SELECT block FROM words_data")
    assert not [block for (block,) in blocks if b"pirate" in block]  # type: ignore[operator] blobs

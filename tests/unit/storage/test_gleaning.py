"""Rows of a list that cannot be opened are told by what they say, and nothing else is one."""

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import apsw
import pytest
from unit.storage.shelf import add

from pickabook_desktop.domain.review import Marks, SavedSearch
from pickabook_desktop.storage.connection import Connection
from pickabook_desktop.storage.gleaning import gleaned
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.schema import LIBRARY_STEPS

FIXTURES = Path(__file__).parents[2] / "fixtures" / "libraries"
TABLES = (
    *("pictures", "cards", "tags", "searches", "outbox", "stored"),
    *("batches", "discards", "pending", "doomed"),
)
PAGE = 4096
NOISES = 60


@pytest.fixture
def like(tmp_path: Path) -> Iterator[Connection]:
    library = Library(tmp_path / "like")
    add(library)
    library.close()
    with closing(apsw.Connection(str(tmp_path / "like" / "library.db"))) as connection:
        yield cast("Connection", connection)


def rows(connection: Connection) -> dict[str, list[dict[str, object]]]:
    """What is in the tables that there are."""
    found: dict[str, list[dict[str, object]]] = {}
    for table in TABLES:
        names = [str(row[1]) for row in connection.execute(f"PRAGMA table_info({table})")]
        if names:
            every = connection.execute(f"SELECT {', '.join(names)} FROM {table}")  # noqa: S608
            pairs = [dict(zip(names, row, strict=True)) for row in every]
            found[table] = sorted(pairs, key=repr)
    return found


def glean(file: Path, like: Connection) -> dict[str, list[dict[str, object]]]:
    with gleaned(file, file.with_name("scratch"), like) as connection:
        found = rows(connection)
    assert not file.with_name("scratch").exists()
    return found


@pytest.mark.parametrize("version", range(1, len(LIBRARY_STEPS) + 1))
def test_rows_of_every_version_of_the_tables_are_told(
    tmp_path: Path, like: Connection, version: int
) -> None:
    file = tmp_path / "old.db"
    with closing(apsw.Connection(str(file))) as connection:
        connection.execute((FIXTURES / f"v{version}.sql").read_text(encoding="utf-8"))
        before = rows(cast("Connection", connection))
    assert before["pictures"]
    if version < 4:
        # A path alone: no more is known of what was deleted.
        before.pop("doomed", None)
    found = glean(file, like)
    for table, every in before.items():
        names = every[0] if every else ()
        same = [{name: row[name] for name in names} for row in found[table]]
        assert same == every, table


def filled(folder: Path) -> tuple[bytes, dict[str, list[dict[str, object]]]]:
    library = Library(folder)
    ids = [add(library, seed, f"a page about {seed} " + "moon " * 30).id for seed in range(60)]
    library.review.decisions.mark(ids[::2], Marks(rating=4, flag=1, label="red"))
    library.review.decisions.tag(ids[::3], ("cover", "best"))
    library.review.decisions.annotate(ids[0], "a note")
    library.review.searches.save(SavedSearch(id="", title="Best", words="rating:5"))
    library.outbox.add_all(ids[:4], "imagekit")
    library.outbox.add_deletion("imagekit", "file")
    library.close()
    with closing(apsw.Connection(str(folder / "library.db"))) as connection:
        return (folder / "library.db").read_bytes(), rows(cast("Connection", connection))


def test_pages_of_noise_and_of_other_kinds_make_no_row(tmp_path: Path, like: Connection) -> None:
    data, before = filled(tmp_path / "library")
    known = {table: {repr(row) for row in every} for table, every in before.items()}
    chance = random.Random(5)
    count = len(data) // PAGE
    file = tmp_path / "noisy.db"
    for _ in range(NOISES):
        noisy = bytearray(data)
        for page in (0, *chance.choices(range(1, count), k=3)):
            at = page * PAGE
            noise = chance.randbytes(PAGE)
            kind = chance.choice((b"\x02", b"\x05", b"\x0a", b"\x0d"))
            # Few records, so that noise is read as some.
            noisy[at : at + PAGE] = kind + bytes(3) + b"\x40" + noise[5:]
        file.write_bytes(noisy)
        found = glean(file, like)
        for table, every in found.items():
            assert {repr(row) for row in every} <= known[table], table
        assert len(found["pictures"]) > len(before["pictures"]) // 2


def test_words_that_look_like_paths_are_nothing_to_be_deleted(
    tmp_path: Path, like: Connection
) -> None:
    library = Library(tmp_path / "library")
    kept = add(library, 1)
    path = Path(kept.path).relative_to(library.folder).as_posix()
    add(library, 2, path)
    library.close()
    file = tmp_path / "library" / "library.db"
    assert glean(file, like)["doomed"] == []
    assert len(glean(file, like)["pictures"]) == 2

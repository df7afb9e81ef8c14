"""What is read from the pages of a list is what SQLite reads, and noise stops nothing."""

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from pickabook_desktop.storage.pages import PAGE, Pages

TABLES = """
    CREATE TABLE numbered (a TEXT, b INTEGER, c REAL, d BLOB);
    CREATE TABLE keyed (a INTEGER, b TEXT, c BLOB, PRIMARY KEY (a, b)) WITHOUT ROWID;
"""
SIZES = (0, 1, 40, 126, 129, 500, 1001, 1003, 4060, 4061, 4062, 4096, 5100, 9000, 20_000)
NUMBERS = (None, 0, 1, -1, 127, -128, 2**15, -(2**23), 2**31, 2**47, -(2**63), 2**63 - 1)
NOISES = 100


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.db"


@pytest.fixture
def connection(file: Path) -> Iterator[apsw.Connection]:
    with closing(apsw.Connection(str(file))) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        assert list(connection.execute("PRAGMA journal_mode=WAL")) == [("wal",)]
        connection.execute(TABLES)
        yield connection


def write(connection: apsw.Connection, chance: random.Random, count: int) -> None:
    for _ in range(count):
        words = "".join(chance.choices("aäß漢", k=chance.choice(SIZES) // 2))
        data = chance.randbytes(chance.choice(SIZES))
        number = chance.choice(NUMBERS)
        connection.execute(
            "INSERT OR REPLACE INTO numbered (rowid, a, b, c, d) VALUES (?, ?, ?, ?, ?)",
            (chance.choice((1, -5, 300, 2**40, chance.randrange(999))), words, number, 2.5, data),
        )
        connection.execute(
            "INSERT OR REPLACE INTO keyed VALUES (?, ?, ?)", (chance.randrange(500), words, data)
        )
    connection.execute("DELETE FROM numbered WHERE rowid % 5 = 1")
    connection.execute("DELETE FROM keyed WHERE a % 7 = 1")


def expected(connection: apsw.Connection) -> list[str]:
    numbered = connection.execute("SELECT rowid, a, b, c, d FROM numbered")
    keyed = connection.execute("SELECT NULL, a, b, c FROM keyed")
    return sorted(repr((row[0], row[1:])) for row in (*numbered, *keyed))


def read(file: Path) -> list[str]:
    with Pages(file) as pages:
        return sorted(map(repr, pages.records()))


def test_all_rows_are_read_from_the_list_and_its_log(
    connection: apsw.Connection, file: Path
) -> None:
    chance = random.Random(3)
    for round_number in range(6):
        write(connection, chance, 60)
        assert read(file) == expected(connection)
        if round_number == 2:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            assert read(file) == expected(connection)


def test_what_was_not_committed_is_not_read(connection: apsw.Connection, file: Path) -> None:
    write(connection, random.Random(4), 20)
    before = expected(connection)
    log = Path(f"{file}-wal")
    size = log.stat().st_size
    connection.execute("PRAGMA cache_size=2")
    connection.execute("BEGIN")
    write(connection, random.Random(5), 60)
    assert log.stat().st_size > size
    assert read(file) == before
    connection.execute("ROLLBACK")


def test_a_log_that_a_power_cut_has_torn_is_read_as_far_as_it_is_whole(
    connection: apsw.Connection, file: Path, tmp_path: Path
) -> None:
    write(connection, random.Random(6), 20)
    log = Path(f"{file}-wal").read_bytes()
    chance = random.Random(7)
    counts: set[int] = set()
    for number in range(40):
        torn = tmp_path / f"torn{number}.db"
        torn.write_bytes(file.read_bytes())
        data = bytearray(log)
        data[chance.randrange(len(data))] ^= 1
        Path(f"{torn}-wal").write_bytes(data)
        found = read(torn)
        with closing(apsw.Connection(str(torn))) as other:
            if list(other.execute("SELECT 1 FROM sqlite_schema")):
                assert found == expected(other)
        counts.add(len(found))
    assert len(counts) > 5


def test_rows_of_the_first_list_stay_where_the_log_is_of_no_use(
    connection: apsw.Connection, file: Path
) -> None:
    write(connection, random.Random(4), 20)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = expected(connection)
    for data in (b"", b"short", bytes(32), random.Random(1).randbytes(9000)):
        Path(f"{file}-wal").write_bytes(data)
        assert read(file) == before


def test_noise_stops_nothing_and_leaves_the_other_pages_alone(
    connection: apsw.Connection, file: Path
) -> None:
    write(connection, random.Random(8), 120)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    rows = set(expected(connection))
    whole = file.read_bytes()
    connection.close()
    chance = random.Random(9)
    for _ in range(NOISES):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            page = chance.randrange(len(data) // PAGE) * PAGE
            size = chance.choice((8, 64, PAGE))
            data[page : page + size] = chance.randbytes(size)
            # Looks like a page, and is none.
            data[page] = chance.choice((2, 5, 10, 13, data[page]))
        file.write_bytes(data[: len(data) - chance.choice((0, 0, 1, 5000))])
        found = read(file)
        assert len(rows & set(found)) >= len(rows) // 4


def test_an_endless_chain_of_pages_ends(connection: apsw.Connection, file: Path) -> None:
    connection.execute("INSERT INTO numbered (a) VALUES (?)", ("x" * 50_000,))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    query = "SELECT pageno FROM dbstat WHERE name='numbered' AND pagetype='overflow' LIMIT 1"
    ((page,),) = connection.execute(query)
    at = (int(str(page)) - 1) * PAGE
    data = bytearray(file.read_bytes())
    data[at : at + 4] = int(str(page)).to_bytes(4, "big")
    file.write_bytes(data)
    assert read(file) == []

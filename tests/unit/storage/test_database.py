import random
from pathlib import Path

import pytest

from pickabook_desktop.storage.database import Database

STEPS = ("CREATE TABLE prompts (text TEXT PRIMARY KEY, used TEXT) STRICT, WITHOUT ROWID;",)
MARK = "zaphira"


def fill(database: Database, chance: random.Random) -> None:
    """Rows of all lengths in no order, some deleted in between, so that pages split and merge."""
    texts = ["".join(chance.choices("abcdefghij ", k=chance.randrange(5, 400))) for _ in range(60)]
    texts = [text + MARK if chance.random() < 0.3 else text for text in texts]
    for text in texts:
        with database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO prompts VALUES (?, '')", (text,))
    for text in texts:
        with database.writing() as connection:
            if MARK not in text and chance.random() < 0.3:
                connection.execute("DELETE FROM prompts WHERE text=?", (text,))
            connection.execute("INSERT OR REPLACE INTO prompts VALUES (?, '')", (text + "x",))


def raw(database: Database) -> bytes:
    files = database.file.parent.glob(f"{database.file.name}*")
    return b"".join(file.read_bytes() for file in files)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_deleted_is_left_in_a_rebuilt_file(tmp_path: Path, seed: int) -> None:
    database = Database(tmp_path / "some.db", STEPS)
    fill(database, random.Random(seed))
    others = Database(database.file, STEPS)
    kept = others.rows("SELECT text FROM prompts WHERE text NOT LIKE ?", (f"%{MARK}%",))
    with database.writing() as connection:
        connection.execute("DELETE FROM prompts WHERE text LIKE ?", (f"%{MARK}%",))
    database.rebuild()
    assert MARK.encode() not in raw(database)
    assert others.rows("SELECT text FROM prompts") == kept
    others.close()
    database.close()


def test_there_is_nothing_to_rebuild_where_there_is_no_file(tmp_path: Path) -> None:
    database = Database(tmp_path / "some.db", STEPS)
    database.rebuild()
    assert not database.file.exists()

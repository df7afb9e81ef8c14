from pathlib import Path

from pickabook_desktop.storage.records import records_database


def test_nothing_is_made_before_something_is_written(tmp_path: Path) -> None:
    database = records_database(tmp_path / "data")
    assert database.rows("SELECT * FROM calls") == []
    assert not (tmp_path / "data").exists()


def test_all_tables_come_with_the_first_writing(tmp_path: Path) -> None:
    database = records_database(tmp_path)
    with database.writing() as connection:
        connection.execute(
            "INSERT INTO children (id, name, folded, created) VALUES ('1', 'Mia', 'mia', 'now')"
        )
    names = {row[0] for row in database.rows("SELECT name FROM sqlite_schema WHERE type='table'")}
    assert names >= {"children", "child_photos", "consents", "calls", "forgetting"}
    database.close()


def test_what_is_kept_is_for_this_person_alone(tmp_path: Path) -> None:
    database = records_database(tmp_path / "data")
    with database.writing():
        pass
    database.close()
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0

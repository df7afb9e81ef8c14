"""Copies of the list: when they are made, which stay, and that nothing deleted lives on in them."""

import random
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from unit.storage.shelf import REQUEST, add, files_with

from pickabook_desktop.domain.errors import CancelledError, StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage import backups as backups_module
from pickabook_desktop.storage.backups import Backup, kept_of
from pickabook_desktop.storage.forgetting import LibraryMemory
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.schema import LIBRARY_STEPS

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def put(library: Library, made: datetime) -> Path:
    """A copy from another time."""
    newest = library.backups.make()
    assert newest is not None
    target = library.backups.folder / made.strftime("library-%Y%m%dT%H%M%SZ.db")
    return library.backups.path(newest).rename(target)


def ids_in(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        assert list(connection.execute("PRAGMA integrity_check")) == [("ok",)]
        return {str(row[0]) for row in connection.execute("SELECT id FROM pictures")}


def test_a_copy_has_every_picture_and_is_one_plain_file(library: Library):
    ids = {add(library, seed).id for seed in range(5)}
    backup = library.backups.make()
    assert backup is not None
    assert library.backups.all() == (backup,)
    file = library.backups.path(backup)
    assert ids_in(file) == ids
    assert backup.bytes == file.stat().st_size
    assert [f.name for f in library.backups.folder.iterdir()] == [file.name]
    assert file.stat().st_mode & 0o077 == 0


def test_without_a_list_there_is_nothing_to_copy(library: Library):
    assert library.backups.make() is None
    assert not library.backups.due()
    assert not library.folder.exists()


def test_a_copy_is_due_once_a_day(library: Library):
    add(library)
    assert library.backups.due()
    library.backups.make()
    now = datetime.now(UTC)
    assert not library.backups.due(now + timedelta(hours=23))
    assert library.backups.due(now + timedelta(hours=25))
    assert library.backups.due(now - timedelta(days=400))


def test_the_newest_and_one_of_each_day_and_week_stay():
    hours = range(0, 24 * 60, 6)
    times = [NOW - timedelta(hours=back) for back in hours]
    every = [
        Backup(name=t.strftime("library-%Y%m%dT%H%M%SZ.db"), made=t.isoformat(), bytes=1)
        for t in times
    ]
    kept = [NOW - backup.time for backup in kept_of(every, NOW)]
    assert kept[:3] == [timedelta(0), timedelta(hours=6), timedelta(hours=12)]
    assert {(NOW - age).date() for age in kept if age < timedelta(days=6)} == {
        (NOW - timedelta(days=day)).date() for day in range(7)
    }
    assert max(kept) < timedelta(weeks=4)
    assert max(kept) > timedelta(weeks=3)
    assert len(kept) <= 3 + 8 + 5


def test_older_copies_go_and_what_is_no_copy_stays(library: Library):
    add(library)
    old = put(library, datetime.now(UTC) - timedelta(days=200))
    mine = library.backups.folder / "library-of-mine.db"
    mine.write_bytes(b"mine")
    strange = library.backups.folder / "library-20269999T999999Z.db"
    strange.write_bytes(b"no time")
    for day in range(4):
        put(library, datetime.now(UTC) - timedelta(days=day))
    library.backups.make()
    assert not old.exists()
    assert mine.exists()
    assert strange.exists()
    assert mine.name not in {backup.name for backup in library.backups.all()}


def test_the_last_of_many_copies_within_a_second_is_the_newest(library: Library):
    for seed in range(8):
        kept = add(library, seed)
        made = library.backups.make()
        newest = library.backups.all()[0]
        assert made == newest
        assert kept.id in ids_in(library.backups.path(newest))


def test_a_copy_from_the_future_drives_out_no_new_one(library: Library):
    add(library)
    for day in range(1, 5):
        put(library, datetime.now(UTC) + timedelta(days=day))
    made = library.backups.make()
    assert made in library.backups.all()
    assert library.backups.due()


def test_pictures_are_kept_while_a_large_list_is_copied(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    before = {add(library, seed).id for seed in range(30)}
    monkeypatch.setattr(backups_module, "PAGES", 1)
    copying, kept = threading.Event(), threading.Event()
    later: list[str] = []

    class Waiting(CancelToken):
        def raise_if_cancelled(self) -> None:
            copying.set()
            assert kept.wait(20)

    def work() -> None:
        assert copying.wait(20)
        later.extend(add(library, seed).id for seed in range(100, 105))
        kept.set()

    thread = threading.Thread(target=work)
    thread.start()
    backup = library.backups.make(Waiting())
    thread.join()
    assert backup is not None
    assert ids_in(library.backups.path(backup)) == before
    assert len(later) == 5
    assert library.verify().sound


def test_a_stopped_copy_leaves_nothing(library: Library):
    add(library)
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        library.backups.make(token)
    assert list(library.backups.folder.iterdir()) == []


def test_a_damaged_list_is_not_copied_over_a_sound_copy(library: Library):
    for seed in range(60):
        add(library, seed)
    sound = library.backups.make()
    assert sound is not None
    library.close()
    file = library.folder / "library.db"
    data = bytearray(file.read_bytes())
    data[4096:] = random.Random(3).randbytes(len(data) - 4096)
    file.write_bytes(data)
    with pytest.raises(StorageError) as caught:
        library.backups.make()
    assert caught.value.next_step
    assert library.backups.make_quietly() is None
    assert library.backups.all() == (sound,)
    assert len(list(library.backups.folder.iterdir())) == 1


def test_what_is_purged_is_in_no_copy(library: Library):
    gone = add(library, 1, prompt="a secret birthday party")
    with_it = put(library, datetime.now(UTC) - timedelta(days=1))
    stays = add(library, 2)
    library.trash(gone.id)
    library.purge()
    assert not with_it.exists()
    (backup,) = library.backups.all()
    assert ids_in(library.backups.path(backup)) == {stays.id}
    for trace in (b"secret birthday", gone.id.encode()):
        assert files_with(library.folder, trace) == []


def test_a_copy_from_before_the_purged_page_stays(library: Library):
    kept = add(library, 1)
    before = put(library, datetime.now(UTC) - timedelta(days=2))
    gone = add(library, 2)
    after = put(library, datetime.now(UTC) - timedelta(days=1))
    library.trash(gone.id)
    library.purge()
    assert not after.exists()
    assert ids_in(before) == {kept.id}


def test_a_purge_of_nothing_leaves_the_copies(library: Library):
    add(library)
    old = put(library, datetime.now(UTC) - timedelta(days=1))
    assert library.purge() == 0
    assert [backup.name for backup in library.backups.all()] == [old.name]


def test_a_damaged_list_that_was_set_aside_goes_with_what_is_purged(library: Library):
    gone = add(library, 1, prompt="a secret birthday party")
    aside = library.backups.set_aside()
    (aside / "library.db").write_bytes(b"... a secret birthday party ...")
    (aside / "library.db-wal").write_bytes(b"... a secret birthday party ...")
    library.trash(gone.id)
    library.purge()
    assert not aside.exists()
    assert files_with(library.folder, b"secret birthday") == []


def test_a_copy_that_cannot_be_deleted_is_told_and_goes_later(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    gone = add(library, 1, prompt="a secret birthday party")
    copy = put(library, datetime.now(UTC) - timedelta(days=1))
    library.trash(gone.id)
    unlink = Path.unlink

    def refusing(self: Path, missing_ok: bool = False) -> None:
        if self == copy:
            raise PermissionError(13, "Permission denied")
        unlink(self, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refusing)
        with pytest.raises(StorageError, match="may not be"):
            library.purge()
    assert copy.exists()
    library.purge()
    assert not copy.exists()
    assert files_with(library.folder, b"secret birthday") == []


def test_what_is_deleted_while_it_is_copied_is_in_no_copy(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    gone = add(library, 1, prompt="a secret birthday party")
    other = Library(library.folder)
    replace = Path.replace
    purged: list[int] = []

    def purging_first(self: Path, target: Path) -> Path:
        if target.parent == library.backups.folder and not purged:
            other.trash(gone.id)
            purged.append(other.purge())
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", purging_first)
    assert library.backups.make() is not None
    assert purged == [1]
    other.close()
    assert files_with(library.folder, b"secret birthday") == []
    assert len(library.backups.all()) >= 1


def test_a_copy_that_another_program_removed_and_made_anew_is_made_once_more(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    gone, kept = add(library, 1), add(library, 2)
    check = backups_module.problem_of
    there: list[Path] = []

    def removed_first(file: Path) -> str:
        if not there:
            there.append(file)
            library.trash(gone.id)
            library.purge()
            # A copy of the same second, made by the program that removed this one.
            target = library.backups.folder / file.name.removeprefix(".").partition(".db.")[0]
            target.with_suffix(".db").write_bytes(b"another program's")
        return check(file)

    monkeypatch.setattr(backups_module, "problem_of", removed_first)
    made = library.backups.make()
    assert made is not None
    assert ids_in(library.backups.path(made)) == {kept.id}


def test_forgetting_leaves_no_copy_with_the_words(library: Library):
    gone = add(library, 1, prompt="a secret birthday party")
    library.backups.make()
    memory = LibraryMemory(library.folder)
    memory.forget_page(gone.id)
    memory.close()
    assert files_with(library.folder, b"secret birthday") == []
    (backup,) = library.backups.all()
    assert ids_in(library.backups.path(backup)) == set()


@pytest.mark.parametrize("how", ["purged", "forgotten"])
def test_what_a_repair_cut_short_has_left_goes_as_well(library: Library, how: str):
    gone = add(library, 1, prompt="a secret birthday party")
    for left in ("part", "part-wal", "part-log.part"):
        (library.folder / f".library.db.0123abcd.{left}").write_bytes(b"a secret birthday party")
    (mine := library.folder / ".library.db-mine").write_bytes(b"mine")
    if how == "purged":
        library.trash(gone.id)
        library.purge()
    else:
        memory = LibraryMemory(library.folder)
        memory.forget_page(gone.id)
        memory.close()
    assert files_with(library.folder, b"secret birthday") == []
    assert mine.exists()


def test_a_library_of_an_older_version_is_copied_before_it_is_changed(library: Library):
    library.folder.mkdir(parents=True)
    with closing(apsw.Connection(str(library.folder / "library.db"))) as connection:
        connection.execute(LIBRARY_STEPS[0])
        connection.execute("PRAGMA user_version=1")
    assert library.recent() == ()
    (backup,) = library.backups.all()
    with closing(sqlite3.connect(library.backups.path(backup))) as connection:
        assert list(connection.execute("PRAGMA user_version")) == [(1,)]


def test_a_copy_is_not_needed_for_a_new_library(library: Library):
    add(library)
    assert library.backups.all() == ()


def test_a_full_disk_stops_no_migration(library: Library, monkeypatch: pytest.MonkeyPatch):
    library.folder.mkdir(parents=True)
    with closing(apsw.Connection(str(library.folder / "library.db"))) as connection:
        connection.execute(LIBRARY_STEPS[0])
        connection.execute("PRAGMA user_version=1")

    def full(*_: object) -> None:
        raise StorageError(tr("There is no room left."))

    monkeypatch.setattr(backups_module, "copy_list", full)
    assert add(library) in library.recent()
    assert library.recent()[0].request.prompt == REQUEST.prompt

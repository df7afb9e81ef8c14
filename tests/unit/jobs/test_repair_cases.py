"""What a repair meets in libraries that are in use, and what damage may have made of a list."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from e2e.fake_engine import drawn
from unit.jobs.mending import COUNT, Shelf, delete, filled, flip_some
from unit.storage.shelf import add

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.events import Done, Failed
from pickabook_desktop.domain.review import Marks, View
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.jobs.repair import (
    restore_job,
)
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage import repair
from pickabook_desktop.storage.ids import id_at
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.restoring import Restored


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with filled(tmp_path / "library") as shelf:
        yield shelf


@pytest.mark.parametrize("same", [True, False], ids=["same", "other"])
def test_what_other_threads_keep_and_decide_meanwhile_is_not_lost(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, same: bool
) -> None:
    first, second, *_ = shelf.pages
    other = shelf.library if same else Library(shelf.library.folder)
    check_whole = repair.check_whole
    kept: list[str] = []

    def work() -> None:
        other.review.decisions.mark((first,), Marks(rating=5, label="green"))
        other.review.decisions.annotate(second, "meanwhile")
        kept.append(shelf.keep(900).id if same else add(other, 900).id)

    worker = threading.Thread(target=work)

    def check_later(new: Path) -> None:
        # The old list has been read, and the new one has not taken its place yet.
        worker.start()
        worker.join(0.5)
        check_whole(new)

    monkeypatch.setattr(repair, "check_whole", check_later)
    shelf.library.close()
    with closing(apsw.Connection(str(shelf.list))) as connection:
        connection.execute("DELETE FROM words WHERE rowid % 2 = 0")
    report = shelf.repair()
    worker.join(60)
    assert report.list.damage
    assert (shelf.library.review.card(first).rating, len(kept)) == (5, 1)
    assert shelf.library.review.card(second).note == "meanwhile"
    assert shelf.library.verify().sound
    assert kept[0] not in report.adopted
    assert shelf.library.get(kept[0]).request.photo.sha256
    other.close()


def test_copies_of_pages_that_lie_about_are_no_pages_and_stop_no_repair(shelf: Shelf) -> None:
    first, second, *_ = shelf.pages
    paths = [Path(shelf.library.get(one).path) for one in (first, second)]
    elsewhere = shelf.library.folder / "pictures" / "2020" / "01"
    elsewhere.mkdir(parents=True)
    moved = elsewhere / paths[0].name
    conflict = paths[1].with_name(f"{second}.sync-conflict-2026.png")
    for copy, path in ((moved, paths[0]), (conflict, paths[1])):
        copy.write_bytes(path.read_bytes())
    garbage_free = shelf.cards()
    for damage in (None, delete):
        shelf.library.close()
        if damage is not None:
            damage(shelf.list)
        report = shelf.repair()
        assert report.after.sound
        assert report.after.pictures == COUNT
        assert len(report.after.orphans) == 2
        assert {Path(shelf.library.get(one).path) for one in (first, second)} == set(paths)
    assert garbage_free.keys() == shelf.cards().keys()
    assert moved.exists()
    assert conflict.exists()


BROKEN_ANNOUNCEMENTS = (
    ("pictures/2026/01/x.png", "[1,2"),
    ("pictures/2026/01/x.png", "[]"),
    ("../../x.png", '{"id": 1}'),
)


@pytest.mark.parametrize("announced", BROKEN_ANNOUNCEMENTS)
def test_an_announcement_that_damage_has_spoiled_stops_nothing(
    shelf: Shelf, announced: tuple[str, str]
) -> None:
    shelf.library.close()
    with closing(apsw.Connection(str(shelf.list))) as connection:
        connection.execute("INSERT INTO pending VALUES (?, ?)", announced)
    shelf.keep(300)
    shelf.library.purge()
    del shelf.pages[next(iter(shelf.pages))]
    shelf.library.close()
    with closing(apsw.Connection(str(shelf.list))) as connection:
        assert list(connection.execute("SELECT * FROM pending")) == []
        connection.execute("INSERT INTO pending VALUES (?, ?)", announced)
        connection.execute("DELETE FROM words WHERE rowid % 2 = 0")
    assert shelf.repair().list.damage
    shelf.check()


def test_what_damage_says_is_to_be_deleted_is_not_where_it_is_no_picture(shelf: Shelf) -> None:
    mine = shelf.library.folder / "mine.txt"
    mine.write_text("mine")
    shelf.library.close()
    with closing(apsw.Connection(str(shelf.list))) as connection:
        connection.execute("INSERT INTO doomed (path, id) VALUES ('mine.txt', '')")
        connection.execute("DELETE FROM words WHERE rowid % 2 = 0")
    assert shelf.repair().list.damage
    shelf.check()
    assert mine.exists()


def test_a_prompt_that_an_older_page_has_too_stays_among_the_latest(tmp_path: Path) -> None:
    library = Library(tmp_path / "library")
    oldest = add(library, 1, "at sea")
    add(library, 2, "in a wood")
    add(library, 3, "at sea")
    assert library.prompts() == ("at sea", "in a wood")
    library.close()
    with closing(apsw.Connection(str(library.folder / "library.db"))) as connection:
        connection.execute("DELETE FROM pictures WHERE id=?", (oldest.id,))
    (path,) = library.orphans()
    assert library.adopt(path, drawn(1), oldest.request, "7") is not None
    assert library.prompts() == ("at sea", "in a wood")
    library.close()


# Not UTF-8, as one flipped bit makes it.
SPOILED = "CAST(x'6d6fff6e' AS TEXT)"


@pytest.mark.parametrize("copied", [True, False], ids=["copied", "not copied"])
@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE pictures SET template=SPOILED WHERE seed=5",
        "UPDATE pictures SET used_words=SPOILED WHERE seed=5",
        "UPDATE cards SET note=SPOILED WHERE seed=5",
        "INSERT INTO prompts VALUES (SPOILED, '2026')",
        "UPDATE searches SET title=SPOILED",
    ],
)
def test_a_text_that_is_none_is_damage_and_mended(shelf: Shelf, spoil: str, copied: bool) -> None:
    before = shelf.cards()
    searches = shelf.library.review.searches.all()
    if copied:
        shelf.library.backups.make()
    shelf.library.close()
    with closing(apsw.Connection(str(shelf.list))) as connection:
        connection.execute(spoil.replace("SPOILED", SPOILED))
    assert not shelf.library.verify().sound
    with pytest.raises(StorageError, match="damaged") as caught:
        ask_for_everything(shelf)
    assert "verify --repair" in caught.value.next_step
    report = shelf.repair()
    assert report.after.sound
    shelf.check()
    ask_for_everything(shelf)
    if copied:
        assert shelf.cards() == before
        assert shelf.library.review.searches.all() == searches


def ask_for_everything(shelf: Shelf) -> None:
    shelf.library.recent(COUNT)
    shelf.library.prompts()
    shelf.library.review.searches.all()
    assert len(shelf.library.review.first(View())) == COUNT - 1


def test_pages_on_a_disk_that_is_away_are_not_dropped(shelf: Shelf) -> None:
    before = shelf.cards()
    pictures = shelf.library.folder / "pictures"
    away = pictures.rename(pictures.with_name("away"))
    ending = shelf.ending(drop_missing=True)
    assert isinstance(ending, Failed)
    assert str(pictures) in ending.error.next_step
    away.rename(pictures)
    shelf.check()
    assert shelf.cards() == before


def test_dropped_pages_can_be_taken_back_with_what_was_decided_about_them(shelf: Shelf) -> None:
    shelf.library.backups.make()
    lost = list(shelf.pages)[4]
    shelf.library.review.decisions.annotate(lost, "since the last copy")
    before = shelf.cards()
    file = Path(shelf.library.get(lost).path)
    away = file.rename(shelf.library.folder / "away")
    assert shelf.repair(drop_missing=True).dropped == (lost,)
    away.rename(file)
    assert shelf.repair().list.from_copies == 1
    shelf.check()
    assert shelf.cards() == before


def test_nothing_is_dropped_where_no_copy_can_be_made(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = list(shelf.pages)[4]
    Path(shelf.library.get(lost).path).unlink()

    def full(*_: object) -> None:
        raise StorageError("There is no room left.")

    with monkeypatch.context() as patched:
        patched.setattr("pickabook_desktop.storage.backups.copy_list", full)
        assert isinstance(shelf.ending(drop_missing=True), Failed)
    assert shelf.library.get(lost).id == lost


def test_a_copy_is_put_back_and_the_log_of_the_list_before_leaves_it_alone(shelf: Shelf) -> None:
    before = shelf.cards()
    copy = shelf.library.backups.make()
    assert copy is not None
    newer = shelf.keep(600)
    shelf.library.review.decisions.mark([newer.id], Marks(rating=4))
    newest = shelf.cards()
    shelf.library.close()
    # As a killed program leaves it: the last pages are in the log alone.
    library = Library(shelf.library.folder)
    add(library, 601)
    folder = shelf.library.folder
    killed = folder.with_name("killed")
    shutil.copytree(folder, killed)
    library.close()
    shutil.rmtree(folder)
    killed.rename(folder)
    assert (folder / "library.db-wal").stat().st_size > 0
    *_, ending = run_job(restore_job(shelf.library, copy.name), CancelToken())
    assert isinstance(ending, Done), ending
    assert isinstance(ending.value, Restored)
    assert (folder / ending.value.set_aside / "library.db-wal").stat().st_size > 0
    assert shelf.library.check_database() == "ok"
    assert shelf.library.count() == COUNT - 1
    assert len(shelf.library.orphans()) == 2
    data = shelf.pages.pop(newer.id)
    assert shelf.cards() == before
    assert shelf.repair().list.from_copies == 2
    shelf.pages[newer.id] = data
    assert shelf.cards() == newest


def test_only_a_sound_copy_is_put_back(shelf: Shelf) -> None:
    copy = shelf.library.backups.make()
    assert copy is not None
    flip_some(shelf.library.backups.path(copy))
    list_before = shelf.library.folder / "library.db"
    shelf.library.close()
    data = list_before.read_bytes()
    for name in (copy.name, "../library.db", ""):
        *_, ending = run_job(restore_job(shelf.library, name), CancelToken())
        assert isinstance(ending, Failed)
        assert "library backups" in ending.error.next_step
    assert list_before.read_bytes() == data
    shelf.check()


OWED = """
    INSERT INTO discards (id, engine, name, title, uploads) VALUES ('d1', 'gemini', 'b/1', '', 1);
    INSERT INTO batches (id, engine, name, call_id, request, state, submitted)
        VALUES ('b1', 'gemini', 'b/2', 'c', '{}', 'submitted', '2026-01-01');
"""


def owed(shelf: Shelf) -> list[list[tuple[object, ...]]]:
    shelf.library.close()
    with closing(apsw.Connection(str(shelf.list))) as connection:
        tables = ("discards", "batches", "searches")
        return [list(connection.execute(f"SELECT id FROM {one}")) for one in tables]  # noqa: S608


def test_what_services_owe_is_known_again_after_pages_came_into_a_new_list(shelf: Shelf) -> None:
    shelf.library.close()
    with closing(apsw.Connection(str(shelf.list))) as connection:
        connection.execute(OWED)
    before = owed(shelf)
    assert all(before)
    assert shelf.library.backups.make() is not None
    shelf.library.close()
    shelf.list.unlink()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    shelf.keep(800, id_at(tomorrow, b"one"))
    newer = shelf.library.backups.make()
    assert newer is not None
    file = shelf.library.backups.path(newer)
    file.rename(file.with_name(f"library-{tomorrow + timedelta(hours=1):%Y%m%dT%H%M%SZ}.db"))
    shelf.keep(801, id_at(tomorrow, b"two"))
    report = shelf.repair()
    assert report.list.from_copies == COUNT
    assert owed(shelf) == before
    shelf.check()
    # What has been done or deleted since stays so.
    with closing(apsw.Connection(str(shelf.list))) as connection:
        connection.execute("DELETE FROM discards; DELETE FROM searches")
    assert not shelf.repair().anything_done
    assert owed(shelf) == [[], before[1], []]

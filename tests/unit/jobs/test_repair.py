"""A library whose list is damaged or lost is made whole again, and no page is lost by it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest
from unit.jobs.mending import (
    COUNT,
    DAMAGES,
    LOST_WAYS,
    REQUEST,
    Shelf,
    filled,
    flip_pages,
    flip_some,
    flip_the_middle,
    garbage,
    spoil_pages,
    zero_the_first_page,
)

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.events import Failed
from pickabook_desktop.domain.review import Marks
from pickabook_desktop.jobs.repair import (
    repair_data,
    repair_lines,
)
from pickabook_desktop.storage.library import Library


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with filled(tmp_path / "library") as shelf:
        yield shelf


@pytest.mark.parametrize("damage", DAMAGES)
def test_with_a_copy_of_the_list_nothing_at_all_is_lost(
    shelf: Shelf, damage: Callable[[Path], None]
) -> None:
    before = shelf.cards()
    searches = shelf.library.review.searches.all()
    shelf.library.backups.make()
    shelf.library.close()
    damage(shelf.list)
    left = shelf.list.read_bytes() if shelf.list.exists() else b""
    assert is_known_to_be_damaged(shelf.library)
    report = shelf.repair()
    assert report.after.sound
    assert report.list.damage
    shelf.check()
    assert shelf.cards() == before
    assert shelf.library.review.searches.all() == searches
    assert shelf.library.count_trash() == 1
    if left:
        assert (shelf.library.folder / report.list.set_aside / "library.db").read_bytes() == left


def is_known_to_be_damaged(library: Library) -> bool:
    try:
        return not library.verify().sound
    except StorageError as error:
        return "verify --repair" in error.next_step
    finally:
        library.close()


@pytest.mark.parametrize("damage", DAMAGES)
def test_without_a_copy_every_page_comes_back_by_what_it_says_of_itself(
    shelf: Shelf, damage: Callable[[Path], None]
) -> None:
    shelf.library.close()
    damage(shelf.list)
    report = shelf.repair()
    assert report.after.sound
    assert report.list.salvaged + len(report.adopted) == COUNT
    assert report.list.from_copies == 0
    shelf.check()
    for picture_id in report.adopted:
        request = shelf.library.get(picture_id).request
        assert request.prompt.startswith(f"page number {request.seed} long")


@pytest.mark.parametrize("damage", LOST_WAYS)
@pytest.mark.parametrize("copied", [True, False], ids=["copied", "not copied"])
def test_where_only_the_way_to_the_rows_is_lost_all_decisions_since_the_last_copy_are_kept(
    shelf: Shelf, damage: Callable[[Path], None], copied: bool
) -> None:
    if copied:
        shelf.library.backups.make()
    first, second, third, *_ = shelf.pages
    newer = shelf.keep(500)
    shelf.library.review.decisions.mark((first, newer.id), Marks(rating=5, flag=1, label="green"))
    shelf.library.review.decisions.annotate(newer.id, "since the last copy")
    shelf.library.review.decisions.tag((second, newer.id), add=("newest",), remove=("cover",))
    shelf.library.trash(third)
    shelf.library.outbox.add(newer.id, "imagekit")
    before = shelf.cards()
    searches = shelf.library.review.searches.all()
    shelf.library.close()
    damage(shelf.list)
    report = shelf.repair()
    assert (report.list.salvaged, report.adopted) == (COUNT + 1, ())
    shelf.check()
    assert shelf.cards() == before
    assert shelf.library.review.searches.all() == searches
    assert [entry.picture_id for entry in shelf.library.outbox.entries()] == [newer.id]
    assert not list(shelf.library.folder.glob(".library*"))


def test_what_is_only_in_the_log_is_kept_where_the_first_page_is_lost(shelf: Shelf) -> None:
    shelf.library.close()
    # A killed program leaves the log, and somebody else's first page.
    other = Library(shelf.library.folder)
    first, *_ = shelf.pages
    other.review.decisions.mark((first,), Marks(rating=1, label="blue"))
    before = shelf.cards()
    copy = shelf.library.folder.with_name("copy")
    shutil.copytree(shelf.library.folder, copy)
    other.close()
    assert (copy / "library.db-wal").stat().st_size > 0
    (copy / "library.db-shm").unlink()
    zero_the_first_page(copy / "library.db")
    moved = Shelf(copy)
    moved.pages = shelf.pages
    assert moved.repair().list.salvaged == COUNT
    moved.check()
    after = moved.library.review.card(first)
    assert (after.rating, after.label) == (1, "blue")
    assert [card.tags for card in moved.cards().values()] == [c.tags for c in before.values()]
    moved.library.close()


@pytest.mark.parametrize("table", ["pictures", "cards", "tags"])
def test_rows_are_found_where_the_pages_that_lead_to_them_are_damaged(
    shelf: Shelf, table: str
) -> None:
    before = shelf.cards()
    shelf.library.close()
    with closing(apsw.Connection(str(shelf.list))) as connection:
        query = "SELECT pageno FROM dbstat WHERE name=? ORDER BY path LIMIT 1"
        ((root,),) = connection.execute(query, (table,))
    spoil_pages(shelf.list, [int(str(root))], noise=False)
    report = shelf.repair()
    assert report.list.salvaged == COUNT
    shelf.check()
    if table == "pictures":
        assert shelf.cards() == before


def test_what_can_be_read_of_a_damaged_list_keeps_its_decisions(shelf: Shelf) -> None:
    before = shelf.cards()
    shelf.library.close()
    flip_pages(shelf.list, "pictures", 3)
    report = shelf.repair()
    after = shelf.cards()
    same = [one for one, card in before.items() if after[one] == card]
    assert COUNT // 2 <= report.list.salvaged < COUNT
    assert len(same) == report.list.salvaged
    shelf.check()


def test_pages_since_the_last_copy_come_back_by_what_they_say(shelf: Shelf) -> None:
    shelf.library.backups.make()
    newer = shelf.keep(500)
    shelf.library.close()
    shelf.list.unlink()
    report = shelf.repair()
    assert report.adopted == (newer.id,)
    assert report.list.from_copies == COUNT
    shelf.check()


def test_a_new_list_that_was_begun_over_a_lost_one_is_filled_with_the_old(shelf: Shelf) -> None:
    before = shelf.cards()
    shelf.library.backups.make()
    shelf.library.close()
    shelf.list.unlink()
    shelf.keep(500)
    newer = shelf.list.read_bytes()
    assert newer
    report = shelf.repair()
    assert (report.list.damage, report.list.set_aside) == ("", "")
    assert report.list.from_copies == COUNT
    shelf.check()
    assert {one: card for one, card in shelf.cards().items() if one in before} == before


def test_a_lost_log_costs_no_page(shelf: Shelf) -> None:
    """Without its log a list may be older, or torn."""
    shelf.library.backups.make()
    copy = shelf.library.folder.with_name("copy")
    log = shelf.library.folder / "library.db-wal"
    assert log.stat().st_size > 0
    shelf.library.folder.rename(copy)
    (copy / "library.db-wal").unlink()
    (copy / "library.db-shm").unlink()
    shelf.library.close()
    moved = Shelf(copy)
    moved.pages = shelf.pages
    moved.repair()
    moved.check()
    moved.library.close()


def test_a_sound_library_is_left_as_it_is(shelf: Shelf) -> None:
    before = shelf.cards()
    shelf.library.close()
    data = shelf.list.read_bytes()
    report = shelf.repair()
    assert not report.anything_done
    assert repair_lines(report) == ["There was nothing to repair."]
    assert shelf.list.read_bytes() == data
    assert shelf.cards() == before
    assert not (shelf.library.folder / "damaged").exists()


def test_nothing_is_made_where_there_is_no_library(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "nowhere")
    report = shelf.repair()
    assert report.after.sound
    assert not report.anything_done
    assert not shelf.library.folder.exists()


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM cards WHERE n % 3 = 0",
        "DELETE FROM words WHERE rowid % 2 = 0",
        "UPDATE words SET prompt='something else'",
        "UPDATE cards SET trashed=1",
        "UPDATE cards SET child='Somebody' WHERE seed=5",
        "UPDATE cards SET stack='' WHERE seed=5",
        "UPDATE cards SET engine='another', template='another' WHERE seed=5",
        "UPDATE words SET fields='', book='a book' WHERE rowid=(SELECT max(n) FROM cards)",
        "UPDATE words SET about='' WHERE rowid=(SELECT max(n) FROM cards)",
        "UPDATE pictures SET timings='[1,' WHERE seed=5",
        "DROP TRIGGER card_of_gone_picture; DELETE FROM pictures WHERE seed=5",
        "INSERT INTO tags VALUES (17, 'nobody')",
    ],
)
def test_an_index_that_does_not_fit_the_pages_is_made_anew(shelf: Shelf, harm: str) -> None:
    shelf.library.close()
    with closing(apsw.Connection(str(shelf.list))) as connection:
        connection.execute(harm)
    found = shelf.library.verify()
    assert not found.sound
    assert "fit together" in found.database
    report = shelf.repair()
    assert report.after.sound
    shelf.check()
    assert shelf.library.get(next(iter(shelf.pages))).request.photo == REQUEST.photo


def test_what_was_purged_does_not_come_back(shelf: Shelf) -> None:
    shelf.library.backups.make()
    gone = next(iter(shelf.pages))
    assert shelf.library.purge() == 1
    del shelf.pages[gone]
    shelf.library.close()
    flip_the_middle(shelf.list)
    shelf.repair()
    shelf.check()


def test_a_page_that_is_about_to_be_deleted_does_not_come_back(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = next(iter(shelf.pages))

    def refuse(*_: object) -> None:
        raise StorageError("It may not be deleted.")

    with monkeypatch.context() as patched:
        patched.setattr("pickabook_desktop.storage.files.Files.remove", refuse)
        with pytest.raises(StorageError):
            shelf.library.purge()
    del shelf.pages[gone]
    shelf.repair()
    shelf.check()
    assert not list(shelf.library.folder.rglob(f"{gone}.png"))


def test_pages_without_a_file_are_dropped_only_when_asked(shelf: Shelf) -> None:
    lost = list(shelf.pages)[3]
    Path(shelf.library.get(lost).path).unlink()
    report = shelf.repair()
    assert report.after.missing == (lost,)
    assert not report.after.sound
    report = shelf.repair(drop_missing=True)
    assert report.dropped == (lost,)
    del shelf.pages[lost]
    shelf.check()


def test_half_written_files_go_and_a_persons_own_stay(shelf: Shelf) -> None:
    month = Path(shelf.library.get(next(iter(shelf.pages))).path).parent
    half = month / ".01ARZ3NDEKTSV4RRFFQ69G5FAV.png.0badcafe.part"
    half.write_bytes(b"half a pic")
    mine = month / "holiday.part"
    mine.write_bytes(b"mine")
    shelf.library.backups.make()
    copy = shelf.library.backups.folder / ".library-20261122T000000Z.db.0badcafe.part"
    copy.write_bytes(b"half a copy")
    report = shelf.repair()
    assert {path.rpartition("/")[2] for path in report.list.removed} == {half.name, copy.name}
    assert not half.exists()
    assert not copy.exists()
    assert mine.exists()


def test_damaged_thumbnails_are_begun_anew(shelf: Shelf) -> None:
    shelf.library.close()
    (shelf.library.folder / "thumbnails.db").write_bytes(b"no thumbnails" * 900)
    shelf.repair()
    newer = shelf.keep(700)
    assert shelf.library.thumbnail(newer.id) == b"small"


def test_a_second_repair_finds_what_the_first_has_set_aside(shelf: Shelf) -> None:
    """As where a person has put a wrong file in the place of the list, then lost that as well."""
    before = shelf.cards()
    shelf.library.close()
    whole = shelf.list.read_bytes()
    aside = shelf.library.backups.set_aside(datetime(2020, 1, 1, tzinfo=UTC))
    (aside / "library.db").write_bytes(whole)
    garbage(shelf.list)
    report = shelf.repair()
    assert report.list.from_copies == COUNT
    assert shelf.cards() == before
    shelf.check()


HOLD = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    fcntl.lockf(file, fcntl.LOCK_SH, 510, 0x40000002)
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nobody replaces an open file there")
def test_a_library_that_another_program_has_open_is_not_touched(shelf: Shelf) -> None:
    shelf.library.close()
    flip_some(shelf.list)
    before = shelf.list.read_bytes()
    # As SQLite locks a list that is open.
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(shelf.list)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        ending = shelf.ending()
        other.communicate("")
    assert isinstance(ending, Failed)
    assert "Close it" in ending.error.next_step
    assert shelf.list.read_bytes() == before
    assert shelf.repair().after.sound


def test_the_report_says_what_came_from_where(shelf: Shelf) -> None:
    shelf.library.backups.make()
    shelf.keep(500)
    shelf.library.close()
    garbage(shelf.list)
    report = shelf.repair()
    data = json.loads(json.dumps(repair_data(report)))
    assert data["sound"]
    assert data["repair"]["from_copies"] == COUNT
    assert data["repair"]["copies"][0].startswith("backups/library-")
    assert len(data["repair"]["adopted"]) == 1
    text = "\n".join(repair_lines(report))
    assert f"damaged/{report.list.set_aside.rpartition('/')[2]}" in text
    assert f": {COUNT}" in text

"""A library whose list is damaged or lost is made whole again, and no page is lost by it."""

import json
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import apsw
import msgspec
import pytest
from e2e.fake_engine import drawn
from unit.storage.shelf import add

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.events import Done, Failed, Terminal
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.review import Card, Marks, SavedSearch, View
from pickabook_desktop.imaging.metadata import Metadata, embed
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.jobs.repair import RepairReport, repair_data, repair_job, repair_lines
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage import repair
from pickabook_desktop.storage.library import Library

REQUEST = GenerationRequest(
    photo=PhotoRef(path="/photos/adelheid.jpg", sha256="f" * 64), fields={"name": "Adelheid"}
)
COUNT = 40


class Shelf:
    """A library with pages, decisions, a trash and a search in it, and what they were."""

    def __init__(self, folder: Path) -> None:
        self.library = Library(folder)
        self.pages: dict[str, bytes] = {}

    def keep(self, seed: int) -> KeptPicture:
        request = REQUEST.with_changes(prompt=f"page number {seed} " + "long " * 40, seed=seed)
        said = Metadata(prompt=request.prompt, seed=seed, request_json=request.to_json())
        plain = drawn(seed)
        data = embed(plain.data, plain.media_type, said)
        kept = self.library.add(msgspec.structs.replace(plain, data=data), request, "7", b"small")
        self.pages[kept.id] = data
        return kept

    def decide(self) -> None:
        """Something about every page."""
        review = self.library.review
        every = list(self.pages)
        for part in range(3):
            ids = every[part::3]
            review.mark(ids, Marks(rating=part + 3, flag=part - 1, label="red"))
            review.tag(ids, add=(f"tag {part}", "cover"))
        for number in range(0, len(every), 7):
            review.annotate(every[number], f"noted {number}")
        review.save_search(SavedSearch(id="", title="Best", words="rating:>=4"))
        self.library.trash(next(iter(self.pages)))

    def cards(self) -> dict[str, Card]:
        """What is known of each page, but for its number."""
        review = self.library.review
        found = {picture_id: review.card(picture_id) for picture_id in self.pages}
        return {one: msgspec.structs.replace(card, n=0) for one, card in found.items()}

    @property
    def list(self) -> Path:
        return self.library.folder / "library.db"

    def repair(self, **how: bool) -> RepairReport:
        ending = self.ending(**how)
        assert isinstance(ending, Done), ending
        assert isinstance(ending.value, RepairReport)
        return ending.value

    def ending(self, **how: bool) -> Terminal:
        *_, ending = run_job(repair_job(self.library, **how), CancelToken())
        assert isinstance(ending, Terminal)
        return ending

    def check(self) -> None:
        """Every page is there, byte for byte, listed, and found by its words."""
        report = self.library.verify()
        assert (report.sound, report.orphans, report.pictures) == (True, (), len(self.pages))
        for picture_id, data in self.pages.items():
            assert self.library.read(picture_id) == data
        assert (
            self.library.review.show(View()).count == len(self.pages) - self.library.count_trash()
        )


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path / "library")
    for seed in range(COUNT):
        shelf.keep(seed)
    shelf.decide()
    yield shelf
    shelf.library.close()


def flip_the_middle(file: Path) -> None:
    data = bytearray(file.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 6 * 4096] = random.Random(7).randbytes(6 * 4096)
    file.write_bytes(data)


def flip_pages(file: Path, table: str, count: int) -> None:
    """Damage leaves in the middle of one table."""
    with closing(apsw.Connection(str(file))) as connection:
        query = "SELECT pageno FROM dbstat WHERE name=? AND pagetype='leaf' ORDER BY path"
        leaves = [int(str(row[0])) for row in connection.execute(query, (table,))]
    middle = len(leaves) // 2
    assert middle > 0
    data = bytearray(file.read_bytes())
    for page in leaves[middle : middle + count]:
        data[(page - 1) * 4096 : page * 4096] = random.Random(page).randbytes(4096)
    file.write_bytes(data)


def flip_some(file: Path) -> None:
    chance = random.Random(11)
    data = bytearray(file.read_bytes())
    for _ in range(12):
        page = chance.randrange(1, len(data) // 4096) * 4096
        data[page : page + 12] = chance.randbytes(12)
    file.write_bytes(data)


def cut(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) * 2 // 3])


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def garbage(file: Path) -> None:
    file.write_bytes(b"not a database at all" * 4000)


def delete(file: Path) -> None:
    file.unlink()


DAMAGES = (flip_the_middle, flip_some, cut, cut_short, empty, garbage, delete)


@pytest.mark.parametrize("damage", DAMAGES)
def test_with_a_copy_of_the_list_nothing_at_all_is_lost(
    shelf: Shelf, damage: Callable[[Path], None]
) -> None:
    before = shelf.cards()
    searches = shelf.library.review.searches()
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
    assert shelf.library.review.searches() == searches
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


@pytest.mark.parametrize("same", [True, False], ids=["same", "other"])
def test_what_other_threads_keep_and_decide_meanwhile_is_not_lost(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, same: bool
) -> None:
    first, second, *_ = shelf.pages
    other = shelf.library if same else Library(shelf.library.folder)
    check_whole = repair._check_whole
    kept: list[str] = []

    def work() -> None:
        other.review.mark((first,), Marks(rating=5, label="green"))
        other.review.annotate(second, "meanwhile")
        kept.append(shelf.keep(900).id if same else add(other, 900).id)

    worker = threading.Thread(target=work)

    def check_later(new: Path) -> None:
        # The old list has been read, and the new one has not taken its place yet.
        worker.start()
        worker.join(0.5)
        check_whole(new)

    monkeypatch.setattr(repair, "_check_whole", check_later)
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
    searches = shelf.library.review.searches()
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
        assert shelf.library.review.searches() == searches


def ask_for_everything(shelf: Shelf) -> None:
    shelf.library.recent(COUNT)
    shelf.library.prompts()
    shelf.library.review.searches()
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
    shelf.library.review.annotate(lost, "since the last copy")
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

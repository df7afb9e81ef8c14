"""The disk fails at every call, one after the other, of everything that changes a library."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from e2e.crasher import page
from services.faults import BROKEN, FULL, failing_disk
from unit.storage.test_migrations import KEPT, file_of, filled, id_of, pixels

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.review import Marks
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.repair import repair_list

# SQLite asks for nothing after some of the calls that fail; apsw then says so aside.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

PAGES = 4
# More than anything here takes.
MOST_CALLS = 2000


State = dict[str, tuple[bytes, int, int, tuple[str, ...], bool]]


def add(library: Library) -> None:
    library.add(*page(50), "7", b"small", "01KAP8Z0V8TESTPAGE00000000")
    assert library.read("01KAP8Z0V8TESTPAGE00000000") == page(50)[0].data


def mark(library: Library) -> None:
    ids = [p.id for p in library.recent()]
    library.review.mark(ids, Marks(rating=2, flag=1))
    assert {library.review.card(one).rating for one in ids} == {2}


def tag(library: Library) -> None:
    ids = [p.id for p in library.recent()]
    library.review.tag(ids, add=("moon",), remove=("cover",))
    assert {library.review.card(one).tags for one in ids} == {("moon",)}


def trash(library: Library) -> None:
    library.review.trash([p.id for p in library.recent()])
    assert library.count() == 0


def purge(library: Library) -> None:
    library.purge()
    assert library.count_trash() == 0


def adopt(library: Library) -> None:
    picture, request = page(9)
    for path in library.orphans():
        library.adopt(path, picture, request, "7")
    assert library.orphans() == ()


def back_up(library: Library) -> None:
    assert library.backups.make() is not None


def repair(library: Library) -> None:
    library.close()
    repair_list(library.folder)
    assert library.verify().sound


DEEDS = (add, mark, tag, trash, purge, adopt, back_up, repair)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with decisions, a page in the trash and one that the list has lost; to copy."""
    library = Library(tmp_path_factory.mktemp("whole") / "library")
    ids = [library.add(*page(seed), "7", b"small").id for seed in range(1, PAGES + 1)]
    library.review.mark(ids, Marks(rating=4))
    library.review.tag(ids, add=("cover",))
    library.trash(ids[0])
    lost = library.add(*page(9), "7", b"small")
    library.backups.make()
    library.close()
    with closing(apsw.Connection(str(library.folder / "library.db"))) as connection:
        connection.execute("DELETE FROM pictures WHERE id=?", (lost.id,))
    return library.folder


@pytest.mark.parametrize("error", [FULL, BROKEN], ids=["full", "broken"])
@pytest.mark.parametrize("deed", DEEDS)
def test_a_disk_that_fails_at_any_call_loses_nothing(
    whole: Path, tmp_path: Path, deed: Callable[[Library], None], error: int
) -> None:
    for number in range(1, MOST_CALLS):
        folder = tmp_path / f"library-{number}"
        shutil.copytree(whole, folder)
        before = state(folder)
        if deed is repair:
            (folder / "library.db").write_bytes(b"no list at all" * 900)
        library = Library(folder)
        told = None
        with failing_disk(error, number) as disk:
            try:
                deed(library)
            except StorageError as problem:
                told = problem
            library.close()
        if not disk.failed:
            assert number > 3
            return
        where = f"{deed.__name__} at call {number}"
        assert told is None or (told.message and told.next_step), where
        check(folder, before, deed, where)
        shutil.rmtree(folder)
    pytest.fail("it never ended")


def state(folder: Path) -> State:
    """Pages with what was decided about them; those in the trash are so marked."""
    library = Library(folder)
    pictures = (*library.recent(99), *library.recent(99, trashed=True))
    cards = [library.review.card(picture.id) for picture in pictures]
    found = {c.id: (library.read(c.id), c.rating, c.flag, c.tags, c.trashed) for c in cards}
    library.close()
    return found


def check(
    folder: Path,
    before: State,
    deed: Callable[[Library], None],
    where: str,
) -> None:
    """The library opens and is whole; what was there is there, as it was or as it was to be; and
    the deed succeeds now.
    """
    library = Library(folder)
    if deed is not repair:
        report = library.verify()
        assert report.sound, (where, report)
        library.close()
        after = state(folder)
        for picture_id, was in before.items():
            if deed is purge and was[-1]:
                continue
            assert picture_id in after, where
            assert after[picture_id][0] == was[0], where
            if deed not in (mark, tag, trash):
                assert after[picture_id] == was, where
    deed(library)
    library.add(*page(70))
    if deed is not adopt:
        adopt(library)
    report = library.verify()
    assert (report.sound, report.orphans) == (True, ()), (where, report)
    library.close()
    after = state(folder)
    kept = {one for one, was in before.items() if deed is not purge or not was[-1]}
    assert kept <= after.keys(), where
    if deed is repair:
        assert {one: after[one] for one in kept} == {one: before[one] for one in kept}, where


@pytest.mark.parametrize("error", [FULL, BROKEN], ids=["full", "broken"])
@pytest.mark.parametrize("version", [1, 4, 7])
def test_a_disk_that_fails_in_a_migration_leaves_the_library_as_it_was(
    tmp_path: Path, version: int, error: int
) -> None:
    old = Library(tmp_path / "old")
    for number in (*KEPT, 3):
        file = file_of(old, number)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pixels(number))
    with closing(filled(str(old.folder / "library.db"), version)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    for number in range(1, MOST_CALLS):
        folder = tmp_path / f"library-{number}"
        shutil.copytree(old.folder, folder)
        library = Library(folder)
        with failing_disk(error, number) as disk:
            told = None
            try:
                library.count()
            except StorageError as problem:
                told = problem
            library.close()
        assert told is None or told.next_step
        for page_number in KEPT:
            assert library.read(id_of(page_number)) == pixels(page_number)
        assert library.verify().sound
        library.close()
        shutil.rmtree(folder)
        if not disk.failed:
            assert number > 3
            return
    pytest.fail("it never ended")

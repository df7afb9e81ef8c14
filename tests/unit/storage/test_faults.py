"""The disk fails at every call, one after the other, of everything that changes a library."""

import shutil
from contextlib import closing
from pathlib import Path

import apsw
import msgspec
import pytest
from e2e.crasher import page
from services.faults import BROKEN, FULL, failing_disk
from unit.storage.test_migrations import KEPT, file_of, filled, id_of, pixels

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.review import Before, Marks, SavedSearch
from pickabook_desktop.storage.files import id_in
from pickabook_desktop.storage.forgetting import LibraryMemory
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.repair import repair_list
from pickabook_desktop.storage.traces import Wish

# SQLite asks for nothing after some of the calls that fail; apsw then says so aside.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

PAGES = 4
# More than anything here takes.
MOST_CALLS = 2000
NEW = "01KAP8Z0V8TESTPAGE00000000"
LOST = "01KAP8Z0V8TESTPAGE00000009"

# Everything that is known of each page, and the searches that were saved.
State = dict[str, object]


class Deed:
    """Something that changes a library; tried again, it changes nothing more."""

    # Of the many calls of a long one, a full disk fails at these and a broken one at those between.
    every = 1

    def prepare(self, library: Library) -> None:
        """What has to be there before, on a disk that does not fail."""

    def do(self, library: Library) -> None:
        raise NotImplementedError

    def ids(self, library: Library) -> list[str]:
        return [picture.id for picture in library.recent()]


class Add(Deed):
    def do(self, library: Library) -> None:
        library.add(*page(50), "7", b"small", NEW)
        assert library.read(NEW) == page(50)[0].data


class Mark(Deed):
    def do(self, library: Library) -> None:
        library.review.decisions.mark(self.ids(library), Marks(rating=2, flag=1, label="red"))


class Tag(Deed):
    def do(self, library: Library) -> None:
        library.review.decisions.tag(self.ids(library), add=("moon",), remove=("cover",))


class Annotate(Deed):
    def do(self, library: Library) -> None:
        library.review.decisions.annotate(self.ids(library)[0], "with a larger moon")


class PutBack(Deed):
    before: Before

    def prepare(self, library: Library) -> None:
        self.before = library.review.decisions.mark(self.ids(library), Marks(rating=1))

    def do(self, library: Library) -> None:
        library.review.decisions.put_back(self.before)


class Search(Deed):
    def do(self, library: Library) -> None:
        library.review.searches.save(SavedSearch(id="best", title="Best", words="rating:>=4"))


class Trash(Deed):
    def do(self, library: Library) -> None:
        library.review.decisions.trash(self.ids(library))
        assert library.count() == 0


class Restore(Deed):
    def do(self, library: Library) -> None:
        library.review.decisions.restore([p.id for p in library.recent(trashed=True)])
        assert library.count_trash() == 0


class Purge(Deed):
    every = 2

    def do(self, library: Library) -> None:
        going = library.recent(trashed=True)
        library.purge()
        assert library.count_trash() == 0
        assert not any(Path(picture.path).exists() for picture in going)


class Forget(Deed):
    every = 2

    def do(self, library: Library) -> None:
        memory = LibraryMemory(library.folder)
        try:
            memory.forget(Wish(name="Zoe", others=("Mia",)))
            assert not memory.traces(Wish(name="Zoe", others=("Mia",))).any
        finally:
            memory.close()


class Adopt(Deed):
    def do(self, library: Library) -> None:
        picture, request = page(9)
        for path in library.orphans():
            library.adopt(path, picture, request, "7")
        assert library.orphans() == ()


class BackUp(Deed):
    def do(self, library: Library) -> None:
        assert library.backups.make() is not None
        newest = library.backups.path(library.backups.all()[0])
        with closing(apsw.Connection(str(newest), apsw.SQLITE_OPEN_READONLY)) as copy:
            assert {str(row[0]) for row in copy.execute("SELECT id FROM pictures")} == {
                p.id for p in (*library.recent(), *library.recent(trashed=True))
            }


class Repair(Deed):
    every = 2

    def prepare(self, library: Library) -> None:
        library.close()
        (library.folder / "library.db").write_bytes(b"no list at all" * 900)

    def do(self, library: Library) -> None:
        library.close()
        repair_list(library.folder)
        assert library.verify().sound


DEEDS = [deed.__name__ for deed in Deed.__subclasses__()]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with decisions, a page in the trash, one of another child, and one that the list
    has lost; to copy.
    """
    library = Library(tmp_path_factory.mktemp("whole") / "library")
    ids = [library.add(*page(seed), "7", b"small").id for seed in range(1, PAGES)]
    picture, request = page(PAGES)
    ids.append(library.add(picture, request.with_changes(fields={"name": "Zoe"}), "7", b"face").id)
    review = library.review
    review.decisions.mark(ids, Marks(rating=4))
    review.decisions.tag(ids, add=("cover",))
    review.decisions.annotate(ids[1], "a note")
    review.searches.save(SavedSearch(id="", title="Covers", words="tag:cover"))
    library.trash(ids[0])
    library.add(*page(9), "7", b"small", LOST)
    library.backups.make()
    library.close()
    with closing(apsw.Connection(str(library.folder / "library.db"))) as connection:
        connection.execute("DELETE FROM pictures WHERE id=?", (LOST,))
    return library.folder


@pytest.mark.parametrize("error", [FULL, BROKEN], ids=["full", "broken"])
@pytest.mark.parametrize("name", DEEDS)
def test_a_disk_that_fails_at_any_call_loses_nothing(
    whole: Path, tmp_path: Path, name: str, error: int
) -> None:
    make = next(deed for deed in Deed.__subclasses__() if deed.__name__ == name)
    before, wanted = before_and_after(whole, tmp_path / "fine", make())
    assert make is BackUp or before != wanted
    first = 1 if error == FULL else make.every
    for number in range(first, MOST_CALLS, make.every):
        deed, library = make(), copied(whole, tmp_path / f"library-{number}")
        deed.prepare(library)
        library.close()
        told = None
        with failing_disk(error, number) as disk:
            try:
                deed.do(library)
            except StorageError as problem:
                told = problem
            library.close()
        if not disk.failed:
            assert number > 3
            return
        where = f"{name} at call {number}"
        if told is None:
            assert state(library.folder) == wanted, where
        else:
            assert told.message
            assert told.next_step, where
            if make is not Repair:
                begun = {NEW} | (before.keys() - wanted.keys())
                assert_between(state(library.folder, *begun), before, wanted, where)
        deed.do(library)
        library.close()
        assert state(library.folder) == wanted, where
        library.add(*page(70))
        library.close()
        shutil.rmtree(library.folder)
    pytest.fail("it never ended")


def copied(whole: Path, folder: Path) -> Library:
    shutil.copytree(whole, folder)
    return Library(folder)


def before_and_after(whole: Path, folder: Path, deed: Deed) -> tuple[State, State]:
    """What there is before a deed, and after it where nothing fails."""
    library = copied(whole, folder)
    deed.prepare(library)
    library.close()
    before = state(whole if isinstance(deed, Repair) else folder)
    deed.do(library)
    library.close()
    return before, state(folder)


def assert_between(now: State, before: State, wanted: State, where: str) -> None:
    """Everything is as it was or as it was to be."""
    for one in before.keys() | wanted.keys() | now.keys():
        assert now.get(one) in (before.get(one), wanted.get(one)), (where, one)


def state(folder: Path, *begun: str) -> State:
    """What a library knows when it is opened; whole, but for files of pages that were begun, or
    that are about to go.
    """
    library = Library(folder)
    try:
        report = library.verify()
        assert report.sound, report
        assert set(map(id_in, report.orphans)) <= {LOST, *begun}, report
        found: State = {"searches": [(s.title, s.words) for s in library.review.searches.all()]}
        for picture in (*library.recent(99), *library.recent(99, trashed=True)):
            card = msgspec.structs.replace(library.review.card(picture.id), n=0, path="")
            found[picture.id] = (library.read(picture.id), picture.request, card)
    finally:
        library.close()
    return found


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

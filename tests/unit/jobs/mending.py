"""A library to damage and to mend, for the tests of what a repair brings back."""

import random
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import apsw
import msgspec
from e2e.fake_engine import drawn

from pickabook_desktop.domain.events import Done, Terminal
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.review import Card, Marks, SavedSearch, View
from pickabook_desktop.imaging.metadata import Metadata, embed
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.jobs.repair import (
    RepairReport,
    repair_job,
)
from pickabook_desktop.net.cancel import CancelToken
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

    def keep(self, seed: int, picture_id: str = "") -> KeptPicture:
        request = REQUEST.with_changes(prompt=f"page number {seed} " + "long " * 40, seed=seed)
        said = Metadata(prompt=request.prompt, seed=seed, request_json=request.to_json())
        plain = drawn(seed)
        data = embed(plain.data, plain.media_type, said)
        drawn_page = msgspec.structs.replace(plain, data=data)
        kept = self.library.add(drawn_page, request, "7", b"small", picture_id)
        self.pages[kept.id] = data
        return kept

    def decide(self) -> None:
        """Something about every page."""
        review = self.library.review
        every = list(self.pages)
        for part in range(3):
            ids = every[part::3]
            review.decisions.mark(ids, Marks(rating=part + 3, flag=part - 1, label="red"))
            review.decisions.tag(ids, add=(f"tag {part}", "cover"))
        for number in range(0, len(every), 7):
            review.decisions.annotate(every[number], f"noted {number}")
        review.searches.save(SavedSearch(id="", title="Best", words="rating:>=4"))
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


@contextmanager
def filled(folder: Path) -> Iterator[Shelf]:
    """A shelf with pages and decisions, closed at the end."""
    shelf = Shelf(folder)
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


def pages_of(file: Path, table: str) -> list[int]:
    """All pages of one table but for those that only hold what is too long for another."""
    with closing(apsw.Connection(str(file))) as connection:
        query = "SELECT pageno FROM dbstat WHERE name=? AND pagetype<>'overflow'"
        return [int(str(row[0])) for row in connection.execute(query, (table,))]


def spoil_pages(file: Path, pages: Sequence[int], *, noise: bool) -> None:
    data = bytearray(file.read_bytes())
    for page in pages:
        filling = random.Random(page).randbytes(4096) if noise else bytes(4096)
        data[(page - 1) * 4096 : page * 4096] = filling
    file.write_bytes(data)


def zero_the_first_page(file: Path) -> None:
    spoil_pages(file, [1], noise=False)


def flip_the_first_page(file: Path) -> None:
    spoil_pages(file, [1], noise=True)


def flip_the_schema(file: Path) -> None:
    spoil_pages(file, pages_of(file, "sqlite_schema"), noise=True)


def zero_the_leaves_of_the_schema(file: Path) -> None:
    leaves = [page for page in pages_of(file, "sqlite_schema") if page > 1]
    assert leaves
    spoil_pages(file, leaves, noise=False)


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


# Only what leads to the rows is damaged.
LOST_WAYS = (
    zero_the_first_page,
    flip_the_first_page,
    flip_the_schema,
    zero_the_leaves_of_the_schema,
)
DAMAGES = (flip_the_middle, flip_some, cut, cut_short, empty, garbage, delete, *LOST_WAYS)

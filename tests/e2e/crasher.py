"""A process that does everything a library is for, in any order, until it is killed.

It writes down what it is about to do and what it has done, line by line, to a file that outlives
it. Started once, it forks for each life, so that no life waits for imports.
"""

import json
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from e2e.fake_engine import drawn

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.domain.review import Before, Marks, SavedSearch
from pickabook_desktop.imaging.metadata import Metadata, embed
from pickabook_desktop.storage.files import Files
from pickabook_desktop.storage.forgetting import LibraryMemory
from pickabook_desktop.storage.ids import IdMaker
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.repair import repair_list

SIZE = Size(60, 40)
MOST = 40


def page(seed: int) -> tuple[DrawnPicture, GenerationRequest]:
    """A page that says of itself how it was made."""
    request = GenerationRequest(
        photo=PhotoRef(path="adelheid.jpg"),
        prompt=f"page {seed}",
        seed=seed,
        fields={"name": "Mia"},
    )
    plain = drawn(seed, SIZE)
    said = Metadata(prompt=request.prompt, seed=seed, request_json=request.to_json())
    return msgspec.structs.replace(plain, data=embed(plain.data, plain.media_type, said)), request


class Life:
    """One run on the library in ``folder``; ``pages`` are those there that are its own, by their
    ids. Where it is not ``alone``, it does no harm that could not happen beside another program.
    """

    def __init__(
        self, folder: Path, diary: Path, seed: int, pages: list[str], *, alone: bool
    ) -> None:
        self._alone = alone
        self._undo: tuple[list[str], Before] | None = None
        self._folder = folder
        self._diary = os.open(diary, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._chance = random.Random(seed)
        self._seed = seed * 1000
        self._library = Library(folder)
        self._ids = IdMaker()
        self._here = list(pages)
        self._trash: list[str] = []

    def live(self) -> None:
        """Until somebody ends it."""
        self._go_on(
            (self.add, 6),
            (self.mark, 3),
            (self.tag, 3),
            (self.annotate, 3),
            (self.put_back, 3),
            (self.save_search, 2),
            (self.trash, 3),
            (self.restore, 1),
            (self.purge, 2),
            (self.take_in, 2),
            (self.forget, 1),
            (self.back_up, 1),
            (self.repair, 1),
        )

    def accompany(self) -> None:
        """Live beside another, and take nothing away that is not one's own."""
        self._go_on(
            (self.add, 4),
            (self.mark, 4),
            (self.tag, 4),
            (self.annotate, 4),
            (self.put_back, 4),
            (self.save_search, 2),
            (self.back_up, 1),
        )

    def _go_on(self, *deeds: tuple[Callable[[], None], int]) -> None:
        self.say("opened", pages=self._library.count())
        while True:
            (deed,) = self._chance.choices([d for d, _ in deeds], [w for _, w in deeds])
            deed()

    def say(self, what: str, **more: Any) -> None:
        os.write(self._diary, json.dumps({"what": what, **more}).encode() + b"\n")

    def some(self, most: int = 4) -> list[str]:
        count = min(len(self._here), self._chance.randrange(1, most + 1))
        return self._chance.sample(self._here, count)

    def add(self) -> None:
        if len(self._here) >= MOST:
            return self.mark()
        self._seed += 1
        picture, request = page(self._seed)
        self.say("adding")
        kept = self._library.add(picture, request, "7", b"thumbnail")
        self._here.append(kept.id)
        return self.say("added", ids=[kept.id], seed=self._seed)

    def take_in(self) -> None:
        """A picture comes back whose row the list has lost."""
        if not self._here:
            return self.add()
        self._seed += 1
        picture, request = page(self._seed)
        picture_id = self._ids.next()
        path = Files(self._folder).path_for(picture_id, "image/png")
        file = self._folder / path
        self.say("taking in", ids=[picture_id])
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_name(f".{file.name}.0badcafe.part")
        temporary.write_bytes(picture.data)
        temporary.rename(file)
        self._library.adopt(path, picture, request, "7")
        self._here.append(picture_id)
        return self.say("added", ids=[picture_id], seed=self._seed)

    def mark(self) -> None:
        ids, rating = self.some(), self._chance.randrange(6)
        self.say("marking", ids=ids)
        self._library.review.decisions.mark(ids, Marks(rating=rating))
        self.say("marked", ids=ids, rating=rating)

    def tag(self) -> None:
        ids, tag = self.some(), self._chance.choice(("cover", "moon", "back"))
        self.say("tagging", ids=ids)
        self._library.review.decisions.tag(ids, add=(tag,))
        self.say("tagged", ids=ids, tag=tag)

    def annotate(self) -> None:
        ids, note = self.some(1), f"noted {self._chance.random()}"
        for one in ids:
            self.say("annotating", ids=ids)
            self._undo = ids, self._library.review.decisions.annotate(one, note)
            self.say("annotated", ids=ids, note=note)

    def put_back(self) -> None:
        """Undo the last note."""
        if self._undo is None:
            return self.annotate()
        (ids, before), self._undo = self._undo, None
        self.say("putting", ids=ids)
        self._library.review.decisions.put_back(before)
        return self.say("put back", ids=ids)

    def save_search(self) -> None:
        self._seed += 1
        search = SavedSearch(id=f"{os.getpid()}-{self._seed}", title="Best", words="rating:5")
        self.say("saving", search=search.id)
        self._library.review.searches.save(search)
        self.say("saved", search=search.id)

    def trash(self) -> None:
        ids = self.some(3)
        self.say("trashing", ids=ids)
        self._library.review.decisions.trash(ids)
        self._here = [one for one in self._here if one not in ids]
        self._trash += ids
        self.say("trashed", ids=ids)

    def restore(self) -> None:
        ids, self._trash = self._trash[:1], self._trash[1:]
        self.say("restoring", ids=ids)
        self._library.review.decisions.restore(ids)
        self._here += ids
        self.say("restored", ids=ids)

    def purge(self) -> None:
        self.say("purging", ids=[picture.id for picture in self._library.recent(999, trashed=True)])
        self._library.purge()
        self._trash = []
        self.say("purged")

    def forget(self) -> None:
        ids = self.some(1)
        self._here = [one for one in self._here if one not in ids]
        for one in ids:
            self.say("forgetting", ids=[one])
            memory = LibraryMemory(self._folder)
            memory.forget_page(one)
            memory.close()
            self.say("forgotten", ids=[one])

    def back_up(self) -> None:
        self.say("copying")
        self._library.backups.make()
        self.say("copied")

    def repair(self) -> None:
        """The list is damaged right after it was copied, and made whole again."""
        self.say("copying")
        self._library.backups.make()
        self.say("repairing")
        self._library.close()
        if self._alone:
            self._harm()
        repair_list(self._folder)
        self.say("repaired")

    def _harm(self) -> None:
        file = self._folder / "library.db"
        if not file.exists():
            # The very first deed; a library has no list until something is kept.
            return
        harm = self._chance.randrange(4)
        if harm == 0:
            file.unlink()
        elif harm == 1:
            file.write_bytes(b"no list at all" * 2000)
        elif harm == 2:
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        else:
            data = bytearray(file.read_bytes())
            data[4096:] = self._chance.randbytes(len(data) - 4096)
            file.write_bytes(data)


def main() -> None:
    """For each order on standard input: fork its lives, say their numbers, wait for their ends, say
    them.
    """
    for line in sys.stdin:
        order = json.loads(line)
        children = [fork(order, life, number) for number, life in enumerate(order["lives"])]
        sys.stdout.write(f"{json.dumps(children)}\n")
        sys.stdout.flush()
        endings = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        sys.stdout.write(f"{json.dumps(endings)}\n")
        sys.stdout.flush()


def fork(order: dict[str, Any], life: dict[str, Any], number: int) -> int:
    child = os.fork()
    if child:
        return child
    complaint = Path(life["diary"]).with_suffix(".err")
    os.dup2(os.open(complaint, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    alone = len(order["lives"]) == 1
    diary, seed = Path(life["diary"]), life["seed"]
    lived = Life(Path(order["folder"]), diary, seed, life["pages"], alone=alone)
    lived.accompany() if number else lived.live()
    return 0


if __name__ == "__main__":
    main()

"""A process that does everything a library is for, in any order, until it is killed.

It writes down what it is about to do and what it has done, line by line, to a file that outlives
it. Started once, it forks for each life, so that no life waits for imports.
"""

import json
import os
import random
import sys
from pathlib import Path
from typing import Any

import msgspec
from e2e.fake_engine import drawn

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.domain.review import Marks
from pickabook_desktop.imaging.metadata import Metadata, embed
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
    """One run on the library in ``folder``; ``pages`` are those that are there, by their ids."""

    def __init__(self, folder: Path, diary: Path, seed: int, pages: list[str]) -> None:
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
        deeds = (
            (self.add, 6),
            (self.mark, 4),
            (self.tag, 4),
            (self.trash, 3),
            (self.restore, 1),
            (self.purge, 2),
            (self.take_in, 2),
            (self.forget, 1),
            (self.back_up, 1),
            (self.repair, 1),
        )
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
            return self.trash()
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
        path = f"pictures/2025/11/{picture_id}.png"
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
        self._library.review.mark(ids, Marks(rating=rating))
        self.say("marked", ids=ids, rating=rating)

    def tag(self) -> None:
        ids, tag = self.some(), self._chance.choice(("cover", "moon", "back"))
        self.say("tagging", ids=ids)
        self._library.review.tag(ids, add=(tag,))
        self.say("tagged", ids=ids, tag=tag)

    def trash(self) -> None:
        ids = self.some(3)
        self.say("trashing", ids=ids)
        self._library.review.trash(ids)
        self._here = [one for one in self._here if one not in ids]
        self._trash += ids
        self.say("trashed", ids=ids)

    def restore(self) -> None:
        ids, self._trash = self._trash[:1], self._trash[1:]
        self.say("restoring", ids=ids)
        self._library.review.restore(ids)
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
        file = self._folder / "library.db"
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
        repair_list(self._folder)
        self.say("repaired")


def main() -> None:
    """For each order on standard input: fork a life, say its number, wait for its end, say it."""
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            complaint = Path(order["diary"]).with_suffix(".err")
            os.dup2(os.open(complaint, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
            life = Life(Path(order["folder"]), Path(order["diary"]), order["seed"], order["pages"])
            life.live()
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""A program's folders with two children's things in them, and ways to forget one."""

import contextlib
import sqlite3
from pathlib import Path

import msgspec
from e2e.fake_engine import drawn

from pickabook_desktop.domain.events import Done
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.jobs.forget import (
    ForgetPlan,
    Receipt,
    Surroundings,
    find_child,
    forget_job,
    forget_plan,
)
from pickabook_desktop.jobs.lanes import Job, run_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.children import Children
from pickabook_desktop.storage.consents import Consents
from pickabook_desktop.storage.files import sha256_of
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.places import Places
from pickabook_desktop.storage.records import records_database
from pickabook_desktop.storage.settings import Settings


class House:
    """A program's folders with a library, records and settings in them."""

    def __init__(self, folder: Path) -> None:
        self.places = Places.under(folder / "places")
        self.photos = folder / "photos"
        self.photos.mkdir()
        self.library = Library(self.places.library)
        self.records = records_database(self.places.data)
        self.settings = Settings(self.places.settings_file)
        self.children = Children(self.records)
        self.consents = Consents(self.records)
        self.around = Surroundings(
            records=self.records,
            places=self.places,
            settings=self.settings,
            library=self.library.folder,
        )
        self._seed = 0

    def photo(self, name: str, face: int | None = None) -> PhotoRef:
        """A photo on the person's disk."""
        file = self.photos / name
        file.write_bytes(b"the pixels of " + name.encode() * 40)
        return PhotoRef(path=str(file), sha256=sha256_of(file.read_bytes()), face_index=face)

    def draw(
        self, photo: PhotoRef, name: str = "", prompt: str = "", **more: object
    ) -> KeptPicture:
        """A page in the library; the records do not know of it yet."""
        self._seed += 1
        fields = {"name": name} if name else {}
        words = (str(more.pop("used_word", "moon")), "moon")
        request = GenerationRequest(photo=photo, prompt=prompt, fields=fields).with_changes(**more)
        picture = msgspec.structs.replace(drawn(self._seed), used_words=words)
        return self.library.add(picture, request, "7", b"thumbnail %d" % self._seed * 400)

    def plan(self, words: str) -> ForgetPlan:
        return forget_plan(find_child(words, self.around), self.around)

    def forget(self, words: str) -> Receipt:
        return receipt_of(forget_job(find_child(words, self.around), self.around))

    def ids(self) -> set[str]:
        pictures = self.library.recent(100) + self.library.recent(100, trashed=True)
        return {picture.id for picture in pictures}

    def files_with(self, *texts: str) -> list[str]:
        """The program's files in which one of ``texts`` stands, in either case and encoding, while
        the library is open.
        """
        cases = [case for text in texts for case in (text, text.lower(), text.upper())]
        sought = [case.encode(code) for case in cases for code in ("utf-8", "utf-16-le")]
        files = [file for folder in self.around.folders for file in folder.rglob("*")]
        return [
            file.name
            for file in files
            if file.is_file() and any(one in file.read_bytes() for one in sought)
        ]

    def free_pages(self) -> dict[str, int]:
        """How many pages each database has in which deleted things stood."""
        self.close()
        found: dict[str, int] = {}
        for file in self.places.data.rglob("*.db"):
            with contextlib.closing(sqlite3.connect(file)) as connection:
                ((found[file.name],),) = connection.execute("PRAGMA freelist_count")
        return found

    def close(self) -> None:
        self.library.close()
        self.records.close()


def receipt_of(job: Job) -> Receipt:
    *_, ending = run_job(job, CancelToken())
    assert isinstance(ending, Done), ending
    assert isinstance(ending.value, Receipt)
    return ending.value

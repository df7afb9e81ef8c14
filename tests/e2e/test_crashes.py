"""Processes that are killed at any moment of anything lose nothing that was acknowledged."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from e2e.crasher import page
from unit.storage.test_migrations import RELEASED, TRASHED, file_of, filled, id_of, pixels

from pickabook_desktop.domain.events import Done
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.jobs.repair import RepairReport, repair_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.library import Library

TESTS = Path(__file__).parents[1]
ROUNDS = 100
ROUNDS_OF_A_LIBRARY = 10
LONGEST_LIFE = 0.25
# So short that most fall into opening the library and bringing it up to date.
SHORT_LIFE = 0.015

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no fork there")


class Lives:
    """The process that forks lives."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "e2e.crasher"],
            cwd=TESTS,
            env={**os.environ, "PYTHONWARNINGS": "error"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def cut_short(self, order: dict[str, Any], seconds: float) -> int:
        """Live on a library for so long; gives how the life ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        child = int(self._process.stdout.readline())
        # The moment of the kill is what is tried here, not something that is waited for.
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        return int(self._process.stdout.readline())

    def end(self) -> None:
        self._process.communicate()


class Known:
    """What was acknowledged of one library, and what was under way when it was cut short."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.ratings: dict[str, int] = {}
        self.tags: dict[str, set[str]] = {}
        self.trashed: set[str] = set()
        self.gone: set[str] = set()
        self.under_way: dict[str, Any] = {}
        self.deeds: dict[str, int] = {}

    def read(self, diary: Path) -> None:
        self.under_way = {}
        lines = diary.read_bytes().splitlines() if diary.exists() else []
        for line in lines:
            said = json.loads(line)
            self.deeds[said["what"]] = self.deeds.get(said["what"], 0) + 1
            if said["what"].endswith("ing") or said["what"] == "taking in":
                self.under_way = said
            else:
                self._done(said)
                self.under_way = {}

    def settle(self, library: Library) -> None:
        """What was under way has happened or not; from here on it counts as it is."""
        for picture_id in self.under_way.get("ids", ()):
            if self.under_way["what"] in ("purging", "forgetting"):
                listed = {p.id for p in (*library.recent(999), *library.recent(999, trashed=True))}
                if picture_id not in listed:
                    self._lose(picture_id)
        for picture in (*library.recent(999), *library.recent(999, trashed=True)):
            if picture.id in self.pages:
                card = library.review.card(picture.id)
                if picture.id in self.under_way.get("ids", ()):
                    self.ratings[picture.id] = card.rating
                    self.tags[picture.id] = set(card.tags)
                    (self.trashed.add if card.trashed else self.trashed.discard)(picture.id)
            else:
                assert self.under_way, "a page that nobody had begun"
                self.pages[picture.id] = page(picture.request.seed)[0].data

    def _done(self, said: dict[str, Any]) -> None:
        ids = said.get("ids", ())
        match said["what"]:
            case "added":
                self.pages |= {one: page(said["seed"])[0].data for one in ids}
            case "marked":
                self.ratings |= dict.fromkeys(ids, said["rating"])
            case "tagged":
                for one in ids:
                    self.tags.setdefault(one, set()).add(said["tag"])
            case "trashed":
                self.trashed.update(ids)
            case "restored":
                self.trashed.difference_update(ids)
            case "purged":
                for one in tuple(self.trashed):
                    self._lose(one)
            case "forgotten":
                for one in ids:
                    self._lose(one)
            case _:
                pass

    def _lose(self, picture_id: str) -> None:
        self.pages.pop(picture_id, None)
        self.ratings.pop(picture_id, None)
        self.tags.pop(picture_id, None)
        self.trashed.discard(picture_id)
        self.gone.add(picture_id)


@pytest.fixture
def lives() -> Iterator[Lives]:
    lives = Lives()
    yield lives
    lives.end()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_kill_at_any_moment_loses_what_was_acknowledged(
    lives: Lives, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    deeds: dict[str, int] = {}
    folder, known, is_old = tmp_path, Known(), False
    for number in range(ROUNDS):
        if number % ROUNDS_OF_A_LIBRARY == 0:
            folder = tmp_path / f"library-{number}"
            known = Known()
            is_old = number % (2 * ROUNDS_OF_A_LIBRARY) != 0
            if is_old:
                old_library(folder, known, chance.randrange(len(RELEASED)) + 1)
        diary = tmp_path / f"diary-{number}"
        here = [one for one in known.pages if one not in known.trashed]
        order = {"folder": str(folder), "diary": str(diary), "pages": here}
        order["seed"] = chance.randrange(1, 10**6)
        longest = SHORT_LIFE if is_old and number % ROUNDS_OF_A_LIBRARY < 4 else LONGEST_LIFE
        ending = lives.cut_short(order, chance.uniform(0.0, longest))
        complaint = diary.with_suffix(".err")
        assert ending == -signal.SIGKILL, complaint.read_text()
        known.read(diary)
        check(Library(folder), known)
        for deed, count in known.deeds.items():
            deeds[deed] = deeds.get(deed, 0) + count
        known.deeds = {}
    wanted = {"added", "marked", "tagged", "trashed", "purged", "forgotten", "copied", "repaired"}
    assert wanted <= deeds.keys()
    assert deeds["opened"] < ROUNDS
    sys.stdout.write(f"{ROUNDS} kills: {deeds}\n")


def old_library(folder: Path, known: Known, version: int) -> None:
    """A library of an older version, which the first life brings up to date."""
    library = Library(folder)
    for number in range(5):
        file = file_of(library, number)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pixels(number))
        known.pages[id_of(number)] = pixels(number)
    known.trashed.add(id_of(TRASHED))
    # What these had under way when they were left is another test's.
    with closing(filled(str(folder / "library.db"), version)) as connection:
        for table in ("pending", "doomed"):
            if list(connection.execute("SELECT 1 FROM sqlite_schema WHERE name=?", (table,))):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 two names
        connection.execute("PRAGMA journal_mode=WAL")


def check(library: Library, known: Known) -> None:
    """The library opens, is whole, and has everything that was acknowledged."""
    try:
        if known.under_way.get("what") == "repairing" or not library.verify().sound:
            assert known.under_way.get("what") == "repairing", library.verify()
            repaired(library)
        elif library.verify().orphans:
            # A page under way, or half of a file.
            repaired(library)
        assert_whole(library, known)
        known.settle(library)
        # The next picture finishes what was cut short.
        extra = library.add(*page(0))
        known.pages[extra.id] = page(0)[0].data
        report = library.verify()
        assert (report.sound, report.orphans) == (True, ()), (report, known.under_way)
        for lost in known.gone:
            assert not list(library.folder.glob(f"pictures/*/*/{lost}.*"))
    finally:
        library.close()


def assert_whole(library: Library, known: Known) -> None:
    report = library.verify()
    assert (report.sound, report.database) == (True, "ok"), report
    unsure = set(known.under_way.get("ids", ()))
    listed = {p.id for p in (*library.recent(999), *library.recent(999, trashed=True))}
    for picture_id, data in known.pages.items():
        if picture_id in unsure and known.under_way["what"] in ("purging", "forgetting"):
            continue
        assert picture_id in listed, f"{picture_id} is lost"
        assert library.read(picture_id) == data
        if picture_id not in unsure:
            card = library.review.card(picture_id)
            assert card.rating == known.ratings.get(picture_id, 0)
            assert (picture_id, set(card.tags)) == (picture_id, known.tags.get(picture_id, set()))
            assert card.trashed == (picture_id in known.trashed)
    assert not known.gone & listed


def repaired(library: Library) -> None:
    *_, ending = run_job(repair_job(library), CancelToken())
    assert isinstance(ending, Done), ending
    assert isinstance(ending.value, RepairReport)
    assert ending.value.after.sound

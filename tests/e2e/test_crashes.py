"""Processes that are killed at any moment of anything lose nothing that was acknowledged."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import apsw
import pytest
from e2e.crasher import page
from unit.storage.test_migrations import RELEASED, TRASHED, file_of, filled, id_of, pixels

from pickabook_desktop.domain.events import Done
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.review import Card
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
# How long a second life goes on after the end of the first.
AFTERWARDS = 0.02
IN_COMPANY = 0.4
# The version of the tables that has ratings, tags, notes and saved searches.
DECIDED_SINCE = 8
WANTED = {
    *("added", "marked", "tagged", "annotated", "put back", "saved", "trashed", "restored"),
    *("purged", "forgotten", "copied", "repaired"),
}

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

    def cut_short(self, order: dict[str, Any], seconds: float) -> list[int]:
        """Live on a library for so long, the second one a little longer; gives how the lives
        ended.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        children = json.loads(self._process.stdout.readline())
        for child in children:
            # The moment of the kill is what is tried here, not something that is waited for.
            time.sleep(seconds)
            # One that has ended by itself tells so by its ending.
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            seconds = AFTERWARDS
        return json.loads(self._process.stdout.readline())

    def end(self) -> None:
        self._process.communicate()


class Page:
    """What is known of a page, as it was acknowledged."""

    def __init__(self, data: bytes, seed: int | None) -> None:
        self.data = data
        # None for a page from elsewhere, until it was seen for the first time.
        self.request = None if seed is None else page(seed)[1]
        self.rating = 0
        self.tags: set[str] = set()
        self.note = ""
        self.earlier_note = ""
        self.trashed = False

    def learn(self, said: dict[str, Any]) -> None:
        """What was decided about it."""
        match said["what"]:
            case "marked":
                self.rating = said["rating"]
            case "tagged":
                self.tags.add(said["tag"])
            case "annotated":
                self.earlier_note, self.note = self.note, said["note"]
            case "put back":
                self.note = self.earlier_note
            case _:
                self.trashed = said["what"] == "trashed"

    def take(self, card: Card, request: GenerationRequest) -> None:
        """Count from here on what is there."""
        self.rating, self.tags, self.note = card.rating, set(card.tags), card.note
        self.trashed, self.request = card.trashed, request

    def compare(self, card: Card, request: GenerationRequest) -> None:
        self.request = self.request or request
        assert (card.id, card.rating) == (card.id, self.rating)
        assert (card.id, set(card.tags)) == (card.id, self.tags)
        assert (card.id, card.note) == (card.id, self.note)
        assert (card.id, card.trashed) == (card.id, self.trashed)
        assert (card.id, told(request)) == (card.id, told(self.request))


def told(request: GenerationRequest) -> tuple[object, ...]:
    """What a person has said of a page."""
    return request.prompt, request.seed, request.fields, request.photo


class Known:
    """What was acknowledged of one library, and what was under way when it was cut short."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.searches: set[str] = set()
        self.gone: set[str] = set()
        self.under_way: list[dict[str, Any]] = []
        self.deeds: dict[str, int] = {}

    def read(self, diaries: list[Path]) -> None:
        self.under_way = []
        for diary in diaries:
            lines = diary.read_bytes().splitlines() if diary.exists() else []
            for line in lines:
                said = json.loads(line)
                self.deeds[said["what"]] = self.deeds.get(said["what"], 0) + 1
                if not said["what"].partition(" ")[0].endswith("ing"):
                    self._done(said)
            if lines and json.loads(lines[-1])["what"].partition(" ")[0].endswith("ing"):
                self.under_way.append(json.loads(lines[-1]))

    def is_under_way(self, *what: str) -> bool:
        return any(said["what"] in what for said in self.under_way)

    def unsure(self, *what: str) -> set[str]:
        """The pages of what was under way."""
        these = (said for said in self.under_way if not what or said["what"] in what)
        return {one for said in these for one in said.get("ids", ())}

    def settle(self, library: Library) -> None:
        """What was under way has happened or not; from here on it counts as it is."""
        listed = {p.id: p for p in (*library.recent(999), *library.recent(999, trashed=True))}
        for picture_id in self.unsure("purging", "forgetting") - listed.keys():
            self._lose(picture_id)
        for picture_id, picture in listed.items():
            if picture_id not in self.pages:
                assert self.under_way, "a page that nobody had begun"
                seed = picture.request.seed
                self.pages[picture_id] = Page(page(seed)[0].data, None)
            if picture_id in self.unsure() or self.pages[picture_id].request is None:
                self.pages[picture_id].take(library.review.card(picture_id), picture.request)
        self.searches = {search.id for search in library.review.searches.all()}

    def _done(self, said: dict[str, Any]) -> None:
        ids = said.get("ids", ())
        match said["what"]:
            case "added":
                self.pages |= {i: Page(page(said["seed"])[0].data, said["seed"]) for i in ids}
            case "saved":
                self.searches.add(said["search"])
            case "purged":
                for picture_id in [i for i, one in self.pages.items() if one.trashed]:
                    self._lose(picture_id)
            case "forgotten":
                for picture_id in ids:
                    self._lose(picture_id)
            case _:
                for picture_id in self.pages.keys() & set(ids):
                    self.pages[picture_id].learn(said)

    def _lose(self, picture_id: str) -> None:
        self.pages.pop(picture_id, None)
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
        here = [one for one, known_page in known.pages.items() if not known_page.trashed]
        lives_now = 2 if chance.random() < IN_COMPANY else 1
        order = {"folder": str(folder), "lives": []}
        diaries = [tmp_path / f"diary-{number}-{life}" for life in range(lives_now)]
        for life, diary in enumerate(diaries):
            own = {"diary": str(diary), "pages": here[life::lives_now]}
            order["lives"].append({**own, "seed": chance.randrange(1, 10**6)})
        longest = SHORT_LIFE if is_old and number % ROUNDS_OF_A_LIBRARY < 4 else LONGEST_LIFE
        endings = lives.cut_short(order, chance.uniform(0.0, longest))
        complaints = [diary.with_suffix(".err") for diary in diaries]
        assert set(endings) == {-signal.SIGKILL}, [c.read_text() for c in complaints]
        known.read(diaries)
        check(Library(folder), known)
        for deed, count in known.deeds.items():
            deeds[deed] = deeds.get(deed, 0) + count
        known.deeds = {}
    assert deeds.keys() >= WANTED
    assert deeds["opened"] <= ROUNDS * (1 + IN_COMPANY)
    sys.stdout.write(f"{ROUNDS} kills: {deeds}\n")


def old_library(folder: Path, known: Known, version: int) -> None:
    """A library of an older version, which the first life brings up to date."""
    library = Library(folder)
    for number in range(5):
        file = file_of(library, number)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pixels(number))
        known.pages[id_of(number)] = Page(pixels(number), None)
    known.pages[id_of(TRASHED)].trashed = True
    # What these had under way when they were left is another test's.
    with closing(filled(str(folder / "library.db"), version)) as connection:
        for table in ("pending", "doomed"):
            if list(connection.execute("SELECT 1 FROM sqlite_schema WHERE name=?", (table,))):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 two names
        if version >= DECIDED_SINCE:
            learn_decisions(known, connection)
        connection.execute("PRAGMA journal_mode=WAL")


def learn_decisions(known: Known, connection: apsw.Connection) -> None:
    """What was decided in that library before anybody looked."""
    for picture_id, rating, note in connection.execute("SELECT id, rating, note FROM cards"):
        known.pages[str(picture_id)].rating = rating
        known.pages[str(picture_id)].note = str(note)
    tagged = "SELECT id, tag FROM tags JOIN cards USING (n)"
    for picture_id, tag in connection.execute(tagged):
        known.pages[str(picture_id)].tags.add(str(tag))
    known.searches = {str(one) for (one,) in connection.execute("SELECT id FROM searches")}


def check(library: Library, known: Known) -> None:
    """The library opens, is whole, and has everything that was acknowledged."""
    try:
        report = library.verify()
        assert report.sound or known.is_under_way("repairing"), report
        if known.is_under_way("repairing") or report.orphans:
            # A page under way, or half of a file.
            repaired(library)
        assert_whole(library, known)
        known.settle(library)
        # The next picture finishes what was cut short.
        extra = library.add(*page(0))
        known.pages[extra.id] = Page(page(0)[0].data, 0)
        report = library.verify()
        assert (report.sound, report.orphans) == (True, ()), (report, known.under_way)
        for lost in known.gone:
            assert not list(library.folder.glob(f"pictures/*/*/{lost}.*"))
        assert library.thumbnails(tuple(known.gone)) == {}
    finally:
        library.close()


def assert_whole(library: Library, known: Known) -> None:
    report = library.verify()
    assert (report.sound, report.database) == (True, "ok"), report
    listed = {p.id: p for p in (*library.recent(999), *library.recent(999, trashed=True))}
    going = known.unsure("purging", "forgetting")
    for picture_id, known_page in known.pages.items():
        if picture_id in going:
            continue
        assert picture_id in listed, f"{picture_id} is lost"
        assert library.read(picture_id) == known_page.data
        if picture_id not in known.unsure():
            known_page.compare(library.review.card(picture_id), listed[picture_id].request)
    assert not known.gone & listed.keys()
    begun = {said["search"] for said in known.under_way if "search" in said}
    saved = {search.id for search in library.review.searches.all()}
    assert known.searches <= saved <= known.searches | begun


def repaired(library: Library) -> None:
    *_, ending = run_job(repair_job(library), CancelToken())
    assert isinstance(ending, Done), ending
    assert isinstance(ending.value, RepairReport)
    assert ending.value.after.sound

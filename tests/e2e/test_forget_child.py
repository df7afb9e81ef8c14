"""Forgetting a child with the real program: what is searched afterwards are the raw files."""

import json
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from e2e.conftest import Answer
from e2e.fake_engine import drawn
from PIL import Image
from services.imagekit import KEY, FakeImageKit

from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.stored import StoredPicture
from pickabook_desktop.jobs.forget import (
    Surroundings,
    find_child,
    forget_job,
    resume_job,
    unfinished,
)
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.children import Children
from pickabook_desktop.storage.consents import Consents
from pickabook_desktop.storage.files import sha256_of
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.places import Places
from pickabook_desktop.storage.records import records_database
from pickabook_desktop.storage.settings import Settings

Run = Callable[..., Answer]

TESTS = Path(__file__).parents[1]
NAME = "Zaphira"
WINDOW = 64
TO_DO = [("deletion", "copy 0"), ("upload", ""), ("upload", "")]


def windows(data: bytes, count: int = 200) -> list[bytes]:
    """Pieces of a file that no other file has by chance."""
    if len(data) <= WINDOW:
        return [data]
    chance = random.Random(len(data))
    places = (chance.randrange(len(data) - WINDOW) for _ in range(count))
    pieces = (data[place : place + WINDOW] for place in places)
    return [piece for piece in pieces if len(set(piece)) > WINDOW // 3]


def spelled(*texts: str) -> list[bytes]:
    cases = {case for text in texts for case in (text, text.lower(), text.upper())}
    codes = ("utf-8", "utf-16-le", "utf-16-be")
    return [case.encode(code) for case in cases for code in codes]


def found(places: Places, pieces: Iterable[bytes]) -> set[str]:
    """The files below data, config and cache in which any of ``pieces`` stands."""
    sought = tuple(pieces)
    folders = (places.data, places.config, places.cache)
    files = {file for folder in folders for file in folder.rglob("*") if file.is_file()}
    assert files
    return {
        str(file)
        for file in files
        if any(piece in data for data in (file.read_bytes(),) for piece in sought)
    }


class Home:
    """What two children's pages leave behind, drawn by the real program."""

    def __init__(self, pickabook: Run, folder: Path) -> None:
        self._pickabook = pickabook
        self.places = Places.of_system()
        self.her, self.his = folder / "Zaphira on a horse.png", folder / "someone.png"
        data = pytest.importorskip("skimage.data")
        portrait = Image.fromarray(data.astronaut())
        portrait.save(self.her)
        portrait.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(self.his)

    def draw(self, photo: Path, *words: object) -> dict[str, str]:
        common = ("--template", "moon-walk", "--size", "256x256", "--json")
        answer = self._pickabook("generate", photo, *common, *words)
        assert answer.code == 0, answer.err
        return answer.json["pictures"][0]

    def pieces_of(self, hers: list[dict[str, str]], his: dict[str, str]) -> list[bytes]:
        """What only her photo, her pages and their thumbnails hold, and what she is called."""
        library = Library(self.places.library)
        small = [library.thumbnail(page["id"]) for page in (*hers, his)]
        library.close()
        pixels = [Path(page["path"]).read_bytes() for page in hers] + [self.her.read_bytes()]
        shared = Path(his["path"]).read_bytes() + (small[-1] or b"")  # the tables of every JPEG
        pieces = [w for data in (*pixels, *filter(None, small[:-1])) for w in windows(data)]
        pieces = [piece for piece in pieces if piece not in shared]
        assert len(pieces) > 600
        photo = sha256_of(self.her.read_bytes())
        return [*pieces, *spelled(NAME, self.her.name, photo, hers[0]["sha256"])]

    def thumbnail_of(self, page: dict[str, str]) -> bytes | None:
        library = Library(self.places.library)
        small = library.thumbnail(page["id"])
        library.close()
        return small

    def leave_traces(self) -> None:
        """What the window, a crash and another day would have left as well."""
        photo = self.her.read_bytes()
        settings = Settings(self.places.settings_file)
        form = json.dumps({"fields": {"name": NAME}, "prompt": f"{NAME} swims"})
        settings.update({"window.photo": str(self.her), "window.form": form})
        scratch = self.places.cache / "scratch" / "77-dead"
        scratch.mkdir(parents=True)
        (scratch / "Pasted picture 1.png").write_bytes(photo)
        records = records_database(self.places.data)
        Consents(records).add(
            ((sha256_of(photo), "face"),), "Google", f"{NAME}'s mother", datetime.now(UTC), 9
        )
        records.close()
        with self.places.log_file.open("a") as log:
            log.write(f"2026-01-01 00:00:00,000 ERROR 1 x: {self.her.name} is broken\n  more\n")


@pytest.fixture
def home_of_two(pickabook: Run, tmp_path: Path) -> Home:
    return Home(pickabook, tmp_path)


@pytest.fixture
def key(environment: dict[str, str]) -> None:
    environment["IMAGEKIT_PRIVATE_KEY"] = KEY


def words_for(service: FakeImageKit) -> tuple[str, ...]:
    """The command line's words for where the service is."""
    addresses = {"base_url": service.url, "upload_url": service.url}
    addresses["url_endpoint"] = service.endpoint
    return tuple(w for name, url in addresses.items() for w in ("--set", f"imagekit.{name}={url}"))


@pytest.mark.usefixtures("key")
def test_nothing_of_the_child_is_left_in_any_file(home_of_two: Home, pickabook: Run):
    home = home_of_two
    with FakeImageKit() as service:
        at_service = words_for(service)
        upload = ("--upload", "imagekit", *at_service)
        hers = [
            home.draw(home.her, "--name", NAME, "--prompt", f"{NAME} on the moon", *upload),
            home.draw(home.her, "--prompt", "on the moon with a dog", "--style", "pencil"),
        ]
        his = home.draw(home.his, "--name", "Ben", "--prompt", "a lamp on the moon", *upload)
        assert pickabook("library", "delete", hers[1]["id"]).code == 0
        home.leave_traces()
        assert len(service.files) == 2
        kept, small = Path(his["path"]).read_bytes(), home.thumbnail_of(his)
        pieces = home.pieces_of(hers, his)
        assert len(found(home.places, pieces)) >= 7

        shown = pickabook("forget", NAME, "--json")
        assert shown.code == 0, shown.err
        plan = shown.json["plan"]
        assert {page["id"] for page in plan["pages"]} == {page["id"] for page in hers}
        assert (plan["originals"], plan["counts"]["remote"]) == ([str(home.her)], {"imagekit": 1})
        assert len(service.files) == 2
        assert Path(hers[0]["path"]).exists()

        done = pickabook("forget", NAME, "--yes", "--json", *at_service)
        assert done.code == 0, done.err
        assert NAME.lower() not in done.out.lower()
        (receipt,) = done.json["receipts"]
        assert (receipt["counts"]["pages"], receipt["remote"]) == (2, "done")
        assert len(service.files) == 1

    assert found(home.places, pieces) == set()
    assert Path(his["path"]).read_bytes() == kept
    report = pickabook("library", "verify", "--json").json
    assert (report["sound"], report["pictures"], report["orphans"]) == (True, 1, [])
    assert (home.thumbnail_of(his), home.her.exists()) == (small, True)
    assert pickabook("forget", NAME, "--yes").code == 2
    (child,) = pickabook("children", "--json").json["children"]
    assert child["name"] == "Ben"


@pytest.mark.usefixtures("key")
def test_without_a_network_copies_elsewhere_wait_for_one(home_of_two: Home, pickabook: Run):
    home = home_of_two
    with FakeImageKit() as service:
        settings = {
            "imagekit.base_url": service.url,
            "imagekit.upload_url": service.url,
            "imagekit.url_endpoint": service.endpoint,
        }
        Settings(home.places.settings_file).update(settings)
        home.draw(home.her, "--name", NAME, "--upload", "imagekit")
        nowhere = ("--set", "imagekit.base_url=http://127.0.0.1:9")
        done = pickabook("forget", home.her, "--yes", "--json", *nowhere)
        assert done.code == 0, done.err
        (receipt,) = done.json["receipts"]
        assert (receipt["remote"], receipt["remote_waiting"]) == ("queued", 1)
        assert len(service.files) == 1
        assert found(home.places, spelled(NAME)) == set()
        assert pickabook("outbox", "send").code == 0
        assert len(service.files) == 0


def test_consents_are_listed_and_withdrawn(home_of_two: Home, pickabook: Run):
    home_of_two.places.log_file.parent.mkdir(parents=True, exist_ok=True)
    home_of_two.leave_traces()
    (consent,) = pickabook("consents", "list", "--json").json["consents"]
    assert (consent["consent"]["recipient"], consent["holds"]) == ("Google", True)
    assert pickabook("consents", "withdraw", consent["id"]).code == 0
    (consent,) = pickabook("consents", "list", "--json").json["consents"]
    assert consent["holds"] is False
    assert pickabook("consents", "withdraw", "none").code == 2


def fill(places: Places, photos: Path) -> dict[str, bytes]:
    """A library of two children and all that is around it; gives the files that must stay."""
    folder = places.data.parent
    library = Library(places.library)
    records = records_database(places.data)
    stays: dict[str, bytes] = {}
    for seed, (name, file) in enumerate([(NAME, "her.png"), ("Ben", "him.png"), (NAME, "x.png")]):
        photo = PhotoRef(path=str(photos / file), sha256=sha256_of(file.encode()))
        request = GenerationRequest(photo=photo, prompt=f"with {NAME}", fields={"name": name})
        page = library.add(drawn(seed), request, "7", b"thumbnail %d" % seed)
        entry = library.outbox.claim(0.0, {library.outbox.add(page.id, "folder")})
        assert entry is not None
        if file == "her.png":
            copy = StoredPicture(store_id="folder", remote_id=f"copy {seed}", url="")
            library.outbox.finish(entry, copy)
        library.outbox.add(page.id, "elsewhere")
        Children(records).note_request(request)
        if name == "Ben":
            stays[str(Path(page.path).relative_to(folder))] = Path(page.path).read_bytes()
    library.close()
    records.close()
    Settings(places.settings_file).update({"window.form": json.dumps({"name": NAME})})
    places.log_file.parent.mkdir(parents=True, exist_ok=True)
    places.log_file.write_text(f"2026-01-01 00:00:00,000 INFO 1 x: {NAME}\n")
    return stays


def surroundings(places: Places) -> Surroundings:
    return Surroundings(
        records=records_database(places.data),
        places=places,
        settings=Settings(places.settings_file),
        library=places.library,
    )


def test_the_next_command_finishes_what_was_begun(pickabook: Run, tmp_path: Path):
    places = Places.of_system()
    fill(places, tmp_path)
    around = surroundings(places)
    events = forget_job(find_child(NAME, around), around)(CancelToken())
    while getattr(next(events), "fraction", 0) == 0:
        pass
    around.records.close()
    assert found(places, spelled(NAME))
    done = pickabook("forget", NAME, "--yes", "--json")
    assert done.code == 0, done.err
    assert [receipt["counts"]["pages"] for receipt in done.json["receipts"]] == [2]
    assert found(places, spelled(NAME)) == set()
    assert not unfinished(around)
    around.records.close()


def test_a_kill_at_any_point_is_made_good(tmp_path: Path):
    model = tmp_path / "model"
    stays = fill(Places.under(model), tmp_path)
    point = 0
    while True:
        point += 1
        folder = tmp_path / f"killed-{point}"
        shutil.copytree(model, folder)
        command = [sys.executable, "-m", "e2e.forgetter", str(folder), NAME, str(point)]
        code = subprocess.run(command, cwd=TESTS, check=False, timeout=60).returncode
        assert code in (0, -signal.SIGKILL)
        places = Places.under(folder)
        around = surroundings(places)
        begun = unfinished(around)
        list(run_job(resume_job(around), CancelToken()))
        assert not unfinished(around)
        around.records.close()
        left = found(places, spelled(NAME, sha256_of(b"her.png"), "her.png"))
        library = Library(places.library)
        assert library.verify().sound
        # Killed before the wish was put down, nothing has happened yet.
        untouched = not begun and library.count() == 3
        entries = sorted((entry.kind, entry.remote_id) for entry in library.outbox.entries())
        assert untouched or entries == TO_DO
        library.close()
        assert untouched or left == set(), f"left after point {point}: {left}"
        assert not untouched or point <= 2
        for name, data in stays.items():
            assert (folder / name).read_bytes() == data
        shutil.rmtree(folder)
        if code == 0:
            break
    assert point > 20

"""Forgetting a child, and what must not go with it."""

import contextlib
import dataclasses
import json
import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from e2e.fake_engine import drawn

from pickabook_desktop.domain.calls import CallPlan
from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.events import Cancelled, Done, Failed, Progress
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.stored import StoredPicture
from pickabook_desktop.imaging.metadata import Metadata, embed
from pickabook_desktop.jobs.forget import (
    ForgetPlan,
    Receipt,
    Surroundings,
    find_child,
    forget_job,
    forget_plan,
    known_children,
    resume_job,
    unfinished,
)
from pickabook_desktop.jobs.lanes import Job, run_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.children import Children
from pickabook_desktop.storage.consents import Consents
from pickabook_desktop.storage.files import sha256_of
from pickabook_desktop.storage.forgetting import LibraryMemory
from pickabook_desktop.storage.ledger import Ledger
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.places import Places
from pickabook_desktop.storage.records import records_database
from pickabook_desktop.storage.settings import Settings

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


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


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


def receipt_of(job: Job) -> Receipt:
    *_, ending = run_job(job, CancelToken())
    assert isinstance(ending, Done), ending
    assert isinstance(ending.value, Receipt)
    return ending.value


def test_pages_go_by_name_and_by_photo_and_others_stay(house: House) -> None:
    ada, ben = house.photo("ada.jpg"), house.photo("ben.jpg")
    gone = [house.draw(ada, "Ada"), house.draw(ada), house.draw(house.photo("b.jpg"), " ADA ")]
    house.library.trash(gone[1].id)
    stays = [house.draw(ben, "Ben"), house.draw(house.photo("c.jpg"), "Adam")]
    plan = house.plan("ada")
    assert {page.id for page in plan.pages} == {page.id for page in gone}
    assert [page.trashed for page in sorted(plan.pages, key=lambda p: p.id)] == [False, True, False]
    before = [house.library.read(page.id) for page in stays]
    receipt = house.forget("ada")
    assert receipt.counts.pages == 3
    assert house.ids() == {page.id for page in stays}
    assert [house.library.read(page.id) for page in stays] == before
    assert [house.library.thumbnail(page.id) for page in gone] == [None] * 3
    assert not any(Path(page.path).exists() for page in gone)
    assert {child.name for child in known_children(house.around)} == {"Ben", "Adam"}
    report = house.library.verify()
    assert (report.sound, report.orphans) == (True, ())


def test_looking_at_the_plan_deletes_nothing(house: House) -> None:
    page = house.draw(house.photo("ada.jpg"), "Ada")
    assert house.plan("Ada").counts.pages == 1
    assert house.ids() == {page.id}
    assert not unfinished(house.around)


def test_no_name_hash_or_path_is_left_in_any_file(house: House) -> None:
    # So many texts of so different lengths that SQLite moves rows from page to page.
    chance = random.Random(2)
    hashes: list[str] = []
    for number in range(120):
        filling = "".join(chance.choices("abcdefghij ", k=chance.randrange(5, 400)))
        hers = house.photo(f"zaphira-{number}.jpg")
        hashes.append(hers.sha256)
        if chance.random() < 0.6:
            house.draw(house.photo("ben.jpg"), "Ben", filling, book="Zaphira's book")
        else:
            house.draw(hers, "Zaphira", f"{filling} for ZAPHIRA")
    assert house.files_with("Zaphira", *hashes)
    house.forget("Zaphira")
    assert house.files_with("Zaphira", *hashes) == []
    assert house.free_pages() == {"library.db": 0, "thumbnails.db": 0, "records.db": 0}


def test_other_texts_lose_the_name_alone(house: House) -> None:
    house.draw(house.photo("al.jpg"), "Al", "Al in a boat")
    ben = house.photo("ben.jpg")
    kept = house.draw(ben, "Ben", "also a pale royal boat, and Al's dog", consent="Al's mother")
    plan = house.plan("Al")
    assert [page.id for page in plan.mentioning] == [kept.id]
    assert set(plan.prompts) == {"Al in a boat", "also a pale royal boat, and Al's dog"}
    house.forget("Al")
    page = house.library.get(kept.id)
    assert page.request.prompt == "also a pale royal boat, and …'s dog"
    assert page.request.consent == "…'s mother"
    assert page.request.photo == ben
    assert page.request.fields == {"name": "Ben"}
    assert house.library.prompts() == ()


def test_the_name_of_another_child_that_holds_it_stays(house: House) -> None:
    house.draw(house.photo("a.jpg"), "Mia")
    kept = house.draw(house.photo("b.jpg"), "Mia Luise", "Mia Luise meets Mia")
    house.forget("Mia")
    assert house.library.get(kept.id).request.prompt == "Mia Luise meets …"
    assert [child.name for child in known_children(house.around)] == ["Mia Luise"]


def test_two_children_in_one_photo_are_told_apart_by_their_faces(house: House) -> None:
    left, right = house.photo("both.jpg", 0), house.photo("both.jpg", 1)
    ada, ben = house.draw(left, "Ada"), house.draw(right, "Ben")
    unnamed = house.draw(right)
    plan = house.plan("Ada")
    assert [page.id for page in plan.pages] == [ada.id]
    assert {page.id for page in plan.staying} == {ben.id, unnamed.id}
    house.forget("Ada")
    assert house.ids() == {ben.id, unnamed.id}
    with pytest.raises(InputError):
        find_child("Ada", house.around)
    assert house.plan(left.path).name == "Ben"


def test_one_face_with_two_names_goes_and_is_listed(house: House) -> None:
    photo = house.photo("ada.jpg")
    house.draw(photo, "Ada")
    nickname = house.draw(photo, "Addie")
    plan = house.plan("Ada")
    assert [(page.id, page.name) for page in plan.pages if page.other_name] == [
        (nickname.id, "Addie")
    ]
    house.forget("Ada")
    assert house.ids() == set()


def test_a_photo_of_two_children_asks_for_the_name(house: House) -> None:
    photo = house.photo("both.jpg")
    house.draw(photo, "Ada")
    house.draw(photo, "Ben")
    with pytest.raises(InputError) as caught:
        find_child(photo.path, house.around)
    assert "Ada" in caught.value.message
    assert "Ben" in caught.value.message


def test_one_name_with_several_photos_is_one_child(house: House) -> None:
    house.draw(house.photo("one.jpg"), "Ada")
    house.draw(house.photo("two.jpg"), "Ada")
    nameless = house.draw(house.photo("two.jpg"))
    plan = house.plan(str(house.photos / "one.jpg"))
    assert plan.counts.pages == 3
    assert nameless.id in {page.id for page in plan.pages}
    assert set(plan.originals) == {str(house.photos / name) for name in ("one.jpg", "two.jpg")}


def test_a_child_without_a_name_goes_by_its_photo(house: House) -> None:
    photo = house.photo("somebody.jpg")
    house.draw(photo, prompt="a picnic")
    kept = house.draw(house.photo("other.jpg"), prompt="a picnic")
    (first, second) = known_children(house.around)
    assert {first.title, second.title} == {"No name"}
    house.forget(photo.path)
    assert house.ids() == {kept.id}
    assert house.library.prompts() == ("a picnic",)


def test_consents_ledger_settings_and_log_forget_as_well(house: House) -> None:
    photo, other = house.photo("ada.jpg"), house.photo("ben.jpg")
    house.draw(photo, "Ada")
    house.draw(other, "Ben")
    for one in (photo, other):
        house.consents.add(((one.sha256, "face"),), "Google", "Ada's mother", NOW, 365)
    ledger = Ledger(house.records, lambda: None)
    for book in ("Ada at sea", "Ben at sea"):
        ledger.start(CallPlan(engine_id="gemini", model="m", estimate=0.1, book=book))
    form = {"fields": {"name": "Ada", "place": "sea"}, "prompt": "Ada swims", "count": 2}
    house.settings.update(
        {
            "window.photo": photo.path,
            "window.form": json.dumps(form),
            "export.dir": "/photos/Ada",
            "engine.default": "storybook",
        }
    )
    house.settings.hold({"window.template": "Ada"})
    log = house.places.log_file
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(
        "2026-11-22 12:00:00,000 INFO 1 a: started\n"
        "2026-11-22 12:00:01,000 ERROR 1 a: ada.jpg is broken\nTraceback\n  in a line\n"
        "2026-11-22 12:00:02,000 INFO 1 a: ended\n"
    )
    receipt = house.forget("Ada")
    assert (receipt.counts.consents, receipt.counts.books, receipt.counts.log_records) == (1, 1, 1)
    (consent,) = house.consents.all()
    assert (consent.consent.photo_sha256, consent.consent.given_by) == (other.sha256, "…'s mother")
    assert {call.plan.book for call in ledger.calls()} == {"", "Ben at sea"}
    again = Settings(house.places.settings_file)
    assert json.loads(again.text("window.form")) == {
        "fields": {"name": "", "place": "sea"},
        "prompt": "",
        "count": 2,
    }
    assert again.starting_with("").keys() == {"window.form", "engine.default"}
    assert log.read_text().splitlines() == [
        "2026-11-22 12:00:00,000 INFO 1 a: started",
        "2026-11-22 12:00:02,000 INFO 1 a: ended",
    ]
    assert house.files_with("Ada") == []


def test_copies_of_the_photo_go_and_the_original_stays(house: House) -> None:
    photo = house.photo("ada.jpg")
    page = house.draw(photo, "Ada")
    scratch = house.places.cache / "scratch" / "1-run"
    scratch.mkdir(parents=True)
    pasted, handed, other = (
        scratch / "Pasted picture 1.png",
        scratch / f"{page.id}.png",
        house.places.data / "templates" / "mine.png",
    )
    pasted.write_bytes(Path(photo.path).read_bytes())
    handed.write_bytes(b"the page")
    other.parent.mkdir(parents=True)
    other.write_bytes(b"a picture of nobody")
    plan = house.plan("Ada")
    assert set(plan.photo_copies) == {str(pasted), str(handed)}
    assert plan.originals == (photo.path,)
    house.forget("Ada")
    assert (pasted.exists(), handed.exists()) == (False, False)
    assert other.exists()
    assert Path(photo.path).exists()


def test_copies_at_stores_are_put_down_for_deletion(house: House) -> None:
    photo = house.photo("ada.jpg")
    page, deleted = house.draw(photo, "Ada"), house.draw(photo, "Ada")
    waiting = house.draw(photo, "Ada")
    kept = house.draw(house.photo("ben.jpg"), "Ben")
    for number, one in enumerate((page, deleted, kept)):
        house.library.outbox.add(one.id, "folder")
        entry = house.library.outbox.claim(0.0)
        assert entry is not None
        copy = StoredPicture(store_id="folder", remote_id=f"remote-{number}", url="")
        house.library.outbox.finish(entry, copy)
    house.library.outbox.add(waiting.id, "folder")
    house.library.trash(deleted.id)
    house.library.purge()
    plan = house.plan("Ada")
    assert (plan.counts.remote, plan.counts.uploads) == ({"folder": 2}, 1)
    receipt = house.forget("Ada")
    assert (receipt.remote, receipt.remote_waiting) == ("queued", 2)
    entries = house.library.outbox.entries()
    assert {(e.kind, e.remote_id) for e in entries} == {
        ("deletion", "remote-0"),
        ("deletion", "remote-1"),
    }
    assert list(house.library.outbox.stored((page.id, kept.id))) == [kept.id]


def test_the_receipt_names_nobody(house: House) -> None:
    photo = house.photo("Zaphira.jpg")
    house.draw(photo, "Zaphira", "Zaphira in a book")
    house.draw(house.photo("ben.jpg"), "Ben", "with Zaphira")
    receipt = house.forget("Zaphira")
    assert "zaphira" not in repr(receipt).lower()
    assert photo.sha256 not in repr(receipt)
    assert receipt.started <= receipt.finished
    assert receipt.counts.originals == 1


def test_files_of_others_that_keep_the_name_are_told(house: House) -> None:
    house.draw(house.photo("ada.jpg"), "Ada")
    said = Metadata(prompt="Ben and Ada", request_json="{}")
    picture = drawn(99)
    data = embed(picture.data, picture.media_type, said)
    request = GenerationRequest(photo=house.photo("ben.jpg"), prompt="Ben and Ada")
    kept = house.library.add(msgspec.structs.replace(picture, data=data), request, "7")
    notes = house.places.data / "templates" / "sea" / "template.toml"
    notes.parent.mkdir(parents=True)
    notes.write_text('title = "Ada at sea"')
    plan = house.plan("Ada")
    assert set(plan.files_with_name) == {kept.path, str(notes)}
    assert house.forget("Ada").counts.files_with_name == 2
    assert house.library.read(kept.id) == data
    assert notes.exists()


def test_orders_at_services_and_failed_uploads_forget_as_well(house: House) -> None:
    photo, other = house.photo("ada.jpg"), house.photo("for ada.jpg")
    house.draw(photo, "Ada")
    kept = house.draw(other, "Ben", used_word="Ada")
    hers = GenerationRequest(photo=photo, prompt="a picnic")
    his = GenerationRequest(photo=other, prompt="Ben and Ada", fields={"name": "Ben"})
    batches = [house.library.batches.begin(request) for request in (hers, his)]
    house.library.outbox.add(kept.id, "folder")
    entry = house.library.outbox.claim(0.0)
    assert entry is not None
    house.library.outbox.fail(entry, StorageError("The file for Ada is too large."))
    house.forget("Ada")
    (left,) = house.library.batches.all()
    assert left.id == batches[1]
    assert (left.request.prompt, left.request.photo.path) == ("Ben and …", "")
    assert house.library.get(kept.id).used_words == ("moon",)
    (child,) = Children(house.records).all()
    assert (child.name, [photo.path for photo in child.photos]) == ("Ben", [""])
    assert house.files_with("Ada") == []


def test_a_page_that_was_cut_short_goes_as_well(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = house.photo("ada.jpg")
    house.draw(photo, "Ada")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pickabook_desktop.storage.library.insert", die)
        patched.setattr("pickabook_desktop.storage.files.Path.unlink", die)
        with pytest.raises(KeyboardInterrupt):
            house.draw(photo, "Ada", "a page nobody has heard of")
    house.forget("Ada")
    assert house.files_with("Ada", "nobody has heard") == []
    assert list(house.library.folder.rglob("*.png")) == []


def test_a_page_that_the_list_has_lost_goes_by_the_name_in_it(house: House) -> None:
    house.draw(house.photo("ada.jpg"), "Ada")
    for name in ("Ada", "Ben"):
        request = GenerationRequest(photo=PhotoRef(path=""), fields={"name": name})
        said = Metadata(prompt="with Ada", request_json=request.to_json())
        picture = drawn(7)
        data = embed(picture.data, picture.media_type, said, names=True)
        page = house.draw(house.photo(f"of {name}.jpg"), name)
        file = Path(page.path)
        file.with_name(f"{page.id[:-1]}0.png").write_bytes(data)
    plan = house.plan("Ada")
    assert len(plan.pages) == 3
    assert len(plan.files_with_name) == 1
    house.forget("Ada")
    assert house.library.orphans() == (
        str(Path(plan.files_with_name[0]).relative_to(house.library.folder)),
    )


def test_the_library_in_the_programs_folder_forgets_beside_another(
    house: House, tmp_path: Path
) -> None:
    house.draw(house.photo("ada.jpg"), "Ada")
    shelf = Library(tmp_path / "shelf")
    request = GenerationRequest(photo=house.photo("ben.jpg"), fields={"name": "ada"})
    page = shelf.add(drawn(1), request, "7")
    around = dataclasses.replace(house.around, library=tmp_path / "shelf")
    receipt = receipt_of(forget_job(find_child("Ada", around), around))
    assert receipt.counts.pages == 2
    assert house.ids() == set()
    assert not Path(page.path).exists()
    shelf.close()


def test_whoever_was_noted_anew_meanwhile_goes_as_well(house: House) -> None:
    photo = house.photo("ada.jpg")
    house.draw(photo, "Ada")
    job = forget_job(find_child("Ada", house.around), house.around)
    for event in job(CancelToken()):
        if isinstance(event, Progress) and event.fraction == 0:
            continue
        house.children.note(house.photo("new.jpg"), "ADA")
        house.children.note(PhotoRef(path="", sha256=photo.sha256))
        if isinstance(event, Progress) and event.fraction >= 0.5:
            break
    receipt_of(forget_job(find_child("Ada", house.around), house.around))
    assert house.children.all() == ()


def test_a_child_that_is_unknown_is_told(house: House) -> None:
    with pytest.raises(InputError):
        find_child("Nobody", house.around)
    *_, ending = run_job(forget_job("none", house.around), CancelToken())
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, InputError)


def test_stopped_between_steps_it_is_finished_later(house: House) -> None:
    photo = house.photo("ada.jpg")
    own = [house.draw(house.photo("both.jpg", 0), "Ada"), house.draw(photo, "Ada")]
    sibling = house.draw(house.photo("both.jpg", 1), "Ben")
    token = CancelToken()
    events: list[object] = []
    for event in run_job(forget_job(find_child("Ada", house.around), house.around), token):
        events.append(event)
        if isinstance(event, Progress) and event.fraction > 0:
            token.cancel()
    assert isinstance(events[-1], Cancelled)
    assert unfinished(house.around)
    assert house.ids().isdisjoint({page.id for page in own})
    *_, ending = run_job(resume_job(house.around), CancelToken())
    assert isinstance(ending, Done)
    (receipt,) = ending.value  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType]
    assert receipt.counts.pages == 2
    assert not unfinished(house.around)
    assert house.ids() == {sibling.id}
    assert house.files_with("Ada", photo.sha256) == []


def test_what_cannot_be_deleted_now_is_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = house.draw(house.photo("ada.jpg"), "Ada")
    child = find_child("Ada", house.around)

    def refuse(*_: object) -> None:
        raise StorageError("The file is in use.")

    with monkeypatch.context() as patched:
        patched.setattr("pickabook_desktop.storage.files.Files.remove", refuse)
        *_, ending = run_job(forget_job(child, house.around), CancelToken())
    assert isinstance(ending, Failed)
    assert unfinished(house.around)
    assert Path(page.path).exists()
    receipt_of(forget_job(child, house.around))
    assert not Path(page.path).exists()
    assert not unfinished(house.around)


def test_a_library_that_is_not_there_now_is_waited_for(house: House, tmp_path: Path) -> None:
    shelf, away = tmp_path / "shelf", tmp_path / "away"
    library = Library(shelf)
    request = GenerationRequest(photo=house.photo("ada.jpg"), fields={"name": "Ada"})
    page = library.add(drawn(1), request, "7")
    library.close()
    around = dataclasses.replace(house.around, library=shelf)
    job = forget_job(find_child("Ada", around), around)
    for event in job(CancelToken()):
        if isinstance(event, Progress) and event.stage == "Deleting pages":
            shelf.rename(away)
            break
    *_, ending = run_job(resume_job(house.around), CancelToken())
    assert isinstance(ending, Failed)
    assert "Connect" in ending.error.next_step
    away.rename(shelf)
    *_, ending = run_job(resume_job(house.around), CancelToken())
    assert isinstance(ending, Done)
    assert not Path(page.path).exists()


def test_another_library_is_left_alone(house: House, tmp_path: Path) -> None:
    house.draw(house.photo("ada.jpg"), "Ada")
    memory = LibraryMemory(tmp_path / "nowhere")
    assert list(memory.requests()) == []
    memory.close()
    house.forget("Ada")
    assert not (tmp_path / "nowhere").exists()

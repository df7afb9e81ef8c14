"""Forgetting a child, and what must not go with it."""

import io
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from e2e.fake_engine import drawn
from PIL import Image
from unit.jobs.forget_house import House

from pickabook_desktop.domain.calls import CallPlan
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.events import Failed
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.review import Marks
from pickabook_desktop.imaging.metadata import Metadata, embed, to_packet
from pickabook_desktop.jobs.forget import (
    find_child,
    forget_job,
    known_children,
    unfinished,
)
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.catalogue import read_catalogue
from pickabook_desktop.storage.ledger import Ledger
from pickabook_desktop.storage.settings import Settings

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


def test_pages_go_by_name_and_by_photo_and_others_stay(house: House) -> None:
    adelheid, ben = house.photo("adelheid.jpg"), house.photo("ben.jpg")
    gone = [
        house.draw(adelheid, "Adelheid"),
        house.draw(adelheid),
        house.draw(house.photo("b.jpg"), " ADELHEID "),
    ]
    house.library.trash(gone[1].id)
    stays = [house.draw(ben, "Ben"), house.draw(house.photo("c.jpg"), "Adam")]
    plan = house.plan("adelheid")
    assert {page.id for page in plan.pages} == {page.id for page in gone}
    assert [page.trashed for page in sorted(plan.pages, key=lambda p: p.id)] == [False, True, False]
    before = [house.library.read(page.id) for page in stays]
    receipt = house.forget("adelheid")
    assert receipt.counts.pages == 3
    assert house.ids() == {page.id for page in stays}
    assert [house.library.read(page.id) for page in stays] == before
    assert [house.library.thumbnail(page.id) for page in gone] == [None] * 3
    assert not any(Path(page.path).exists() for page in gone)
    assert {child.name for child in known_children(house.around)} == {"Ben", "Adam"}
    report = house.library.verify()
    assert (report.sound, report.orphans) == (True, ())


def test_looking_at_the_plan_deletes_nothing(house: House) -> None:
    page = house.draw(house.photo("adelheid.jpg"), "Adelheid")
    assert house.plan("Adelheid").counts.pages == 1
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


def test_no_copy_of_the_list_has_the_name_afterwards(house: House) -> None:
    house.draw(house.photo("zaphira.jpg"), "Zaphira", "for ZAPHIRA")
    house.draw(house.photo("ben.jpg"), "Ben", "with Zaphira")
    for day in (1, 2):
        backup = house.library.backups.make()
        assert backup is not None
        file = house.library.backups.path(backup)
        file.rename(file.with_name(f"library-2026112{day}T120000Z.db"))
    aside = house.library.backups.set_aside() / "library.db"
    aside.write_bytes(b"damaged, of Zaphira")
    assert len(house.files_with("Zaphira")) >= 4
    house.forget("Zaphira")
    assert house.files_with("Zaphira") == []
    assert len(house.library.backups.all()) == 1
    assert not aside.exists()


def test_a_page_that_only_mentions_the_child_leaves_no_copy_with_the_name(house: House) -> None:
    house.children.note(house.photo("zaphira.jpg"), "Zaphira")
    house.draw(house.photo("ben.jpg"), "Ben", "with Zaphira")
    house.library.backups.make()
    house.forget("Zaphira")
    assert house.files_with("Zaphira") == []


def test_other_texts_lose_the_name_alone(house: House) -> None:
    house.draw(house.photo("al.jpg"), "Al", "Al in a boat")
    ben = house.photo("ben.jpg")
    kept = house.draw(ben, "Ben", "also a pale royal boat, and Al's dog")
    plan = house.plan("Al")
    assert [page.id for page in plan.mentioning] == [kept.id]
    assert set(plan.prompts) == {"Al in a boat", "also a pale royal boat, and Al's dog"}
    house.forget("Al")
    page = house.library.get(kept.id)
    assert page.request.prompt == "also a pale royal boat, and …'s dog"
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
    adelheid, ben = house.draw(left, "Adelheid"), house.draw(right, "Ben")
    unnamed = house.draw(right)
    plan = house.plan("Adelheid")
    assert [page.id for page in plan.pages] == [adelheid.id]
    assert {page.id for page in plan.staying} == {ben.id, unnamed.id}
    house.forget("Adelheid")
    assert house.ids() == {ben.id, unnamed.id}
    with pytest.raises(InputError):
        find_child("Adelheid", house.around)
    assert house.plan(left.path).name == "Ben"


def test_one_face_with_two_names_goes_and_is_listed(house: House) -> None:
    photo = house.photo("adelheid.jpg")
    house.draw(photo, "Adelheid")
    nickname = house.draw(photo, "Addie")
    plan = house.plan("Adelheid")
    assert [(page.id, page.name) for page in plan.pages if page.other_name] == [
        (nickname.id, "Addie")
    ]
    assert plan.goes[:2] == (
        "Pages with their thumbnails: 2",
        "Among these, pages named Addie, because they are drawn from the same face in the same"
        " photo: 1",
    )
    house.forget("Adelheid")
    assert house.ids() == set()


def test_a_photo_of_two_children_asks_for_the_name(house: House) -> None:
    photo = house.photo("both.jpg")
    house.draw(photo, "Adelheid")
    house.draw(photo, "Ben")
    with pytest.raises(InputError) as caught:
        find_child(photo.path, house.around)
    assert "Adelheid" in caught.value.message
    assert "Ben" in caught.value.message


def test_one_name_with_several_photos_is_one_child(house: House) -> None:
    house.draw(house.photo("one.jpg"), "Adelheid")
    house.draw(house.photo("two.jpg"), "Adelheid")
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


LOG = (
    "2026-11-22 12:00:00,000 INFO 1 a: started\n"
    "2026-11-22 12:00:01,000 ERROR 1 a: adelheid.jpg is broken\nTraceback\n  in a line\n"
    "2026-11-22 12:00:02,000 INFO 1 a: ended\n"
)


def test_consents_ledger_settings_and_log_forget_as_well(house: House) -> None:
    photo, other = house.photo("adelheid.jpg"), house.photo("ben.jpg")
    house.draw(photo, "Adelheid")
    house.draw(other, "Ben")
    for one in (photo, other):
        house.consents.add(((one.sha256, "face"),), "Google", "Adelheid's mother", NOW, 365)
    ledger = Ledger(house.records, lambda: None)
    for book in ("Adelheid at sea", "Ben at sea"):
        ledger.start(CallPlan(engine_id="gemini", model="m", estimate=0.1, book=book))
    form = {"fields": {"name": "Adelheid", "place": "sea"}, "prompt": "Adelheid swims", "count": 2}
    house.settings.update(
        {
            "window.photo": photo.path,
            "window.form": json.dumps(form),
            "export.dir": "/photos/Adelheid",
            "engine.default": "storybook",
        }
    )
    house.settings.hold({"window.template": "Adelheid"})
    log = house.places.log_file
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(LOG)
    receipt = house.forget("Adelheid")
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
    assert house.files_with("Adelheid") == []


def test_copies_of_the_photo_go_and_the_original_stays(house: House) -> None:
    photo = house.photo("adelheid.jpg")
    page = house.draw(photo, "Adelheid")
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
    plan = house.plan("Adelheid")
    assert set(plan.photo_copies) == {str(pasted), str(handed)}
    assert plan.originals == (photo.path,)
    house.forget("Adelheid")
    assert (pasted.exists(), handed.exists()) == (False, False)
    assert other.exists()
    assert Path(photo.path).exists()


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
    house.draw(house.photo("adelheid.jpg"), "Adelheid")
    said = Metadata(prompt="Ben and Adelheid", request_json="{}")
    picture = drawn(99)
    data = embed(picture.data, picture.media_type, said)
    request = GenerationRequest(photo=house.photo("ben.jpg"), prompt="Ben and Adelheid")
    kept = house.library.add(msgspec.structs.replace(picture, data=data), request, "7")
    notes = house.places.data / "templates" / "sea" / "template.toml"
    notes.parent.mkdir(parents=True)
    notes.write_text('title = "Adelheid at sea"')
    plan = house.plan("Adelheid")
    assert set(plan.files_with_name) == {kept.path, str(notes)}
    assert house.forget("Adelheid").counts.files_with_name == 2
    assert house.library.read(kept.id) == data
    assert notes.exists()


def test_what_is_cleaned_or_made_again_is_not_told_as_keeping_the_name(house: House) -> None:
    house.draw(house.photo("mia.jpg"), "Mia")
    house.settings.update({"privacy.agreed_by": "Mia's father"})
    memory = house.places.catalogue_memory
    read_catalogue(house.places.template_folders, house.places.style_folders, memory)
    assert b"Mia" in memory.read_bytes()
    plan = house.plan("Mia")
    assert (plan.counts.settings, plan.files_with_name) == (1, ())
    receipt = house.forget("Mia")
    assert receipt.counts.files_with_name == 0
    assert "Settings that name it or one of its photos: 1" in receipt.went
    assert house.files_with("Mia") == []


def as_tiff(data: bytes, said: Metadata) -> bytes:
    target, xmp = io.BytesIO(), 700
    packet = to_packet(said, names=True)
    Image.open(io.BytesIO(data)).save(target, "TIFF", tiffinfo={xmp: packet})
    return target.getvalue()


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_a_page_that_the_list_has_lost_goes_by_the_name_in_it(house: House, ending: str) -> None:
    house.draw(house.photo("adelheid.jpg"), "Adelheid")
    for name in ("Adelheid", "Ben"):
        request = GenerationRequest(photo=PhotoRef(path=""), fields={"name": name})
        said = Metadata(prompt="with Adelheid", request_json=request.to_json())
        picture = drawn(7)
        png = embed(picture.data, picture.media_type, said, names=True)
        page = house.draw(house.photo(f"of {name}.jpg"), name)
        file = Path(page.path)
        another = "1" if page.id.endswith("0") else "0"
        data = png if ending == "png" else as_tiff(picture.data, said)
        file.with_name(f"{page.id[:-1]}{another}.{ending}").write_bytes(data)
    plan = house.plan("Adelheid")
    assert len(plan.pages) == 3
    assert len(plan.files_with_name) == 1
    house.forget("Adelheid")
    assert house.library.orphans() == (
        str(Path(plan.files_with_name[0]).relative_to(house.library.folder)),
    )


@pytest.mark.parametrize("copied", [True, False])
def test_a_library_that_has_lost_its_list_loses_the_child(house: House, copied: bool) -> None:
    hers, his = (_own_page(house, name) for name in ("Adelheid", "Ben"))
    house.library.review.decisions.mark((his.id,), Marks(rating=5))
    find_child("Adelheid", house.around)
    if copied:
        house.library.backups.make()
    house.library.close()
    for file in house.library.folder.glob("library.db*"):
        file.unlink()
    assert [page.id for page in house.plan("Adelheid").pages] == [hers.id]
    house.forget("Adelheid")
    assert not Path(hers.path).exists()
    assert house.library.thumbnail(hers.id) is None
    assert Path(his.path).exists()
    assert house.files_with("Adelheid") == []
    if copied:
        assert house.library.review.card(his.id).rating == 5
    else:
        assert house.library.lost


def _own_page(house: House, name: str) -> KeptPicture:
    """A page that says the name, as it does where the person wants that."""
    photo = house.photo(f"of {name}.jpg")
    request = GenerationRequest(photo=photo, fields={"name": name})
    picture = drawn(len(name))
    said = Metadata(request_json=request.to_json())
    data = embed(picture.data, picture.media_type, said, names=True)
    whole = msgspec.structs.replace(picture, data=data)
    return house.library.add(whole, request, "7", b"face of " + name.encode())


def test_a_child_that_is_unknown_is_told(house: House) -> None:
    with pytest.raises(InputError):
        find_child("Nobody", house.around)
    *_, ending = run_job(forget_job("none", house.around), CancelToken())
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, InputError)

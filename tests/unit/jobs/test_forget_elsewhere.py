"""Forgetting what is at stores and services, and in further libraries."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.fake_engine import drawn
from unit.jobs.forget_house import House, receipt_of

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.stored import StoredPicture
from pickabook_desktop.jobs.forget import (
    find_child,
    forget_job,
)
from pickabook_desktop.storage.children import Children
from pickabook_desktop.storage.forgetting import LibraryMemory
from pickabook_desktop.storage.library import Library


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


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


def test_another_library_is_left_alone(house: House, tmp_path: Path) -> None:
    house.draw(house.photo("ada.jpg"), "Ada")
    memory = LibraryMemory(tmp_path / "nowhere")
    assert list(memory.requests()) == []
    memory.close()
    house.forget("Ada")
    assert not (tmp_path / "nowhere").exists()

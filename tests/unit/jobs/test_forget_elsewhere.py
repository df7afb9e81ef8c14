"""Forgetting what is at stores and services, and in further libraries."""

import dataclasses
import math
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from e2e.fake_engine import FakeEngine, drawn
from unit.jobs.forget_house import House, receipt_of
from unit.jobs.memory_shelf import Shelf, offline, ruled

from pickabook_desktop.domain.calls import CallPlan
from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.events import Done, EngineEvent
from pickabook_desktop.domain.ports import BatchState, BatchTicket, Cancellation
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.stored import StoredPicture
from pickabook_desktop.jobs.forget import (
    Reach,
    Receipt,
    find_child,
    forget_job,
    resume_job,
    unfinished,
)
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.jobs.upload import deliver_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.children import Children
from pickabook_desktop.storage.forgetting import LibraryMemory
from pickabook_desktop.storage.journal import Journal
from pickabook_desktop.storage.ledger import Ledger
from pickabook_desktop.storage.library import Library


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


def test_copies_at_stores_are_put_down_for_deletion(house: House) -> None:
    photo = house.photo("adelheid.jpg")
    page, deleted = house.draw(photo, "Adelheid"), house.draw(photo, "Adelheid")
    waiting = house.draw(photo, "Adelheid")
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
    house.around = dataclasses.replace(house.around, store_title={"folder": "Folder"}.__getitem__)
    plan = house.plan("Adelheid")
    assert (plan.counts.remote, plan.counts.uploads) == ({"folder": 2}, 1)
    assert "Copies at Folder: 2" in plan.goes
    receipt = house.forget("Adelheid")
    assert (receipt.remote, receipt.remote_waiting) == ("queued", 2)
    entries = house.library.outbox.entries()
    assert {(e.kind, e.remote_id) for e in entries} == {
        ("deletion", "remote-0"),
        ("deletion", "remote-1"),
    }
    assert list(house.library.outbox.stored((page.id, kept.id))) == [kept.id]


def test_orders_at_services_and_failed_uploads_forget_as_well(house: House) -> None:
    photo, other = house.photo("adelheid.jpg"), house.photo("for adelheid.jpg")
    house.draw(photo, "Adelheid")
    kept = house.draw(other, "Ben", used_word="Adelheid")
    hers = GenerationRequest(photo=photo, prompt="a picnic")
    his = GenerationRequest(photo=other, prompt="Ben and Adelheid", fields={"name": "Ben"})
    batches = [house.library.batches.begin(request) for request in (hers, his)]
    house.library.outbox.add(kept.id, "folder")
    entry = house.library.outbox.claim(0.0)
    assert entry is not None
    house.library.outbox.fail(entry, StorageError("The file for Adelheid is too large."))
    house.forget("Adelheid")
    (left,) = house.library.batches.all()
    assert left.id == batches[1]
    assert (left.request.prompt, left.request.photo.path) == ("Ben and …", "")
    assert house.library.get(kept.id).used_words == ("moon",)
    (child,) = Children(house.records).all()
    assert (child.name, [photo.path for photo in child.photos]) == ("Ben", [""])
    assert house.files_with("Adelheid") == []


def test_the_library_in_the_programs_folder_forgets_beside_another(
    house: House, tmp_path: Path
) -> None:
    house.draw(house.photo("adelheid.jpg"), "Adelheid")
    shelf = Library(tmp_path / "shelf")
    request = GenerationRequest(photo=house.photo("ben.jpg"), fields={"name": "adelheid"})
    page = shelf.add(drawn(1), request, "7")
    around = dataclasses.replace(house.around, library=tmp_path / "shelf")
    receipt = receipt_of(forget_job(find_child("Adelheid", around), around))
    assert receipt.counts.pages == 2
    assert house.ids() == set()
    assert not Path(page.path).exists()
    shelf.close()


def test_another_library_is_left_alone(house: House, tmp_path: Path) -> None:
    house.draw(house.photo("adelheid.jpg"), "Adelheid")
    memory = LibraryMemory(tmp_path / "nowhere")
    assert list(memory.requests()) == []
    memory.close()
    house.forget("Adelheid")
    assert not (tmp_path / "nowhere").exists()


class Service(FakeEngine):
    """An engine that takes batches. ``away`` while it cannot be reached; ``told`` is what it was
    asked to delete.
    """

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        self.told: list[str] = []

    def submit(self, *_: object) -> BatchTicket:
        raise NotImplementedError

    def find(self, *_: object) -> BatchTicket | None:
        raise NotImplementedError

    def poll(self, *_: object) -> BatchState:
        raise NotImplementedError

    def collect(self, *_: object) -> Iterator[EngineEvent]:
        raise NotImplementedError

    def withdraw(self, *_: object) -> None:
        raise NotImplementedError

    def discard(self, ticket: BatchTicket, cancellation: Cancellation) -> None:
        if self.away:
            raise offline()
        self.told.append(ticket.name or ticket.title)


class World:
    """A house with a second library, a store and a service."""

    def __init__(self, house: House, shelf: Library) -> None:
        self.house = house
        self.shelf = shelf
        self.store = Shelf()
        self.service = Service()
        self.ledger = Ledger(house.records, lambda: None)
        self.around = dataclasses.replace(house.around, library=shelf.folder)
        self.reach = Reach(
            library=shelf,
            get_store=lambda store_id: self.store,
            rules=ruled(shelf_folder="all"),
            get_engine=lambda engine_id: self.service,
            meter=self.ledger,
        )

    def upload(self, library: Library, name: str, seed: int) -> str:
        """A page of a child that is at the store; gives the store's identifier."""
        photo = self.house.photo(f"{name}.jpg")
        request = GenerationRequest(photo=photo, fields={"name": name})
        page = library.add(drawn(seed), request, "7")
        library.outbox.add(page.id, "shelf")
        job = deliver_job(library, self.reach.get_store, self.reach.rules)
        assert isinstance([*run_job(job, CancelToken())][-1], Done)
        (copy,) = library.outbox.stored((page.id,))[page.id]
        return copy.remote_id

    def order(self, library: Library, name: str, title: str) -> None:
        """A batch that the service has."""
        photo = self.house.photo(f"{name}.jpg")
        batch = library.batches.begin(GenerationRequest(photo=photo, fields={"name": name}))
        plan = CallPlan(engine_id="fake", model="", estimate=0.0504, batch=True)
        ticket = BatchTicket(call_id=self.ledger.start(plan), title=title)
        library.batches.announced(batch, ticket)
        library.batches.sent(batch, msgspec.structs.replace(ticket, name=f"batches/{title}"))

    def forget(self, name: str) -> Receipt:
        child = find_child(name, self.around)
        return receipt_of(forget_job(child, self.around, self.reach))

    def be_away(self) -> None:
        self.store.troubles = [offline() for _ in range(9)]
        self.service.away = True

    def resume(self) -> None:
        self.store.troubles = []
        self.service.away = False
        assert isinstance([*run_job(resume_job(self.around, self.reach), CancelToken())][-1], Done)


@pytest.fixture
def world(house: House, tmp_path: Path) -> Iterator[World]:
    shelf = Library(tmp_path / "shelf")
    yield World(house, shelf)
    shelf.close()


def test_copies_of_both_libraries_are_deleted_at_the_store(world: World) -> None:
    first = world.upload(world.shelf, "Adelheid", 1)
    second = world.upload(world.house.library, "Adelheid", 2)
    other = world.upload(world.house.library, "Ben", 3)
    assert set(world.store.files) == {first, second, other}
    receipt = world.forget("Adelheid")
    assert (receipt.remote, receipt.remote_waiting) == ("done", 0)
    assert set(world.store.files) == {other}
    assert Journal(world.house.records).owing() == ()


def test_the_receipt_says_where_deletions_wait_and_the_next_start_does_them(world: World) -> None:
    world.upload(world.shelf, "Adelheid", 1)
    world.upload(world.house.library, "Adelheid", 2)
    world.be_away()
    receipt = world.forget("Adelheid")
    assert (receipt.remote, receipt.remote_waiting) == ("queued", 2)
    for library in (world.shelf, world.house.library):
        said = [line for line in receipt.stays if f"outbox send --library {library.folder}" in line]
        assert len(said) == 1
    assert not unfinished(world.around)
    assert world.house.files_with("Adelheid") == []
    world.resume()
    assert world.store.files == {}
    assert Journal(world.house.records).owing() == ()


def test_the_receipt_names_nobody_in_the_folder_of_a_library(house: House, tmp_path: Path) -> None:
    shelf = Library(tmp_path / "for Adelheid")
    world = World(house, shelf)
    world.upload(shelf, "Adelheid", 1)
    world.be_away()
    receipt = world.forget("Adelheid")
    shelf.close()
    assert receipt.remote_waiting == 1
    assert "Adelheid" not in repr(receipt)


def test_deletions_of_other_children_are_neither_counted_nor_done(world: World) -> None:
    theirs = world.upload(world.shelf, "Ben", 1)
    world.upload(world.shelf, "Adelheid", 2)
    world.shelf.outbox.add_deletion("shelf", theirs)
    receipt = world.forget("Adelheid")
    assert (receipt.remote, receipt.remote_waiting) == ("done", 0)
    assert set(world.store.files) == {theirs}
    (entry,) = world.shelf.outbox.entries()
    assert (entry.kind, entry.remote_id) == ("deletion", theirs)


def test_a_copy_that_was_to_go_already_is_counted(world: World) -> None:
    hers = world.upload(world.shelf, "Adelheid", 1)
    world.shelf.outbox.add_deletion("shelf", hers)
    world.be_away()
    assert world.forget("Adelheid").remote_waiting == 1


def test_orders_are_deleted_at_the_service_whichever_library_has_them(world: World) -> None:
    world.order(world.shelf, "Adelheid", "one")
    world.order(world.house.library, "Adelheid", "two")
    world.order(world.shelf, "Ben", "three")
    world.house.draw(world.house.photo("Adelheid.jpg"), "Adelheid")
    receipt = world.forget("Adelheid")
    assert sorted(world.service.told) == ["batches/one", "batches/two"]
    assert receipt.batches_waiting == ()
    assert [batch.ticket.title for batch in world.shelf.batches.all()] == ["three"]
    ended = [(call.outcome, call.reason) for call in world.ledger.calls()]
    assert ended == [("open", ""), *[("cancelled", "batch cancelled")] * 2]


def test_an_order_that_cannot_be_deleted_now_is_named_and_not_lost(world: World) -> None:
    world.order(world.house.library, "Adelheid", "one")
    world.house.draw(world.house.photo("Adelheid.jpg"), "Adelheid")
    world.be_away()
    receipt = world.forget("Adelheid")
    assert receipt.batches_waiting == ("batches/one",)
    assert any("batches/one" in line for line in receipt.stays)
    assert world.house.library.batches.all() == ()
    batches = world.house.library.batches
    (owed,) = batches.discards(math.inf)
    world.resume()
    assert batches.owing
    assert [call.outcome for call in world.ledger.calls()] == ["open"]
    batches.discard_later(owed.id, 0.0)
    world.resume()
    assert not batches.owing
    assert [call.outcome for call in world.ledger.calls()] == ["cancelled"]
    assert Journal(world.house.records).owing() == ()
    assert world.service.told == ["batches/one"]


def test_a_batch_that_is_dropped_meanwhile_is_not_handed_over(world: World) -> None:
    request = GenerationRequest(
        photo=world.house.photo("Adelheid.jpg"), fields={"name": "Adelheid"}
    )
    batch = world.shelf.batches.begin(request)
    world.house.draw(request.photo, "Adelheid")
    world.forget("Adelheid")
    with pytest.raises(InputError):
        world.shelf.batches.announced(batch, BatchTicket(title="late"))

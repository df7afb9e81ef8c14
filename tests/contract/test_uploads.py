"""What every store does behind the outbox: a page is there once, is found again, and goes again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from services.imagekit import KEY, FakeImageKit
from unit.jobs.memory_shelf import REQUEST, add

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.events import Done
from pickabook_desktop.domain.ports import Cancellation, Store, StoreServices
from pickabook_desktop.domain.stored import StoredPicture, UploadOrder
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.jobs.stores import BUILT_IN, StoreRegistry
from pickabook_desktop.jobs.upload import Delivered, deliver_job, enqueue
from pickabook_desktop.jobs.upload_orders import UploadRules
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.library import Library


class Keys:
    def known(self, name: str) -> bool | None:
        return True

    def get(self, name: str, cancellation: object = None) -> str:
        return KEY


class Losing:
    """A store whose answers get lost, for whatever reason a network or a disk may have."""

    def __init__(self, store: Store) -> None:
        self.info = store.info
        self._store = store

    def upload(self, order: UploadOrder, cancellation: Cancellation) -> StoredPicture:
        self._store.upload(order, cancellation)
        raise StorageError("Nobody knows what became of it.", retryable=True)


@dataclass
class House:
    """A library, a store beside it, and a look behind the store."""

    library: Library
    store_id: str
    copies: Path
    service: FakeImageKit | None = None
    settings: dict[str, str] = field(default_factory=dict)

    def contents(self) -> list[bytes]:
        if self.service is not None:
            return [kept.data for kept in self.service.files.values()]
        return [file.read_bytes() for file in self.copies.rglob("*.png") if file.is_file()]

    def deliver(self, *, losing: bool = False) -> Delivered:
        services = StoreServices(setting=self.setting, secrets=Keys(), data_dir=self.copies)
        registry = StoreRegistry(services)

        def get(store_id: str) -> Store:
            store = registry.get(store_id)
            return Losing(store) if losing else store  # type: ignore[return-value]  # enough of one

        job = deliver_job(self.library, get, UploadRules(setting=self.setting), wake=True)
        *_, ending = run_job(job, CancelToken())
        assert isinstance(ending, Done), ending
        assert isinstance(ending.value, Delivered)
        return ending.value

    def setting(self, key: str) -> str:
        return self.settings.get(key, "")


@pytest.fixture(params=sorted(BUILT_IN))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    library, copies = Library(tmp_path / "library"), tmp_path / "copies"
    copies.mkdir()
    if request.param == "folder":
        yield House(library, "folder", copies, settings={"folder.dir": str(copies)})
    else:
        with FakeImageKit() as service:
            settings = {"imagekit.base_url": service.url}
            yield House(library, "imagekit", copies, service, settings)
    library.close()


def test_a_page_arrives_byte_for_byte_without_the_childs_name(house: House):
    picture = add(house.library)
    enqueue((picture,), house.store_id, house.library)
    (copy,) = house.deliver().sent
    (data,) = house.contents()
    assert b"Ada" not in data
    assert b"a fox" in data
    assert copy.stored.bytes == len(data)
    assert picture.created[:4] in copy.stored.path
    assert REQUEST.photo.sha256.encode() not in data


def test_a_lost_answer_doubles_nothing(house: House):
    picture = add(house.library)
    enqueue((picture,), house.store_id, house.library)
    assert house.deliver(losing=True).left[0].state == "waiting"
    (copy,) = house.deliver().sent
    assert len(house.contents()) == 1
    assert house.library.outbox.stored((picture.id,)) == {picture.id: (copy.stored,)}


def test_a_page_wished_for_twice_is_there_once(house: House):
    picture = add(house.library)
    for _ in range(2):
        enqueue((picture,), house.store_id, house.library)
        assert len(house.deliver().sent) == 1
    assert len(house.contents()) == 1
    assert len(house.library.outbox.stored((picture.id,))[picture.id]) == 1


def test_a_copy_goes_after_its_page_has_gone(house: House):
    picture, other = add(house.library, 1), add(house.library, 2)
    enqueue((picture, other), house.store_id, house.library)
    house.deliver()
    house.library.outbox.forget((picture.id,))
    house.library.trash(picture.id)
    house.library.purge()
    assert house.deliver().removed == 1
    assert len(house.contents()) == 1
    assert list(house.library.outbox.stored((picture.id, other.id))) == [other.id]


@pytest.mark.parametrize("purged", [True, False])
def test_a_copy_that_nobody_has_heard_of_goes_with_its_withdrawal(house: House, purged: bool):
    """With the page gone, only folder and name say which file it was."""
    picture = add(house.library)
    (entry_id,) = enqueue((picture,), house.store_id, house.library)
    house.deliver(losing=True)
    assert len(house.contents()) == 1
    if purged:
        house.library.trash(picture.id)
        house.library.purge()
    else:
        house.library.outbox.cancel(entry_id)
    assert house.deliver().removed == 1
    assert (house.contents(), house.library.outbox.entries()) == ([], ())


def test_settings_changed_after_a_lost_answer_leave_one_copy(house: House):
    picture = add(house.library)
    enqueue((picture,), house.store_id, house.library)
    house.deliver(losing=True)
    house.settings[f"{house.store_id}.folder"] = "elsewhere"
    (copy,) = house.deliver().sent
    assert len(house.contents()) == 1
    assert "elsewhere" in copy.stored.path

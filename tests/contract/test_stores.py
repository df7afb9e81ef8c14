"""What every store must keep to, whoever wrote it: all that come with the program take this suite.

Stores that need a network talk to a fake of their service on a real socket.
"""

import contextlib
import hashlib
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError

import msgspec
import pytest
from services.imagekit import KEY, FakeImageKit
from services.wire import Answer

from pickabook_desktop.domain.errors import (
    CancelledError,
    NotConfiguredError,
    PickaBookError,
    StorageError,
)
from pickabook_desktop.domain.ports import Store, StoreServices
from pickabook_desktop.domain.stored import LinkWish, StoredPicture, StoreInfo, UploadOrder
from pickabook_desktop.jobs.stores import BUILT_IN, GROUP, StoreRegistry
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.stores import folder


class Keys:
    """Secrets in memory."""

    def __init__(self, **values: str) -> None:
        self.values = values

    def known(self, name: str) -> bool | None:
        return name in self.values

    def get(self, name: str, cancellation: object = None) -> str:
        if name not in self.values:
            raise NotConfiguredError("There is no key.", "Add one.")
        return self.values[name]


@dataclass
class Place:
    """A store under test, and a look behind it."""

    store_id: str
    folder: Path
    service: FakeImageKit | None = None
    settings: dict[str, str] = field(default_factory=dict)
    keys: Keys = field(default_factory=Keys)

    def store(self) -> Store:
        services = StoreServices(
            setting=lambda key: self.settings.get(key, ""),
            secrets=self.keys,
            data_dir=self.folder,
        )
        return StoreRegistry(services).get(self.store_id)

    def contents(self) -> list[bytes]:
        """What is kept there, each file once."""
        if self.service is not None:
            return [kept.data for kept in self.service.files.values()]
        files = (file for file in self.folder.rglob("*") if file.is_file())
        return [file.read_bytes() for file in files if file.name not in (folder.MARK, folder.KNOWN)]

    def lose_the_next_answer(self) -> None:
        """The next upload arrives; that it did is not told."""
        if self.service is None:
            pytest.skip("nothing lies between the program and this store")
        self.service.lost_answers = 1


@pytest.fixture(params=sorted(BUILT_IN))
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    copies = tmp_path / "copies"
    copies.mkdir()
    if request.param == "folder":
        yield Place("folder", copies, settings={"folder.dir": str(copies)})
        return
    with FakeImageKit() as service:
        settings = {"imagekit.base_url": service.url}
        yield Place("imagekit", copies, service, settings, Keys(imagekit=KEY))


@pytest.fixture
def store(place: Place) -> Store:
    return place.store()


def order(data: bytes = b"a page", **changes: object) -> UploadOrder:
    digest = hashlib.sha256(data).hexdigest()
    usual = UploadOrder(
        name=f"{digest[:32]}.png",
        data=data,
        media_type="image/png",
        sha256=digest,
        folder="pages/2026/11",
        tags=("pickabook",),
        facts={"template": "moon-walk", "seed": "7"},
    )
    return msgspec.structs.replace(usual, **changes)


def opened(address: str) -> bytes:
    """What somebody sees who is given the address."""
    with urllib.request.urlopen(address) as answer:  # noqa: S310 a folder's links are files
        return answer.read()


def test_the_stores_that_come_with_the_program_are_its_entry_points():
    from importlib.metadata import entry_points

    own = {
        point.name: point.value
        for point in entry_points(group=GROUP)
        if point.value.startswith("pickabook_desktop.")
    }
    assert own == dict(BUILT_IN)


def test_its_record_survives_a_journey_through_json(store: Store, place: Place):
    info = store.info
    assert msgspec.json.decode(msgspec.json.encode(info), type=StoreInfo) == info
    assert info.id == place.store_id
    assert info.title
    assert info.summary
    assert bool(info.recipient) == info.needs_network
    assert all(option.scope == "connection" for option in info.options)


def test_one_that_is_set_up_can_be_used_and_says_what_it_found(store: Store):
    assert store.unavailable() == ""
    assert store.check(CancelToken()).endswith(".")


def test_what_was_put_there_is_there_and_its_link_opens(store: Store, place: Place):
    stored = store.upload(order(), CancelToken())
    assert place.contents() == [b"a page"]
    assert stored.store_id == place.store_id
    assert stored.remote_id
    assert stored.bytes == len(b"a page")
    assert opened(store.link(stored, LinkWish())) == b"a page"


def test_where_a_picture_is_survives_a_journey_through_json(store: Store):
    stored = store.upload(order(), CancelToken())
    assert msgspec.json.decode(msgspec.json.encode(stored), type=StoredPicture) == stored


def test_the_same_picture_twice_is_one_file(store: Store, place: Place):
    first = store.upload(order(), CancelToken())
    second = place.store().upload(order(), CancelToken())
    assert place.contents() == [b"a page"]
    assert (first.remote_id, first.url) == (second.remote_id, second.url)


def test_two_pictures_are_two_files(store: Store, place: Place):
    store.upload(order(b"one"), CancelToken())
    store.upload(order(b"two"), CancelToken())
    assert sorted(place.contents()) == [b"one", b"two"]


def test_a_picture_is_found_only_where_it_was_put(store: Store):
    assert store.find(order(), CancelToken()) is None
    stored = store.upload(order(), CancelToken())
    found = store.find(order(), CancelToken())
    assert found is not None
    assert (found.remote_id, found.url, found.private, found.bytes) == (
        stored.remote_id,
        stored.url,
        stored.private,
        stored.bytes,
    )
    assert store.find(order(folder="elsewhere"), CancelToken()) is None
    assert store.find(order(b"another page"), CancelToken()) is None


def test_a_file_of_that_name_with_other_content_is_not_the_picture(store: Store, place: Place):
    store.upload(order(b"half a p", name=order().name), CancelToken())
    assert store.find(order(), CancelToken()) is None
    store.upload(order(), CancelToken())
    assert place.contents() == [b"a page"]


def test_an_answer_that_got_lost_leaves_one_file_to_be_found(store: Store, place: Place):
    place.lose_the_next_answer()
    with pytest.raises(PickaBookError) as caught:
        store.upload(order(), CancelToken())
    assert caught.value.retryable
    found = store.find(order(), CancelToken())
    assert found is not None
    assert opened(store.link(found, LinkWish())) == b"a page"
    assert place.contents() == [b"a page"]


def test_a_second_try_after_a_lost_answer_makes_no_second_file(store: Store, place: Place):
    place.lose_the_next_answer()
    with pytest.raises(PickaBookError):
        store.upload(order(), CancelToken())
    store.upload(order(), CancelToken())
    assert place.contents() == [b"a page"]


def test_deleted_is_gone_and_may_be_deleted_again(store: Store, place: Place):
    kept = store.upload(order(b"keep me"), CancelToken())
    stored = store.upload(order(), CancelToken())
    store.delete(stored.remote_id, CancelToken())
    assert place.contents() == [b"keep me"]
    store.delete(stored.remote_id, CancelToken())
    assert store.find(order(), CancelToken()) is None
    assert opened(store.link(kept, LinkWish())) == b"keep me"


@pytest.mark.parametrize(
    "folder", ["../../outside", "/etc", "a/../../b", "..\\..\\b", "Zoë’s book"]
)
def test_no_folder_leads_out_of_the_store(store: Store, place: Place, folder: str, tmp_path: Path):
    before = {file for file in tmp_path.rglob("*") if not file.is_relative_to(place.folder)}
    stored = store.upload(order(folder=folder), CancelToken())
    after = {file for file in tmp_path.rglob("*") if not file.is_relative_to(place.folder)}
    assert after == before
    assert ".." not in stored.url
    assert store.find(order(folder=folder), CancelToken()) is not None


def test_an_id_that_leads_elsewhere_deletes_nothing(place: Place, tmp_path: Path):
    mine = tmp_path / "mine.png"
    mine.write_bytes(b"mine")
    for remote_id in ("../mine.png", str(mine), "a/../../mine.png"):
        with contextlib.suppress(PickaBookError):
            place.store().delete(remote_id, CancelToken())
    assert mine.read_bytes() == b"mine"


def test_nothing_is_done_for_a_job_that_was_cancelled_before(store: Store, place: Place):
    token = CancelToken()
    token.cancel()
    for act in (
        lambda: store.check(token),
        lambda: store.upload(order(), token),
        lambda: store.find(order(), token),
        lambda: store.delete("some-id", token),
    ):
        with pytest.raises(CancelledError):
            act()
    assert place.contents() == []
    assert place.service is None or place.service.server.exchanges == []


def test_cancelling_hangs_up_in_the_middle_of_an_upload(store: Store, place: Place):
    if place.service is None:
        pytest.skip("writing a file takes no time")
    server, token = place.service.server, CancelToken()
    server.say(Answer(hang_before=True))
    stopper = threading.Thread(target=lambda: (server.wait_for(1), token.cancel()))
    stopper.start()
    with pytest.raises(CancelledError):
        store.upload(order(facts={}), token)
    stopper.join()
    assert server.exchanges[0].closed_by_client.wait(5)


def test_one_that_is_not_set_up_says_so_and_does_nothing(place: Place):
    place.settings.clear()
    place.keys.values.clear()
    store = place.store()
    assert store.unavailable().endswith(".")
    with pytest.raises(NotConfiguredError) as caught:
        store.upload(order(), CancelToken())
    assert caught.value.next_step


def test_a_link_that_expires_stops_opening_where_the_store_signs(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    if not store.info.signs_links:
        pytest.skip("this store signs nothing")
    stored = store.upload(order(), CancelToken())
    address = store.link(stored, LinkWish(expires_in=60))
    assert opened(address) == b"a page"
    import time

    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(HTTPError):
        opened(address)


def test_a_larger_picture_than_it_takes_is_refused_before_it_is_sent(place: Place):
    if place.service is None:
        pytest.skip("this store takes any size")
    place.settings["imagekit.max_mb"] = "0.001"
    store = place.store()
    assert store.info.max_bytes == 1048
    with pytest.raises(StorageError) as caught:
        store.upload(order(b"x" * 1049), CancelToken())
    assert not caught.value.retryable
    assert place.service.server.exchanges == []

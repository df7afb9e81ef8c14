"""Copies in a folder: whole, inside it, and never instead of a drive that is not there."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pickabook_desktop.domain.errors import (
    NotConfiguredError,
    PickaBookError,
    StorageError,
    UnreachableError,
)
from pickabook_desktop.domain.ports import StoreServices
from pickabook_desktop.domain.stored import LinkWish, UploadOrder
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.stores.folder import KNOWN, MARK, FolderStore, create

StoreIn = Callable[..., FolderStore]


class NoKeys:
    def known(self, name: str) -> bool | None:
        return False

    def get(self, name: str, cancellation: object = None) -> str:
        raise NotConfiguredError("There is no key.")


@pytest.fixture
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def store_in(data_dir: Path) -> StoreIn:
    def made(folder: Path | str, **more: str) -> FolderStore:
        settings = {"folder.dir": str(folder), **more}
        services = StoreServices(
            setting=lambda key: settings.get(key, ""), secrets=NoKeys(), data_dir=data_dir
        )
        return create(services)

    return made


def order(data: bytes = b"a page", folder: str = "2026-11") -> UploadOrder:
    return UploadOrder(
        name="page.png",
        data=data,
        media_type="image/png",
        sha256=hashlib.sha256(data).hexdigest(),
        folder=folder,
    )


def test_the_folder_is_made_and_its_room_told(tmp_path: Path, store_in: StoreIn):
    said = store_in(tmp_path / "copies").check(CancelToken())
    assert str(tmp_path / "copies") in said
    assert "GB are free" in said
    assert [file.name for file in (tmp_path / "copies").iterdir()] == [MARK]


def test_a_copy_that_was_touched_is_made_whole_again(tmp_path: Path, store_in: StoreIn):
    store = store_in(tmp_path)
    store.upload(order(), CancelToken())
    (tmp_path / "2026-11" / "page.png").write_bytes(b"a PAGE")
    assert store.find(order(), CancelToken()) is None
    store.upload(order(), CancelToken())
    assert (tmp_path / "2026-11" / "page.png").read_bytes() == b"a page"


def test_a_copy_that_is_right_is_left_alone(tmp_path: Path, store_in: StoreIn):
    store = store_in(tmp_path)
    store.upload(order(), CancelToken())
    file = tmp_path / "2026-11" / "page.png"
    before = file.stat().st_ino
    store.upload(order(), CancelToken())
    assert file.stat().st_ino == before


def test_a_link_to_a_folder_with_spaces_is_an_address(tmp_path: Path, store_in: StoreIn):
    (tmp_path / "my copies").mkdir()
    store = store_in(tmp_path / "my copies")
    stored = store.upload(order(folder=""), CancelToken())
    assert stored.remote_id == "page.png"
    assert stored.url == store.link(stored, LinkWish(width=100, expires_in=60))
    assert "my%20copies" in stored.url


def test_a_drive_that_is_not_there_is_no_folder_to_be_made(tmp_path: Path, store_in: StoreIn):
    missing = tmp_path / "media" / "stick" / "copies"
    store = store_in(missing)
    for act in (
        lambda: store.upload(order(), CancelToken()),
        lambda: store.find(order(), CancelToken()),
        lambda: store.delete("2026-11/page.png", CancelToken()),
        lambda: store.check(CancelToken()),
    ):
        with pytest.raises(UnreachableError) as caught:
            act()
        assert caught.value.retryable
    assert not (tmp_path / "media").exists()


def test_a_folder_is_made_only_by_who_asks_for_it(tmp_path: Path, store_in: StoreIn):
    stick = tmp_path / "stick"
    with pytest.raises(UnreachableError):
        store_in(stick).upload(order(), CancelToken())
    assert not stick.exists()
    store_in(stick).check(CancelToken())
    assert store_in(stick).upload(order(), CancelToken()).remote_id == "2026-11/page.png"


@pytest.mark.parametrize("left", [True, False])
def test_a_drive_that_was_taken_out_gets_nothing_until_it_is_back(
    tmp_path: Path, store_in: StoreIn, left: bool
):
    stick = tmp_path / "stick"
    stick.mkdir()
    store_in(stick).upload(order(), CancelToken())
    stick.rename(tmp_path / "out")
    if left:
        stick.mkdir()  # as a place for drives does that stays when they go
    for act in ("upload", "find"):
        with pytest.raises(UnreachableError):
            getattr(store_in(stick), act)(order(b"another"), CancelToken())
    with pytest.raises(UnreachableError):
        store_in(stick).delete("2026-11/page.png", CancelToken())
    assert not stick.exists() or list(stick.iterdir()) == []
    if left:
        stick.rmdir()
    else:
        with pytest.raises(UnreachableError):
            store_in(stick).check(CancelToken())
    (tmp_path / "out").rename(stick)
    assert store_in(stick).find(order(), CancelToken()) is not None


def test_a_folder_that_was_emptied_is_taken_again_once_it_was_tested(
    tmp_path: Path, store_in: StoreIn
):
    copies = tmp_path / "copies"
    copies.mkdir()
    store_in(copies).upload(order(), CancelToken())
    shutil.rmtree(copies)
    copies.mkdir()
    store_in(copies).check(CancelToken())
    store_in(copies).upload(order(), CancelToken())
    assert (copies / "2026-11" / "page.png").exists()


def test_no_name_of_a_folder_is_written_down(tmp_path: Path, data_dir: Path, store_in: StoreIn):
    store_in(tmp_path).upload(order(), CancelToken())
    assert tmp_path.name.encode() not in (data_dir / KNOWN).read_bytes()


def test_a_way_out_through_a_link_is_closed(tmp_path: Path, store_in: StoreIn):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.png").write_bytes(b"mine")
    copies = tmp_path / "copies"
    copies.mkdir()
    (copies / "way").symlink_to(outside)
    with pytest.raises(StorageError):
        store_in(copies).delete("way/mine.png", CancelToken())
    assert (outside / "mine.png").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"folder.dir": ""}, "No folder"),
        ({"folder.dir": "copies"}, "whole path"),
        ({"folder.folder": "{name}"}, "placeholder"),
    ],
)
def test_why_it_cannot_be_used_is_said(
    tmp_path: Path, store_in: StoreIn, settings: dict[str, str], words: str
):
    store = store_in(tmp_path, **settings)
    assert words in store.unavailable()


def test_a_full_drive_is_a_failure_that_says_so(
    tmp_path: Path, store_in: StoreIn, monkeypatch: pytest.MonkeyPatch
):
    def full(target: Path, data: bytes, **_more: object) -> None:
        raise StorageError("There is no room left.", "Free some.", retryable=True)

    monkeypatch.setattr("pickabook_desktop.storage.stores.folder.write_atomic", full)
    with pytest.raises(PickaBookError, match="room") as caught:
        store_in(tmp_path).upload(order(), CancelToken())
    assert caught.value.retryable

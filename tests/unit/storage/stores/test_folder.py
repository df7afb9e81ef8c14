"""Copies in a folder: whole, inside it, and never instead of a drive that is not there."""

import hashlib
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
from pickabook_desktop.storage.stores.folder import FolderStore, create


class NoKeys:
    def known(self, name: str) -> bool | None:
        return False

    def get(self, name: str, cancellation: object = None) -> str:
        raise NotConfiguredError("There is no key.")


def store_in(folder: Path | str, **more: str) -> FolderStore:
    settings = {"folder.dir": str(folder), **more}
    services = StoreServices(
        setting=lambda key: settings.get(key, ""), secrets=NoKeys(), data_dir=Path("unused")
    )
    return create(services)


def order(data: bytes = b"a page", folder: str = "2026-11") -> UploadOrder:
    return UploadOrder(
        name="page.png",
        data=data,
        media_type="image/png",
        sha256=hashlib.sha256(data).hexdigest(),
        folder=folder,
    )


def test_the_folder_is_made_and_its_room_told(tmp_path: Path):
    said = store_in(tmp_path / "copies").check(CancelToken())
    assert str(tmp_path / "copies") in said
    assert "GB are free" in said
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_copy_that_was_touched_is_made_whole_again(tmp_path: Path):
    store = store_in(tmp_path)
    store.upload(order(), CancelToken())
    (tmp_path / "2026-11" / "page.png").write_bytes(b"a PAGE")
    assert store.find(order(), CancelToken()) is None
    store.upload(order(), CancelToken())
    assert (tmp_path / "2026-11" / "page.png").read_bytes() == b"a page"


def test_a_copy_that_is_right_is_left_alone(tmp_path: Path):
    store = store_in(tmp_path)
    store.upload(order(), CancelToken())
    file = tmp_path / "2026-11" / "page.png"
    before = file.stat().st_ino
    store.upload(order(), CancelToken())
    assert file.stat().st_ino == before


def test_a_link_to_a_folder_with_spaces_is_an_address(tmp_path: Path):
    store = store_in(tmp_path / "my copies")
    stored = store.upload(order(folder=""), CancelToken())
    assert stored.remote_id == "page.png"
    assert stored.url == store.link(stored, LinkWish(width=100, expires_in=60))
    assert "my%20copies" in stored.url


def test_a_drive_that_is_not_there_is_no_folder_to_be_made(tmp_path: Path):
    missing = tmp_path / "media" / "stick" / "copies"
    store = store_in(missing)
    for act in (
        lambda: store.upload(order(), CancelToken()),
        lambda: store.delete("2026-11/page.png", CancelToken()),
        lambda: store.check(CancelToken()),
    ):
        with pytest.raises(UnreachableError) as caught:
            act()
        assert caught.value.retryable
    assert not (tmp_path / "media").exists()


def test_a_way_out_through_a_link_is_closed(tmp_path: Path):
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
def test_why_it_cannot_be_used_is_said(tmp_path: Path, settings: dict[str, str], words: str):
    store = store_in(tmp_path, **settings)
    assert words in store.unavailable()


def test_a_full_drive_is_a_failure_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(target: Path, data: bytes, **_more: object) -> None:
        raise StorageError("There is no room left.", "Free some.", retryable=True)

    monkeypatch.setattr("pickabook_desktop.storage.stores.folder.write_atomic", full)
    with pytest.raises(PickaBookError, match="room") as caught:
        store_in(tmp_path).upload(order(), CancelToken())
    assert caught.value.retryable

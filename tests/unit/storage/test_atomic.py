"""A file is the old one or the new one, and a failure says what to do."""

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.storage.atomic import make_folder, write_atomic


def test_a_file_is_written_and_replaced(here: Path):
    target = here / "page.png"
    write_atomic(target, b"first")
    write_atomic(target, b"second")
    assert target.read_bytes() == b"second"
    assert list(here.iterdir()) == [target]


def test_a_failure_leaves_the_older_file_and_nothing_else(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    target = here / "page.png"
    write_atomic(target, b"first")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StorageError, match="no room") as caught:
        write_atomic(target, b"second")
    assert caught.value.retryable
    assert str(here) in caught.value.next_step
    assert target.read_bytes() == b"first"
    assert list(here.iterdir()) == [target]


def test_a_missing_folder_is_told(here: Path):
    with pytest.raises(StorageError, match="does not exist"):
        write_atomic(here / "none" / "page.png", b"")


def test_a_folder_is_made_with_its_parents(here: Path):
    make_folder(here / "a" / "b" / "c")
    make_folder(here / "a" / "b" / "c")
    assert (here / "a" / "b" / "c").is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="no permission bits there")
def test_private_files_and_folders_are_for_one_person_only(here: Path):
    make_folder(here / "shelf", private=True)
    write_atomic(here / "shelf" / "page.png", b"", private=True)
    for path in (here / "shelf", here / "shelf" / "page.png"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    shared = here / "page.png"
    write_atomic(shared, b"")
    plain = here / "plain"
    plain.touch()
    assert shared.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.EACCES])
def test_a_folder_that_cannot_be_made_to_last_stops_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch, number: int
):
    fsync = os.fsync

    def of_files_only(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(number, "not for folders")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", of_files_only)
    make_folder(here / "a" / "b")
    write_atomic(here / "a" / "b" / "page.png", b"x")
    assert (here / "a" / "b" / "page.png").read_bytes() == b"x"


def test_a_failing_disk_is_told(here: Path, monkeypatch: pytest.MonkeyPatch):
    def failing(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(StorageError, match="Input/output error"):
        write_atomic(here / "page.png", b"x")


@pytest.mark.skipif(sys.platform == "win32", reason="no fcntl there")
@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP])
def test_a_volume_that_cannot_empty_its_drives_cache_gets_what_it_can(
    here: Path, monkeypatch: pytest.MonkeyPatch, number: int
):
    """Network volumes on macOS know no F_FULLFSYNC."""
    import fcntl

    def unknown(handle: int, command: int) -> None:
        raise OSError(number, "Operation not supported")

    synced: list[int] = []
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", unknown)
    monkeypatch.setattr(os, "fsync", synced.append)
    write_atomic(here / "page.png", b"x")
    assert len(synced) == 2


def test_a_file_that_need_not_last_leaves_its_folder_alone(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    synced: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda h: synced.append(stat.S_ISDIR(os.fstat(h).st_mode)))
    write_atomic(here / "page.png", b"x", sync_name=False)
    assert synced == [False]


def test_very_long_names_can_be_written(here: Path):
    target = here / ("a" * 240 + ".png")
    write_atomic(target, b"x")
    assert target.read_bytes() == b"x"

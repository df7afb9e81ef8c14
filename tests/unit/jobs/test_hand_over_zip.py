"""An archive holds the pictures as they were asked for, whole, or there is none."""

import errno
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from unit.jobs.kept_pages import keep, names_in

from pickabook_desktop.domain.events import Cancelled, Done, Failed, JobEvent
from pickabook_desktop.domain.hand_over import ExportReport, ExportWish
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage import atomic

EventsOf = Callable[..., list[JobEvent]]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "pages.zip"


def test_an_archive_holds_the_files(studio: Studio, target: Path, events_of: EventsOf):
    kept = [keep(studio.library, seed=seed, book="Über den Wolken") for seed in (1, 2)]
    wish = ExportWish(pattern="{book}", names=True)
    job = studio.hand_over.zip_job([picture.id for picture in kept], wish, target)
    ending = events_of(job)[-1]
    assert isinstance(ending, Done)
    assert isinstance(ending.value, ExportReport)
    assert ending.value.target == str(target)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        infos = archive.infolist()
        assert [i.filename for i in infos] == ["Über den Wolken.png", "Über den Wolken (2).png"]
        assert [i.filename for i in infos] == [w.file for w in ending.value.written]
        assert all(i.compress_type == zipfile.ZIP_STORED for i in infos)
        assert all(i.flag_bits & 0x800 for i in infos)
        for info, picture in zip(infos, kept, strict=True):
            assert archive.read(info) == Path(picture.path).read_bytes()
    assert names_in(target.parent) == ["pages.zip"]


def test_pictures_in_an_archive_are_as_the_wish_has_them(
    studio: Studio, target: Path, events_of: EventsOf
):
    kept = keep(studio.library)
    wish = ExportWish(format="jpeg", long_edge=60, metadata=False)
    events_of(studio.hand_over.zip_job((kept.id,), wish, target))
    with zipfile.ZipFile(target) as archive:
        data = archive.read(archive.namelist()[0])
    assert Image.open(io.BytesIO(data)).size == (60, 40)
    assert b"on the moon" not in data


def test_archives_may_be_larger_than_the_old_format_allows(
    studio: Studio, target: Path, events_of: EventsOf, monkeypatch: pytest.MonkeyPatch
):
    kept = [keep(studio.library, seed=seed) for seed in range(3)]
    # As if 4 GiB were 1,000 bytes.
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)
    ids = [picture.id for picture in kept]
    ending = events_of(studio.hand_over.zip_job(ids, ExportWish(names=True), target))[-1]
    assert isinstance(ending, Done)
    monkeypatch.undo()
    assert b"PK\x06\x06" in target.read_bytes()
    with zipfile.ZipFile(target) as archive:
        contents = [archive.read(name) for name in archive.namelist()]
    assert contents == [Path(picture.path).read_bytes() for picture in kept]


def test_what_cannot_be_had_is_named(studio: Studio, target: Path, events_of: EventsOf):
    whole, gone = keep(studio.library, seed=1), keep(studio.library, seed=2)
    Path(gone.path).unlink()
    ending = events_of(studio.hand_over.zip_job((gone.id, whole.id), ExportWish(), target))[-1]
    assert isinstance(ending, Done)
    assert isinstance(ending.value, ExportReport)
    assert [failure.what for failure in ending.value.failed] == [gone.id]
    assert len(zipfile.ZipFile(target).namelist()) == 1


def test_without_any_picture_there_is_no_archive(studio: Studio, target: Path, events_of: EventsOf):
    target.write_bytes(b"an older one")
    ending = events_of(studio.hand_over.zip_job(("0" * 26,), ExportWish(), target))[-1]
    assert isinstance(ending, Failed)
    assert target.read_bytes() == b"an older one"
    assert names_in(target.parent) == ["pages.zip"]


def test_a_full_disk_leaves_the_older_archive(
    studio: Studio, target: Path, events_of: EventsOf, monkeypatch: pytest.MonkeyPatch
):
    kept = [keep(studio.library, seed=seed) for seed in range(3)]
    target.write_bytes(b"an older one")
    write = zipfile.ZipFile.writestr
    calls = []

    def full(self: zipfile.ZipFile, *arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, *arguments)

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    job = studio.hand_over.zip_job([picture.id for picture in kept], ExportWish(), target)
    ending = events_of(job)[-1]
    assert isinstance(ending, Failed)
    assert "There is no room left" in ending.error.message
    assert "written." not in ending.error.message
    assert target.read_bytes() == b"an older one"
    assert names_in(target.parent) == ["pages.zip"]


def test_a_disk_that_fails_at_the_very_end_leaves_none(
    studio: Studio, target: Path, events_of: EventsOf, monkeypatch: pytest.MonkeyPatch
):
    kept = keep(studio.library)

    def failing(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(atomic, "_sync", failing)
    ending = events_of(studio.hand_over.zip_job((kept.id,), ExportWish(), target))[-1]
    assert isinstance(ending, Failed)
    assert names_in(target.parent) == []


def test_cancelling_leaves_none(studio: Studio, target: Path):
    kept = [keep(studio.library, seed=seed) for seed in range(3)]
    token = CancelToken()
    events: list[JobEvent] = []
    for event in run_job(
        studio.hand_over.zip_job([k.id for k in kept], ExportWish(), target), token
    ):
        events.append(event)
        if len(events) == 2:
            token.cancel()
    assert isinstance(events[-1], Cancelled)
    assert names_in(target.parent) == []


def test_no_archive_is_made_in_the_library_or_over_a_photo(
    studio: Studio, target: Path, events_of: EventsOf
):
    kept = keep(studio.library)
    photo = target.with_name("photo.jpg")
    photo.write_bytes(b"the photo")
    for place in (studio.library.folder / "pages.zip", photo, target.parent):
        ending = events_of(studio.hand_over.zip_job((kept.id,), ExportWish(), place))[-1]
        assert isinstance(ending, Failed)
    assert photo.read_bytes() == b"the photo"
    assert not (studio.library.folder / "pages.zip").exists()

"""Writing copies of many pictures harms nothing that is there: no file, no photo, no library."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from unit.jobs.conftest import Export
from unit.jobs.kept_pages import keep, names_in

from pickabook_desktop.domain.events import Failed, JobEvent
from pickabook_desktop.domain.hand_over import ExportWish
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.storage import atomic

EventsOf = Callable[..., list[JobEvent]]


def test_files_that_are_there_are_numbered_kept_or_replaced(
    studio: Studio, export: Export, folder: Path
):
    one, two = keep(studio.library, seed=1), keep(studio.library, seed=2)
    (folder / "page.png").write_bytes(b"somebody's own")
    # Two of the same name never replace one another, whatever is said about others.
    report = export(one.id, two.id, pattern="page", on_clash="skip")
    assert ([s.what for s in report.skipped], len(report.written)) == ([one.id, two.id], 0)
    assert report.skipped[0].message == "There is a file named page.png."
    export(one.id, two.id, pattern="page")
    assert names_in(folder) == ["page (2).png", "page (3).png", "page.png"]
    assert (folder / "page.png").read_bytes() == b"somebody's own"
    export(one.id, two.id, pattern="page", on_clash="replace", names=True)
    assert (folder / "page.png").read_bytes() == Path(one.path).read_bytes()
    assert (folder / "page (2).png").read_bytes() == Path(two.path).read_bytes()
    assert names_in(folder) == ["page (2).png", "page (3).png", "page.png"]


def test_the_photo_is_never_written_over(studio: Studio, export: Export, folder: Path):
    photo = folder / "page.png"
    photo.write_bytes(b"the photo")
    kept = keep(studio.library, photo=PhotoRef(path=str(photo)))
    report = export(kept.id, pattern="page", on_clash="replace")
    assert (len(report.failed), photo.read_bytes()) == (1, b"the photo")


@pytest.mark.parametrize("further", [False, True])
def test_no_photo_of_any_page_is_written_over(
    studio: Studio, export: Export, folder: Path, further: bool
):
    photo = PhotoRef(path=str(folder / "page.png"))
    Path(photo.path).write_bytes(b"the photo")
    plain = keep(studio.library, seed=1)
    photos: dict[str, Any] = {"further_photos": (photo,)} if further else {"photo": photo}
    other = keep(studio.library, seed=2, **photos)
    report = export(plain.id, other.id, pattern="page", on_clash="replace")
    assert Path(photo.path).read_bytes() == b"the photo"
    assert [one.what for one in report.failed] == [plain.id, other.id]
    report = export(plain.id, other.id, pattern="page")
    assert names_in(folder) == ["page (2).png", "page (3).png", "page.png"]


@pytest.mark.parametrize("links", [True, False])
def test_another_program_that_is_quicker_loses_nothing(
    studio: Studio, export: Export, folder: Path, monkeypatch: pytest.MonkeyPatch, links: bool
):
    one, two = keep(studio.library, seed=1), keep(studio.library, seed=2)
    sync = atomic._sync

    def quicker(handle: int) -> None:
        sync(handle)
        (folder / "page.png").write_bytes(b"somebody else's")

    def unable(*_paths: object, **_more: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(atomic, "_sync", quicker)
    if not links:
        monkeypatch.setattr(atomic.os, "link", unable)
    (written,) = export(one.id, pattern="page").written
    assert (folder / "page.png").read_bytes() == b"somebody else's"
    assert Path(written.file) == folder / "page (2).png"
    (folder / "page.png").unlink()
    report = export(two.id, pattern="page", on_clash="skip")
    assert ([s.what for s in report.skipped], report.written) == ([two.id], ())
    assert (folder / "page.png").read_bytes() == b"somebody else's"
    assert names_in(folder) == ["page (2).png", "page.png"]


@pytest.mark.parametrize("below", ["", "pictures", "pictures/new"])
def test_nothing_is_written_into_the_library(studio: Studio, events_of: EventsOf, below: str):
    kept = keep(studio.library)
    inside = studio.library.folder / below
    inside.mkdir(exist_ok=True)
    before = sorted(studio.library.folder.rglob("*"))
    wish = ExportWish(folder=str(inside))
    ending = events_of(studio.hand_over.export_many_job((kept.id,), wish))[-1]
    assert isinstance(ending, Failed)
    assert sorted(studio.library.folder.rglob("*")) == before


def test_a_folder_in_the_folder_may_have_any_name(studio: Studio, export: Export, folder: Path):
    (folder / "page").mkdir()
    (written,) = export(keep(studio.library).id, pattern="page").written
    assert Path(written.file) == folder / "page.png"

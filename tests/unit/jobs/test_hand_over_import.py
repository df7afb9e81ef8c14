"""Pictures come back once, with all that they say; what is none of ours, or is meant badly, is
named and left alone.
"""

import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from unit.jobs.kept_pages import keep, page, pixels

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.events import Cancelled, Done, Failed, JobEvent
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.hand_over import ExportWish, ImportReport
from pickabook_desktop.imaging.encode import decode_rgb, encode_png
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.net.cancel import CancelToken

EventsOf = Callable[..., list[JobEvent]]
Take = Callable[..., ImportReport]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "from elsewhere"
    made.mkdir()
    return made


@pytest.fixture
def take(studio: Studio, events_of: EventsOf) -> Take:
    def run(*paths: Path) -> ImportReport:
        ending = events_of(studio.hand_over.import_job(paths))[-1]
        assert isinstance(ending, Done), ending
        assert isinstance(ending.value, ImportReport)
        return ending.value

    return run


def exported(studio: Studio, events_of: EventsOf, folder: Path, *ids: str, **wish: Any) -> None:
    job = studio.hand_over.export_many_job(ids, ExportWish(folder=str(folder), **wish))
    assert isinstance(events_of(job)[-1], Done)


def empty_trash(studio: Studio, *ids: str) -> None:
    for picture_id in ids:
        studio.library.trash(picture_id)
    studio.library.purge()


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "tiff"])
def test_a_picture_comes_back_as_the_file_it_is(
    studio: Studio, take: Take, folder: Path, kind: str
):
    drawn = page(pixels(), media_type=f"image/{kind}" if kind != "tiff" else "image/png")
    file = folder / f"page.{kind}"
    file.write_bytes(drawn.data)
    report = take(file)
    (imported,) = report.imported
    assert imported.source == str(file)
    kept = studio.library.get(imported.id)
    assert Path(kept.path).read_bytes() == drawn.data
    assert kept.created == "2026-03-05T10:20:30.000Z"
    assert (kept.request.template_id, kept.request.style_id) == ("moon-walk", "storybook")
    assert (kept.request.prompt, kept.request.seed, kept.size) == ("on the moon", 7, Size(120, 80))
    assert (kept.request.engine_id, kept.engine_version) == ("fake", "7")
    assert kept.request.fields == {"name": "Annemarie"}
    thumbnail = studio.library.thumbnail(kept.id)
    assert thumbnail is not None
    assert np.abs(decode_rgb(thumbnail).astype(int) - pixels()).mean() < 12
    assert studio.library.verify().sound


def test_tiff_copies_come_back_too(studio: Studio, take: Take, folder: Path, events_of: EventsOf):
    kept = keep(studio.library)
    exported(studio, events_of, folder, kept.id, format="tiff", pattern="page")
    empty_trash(studio, kept.id)
    (imported,) = take(folder / "page.tiff" if (folder / "page.tiff").exists() else folder).imported
    assert studio.library.get(imported.id).media_type == "image/tiff"
    assert studio.library.get(imported.id).request.prompt == "on the moon"


def test_a_picture_comes_only_once(studio: Studio, take: Take, folder: Path):
    for name in ("one.png", "two.png"):
        (folder / name).write_bytes(page(pixels()).data)
    first = take(folder)
    again = take(folder)
    (imported,) = first.imported
    assert [known.id for known in first.known] == [imported.id]
    assert [known.id for known in again.known] == [imported.id, imported.id]
    assert not any(known.trashed for known in again.known)
    assert studio.library.count() == 1


def test_a_picture_in_the_trash_is_known_and_said_to_be_there(
    studio: Studio, take: Take, folder: Path
):
    kept = keep(studio.library)
    (folder / "page.png").write_bytes(Path(kept.path).read_bytes())
    studio.library.trash(kept.id)
    report = take(folder)
    assert (report.imported, report.known[0].id, report.known[0].trashed) == ((), kept.id, True)


def test_a_copy_that_says_less_of_itself_is_known(
    studio: Studio,
    take: Take,
    folder: Path,
    events_of: EventsOf,
    make_studio: Callable[..., Studio],
):
    file = folder / "first.png"
    file.write_bytes(page(pixels()).data)
    (imported,) = take(file).imported
    copies = folder / "copies"
    copies.mkdir()
    exported(studio, events_of, copies, imported.id, names=False, format="png", dpi=72)
    (copy,) = copies.iterdir()
    assert copy.read_bytes() != file.read_bytes()
    assert [known.id for known in take(copy).known] == [imported.id]
    # A JPEG of it is another picture: what it lost nobody can give back.
    exported(studio, events_of, copies, imported.id, format="jpeg", pattern="jpeg")
    assert len(take(copies).imported) == 1


def test_what_was_deleted_for_good_can_come_back(
    studio: Studio, take: Take, folder: Path, events_of: EventsOf
):
    kept = keep(studio.library)
    exported(studio, events_of, folder, kept.id, names=True)
    empty_trash(studio, kept.id)
    (imported,) = take(folder).imported
    assert studio.library.read(imported.id)
    (again,) = take(folder).known
    assert again.id == imported.id


def test_folders_are_searched_to_their_ends(studio: Studio, take: Take, folder: Path):
    deep = folder / "a" / "b c" / "ü"
    deep.mkdir(parents=True)
    (deep / "page.png").write_bytes(page(pixels()).data)
    (deep / "notes.txt").write_text("not a picture")
    (folder / "empty.png").write_bytes(b"")
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    report = take(folder)
    assert [i.source for i in report.imported] == [str(deep / "page.png")]
    assert (report.refused, report.foreign) == ((), ())


def test_pictures_of_others_are_left_alone(studio: Studio, take: Take, folder: Path):
    (folder / "holiday.png").write_bytes(encode_png(pixels()))
    (folder / "old.gif").write_bytes(b"GIF89a" + bytes(40))
    report = take(folder)
    assert sorted(Path(source).name for source in report.foreign) == ["holiday.png", "old.gif"]
    assert studio.library.count() == 0


@pytest.mark.parametrize("content", [b"", b"words", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_named_and_is_no_picture_is_refused(
    take: Take, folder: Path, content: bytes
):
    file = folder / "page.png"
    file.write_bytes(content)
    report = take(file, folder / "nowhere.png")
    left = [*(r.what for r in report.refused), *report.foreign]
    assert left in (
        [str(file), str(folder / "nowhere.png")],
        [str(folder / "nowhere.png"), str(file)],
    )


def test_damaged_pictures_are_refused_and_the_rest_goes_on(
    studio: Studio, take: Take, folder: Path
):
    whole = page(pixels()).data
    (folder / "a cut.png").write_bytes(whole[: len(whole) * 2 // 3])
    flipped = bytearray(page(pixels(seed=2), seed=2).data)
    flipped[-400] ^= 0xFF
    (folder / "b flipped.png").write_bytes(flipped)
    (folder / "c whole.png").write_bytes(page(pixels(seed=3), seed=3).data)
    report = take(folder)
    assert [Path(i.source).name for i in report.imported] == ["c whole.png"]
    assert [Path(r.what).name for r in report.refused] == ["a cut.png", "b flipped.png"]
    assert all(r.message and r.next_step for r in report.refused)
    assert studio.library.verify().sound


def test_a_picture_that_claims_to_be_huge_is_not_decoded(take: Take, folder: Path):
    data = bytearray(page(pixels()).data)
    body = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data[12:33] = body + struct.pack(">I", zlib.crc32(body))
    (folder / "huge.png").write_bytes(data)
    (refused,) = take(folder).refused
    assert "megapixels" in refused.message


def test_an_archive_that_we_made_comes_back(
    studio: Studio, take: Take, folder: Path, events_of: EventsOf
):
    kept = [keep(studio.library, seed=seed) for seed in range(3)]
    target = folder / "pages.zip"
    ids = [picture.id for picture in kept]
    events_of(studio.hand_over.zip_job(ids, ExportWish(names=True, pattern="{seed}"), target))
    bytes_before = [Path(picture.path).read_bytes() for picture in kept]
    empty_trash(studio, *ids)
    report = take(target)
    assert [i.source for i in report.imported] == [f"{target}/{seed}.png" for seed in range(3)]
    assert [studio.library.read(i.id) for i in report.imported] == bytes_before
    assert len(take(target).known) == 3


def test_archives_that_mean_harm_do_none(studio: Studio, take: Take, folder: Path):
    good = page(pixels()).data
    target = folder / "bad.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../climbs.png", good)
        archive.writestr("/etc/climbs.png", good)
        archive.writestr("C:\\climbs.png", good)
        archive.writestr("bomb.png", good[:-12] + bytes(300_000_000))
        archive.writestr("letter.txt", "not a picture")
        archive.writestr("whole.png", good)
    before = {file for file in folder.parent.rglob("*") if "places" not in file.parts}
    report = take(target)
    assert [i.source for i in report.imported] == [f"{target}/whole.png"]
    assert [Path(r.what).name for r in report.refused] == [
        *("climbs.png", "climbs.png", "C:\\climbs.png", "bomb.png")
    ]
    assert {f for f in folder.parent.rglob("*") if "places" not in f.parts} == before


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_archives_are_not_unpacked_by_what_knows_no_measure(take: Take, folder: Path, method: int):
    # Python reads these to their ends, however little of them is asked for.
    target = folder / "pages.zip"
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr("page.png", page(pixels()).data)
    report = take(target)
    assert report.imported == ()
    (refused,) = report.refused
    assert refused.what == f"{target}/page.png"
    assert "packed in a way" in refused.message


@pytest.mark.parametrize("harm", ["cut", "flipped", "locked", "no end", "endless list"])
def test_damaged_archives_are_refused_by_name(take: Take, folder: Path, harm: str):
    target = folder / "pages.zip"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("page.png", page(pixels()).data)
    data = bytearray(target.read_bytes())
    start = data.rindex(b"PK\x01\x02")
    match harm:
        case "cut":
            data = data[: len(data) // 2]
        case "flipped":
            data[len(data) // 2] ^= 0xFF
        case "locked":
            data[start + 8] |= 1
        case "no end":
            data = data[:start]
        case _:
            end = data.rindex(b"PK\x05\x06")
            data[end + 12 : end + 16] = b"\xff\xff\xff\xff"
    target.write_bytes(data)
    report = take(target)
    assert report.imported == ()
    assert [r.what.startswith(str(target)) for r in report.refused] == [True]


def test_a_history_that_cannot_be_read_still_says_what_it_can(
    studio: Studio, take: Take, folder: Path
):
    from pickabook_desktop.imaging.metadata import Metadata, embed

    said = Metadata(prompt="a fox", template="moon-walk", seed=3, request_json="{", created="once")
    (folder / "page.png").write_bytes(embed(encode_png(pixels()), "image/png", said))
    os.utime(folder / "page.png", (1_700_000_000, 1_700_000_000))
    (imported,) = take(folder).imported
    kept = studio.library.get(imported.id)
    assert (kept.request.prompt, kept.request.template_id, kept.request.seed) == (
        *("a fox", "moon-walk", 3),
    )
    assert kept.created.startswith("2023-11-14")


@pytest.mark.parametrize(
    ("created", "year"),
    [
        ("0001-01-01T00:00:00+23:59", "2023"),
        ("9999-12-31T23:59:59-23:59", "2023"),
        ("0001-01-01T00:00:00", "1970"),
        ("1960-05-01T00:00:00Z", "1970"),
    ],
)
def test_an_odd_date_stops_nothing(
    studio: Studio, take: Take, folder: Path, created: str, year: str
):
    from pickabook_desktop.imaging.metadata import Metadata, embed

    said = Metadata(prompt="a fox", seed=3, created=created)
    (folder / "a odd.png").write_bytes(embed(encode_png(pixels()), "image/png", said))
    os.utime(folder / "a odd.png", (1_700_000_000, 1_700_000_000))
    (folder / "b usual.png").write_bytes(page(pixels(seed=2), seed=2).data)
    odd, usual = take(folder).imported
    assert studio.library.get(odd.id).created.startswith(year)
    assert studio.library.get(usual.id).created.startswith("2026")


def test_a_full_disk_ends_it_and_loses_nothing(
    studio: Studio, folder: Path, events_of: EventsOf, monkeypatch: pytest.MonkeyPatch
):
    for seed in range(3):
        (folder / f"{seed}.png").write_bytes(page(pixels(seed=seed), seed=seed).data)
    add = type(studio.library).add

    def full(self: Any, *arguments: Any) -> object:
        if studio.library.count() == 2:
            raise StorageError("There is no room left for the library.", "Free some space.")
        return add(self, *arguments)

    monkeypatch.setattr(type(studio.library), "add", full)
    ending = events_of(studio.hand_over.import_job((folder,)))[-1]
    assert isinstance(ending, Failed)
    assert "2 pictures" in ending.error.message
    assert isinstance(ending.report, ImportReport)
    assert [Path(one.source).name for one in ending.report.imported] == ["0.png", "1.png"]
    monkeypatch.undo()
    assert studio.library.verify().sound
    assert studio.library.count() == 2


def test_cancelling_keeps_what_had_come(studio: Studio, folder: Path):
    for seed in range(3):
        (folder / f"{seed}.png").write_bytes(page(pixels(seed=seed), seed=seed).data)
    token = CancelToken()
    events: list[JobEvent] = []
    for event in run_job(studio.hand_over.import_job((folder,)), token):
        events.append(event)
        if studio.library.count() == 1:
            token.cancel()
    (ending,) = [event for event in events if isinstance(event, Cancelled)]
    assert isinstance(ending.report, ImportReport)
    assert [Path(one.source).name for one in ending.report.imported] == ["0.png"]
    assert studio.library.count() == 1
    assert studio.library.verify().sound

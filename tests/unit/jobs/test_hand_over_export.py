"""Copies of many pictures are what was asked for, and say no more than they should."""

import errno
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from unit.imaging.press_profile import press_profile
from unit.jobs.conftest import Export
from unit.jobs.kept_pages import asked, keep, names_in, pixels

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.events import Cancelled, Failed, JobEvent
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.hand_over import ExportFormat, ExportReport, ExportWish, planned
from pickabook_desktop.imaging.encode import decode_rgb, encode_jpeg
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage import atomic

EventsOf = Callable[..., list[JobEvent]]


def pixel_of(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    return tuple(int(level) for level in np.asarray(image)[y, x])


def opened(report: ExportReport) -> Image.Image:
    (written,) = report.written
    image = Image.open(written.file)
    image.load()
    return image


def test_originals_are_the_same_bytes(studio: Studio, export: Export):
    kept = [keep(studio.library, seed=seed) for seed in (1, 2)]
    report = export(*(picture.id for picture in kept), names=True)
    assert [w.id for w in report.written] == [picture.id for picture in kept]
    for picture, written in zip(kept, report.written, strict=True):
        assert Path(written.file).read_bytes() == Path(picture.path).read_bytes()


@pytest.mark.parametrize("kind", ["png", "jpeg", "tiff"])
@pytest.mark.parametrize("edge", [0, 60])
def test_resolution_and_profile_stand_in_the_file(
    studio: Studio, export: Export, kind: ExportFormat, edge: int
):
    kept = keep(studio.library)
    report = export(kept.id, format=kind, dpi=240, long_edge=edge)
    image = opened(report)
    assert image.size == ((60, 40) if edge else (120, 80))
    assert report.written[0].size == Size(*image.size)
    assert image.info["dpi"] == pytest.approx((240, 240), abs=0.1)
    profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
    assert "sRGB" in ImageCms.getProfileDescription(profile)


def test_a_lossless_copy_in_the_same_size_shows_the_very_same(studio: Studio, export: Export):
    rgb = pixels()
    kept = keep(studio.library, rgb)
    for kind in ("png", "tiff"):
        copy = opened(export(kept.id, format=kind, pattern=f"{kind} {{number}}"))
        assert np.array_equal(np.asarray(copy), rgb)


def test_a_jpeg_that_stays_one_is_not_encoded_again(studio: Studio, export: Export):
    kept = keep(studio.library, media_type="image/jpeg")
    copy = opened(export(kept.id, format="jpeg", dpi=150))
    assert copy.info["dpi"] == (150, 150)
    assert np.array_equal(np.asarray(copy), decode_rgb(Path(kept.path).read_bytes()))


def test_quality_makes_smaller_files(studio: Studio, export: Export):
    kept = keep(studio.library)
    sizes = []
    for quality in (40, 95):
        (written,) = export(kept.id, format="jpeg", quality=quality).written
        sizes.append(Path(written.file).stat().st_size)
    assert sizes[0] < sizes[1] / 2


def test_a_print_is_as_large_as_its_millimetres(studio: Studio, export: Export):
    kept = keep(studio.library)
    report = export(kept.id, format="tiff", print_width=50.8, dpi=300)
    assert opened(report).size == (600, 400)
    assert any("Enlarged 5 times" in note for note in report.written[0].notes)
    # Whichever is the tighter one decides.
    tight = export(kept.id, format="tiff", print_width=50.8, print_height=25.4, dpi=100)
    assert opened(tight).size == (150, 100)


def test_a_print_that_is_filled_loses_its_edges(studio: Studio, export: Export):
    rgb = pixels()
    kept = keep(studio.library, rgb)
    report = export(
        kept.id, format="png", print_width=20.32, print_height=20.32, dpi=100, fit="fill"
    )
    copy = np.asarray(opened(report))
    assert np.array_equal(copy, rgb[:, 20:100])
    assert any("cut off" in note for note in report.written[0].notes)


def test_bleed_is_the_picture_mirrored_at_its_edges(studio: Studio, export: Export):
    rgb = pixels()
    kept = keep(studio.library, rgb)
    report = export(kept.id, format="png", bleed=2.54, dpi=100)
    copy = np.asarray(opened(report))
    assert copy.shape == (100, 140, 3)
    assert np.array_equal(copy[10:-10, 10:-10], rgb)
    assert np.array_equal(copy[10:-10, 9], rgb[:, 0])
    assert np.array_equal(copy[10:-10, :10], rgb[:, :10][:, ::-1])
    assert np.array_equal(copy[-10:, 10:-10], rgb[-10:][::-1])
    assert np.array_equal(copy[:10, :10], rgb[:10, :10][::-1, ::-1])
    (written,) = report.written
    assert (written.trim, written.size) == (Size(120, 80), Size(140, 100))
    assert any("120x80" in note for note in written.notes)


def test_display_p3_is_converted_and_says_so(studio: Studio, export: Export):
    red = np.zeros((40, 60, 3), np.uint8)
    red[..., 0] = 255
    kept = keep(studio.library, red)
    for kind in ("png", "tiff", "jpeg", "webp"):
        copy = opened(export(kept.id, format=kind, icc="display-p3", quality=100))
        assert np.abs(np.subtract(pixel_of(copy, 30, 20), (234, 51, 35))).max() <= 3
        profile = ImageCms.ImageCmsProfile(io.BytesIO(copy.info["icc_profile"]))
        assert "Display P3" in ImageCms.getProfileDescription(profile)


@pytest.mark.parametrize("kind", ["original", "png", "jpeg", "webp", "tiff"])
def test_a_profile_can_be_left_out(studio: Studio, export: Export, kind: ExportFormat):
    kept = keep(studio.library)
    (written,) = export(kept.id, format=kind, icc="none").written
    assert "icc_profile" not in opened(export(kept.id, format=kind, icc="none")).info
    assert b"sRGB" not in Path(written.file).read_bytes()[:200]


@pytest.mark.parametrize("kind", ["jpeg", "tiff"])
def test_a_press_gets_four_inks(studio: Studio, export: Export, folder: Path, kind: ExportFormat):
    profile = folder.parent / "press.icc"
    profile.write_bytes(press_profile())
    white = np.full((40, 60, 3), 255, np.uint8)
    white[:, 30:] = 0
    kept = keep(studio.library, white)
    copy = opened(export(kept.id, format=kind, icc=str(profile), bleed=1, dpi=254))
    assert (copy.mode, copy.size) == ("CMYK", (80, 60))
    assert copy.info["icc_profile"] == press_profile()
    assert max(pixel_of(copy, 15, 30)) <= 6
    assert pixel_of(copy, 70, 30)[3] >= 235


@pytest.mark.parametrize("kind", ["original", "png", "webp"])
def test_formats_without_inks_are_refused_before_anything_is_written(
    studio: Studio, folder: Path, events_of: EventsOf, kind: ExportFormat
):
    profile = folder.parent / "press.icc"
    profile.write_bytes(press_profile())
    kept = keep(studio.library)
    wish = ExportWish(folder=str(folder), format=kind, icc=str(profile))
    ending = events_of(studio.hand_over.export_many_job((kept.id,), wish))[-1]
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, InputError)
    assert "CMYK" in ending.error.message
    assert names_in(folder) == []


def test_one_bad_picture_is_named_and_the_rest_goes_on(
    studio: Studio, export: Export, folder: Path
):
    kept = [keep(studio.library, seed=seed) for seed in range(4)]
    Path(kept[0].path).unlink()
    Path(kept[2].path).write_bytes(b"something else")
    report = export(*(picture.id for picture in kept), "0" * 26, pattern="{seed}")
    assert names_in(folder) == ["1.png", "3.png"]
    assert [failure.what for failure in report.failed] == [kept[0].id, kept[2].id, "0" * 26]
    assert all(failure.message and failure.next_step for failure in report.failed)


@pytest.mark.parametrize(
    "wish",
    [
        {"folder": ""},
        {"folder": "/nowhere/at/all"},
        {"quality": 101},
        {"dpi": 0},
        {"bleed": -1},
        {"long_edge": 1_000_000},
        {"icc": "/nowhere/press.icc"},
        {"pattern": "{nobody}"},
        {"pattern": "{number"},
        {"pattern": ""},
    ],
)
def test_wishes_that_cannot_be_are_refused_with_a_reason(
    studio: Studio, folder: Path, events_of: EventsOf, wish: dict[str, Any]
):
    kept = keep(studio.library)
    asked_for: dict[str, Any] = {"folder": str(folder), **wish}
    job = studio.hand_over.export_many_job((kept.id,), ExportWish(**asked_for))
    ending = events_of(job)[-1]
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, InputError | StorageError)
    assert ending.error.next_step
    assert names_in(folder) == []


def test_a_full_disk_ends_it_and_says_how_far_it_came(
    studio: Studio, folder: Path, events_of: EventsOf, monkeypatch: pytest.MonkeyPatch
):
    kept = [keep(studio.library, seed=seed) for seed in range(4)]
    syncs = []

    def full(handle: int) -> None:
        syncs.append(handle)
        if len(syncs) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic, "_sync", full)
    wish = ExportWish(folder=str(folder), pattern="{seed}")
    job = studio.hand_over.export_many_job([picture.id for picture in kept], wish)
    ending = events_of(job)[-1]
    assert isinstance(ending, Failed)
    assert "2 of 4" in ending.error.message
    assert isinstance(ending.report, ExportReport)
    assert [one.id for one in ending.report.written] == [kept[0].id, kept[1].id]
    assert names_in(folder) == ["0.png", "1.png"]


def test_cancelling_leaves_whole_files_alone(studio: Studio, folder: Path):
    kept = [keep(studio.library, seed=seed) for seed in range(3)]
    token = CancelToken()
    wish = ExportWish(folder=str(folder), pattern="{seed}", names=True)
    from pickabook_desktop.jobs.lanes import run_job

    endings = []
    for event in run_job(studio.hand_over.export_many_job([k.id for k in kept], wish), token):
        endings.append(event)
        if len(names_in(folder)) == 1:
            token.cancel()
    (ending,) = [event for event in endings if isinstance(event, Cancelled)]
    assert isinstance(ending.report, ExportReport)
    assert [one.id for one in ending.report.written] == [kept[0].id]
    assert names_in(folder) == ["0.png"]
    assert (folder / "0.png").read_bytes() == Path(kept[0].path).read_bytes()


def test_what_is_planned_is_what_comes(studio: Studio, export: Export):
    kept = keep(studio.library)
    wishes: tuple[dict[str, Any], ...] = (
        {"long_edge": 77},
        {"print_height": 33.3, "dpi": 200},
        {"print_width": 30, "print_height": 10, "fit": "fill", "bleed": 3},
    )
    for wish in wishes:
        plan = planned(kept.size, ExportWish(**wish))
        image = opened(export(kept.id, format="png", **wish))
        assert Size(*image.size) == plan.full


def test_a_longest_edge_enlarges_only_where_that_is_asked_for(studio: Studio, export: Export):
    kept = keep(studio.library)
    assert opened(export(kept.id, format="png", long_edge=200)).size == (120, 80)
    larger = export(kept.id, format="png", long_edge=240, enlarge=True)
    assert opened(larger).size == (240, 160)
    assert any("Enlarged 2 times" in note for note in larger.written[0].notes)


def test_wide_colours_of_a_picture_are_understood(studio: Studio, export: Export):
    from pickabook_desktop.domain.result import DrawnPicture
    from pickabook_desktop.imaging.colour_targets import display_p3_profile

    rgb = np.full((40, 60, 3), (234, 51, 35), np.uint8)
    data = encode_jpeg(rgb, 98, display_p3_profile())
    drawn = DrawnPicture(data=data, media_type="image/jpeg", size=Size(60, 40), seed=1)
    kept = studio.library.add(drawn, asked())
    copy = opened(export(kept.id, format="png"))
    assert np.abs(np.subtract(pixel_of(copy, 30, 20), (255, 0, 0))).max() <= 4
    assert np.abs(np.subtract(pixel_of(opened(export(kept.id)), 30, 20), (255, 0, 0))).max() <= 4

"""Copies of many pictures are what was asked for, and say no more than they should."""

import errno
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from PIL import Image, ImageCms
from unit.imaging.press_profile import press_profile
from unit.jobs.kept_pages import asked, keep, names_in, page, pixels, with_remark

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.events import Cancelled, Done, Failed, JobEvent
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.hand_over import ExportFormat, ExportReport, ExportWish, planned
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.domain.review import Marks
from pickabook_desktop.imaging import metadata
from pickabook_desktop.imaging.arriving import told_by
from pickabook_desktop.imaging.encode import decode_rgb, encode_jpeg
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage import atomic

EventsOf = Callable[..., list[JobEvent]]
Export = Callable[..., ExportReport]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "copies"
    made.mkdir()
    return made


@pytest.fixture
def export(studio: Studio, folder: Path, events_of: EventsOf) -> Export:
    def run(*ids: str, **wish: Any) -> ExportReport:
        job = studio.hand_over.export_many_job(ids, ExportWish(folder=str(folder), **wish))
        ending = events_of(job)[-1]
        assert isinstance(ending, Done), ending
        assert isinstance(ending.value, ExportReport)
        return ending.value

    return run


def kind_in(data: bytes) -> str:
    return Image.open(io.BytesIO(data)).get_format_mimetype() or ""


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


@pytest.mark.parametrize("kind", ["original", "png", "jpeg", "webp", "tiff"])
@pytest.mark.parametrize("edge", [0, 60])
def test_without_metadata_nothing_is_told(
    studio: Studio, export: Export, kind: ExportFormat, edge: int
):
    kept = keep(studio.library)
    (written,) = export(kept.id, format=kind, metadata=False, long_edge=edge).written
    data = Path(written.file).read_bytes()
    for trace in (
        b"on the moon",
        b"Annemarie",
        b"xmp",
        b"XMP",
        b"Exif",
        b"pickabook",
        b"moon-walk",
    ):
        assert trace not in data
    assert told_by(data, kind_in(data)) is None


@pytest.mark.parametrize("kind", ["original", "png", "jpeg", "webp", "tiff"])
@pytest.mark.parametrize("edge", [0, 60])
def test_metadata_name_the_child_only_where_that_is_asked_for(
    studio: Studio, export: Export, kind: ExportFormat, edge: int
):
    kept = keep(studio.library, prompt="Annemaries moon")
    for names in (True, False):
        (written,) = export(kept.id, format=kind, names=names, long_edge=edge).written
        data = Path(written.file).read_bytes()
        said = told_by(data, kind_in(data))
        assert said is not None
        assert said.seed == 7
        assert ("Annemarie" in said.prompt, b"Annemarie" in data) == (names, names)


@pytest.mark.parametrize("names", [False, True])
def test_what_others_have_written_into_a_file_does_not_go_out(
    studio: Studio, export: Export, names: bool
):
    drawn = page(pixels())
    drawn = msgspec.structs.replace(drawn, data=with_remark(drawn.data))
    kept = studio.library.add(drawn, asked(), "7", b"")
    (written,) = export(kept.id, names=names).written
    data = Path(written.file).read_bytes()
    assert b"for Quentin" not in data
    said = told_by(data, "image/png")
    assert said is not None
    assert said.prompt == "on the moon"


def test_names_follow_the_pattern(studio: Studio, export: Export, folder: Path):
    kept = [keep(studio.library, seed=seed) for seed in (5, 6)]
    studio.library.review.mark((kept[1].id,), Marks(rating=4))
    pattern = "{number:03} {title} {style} {engine} {seed:05} {rating}"
    export(*(picture.id for picture in kept), pattern=pattern)
    title = studio.templates["moon-walk"].title
    assert names_in(folder) == [
        f"001 {title} storybook fake 00005 0.png",
        f"002 {title} storybook fake 00006 4.png",
    ]


def test_children_are_named_only_where_that_is_asked_for(
    studio: Studio, export: Export, folder: Path
):
    kept = keep(studio.library, book="Annemarie at sea")
    report = export(kept.id, pattern="{child} - {book} {number}")
    assert names_in(folder) == ["at sea 1.png"]
    assert any("left out" in note for note in report.notes)
    export(kept.id, pattern="{child} - {book} {number}", names=True)
    assert "Annemarie - Annemarie at sea 1.png" in names_in(folder)


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


def test_a_history_that_a_jpeg_cannot_hold_is_told_and_left_out(studio: Studio, export: Export):
    kept = keep(studio.library, prompt="moon " * 16_000)
    report = export(kept.id, format="jpeg")
    (written,) = report.written
    assert any("history" in note for note in written.notes)
    assert metadata.read(Path(written.file).read_bytes(), "image/jpeg") is None


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


def test_a_pattern_for_folders_makes_none_and_says_so(studio: Studio, export: Export, folder: Path):
    kept = keep(studio.library)
    report = export(kept.id, pattern="{book}/{number}")
    assert names_in(folder) == ["The long way home_1.png"]
    assert any("/ became _" in note for note in report.notes)

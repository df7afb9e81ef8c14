"""Copies of many pictures tell no more than they should, in them and in their names."""

from pathlib import Path

import msgspec
import pytest
from unit.jobs.conftest import Export
from unit.jobs.kept_pages import asked, keep, kind_in, names_in, page, pixels, with_remark

from pickabook_desktop.domain.hand_over import ExportFormat
from pickabook_desktop.domain.review import Marks
from pickabook_desktop.imaging import metadata
from pickabook_desktop.imaging.arriving import told_by
from pickabook_desktop.jobs.studio import Studio


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
    studio.library.review.decisions.mark((kept[1].id,), Marks(rating=4))
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


def test_a_history_that_a_jpeg_cannot_hold_is_told_and_left_out(studio: Studio, export: Export):
    kept = keep(studio.library, prompt="moon " * 16_000)
    report = export(kept.id, format="jpeg")
    (written,) = report.written
    assert any("history" in note for note in written.notes)
    assert metadata.read(Path(written.file).read_bytes(), "image/jpeg") is None


def test_a_pattern_for_folders_makes_none_and_says_so(studio: Studio, export: Export, folder: Path):
    kept = keep(studio.library)
    report = export(kept.id, pattern="{book}/{number}")
    assert names_in(folder) == ["The long way home_1.png"]
    assert any("/ became _" in note for note in report.notes)

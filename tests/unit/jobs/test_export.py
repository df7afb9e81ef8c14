"""Copies of pictures are true to the original and say no more than they should."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.events import Done, Failed, JobEvent, Succeeded
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.imaging import metadata
from pickabook_desktop.imaging.encode import decode_rgb
from pickabook_desktop.jobs.export import MEDIA_TYPES, check_target, numbered
from pickabook_desktop.jobs.studio import Studio

EventsOf = Callable[..., list[JobEvent]]
MakeStudio = Callable[..., Studio]


@pytest.fixture
def kept(
    studio: Studio, request_for: Callable[..., GenerationRequest], events_of: EventsOf
) -> KeptPicture:
    ending = events_of(studio.easel.generate_job(request_for(prompt="a fox")))[-1]
    assert isinstance(ending, Succeeded)
    return ending.result.pictures[0]


def test_a_copy_in_the_same_format_is_the_same_file(
    studio: Studio, kept: KeptPicture, folder: Path, events_of: EventsOf
):
    target = folder / "page.png"
    assert events_of(studio.hand_over.export_job(kept, target))[-1] == Done(value=target)
    assert target.read_bytes() == Path(kept.path).read_bytes()


def test_a_copy_may_keep_to_itself_how_it_was_made(
    make_studio: MakeStudio, kept: KeptPicture, folder: Path, events_of: EventsOf
):
    silent = make_studio(**{"export.metadata": "off"})
    target = folder / "page.png"
    events_of(silent.hand_over.export_job(kept, target))
    assert metadata.read(target.read_bytes(), "image/png") is None
    assert (decode_rgb(target.read_bytes()) == decode_rgb(Path(kept.path).read_bytes())).all()


@pytest.mark.parametrize("name", ["page.png", "page.jpg"])
def test_a_copy_names_the_child_only_where_that_is_wished(
    make_studio: MakeStudio,
    request_for: Callable[..., GenerationRequest],
    folder: Path,
    events_of: EventsOf,
    name: str,
):
    naming, silent = make_studio(**{"export.names": "on"}), make_studio()
    (ending,) = events_of(
        naming.easel.generate_job(request_for(fields={"name": "Ada"}, prompt="Adas fox"))
    )[-1:]
    assert isinstance(ending, Succeeded)
    for studio, fields in ((naming, {"name": "Ada"}), (silent, {})):
        events_of(studio.hand_over.export_job(ending.result.pictures[0], folder / name))
        told = metadata.read((folder / name).read_bytes(), MEDIA_TYPES[(folder / name).suffix])
        assert told is not None
        assert GenerationRequest.from_json(told.request_json).fields == fields
        assert ("Ada" in told.prompt, "Ada" in told.request_json) == (bool(fields), bool(fields))


@pytest.mark.parametrize("name", ["page.jpg", "page.JPEG", "page.webp", "page.tif", "page.tiff"])
def test_a_copy_in_another_format_shows_the_same(
    studio: Studio, kept: KeptPicture, folder: Path, events_of: EventsOf, name: str
):
    events_of(studio.hand_over.export_job(kept, folder / name, quality=95))
    copy = decode_rgb((folder / name).read_bytes()).astype(int)
    assert abs(copy - decode_rgb(Path(kept.path).read_bytes())).max() <= 6
    assert [file.name for file in folder.iterdir()] == [name]


def test_a_damaged_picture_is_not_handed_on(
    studio: Studio, kept: KeptPicture, folder: Path, events_of: EventsOf
):
    Path(kept.path).write_bytes(Path(kept.path).read_bytes()[:-20])
    ending = events_of(studio.hand_over.export_job(kept, folder / "page.png"))[-1]
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, StorageError)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["page", "page.gif", "none/page.png", "folder.png"])
def test_targets_that_cannot_be_are_refused(folder: Path, name: str):
    (folder / "folder.png").mkdir()
    with pytest.raises(InputError) as caught:
        check_target(folder / name)
    assert caught.value.next_step


def test_the_photo_is_never_written_over(
    studio: Studio, kept: KeptPicture, photo: Path, folder: Path, events_of: EventsOf
):
    before = photo.read_bytes()
    other_name = folder / "link.png"
    other_name.hardlink_to(photo)
    for target in (photo, folder / ".." / photo.name, other_name):
        with pytest.raises(InputError, match="photo"):
            check_target(target, photo=photo)
        ending = events_of(studio.hand_over.export_job(kept, target))[-1]
        assert isinstance(ending, Failed)
        assert "photo" in ending.error.message
    assert photo.read_bytes() == before


def test_nothing_is_written_into_the_library(
    studio: Studio, kept: KeptPicture, folder: Path, events_of: EventsOf
):
    before = Path(kept.path).read_bytes()
    way_in = folder / "way-in"
    way_in.symlink_to(Path(kept.path).parent)
    link = folder / "link.png"
    link.symlink_to(kept.path)
    targets = (Path(kept.path), way_in / "new.png", link, studio.library.folder / "page.png")
    for target in targets:
        with pytest.raises(InputError, match="library"):
            check_target(target, library=studio.library.folder)
        ending = events_of(studio.hand_over.export_job(kept, target))[-1]
        assert isinstance(ending, Failed)
        assert "library" in ending.error.message
    assert Path(kept.path).read_bytes() == before
    assert studio.library.verify().sound


def test_a_library_that_is_not_there_yet_is_no_place_either(tmp_path: Path):
    (tmp_path / "shelf").mkdir()
    with pytest.raises(InputError, match="library"):
        check_target(tmp_path / "shelf" / "page.png", library=tmp_path / "shelf")
    check_target(tmp_path / "page.png", library=tmp_path / "later")


def test_one_file_has_the_name_itself_and_several_are_numbered():
    assert numbered(Path("a/page.png"), 1) == (Path("a/page.png"),)
    assert numbered(Path("a/page.png"), 2) == (Path("a/page-1.png"), Path("a/page-2.png"))

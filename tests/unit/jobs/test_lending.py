"""Files for other programs: the library's own where they tell no more than they may."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from e2e.fake_engine import plain_png
from PIL import Image
from unit.jobs.kept_pages import with_remark

from pickabook_desktop.domain.capabilities import Capabilities, Terms
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.events import Done, Failed
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture, KeptPicture
from pickabook_desktop.imaging.arriving import told_by
from pickabook_desktop.imaging.encode import decode_rgb
from pickabook_desktop.imaging.metadata import read, to_packet
from pickabook_desktop.jobs import lending
from pickabook_desktop.jobs.export import CopyRules, export_picture
from pickabook_desktop.jobs.generate import keep
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.library import Library

CAN = Capabilities(id="storybook", title="", version="1", summary="", terms=Terms(summary=""))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path / "library")
    yield library
    library.close()


def kept(library: Library, child: str = "", *, names: bool = False) -> KeptPicture:
    request = GenerationRequest(
        photo=PhotoRef(path=""),
        prompt=f"{child} and the fox".strip(),
        fields={"name": child} if child else {},
    )
    size = Size(64, 64)
    drawn = DrawnPicture(data=plain_png(size, 1), media_type="image/png", size=size, seed=1)
    return keep(drawn, request, CAN, library, names=names)


def as_tiff(library: Library, page: KeptPicture) -> KeptPicture:
    """The same page as a TIFF that says the same, and has a remark of another program."""
    data = Path(page.path).read_bytes()
    said = read(data, "image/png")
    assert said is not None
    target = io.BytesIO()
    remark, xmp = 270, 700
    tags = {xmp: to_packet(said, names=True), remark: "for Quentin"}
    Image.fromarray(decode_rgb(data)).save(target, "TIFF", tiffinfo=tags)
    drawn = DrawnPicture(data=target.getvalue(), media_type="image/tiff", size=Size(64, 64), seed=1)
    return library.add(drawn, page.request, "1", b"")


def lent(library: Library, folder: Path, *pictures: KeptPicture, **rules: bool) -> tuple[Path, ...]:
    folder.mkdir(exist_ok=True)
    wish = {"metadata": True, "names": False} | rules
    ids = [picture.id for picture in pictures]
    job = lending.lend_job(library, ids, lambda name: folder / name, **wish)
    *_, last = run_job(job, CancelToken())
    if isinstance(last, Failed):
        raise last.error
    assert isinstance(last, Done)
    assert isinstance(last.value, tuple)
    return last.value


def test_the_librarys_own_file_is_lent_where_it_names_nobody(library: Library, tmp_path: Path):
    plain, unnamed = kept(library), kept(library, "Quentin")
    files = lent(library, tmp_path / "lent", plain, unnamed)
    assert files == (Path(plain.path), Path(unnamed.path))


def test_a_file_that_names_the_child_is_lent_as_a_copy_that_does_not(library, tmp_path: Path):
    named = kept(library, "Quentin", names=True)
    (file,) = lent(library, tmp_path / "lent", named)
    assert file.parent == tmp_path / "lent"
    said = read(file.read_bytes(), "image/png")
    assert said is not None
    assert "fox" in said.prompt
    assert "Quentin" not in said.prompt + said.request_json
    assert lent(library, tmp_path / "lent", named, names=True) == (Path(named.path),)


@pytest.mark.parametrize("names", [False, True])
def test_what_others_have_written_into_a_file_is_not_lent(library, tmp_path: Path, names: bool):
    page = kept(library, "Quentin")
    said = with_remark(Path(page.path).read_bytes())
    request = GenerationRequest(photo=PhotoRef(path=""), prompt="and the fox")
    drawn = DrawnPicture(data=said, media_type="image/png", size=Size(64, 64), seed=1)
    remarked = library.add(drawn, request, "1", b"")
    (file,) = lent(library, tmp_path / "lent", remarked, names=names)
    assert b"for Quentin" not in file.read_bytes()
    told = read(file.read_bytes(), "image/png")
    assert told is not None
    assert "fox" in told.prompt


def test_a_tiff_that_names_the_child_is_lent_as_a_copy_that_does_not(library, tmp_path: Path):
    named = as_tiff(library, kept(library, "Quentin", names=True))
    rgb = decode_rgb(Path(named.path).read_bytes())
    (file,) = lent(library, tmp_path / "lent", named)
    data = file.read_bytes()
    assert b"Quentin" not in data
    assert np.array_equal(decode_rgb(data), rgb)
    told = told_by(data, "image/tiff")
    assert told is not None
    assert "fox" in told.prompt
    (whole,) = lent(library, tmp_path / "whole", named, names=True)
    assert b"for Quentin" not in whole.read_bytes()
    assert b"Quentin and the fox" in whole.read_bytes()


@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "tif"])
def test_a_tiff_becomes_whatever_is_wished_for(library, tmp_path: Path, ending: str):
    named = as_tiff(library, kept(library, "Quentin", names=True))
    for metadata in (False, True):
        target = tmp_path / f"page.{ending}"
        export_picture(named, target, CopyRules(metadata=metadata))
        data = target.read_bytes()
        assert b"Quentin" not in data
        assert (b"fox" in data) == (metadata and ending != "tif")
    (silent,) = lent(library, tmp_path / "silent", named, metadata=False)
    assert told_by(silent.read_bytes(), "image/tiff") is None
    assert b"Quentin" not in silent.read_bytes()


def test_without_metadata_nothing_is_told(library: Library, tmp_path: Path):
    (file,) = lent(library, tmp_path / "lent", kept(library, "Quentin"), metadata=False)
    assert file.parent == tmp_path / "lent"
    assert read(file.read_bytes(), "image/png") is None


def test_more_than_programs_should_be_given_is_refused(library, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(lending, "MOST_COPIES", 1)
    two = (kept(library), kept(library))
    assert len(lent(library, tmp_path / "lent", *two)) == 2
    with pytest.raises(InputError, match="2 pages are too many"):
        lent(library, tmp_path / "lent", *two, metadata=False)

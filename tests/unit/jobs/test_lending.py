"""Files for other programs: the library's own where they tell no more than they may."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.fake_engine import plain_png

from pickabook_desktop.domain.capabilities import Capabilities, Terms
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.events import Done, Failed
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture, KeptPicture
from pickabook_desktop.imaging.metadata import read
from pickabook_desktop.jobs import lending
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

"""Thumbnails are made where there are none, and kept."""

import io
from pathlib import Path

import pytest
from PIL import Image

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture, KeptPicture
from pickabook_desktop.jobs.thumbnails import kept_edge, made_thumbnail
from pickabook_desktop.storage.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


def kept(library: Library) -> KeptPicture:
    buffer = io.BytesIO()
    Image.new("RGB", (1200, 1500), "#2C6E49").save(buffer, "PNG")
    drawn = DrawnPicture(
        data=buffer.getvalue(), media_type="image/png", size=Size(1200, 1500), seed=1
    )
    return library.add(drawn, GenerationRequest(photo=PhotoRef(path="photo.jpg")))


def test_one_that_was_made_is_there_the_next_time_also_without_the_file(library: Library) -> None:
    picture = kept(library)
    jpeg = made_thumbnail(library, picture.id, Path(picture.path), 512)
    assert max(Image.open(io.BytesIO(jpeg)).size) == 512
    Path(picture.path).unlink()
    assert made_thumbnail(library, picture.id, Path(picture.path), 512) == jpeg
    library.close()


def test_a_file_that_is_gone_is_named(library: Library) -> None:
    picture = kept(library)
    Path(picture.path).unlink()
    with pytest.raises(StorageError) as raised:
        made_thumbnail(library, picture.id, Path(picture.path), 512)
    assert picture.id in str(raised.value)
    assert picture.path in raised.value.next_step
    library.close()


def test_a_purged_picture_gets_no_thumbnail_that_stays(library: Library) -> None:
    picture = kept(library)
    path = Path(picture.path)
    data = path.read_bytes()
    library.trash(picture.id)
    library.purge()
    path.write_bytes(data)
    made_thumbnail(library, picture.id, path, 512)
    assert library.large_thumbnail(picture.id, 512) is None
    library.close()


@pytest.mark.parametrize(("edge", "expected"), [(300, 512), (512, 512), (513, 1024), (4000, 1024)])
def test_few_sizes_are_kept(edge: int, expected: int) -> None:
    assert kept_edge(edge) == expected

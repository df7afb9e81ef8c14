"""A photo is searched for faces once, whoever asks."""

from pathlib import Path

import pytest
from PIL import Image

from pickabook_desktop.domain.errors import PhotoError
from pickabook_desktop.imaging.faces import FaceFinder, FoundFaces
from pickabook_desktop.imaging.seen import SeenPhotos

Counted = list[str]


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """One entry for each search."""
    done: Counted = []
    find = FaceFinder.find

    def counted(finder: FaceFinder, rgb: object) -> FoundFaces:
        done.append("search")
        return find(finder, rgb)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(FaceFinder, "find", counted)
    return done


def test_a_photo_and_its_copy_are_searched_once(
    models: Path, searches: Counted, tmp_path: Path, astronaut: object
):
    file, copy = tmp_path / "a.png", tmp_path / "b.png"
    Image.fromarray(astronaut).save(file)  # pyright: ignore[reportArgumentType]
    copy.write_bytes(file.read_bytes())
    seen = SeenPhotos(models)
    found = [seen.faces(seen.read(path)) for path in (file, copy, file)]
    assert [len(each.faces) for each in found] == [1, 1, 1]
    assert len(searches) == 1

    file.write_bytes(b"")
    with pytest.raises(PhotoError, match="empty"):
        seen.read(file)

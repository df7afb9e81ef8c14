"""Larger thumbnails are made once and then at hand."""

import io
from pathlib import Path

import pytest
from PIL import Image
from unit.jobs.kept_pages import keep, pixels

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.jobs.large_thumbnails import large_thumbnail
from pickabook_desktop.jobs.studio import Studio


@pytest.mark.parametrize(("edge", "made"), [(300, 384), (384, 384), (400, 512), (5000, 1000)])
def test_one_is_at_least_as_large_as_it_is_shown(studio: Studio, edge: int, made: int):
    kept = keep(studio.library, pixels(1000, 500))
    jpeg = large_thumbnail(studio.library, kept.id, edge)
    assert Image.open(io.BytesIO(jpeg)).size == (made, made // 2)


def test_the_file_is_read_but_once(studio: Studio):
    kept = keep(studio.library, pixels(1000, 500))
    first = large_thumbnail(studio.library, kept.id, 500)
    Path(kept.path).unlink()
    assert large_thumbnail(studio.library, kept.id, 450) == first
    with pytest.raises(StorageError):
        large_thumbnail(studio.library, kept.id, 700)
    with pytest.raises(InputError):
        large_thumbnail(studio.library, "0" * 26, 500)

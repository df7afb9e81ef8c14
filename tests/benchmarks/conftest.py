"""The portrait and the press that the benchmarks share."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from benchmarks.press import Press

from pickabook_desktop.assembly import assemble
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.storage.places import Places


@pytest.fixture(scope="session")
def astronaut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portrait that ships with scikit-image, as a JPEG file."""
    from PIL import Image
    from skimage import data

    path = tmp_path_factory.mktemp("photo") / "astronaut.jpg"
    Image.fromarray(np.asarray(data.astronaut())).save(path, quality=95)
    return path


@pytest.fixture(scope="session")
def strangers(astronaut: Path) -> Iterator[Path]:
    """Photos that nothing is known of yet: the same portrait, each a little brighter or darker."""
    from PIL import Image, ImageEnhance

    photos: list[Path] = []
    with Image.open(astronaut) as image:
        for index in range(12):
            photos.append(astronaut.with_name(f"stranger-{index}.jpg"))
            ImageEnhance.Brightness(image).enhance(0.9 + index / 60).save(photos[-1], quality=95)
    return itertools.cycle(photos)


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return assemble(Places.under(tmp_path_factory.mktemp("places")))


@pytest.fixture(scope="session")
def press(studio: Studio, astronaut: Path) -> Press:
    return Press(studio, astronaut)

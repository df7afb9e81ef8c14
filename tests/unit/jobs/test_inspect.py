"""Looking at a photo gives advice and an upright picture to show."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pickabook_desktop.domain.errors import PhotoError
from pickabook_desktop.domain.events import Cancelled, Done, Failed, JobEvent
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.imaging.encode import decode_rgb
from pickabook_desktop.jobs.inspect import InspectedPhoto
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.net.cancel import CancelToken

EventsOf = Callable[..., list[JobEvent]]


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    """A person, lying on the side in a file that says nothing of it, and large."""
    data = pytest.importorskip("skimage.data")
    file = tmp_path / "astronaut.jpg"
    with Image.fromarray(np.rot90(data.astronaut())) as image:
        image.resize((2000, 2000)).save(file, quality=95)
    return file


def test_the_face_is_found_and_the_picture_stands_upright(
    studio: Studio, events_of: EventsOf, portrait: Path
):
    ending = events_of(studio.inspect_job(portrait))[-1]
    assert isinstance(ending, Done)
    seen = ending.value
    assert isinstance(seen, InspectedPhoto)
    assert seen.report.turned == 90
    assert len(seen.report.faces) == 1
    assert seen.preview_size == Size(1600, 1600)
    shown = decode_rgb(seen.preview)
    assert shown.shape == (1600, 1600, 3)
    upright = pytest.importorskip("skimage.data").astronaut()
    small = np.asarray(Image.fromarray(shown).resize((512, 512)), float)
    assert np.abs(small - upright).mean() < 6


def test_what_is_no_photo_is_told(studio: Studio, events_of: EventsOf, tmp_path: Path):
    file = tmp_path / "letter.jpg"
    file.write_text("Dear Ada")
    ending = events_of(studio.inspect_job(file))[-1]
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, PhotoError)


def test_a_look_that_is_not_wanted_any_more_ends(
    studio: Studio, events_of: EventsOf, portrait: Path
):
    token = CancelToken()
    token.cancel()
    assert events_of(studio.inspect_job(portrait), token) == [Cancelled()]

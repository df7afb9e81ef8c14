"""The parts that the window and the command line share fit together."""

from pathlib import Path

import pytest
from PIL import Image

from pickabook_desktop.assembly import assemble
from pickabook_desktop.domain.events import Done, Succeeded
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.places import Places


def test_a_photo_that_was_checked_is_not_searched_for_faces_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from pickabook_desktop.imaging.faces import FaceFinder

    data = pytest.importorskip("skimage.data")
    photo = tmp_path / "astronaut.png"
    Image.fromarray(data.astronaut()).save(photo)
    studio = assemble(Places.under(tmp_path / "places"))
    *_, seen = run_job(studio.inspect_job(photo), CancelToken())
    assert isinstance(seen, Done)

    monkeypatch.setattr(FaceFinder, "find", lambda *_: pytest.fail("looked again"))
    request = GenerationRequest(
        photo=PhotoRef(path=str(photo)), template_id="moon-walk", size=Size(256, 256)
    )
    *_, small = run_job(studio.easel.preview_job(request), CancelToken())
    *_, page = run_job(studio.easel.generate_job(request), CancelToken())
    studio.library.close()
    assert isinstance(small, Done)
    assert isinstance(page, Succeeded)

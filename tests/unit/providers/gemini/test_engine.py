"""The engine as the program meets it before anything is sent."""

import subprocess
import sys
from pathlib import Path

import pytest
from doubles import MemorySecrets
from services.gemini_rig import Rig, wanted

from pickabook_desktop.domain.errors import CancelledError, NoFaceError
from pickabook_desktop.domain.outgoing import OutgoingImage
from pickabook_desktop.domain.ports import PageOrder
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.net.cancel import CancelToken

HEAVY = ("google.genai", "httpx", "httpx2", "truststore", "PIL", "numpy", "cv2", "pydantic")


def test_listing_it_loads_no_sdk(tmp_path: Path):
    """The window lists it before its first picture is drawn."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from doubles import engine_services\n"
        "from pickabook_desktop.providers.gemini import create\n"
        "engine = create(engine_services(cache_dir=Path(sys.argv[2])))\n"
        "engine.capabilities, engine.unavailable()\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    tests = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code, str(tests), str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "[]"


def test_a_keyring_that_nobody_has_asked_yet_is_no_reason_against(tmp_path: Path):
    class Unasked(MemorySecrets):
        def known(self, name: str) -> bool | None:
            return None

    assert Rig(None, tmp_path, secrets=Unasked()).engine.unavailable() == ""
    assert Rig(None, tmp_path, secrets=MemorySecrets()).engine.unavailable() != ""


def test_no_control_is_offered_that_the_model_cannot_obey(tmp_path: Path):
    can = Rig(None, tmp_path).engine.capabilities
    assert not can.uses_seed
    assert not can.uses_negative_prompt
    assert not can.free_size
    assert {"model", "reference", "scene"} == {o.id for o in can.options if o.scope == "picture"}
    assert can.chosen({"model": "gemini-3-pro-image"}).prices["4K"] == 0.24


def test_pictures_are_made_once_for_showing_and_sending(tmp_path: Path):
    rig = Rig(None, tmp_path)
    token = CancelToken()
    first = rig.engine.outgoing(wanted(), token)
    again = rig.engine.outgoing(wanted(count=4, seed=8, consent="Mum", book="Mia flies"), token)
    assert again is first
    assert len(rig.references.made) == 2


def test_other_choices_are_prepared_anew(tmp_path: Path):
    rig = Rig(None, tmp_path)
    token = CancelToken()
    first = rig.engine.outgoing(wanted(), token)
    other = rig.engine.outgoing(wanted(photo=PhotoRef(path="other.jpg", sha256="cd")), token)
    assert other.images[0].data != first.images[0].data


def test_preparing_stops_when_cancelled(tmp_path: Path):
    rig = Rig(None, tmp_path)
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        rig.engine.outgoing(wanted(), token)
    assert rig.references.made == []


def test_a_photo_without_a_face_is_said_before_anything_is_sent(tmp_path: Path):
    class Faceless:
        def face(self, photo: PhotoRef, *, longest: int) -> OutgoingImage:
            raise NoFaceError("No face was found.", "Choose another photo.")

    rig = Rig(None, tmp_path, references=Faceless())
    assert isinstance(rig.error(), NoFaceError)
    assert rig.calls == []


def test_the_scene_is_drawn_as_the_page_would_be(tmp_path: Path):
    rig = Rig(None, tmp_path)
    rig.engine.outgoing(wanted(palette_id="plum", style_id="comic"), CancelToken())
    order = rig.references.made[-1][1]
    assert isinstance(order, PageOrder)
    assert (order.template.id, order.style.id, order.palette_id) == ("balloon", "comic", "plum")

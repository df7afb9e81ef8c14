"""The doctor notices what is missing and says what to do."""

import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from e2e.fake_engine import FakeEngine
from msgspec.structs import replace
from unit.jobs.conftest import FakeEngines

from pickabook_desktop.domain.errors import NotConfiguredError
from pickabook_desktop.jobs.doctor import (
    LINUX_LIBRARIES,
    LINUX_WINDOW_LIBRARIES,
    Diagnosis,
    diagnose,
)
from pickabook_desktop.jobs.keys import Keys
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.storage.vault import LOCKED, Vault


class EmptyVault(Vault):
    """A keyring without keys."""

    def title(self) -> str:
        return "A keyring"

    def read(self, name: str) -> str:
        return ""


ROOT = Path(__file__).resolve().parents[3]


def finding(diagnosis: Diagnosis, name: str) -> tuple[str, str]:
    (found,) = [f for f in diagnosis.findings if f.name == name]
    return found.level, f"{found.detail} {found.next_step}"


def test_all_is_well_in_a_checkout_that_was_set_up(studio: Studio):
    diagnosis = diagnose(studio)
    assert diagnosis.healthy
    assert finding(diagnosis, "Library") == ("good", "0 pictures ")
    assert not studio.library.folder.exists()


def test_a_missing_or_wrong_face_model_is_named(studio: Studio, tmp_path: Path):
    resources = tmp_path / "resources"
    shutil.copytree(studio.places.face_models, resources / "face_models")
    (resources / "face_models" / "iris_landmark.tflite").unlink()
    (resources / "face_models" / "onet.onnx").write_bytes(b"something else")
    places = replace(studio.places, resources=resources)
    diagnosis = diagnose(replace(studio, places=places))
    assert not diagnosis.healthy
    level, text = finding(diagnosis, "Face models")
    assert level == "stop"
    assert "iris_landmark.tflite, onet.onnx" in text
    assert "face_models.py" in text


@pytest.mark.parametrize("text", [None, b"", b"[[package", b"\xff", b"package = 3"])
def test_a_list_of_face_models_that_is_missing_or_broken_is_told(
    studio: Studio, tmp_path: Path, text: bytes | None
):
    folder = tmp_path / "resources" / "face_models"
    folder.mkdir(parents=True)
    if text is not None:
        (folder / "models.toml").write_bytes(text)
    places = replace(studio.places, resources=folder.parent)
    diagnosis = diagnose(replace(studio, places=places))
    level, told = finding(diagnosis, "Face models")
    assert level == "stop"
    assert "models.toml" in told
    assert "install" in told


def test_the_doctor_looks_for_the_libraries_that_setting_up_installs(
    monkeypatch: pytest.MonkeyPatch,
):
    file = ROOT / "packaging" / "system_libraries.py"
    spec = importlib.util.spec_from_file_location("system_libraries", file)
    assert spec
    assert spec.loader
    installed = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "system_libraries", installed)
    spec.loader.exec_module(installed)
    assert set(LINUX_LIBRARIES) == set(installed.HEADLESS)
    assert set(LINUX_WINDOW_LIBRARIES) == set(installed.WINDOW)


def test_broken_settings_are_told(make_studio: Callable[..., Studio], studio: Studio):
    studio.places.config.mkdir(parents=True)
    studio.places.settings_file.write_text("{")
    diagnosis = diagnose(make_studio())
    assert diagnosis.healthy
    level, text = finding(diagnosis, "Settings")
    assert level == "warn"
    assert "settings.json.broken" in text


def test_a_template_that_was_left_out_is_told(make_studio: Callable[..., Studio], studio: Studio):
    folder = studio.places.data / "templates" / "mine"
    folder.mkdir(parents=True)
    diagnosis = diagnose(make_studio())
    level, text = finding(diagnosis, str(folder))
    assert level == "warn"
    assert "template.toml is missing" in text


def test_a_locked_keyring_and_the_keys_it_has_are_told(studio: Studio):
    told = NotConfiguredError("It is locked.", "Unlock it.", code=LOCKED)

    class LockedVault(Vault):
        def title(self) -> str:
            raise told

        def read(self, name: str) -> str:
            raise told

    keys = Keys(LockedVault(), {})
    diagnosis = diagnose(replace(studio, keys=keys))
    assert diagnosis.healthy
    assert finding(diagnosis, "Keyring") == ("warn", "It is locked. Unlock it.")
    level, text = finding(diagnosis, "Key for ImageKit")
    assert level == "warn"
    assert "locked" in text
    assert "IMAGEKIT_PRIVATE_KEY" in text
    given = replace(
        studio, keys=Keys(LockedVault(), {"IMAGEKIT_PRIVATE_KEY": "private_0123456789"})
    )
    level, text = finding(diagnose(given), "Key for ImageKit")
    assert (level, text) == ("good", "in the environment variable IMAGEKIT_PRIVATE_KEY ")


def test_an_engine_without_its_key_is_not_ready(studio: Studio):
    engine = FakeEngine()
    engine.capabilities = replace(engine.capabilities, needs_key=True, key="gemini")
    studio = replace(studio, engines=FakeEngines(engine))
    missing = diagnose(replace(studio, keys=Keys(EmptyVault(), {})))
    assert missing.healthy
    assert finding(missing, "Engine Fake") == ("warn", "needs a key ")
    level, text = finding(missing, "Key for Google Gemini")
    assert level == "warn"
    assert text.startswith("not set ")
    assert "pickabook keys set gemini" in text
    assert "GEMINI_API_KEY" in text
    there = diagnose(replace(studio, keys=Keys(EmptyVault(), {"GEMINI_API_KEY": "AIza0123456"})))
    assert finding(there, "Engine Fake") == ("good", "ready ")


def test_no_key_is_in_what_the_doctor_says(studio: Studio):
    keys = Keys(Vault(), {"IMAGEKIT_PRIVATE_KEY": "private_0123456789"})
    everything = msgspec.json.encode(diagnose(replace(studio, keys=keys))).decode()
    assert "0123456789" not in everything

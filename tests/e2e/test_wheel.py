"""Installed the conventional way: the wheel alone must be enough."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--disable-pip-version-check", "--wheel-dir", out, ROOT),
        ],
        check=True,
        timeout=110,
    )
    return next(out.glob("*.whl"))


def test_the_wheel_holds_scenes_icons_and_face_models(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    resources = [n.removeprefix("pickabook_desktop/resources/") for n in names]
    assert sum(name.endswith("template.toml") for name in resources) >= 8
    assert sum(name.endswith("style.toml") for name in resources) >= 4
    assert sum(name.endswith((".tflite", ".onnx")) for name in resources) == 5
    assert "samples/sample.png" in resources
    assert "LICENSE" in "".join(names)


def test_both_commands_are_declared(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith("entry_points.txt"))
        declared = archive.read(name).decode()
    assert "pickabook = " in declared
    assert "pickabook-desktop = " in declared


def test_an_installed_copy_finds_its_templates_without_the_checkout(
    wheel: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # A site folder first on the path wins over the editable install of the checkout.
    script = (
        "import sys; sys.path.insert(0, sys.argv.pop(1));"
        "import pickabook_desktop, pathlib;"
        "assert pathlib.Path(pickabook_desktop.__file__).is_relative_to(sys.path[0]);"
        "from pickabook_desktop.cli import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(site), "templates", "--json"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["templates"]) >= 8

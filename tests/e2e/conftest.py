"""The real program as a process, with a fake engine installed beside it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from e2e.fake_engine import plain_png

from pickabook_desktop.domain.geometry import Size

TESTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Answer:
    """What a run of ``pickabook`` said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


@pytest.fixture
def environment(tmp_path: Path, home: Path) -> dict[str, str]:
    """Environment variables with which Python finds the fake engine as if it were installed."""
    info = tmp_path / "plugins" / "fake_engine-7.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fake-engine\nVersion: 7\n")
    (info / "entry_points.txt").write_text(
        "[pickabook_desktop.providers]\n"
        "fake = e2e.fake_engine:create\n"
        "broken = no_such_package:create\n"
        "[pickabook_desktop.stores]\n"
        "fake = e2e.fake_engine:FakeStore\n"
    )
    places = os.pathsep.join([str(TESTS), str(info.parent)])
    return {**os.environ, "PYTHONPATH": places, "PYTHONWARNINGS": "error"}


@pytest.fixture
def command() -> list[str]:
    return [sys.executable, "-m", "pickabook_desktop.cli"]


@pytest.fixture
def pickabook(environment: dict[str, str], command: list[str]) -> Callable[..., Answer]:
    def run(*words: object) -> Answer:
        done = subprocess.run(
            [*command, *map(str, words)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture without a face, for engines that do not look."""
    file = tmp_path / "photo.png"
    file.write_bytes(plain_png(Size(200, 200), 3))
    return file

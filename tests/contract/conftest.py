"""A service that says what it is told to, and what is needed to draw with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from services.gemini import GeminiServer
from services.gemini_rig import Rig


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    with GeminiServer() as server:
        yield server


@pytest.fixture
def rig(server: GeminiServer, tmp_path: Path) -> Rig:
    return Rig(server, tmp_path)

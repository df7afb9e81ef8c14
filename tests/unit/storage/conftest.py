"""A folder that nothing else uses."""

from pathlib import Path

import pytest


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """An empty folder; ``tmp_path`` itself holds the test's home."""
    folder = tmp_path / "here"
    folder.mkdir()
    return folder

"""A folder that nothing else uses, and a library in one."""

from pathlib import Path

import pytest

from pickabook_desktop.storage.library import Library


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """An empty folder; ``tmp_path`` itself holds the test's home."""
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


@pytest.fixture
def library(tmp_path: Path):
    with_library = Library(tmp_path / "library")
    yield with_library
    with_library.close()

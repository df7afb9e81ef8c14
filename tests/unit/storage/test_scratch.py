"""Files for one run: private, gone when it ends, swept when it crashed."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.storage.scratch import Scratch

CRASH = """
import os, sys
from pathlib import Path
from pickabook_desktop.storage.scratch import Scratch
scratch = Scratch(Path(sys.argv[1]))
scratch.place("photo.png").write_bytes(b"photo")
os._exit(9)
"""


def test_what_is_written_there_is_private_and_gone_afterwards(tmp_path):
    scratch = Scratch(tmp_path / "scratch")
    assert not (tmp_path / "scratch").exists()
    path = scratch.place("photo.png")
    path.write_bytes(b"photo")
    assert path.parent.name.startswith(f"{os.getpid()}-")
    assert scratch.holds(path)
    assert not scratch.holds(tmp_path / "photo.png")
    for folder in (path.parent, path.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    scratch.close()
    assert list((tmp_path / "scratch").iterdir()) == []


def test_what_a_crash_left_is_removed_and_what_is_in_use_is_kept(tmp_path):
    parent = tmp_path / "scratch"
    subprocess.run([sys.executable, "-c", CRASH, str(parent)], check=False, timeout=60)
    (left,) = parent.iterdir()
    assert (left / "photo.png").exists()
    living, mine = Scratch(parent), Scratch(parent)
    kept = [living.place("photo.png"), mine.place("photo.png")]
    for path in kept:
        path.write_bytes(b"photo")
    mine.sweep()
    assert not left.exists()
    assert all(path.exists() for path in kept)
    living.close()
    mine.close()


def test_sweeping_where_nothing_was_ever_written_is_no_error(tmp_path):
    Scratch(tmp_path / "scratch").sweep()
    assert not (tmp_path / "scratch").exists()


def test_it_can_be_used_again_after_closing(tmp_path):
    scratch = Scratch(tmp_path)
    scratch.place("a").write_bytes(b"")
    scratch.close()
    scratch.place("a").write_bytes(b"")
    scratch.close()


def test_no_room_is_told(tmp_path: Path):
    (tmp_path / "scratch").write_bytes(b"a file where the folder should be")
    with pytest.raises(StorageError):
        Scratch(tmp_path / "scratch").place("photo.png")

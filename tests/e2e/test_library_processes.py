"""Processes that are killed, that run side by side, and that find the disk full."""

import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from e2e.fake_engine import plain_png
from e2e.keeper import SIZE

from pickabook_desktop.storage.library import Library

TESTS = Path(__file__).parents[1]
ROUNDS = 15


def keeper(folder: Path, first_seed: int, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "e2e.keeper", str(folder), str(first_seed), str(count)]
    return subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE, text=True)


def acknowledged(lines: list[str]) -> dict[str, int]:
    """Seeds by id; a line that the kill cut off was no acknowledgement."""
    whole = [line.split() for line in lines if line.endswith("\n") and line != "ready\n"]
    return {picture_id: int(seed) for picture_id, seed in whole}


def check(library: Library, kept: dict[str, int]) -> None:
    report = library.verify()
    assert report.sound, report
    for picture_id, seed in kept.items():
        assert library.read(picture_id) == plain_png(SIZE, seed)
        assert library.thumbnail(picture_id) == b"thumbnail"


def test_no_kill_loses_or_tears_an_acknowledged_picture(tmp_path: Path):
    chance = random.Random(7)
    folder = tmp_path / "library"
    kept: dict[str, int] = {}
    for round_number in range(ROUNDS):
        process = keeper(folder, 1000 * round_number, 1000)
        assert process.stdout is not None
        # The kill falls anywhere between two acknowledgements, also into the very first picture.
        lines = [process.stdout.readline() for _ in range(chance.randrange(1, 12))]
        try:
            process.wait(chance.uniform(0.0, 0.02))
        except subprocess.TimeoutExpired:
            process.kill()
        rest = process.communicate()[0]
        kept |= acknowledged(lines + rest.splitlines(keepends=True))
        library = Library(folder)
        check(library, kept)
        library.purge()
        assert library.verify().orphans == ()
        library.close()
    assert len(kept) > ROUNDS


def test_two_processes_keep_into_one_library(tmp_path: Path):
    folder = tmp_path / "library"
    processes = [keeper(folder, first, 25) for first in (0, 5000)]
    kept: dict[str, int] = {}
    for process in processes:
        lines = process.communicate(timeout=60)[0].splitlines(keepends=True)
        assert process.returncode == 0
        kept |= acknowledged(lines)
    library = Library(folder)
    assert len(kept) == library.count() == 50
    check(library, kept)
    assert library.verify().orphans == ()
    library.close()


FULL_DISK = """
import resource, sys
from pathlib import Path
from e2e.fake_engine import drawn
from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.storage.library import Library
from msgspec.structs import replace

library = Library(Path(sys.argv[1]))
request = GenerationRequest(photo=PhotoRef(path="ada.jpg"))
library.add(drawn(1), request)
large = replace(drawn(2), data=b"x" * 3_000_000)
unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
# A file may not grow any more: what a full disk or a quota does.
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), unlimited[1]))
try:
    library.add(large, request)
except StorageError as error:
    print(error.message, error.next_step, sep="|")
resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
report = library.verify()
assert report.sound and report.pictures == 1 and not report.orphans, report
library.add(large, request)
assert library.count() == 2 and library.verify().sound
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no resource limits there")
@pytest.mark.parametrize("room", [1_000_000, 0])
def test_a_full_disk_loses_nothing_and_says_what_to_do(tmp_path: Path, room: int):
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path / "library"), str(room)]
    done = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    message, _, next_step = done.stdout.partition("|")
    assert message.strip()
    assert "try again" in next_step


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_picture_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path):
    """A kill cannot show a missing fsync, as the system still writes what it was given."""
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,rename,write"
    keep = [sys.executable, "-m", "e2e.keeper", str(tmp_path / "library"), "0", "2"]
    subprocess.run(
        ["strace", "-f", "-y", "-e", calls, "-o", str(trace), *keep],  # noqa: S607
        cwd=TESTS,
        check=True,
        capture_output=True,
    )
    # The second picture: the first one makes folders and databases as well.
    second = trace.read_text().split("write(1")[-2]
    calls_made = re.findall(r"^\d+ +(fsync|fdatasync|rename)\((.*)$", second, re.MULTILINE)
    steps = [(name, file) for name, file in calls_made if "thumbnails" not in file]
    assert [name for name, _ in steps] == ["fsync", "rename", "fsync", "fdatasync"]
    assert ".part>" in steps[0][1]
    assert "/pictures/" in steps[2][1]
    assert "library.db-wal>" in steps[3][1]

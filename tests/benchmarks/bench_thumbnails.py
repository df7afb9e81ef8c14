"""Thumbnails and importing, against Pillow, vipsthumbnail and gdk-pixbuf-thumbnailer on the same
files.
"""

import hashlib
import io
import shutil
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data
from unit.jobs.kept_pages import page

from pickabook_desktop.domain.events import Done
from pickabook_desktop.domain.hand_over import ImportReport
from pickabook_desktop.imaging.thumbnail import small_rgb, thumbnail
from pickabook_desktop.jobs.importing import import_job
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.library import Library

EDGE, FULL = 256, 2048
FILES, ROUNDS = 12, 7
TIMES_PILLOW = 3.0
# On two idle cores; beside other programs, as much of what two threads gain there at all.
TIMES_ONE_THREAD, OF_WHAT_THERE_IS = 1.6, 0.85
TIMES_GDK = 1.5
LEAST_DECIBELS = 50.0
WORK = bytes(16 * 2**20)


@pytest.fixture(scope="module", autouse=True)
def one_thread_each():
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    yield
    cv2.setNumThreads(before)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages as JPEG and as PNG, each another one."""
    made = tmp_path_factory.mktemp("pages")
    portrait = cv2.resize(data.astronaut(), (FULL, FULL), interpolation=cv2.INTER_CUBIC)
    grain = np.random.default_rng(7).integers(0, 12, portrait.shape)
    for number in range(FILES):
        shifted = np.roll(portrait, 40 * number, axis=1)
        rgb = np.clip(shifted.astype(np.int16) + grain - 6, 0, 255).astype(np.uint8)
        for kind, ending in (("image/jpeg", "jpg"), ("image/png", "png")):
            (made / f"{number:02}.{ending}").write_bytes(page(rgb, number, kind).data)
    return made


@pytest.fixture(scope="module")
def jpegs(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in sorted(folder.glob("*.jpg"))]


def rates(*ways: Callable[[], object], rounds: int = ROUNDS) -> list[list[float]]:
    """Files a second for each way, round by round: in turns, so that whatever else the machine does
    troubles all alike.
    """
    found: list[list[float]] = []
    for _ in range(rounds):
        found.append([])
        for way in ways:
            start = time.perf_counter()
            way()
            found[-1].append(FILES / (time.perf_counter() - start))
    return found


def times(found: list[list[float]], one: int, other: int) -> float:
    """How many times as fast one way is as another, the median of all rounds."""
    return median(each[one] / each[other] for each in found)


def middle(found: list[list[float]], way: int) -> float:
    return median(each[way] for each in found)


def pillow(file: bytes) -> bytes:
    image = Image.open(io.BytesIO(file)).resize((EDGE, EDGE), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=85)
    return target.getvalue()


def unlocked(_file: bytes) -> bytes:
    """About as much work as a thumbnail, all of it without the interpreter's lock."""
    return hashlib.sha256(WORK).digest()


def test_thumbnails_of_jpeg_against_pillow(jpegs: list[bytes]) -> None:
    whole = np.asarray(Image.open(io.BytesIO(jpegs[0])))
    averaged = cv2.resize(whole, (EDGE, EDGE), interpolation=cv2.INTER_AREA)
    error = np.mean((small_rgb(jpegs[0], EDGE).astype(float) - averaged) ** 2)
    decibels = 10 * np.log10(255**2 / error)
    with ThreadPoolExecutor(2) as pool:
        found = rates(
            lambda: list(map(pillow, jpegs)),
            lambda: list(map(thumbnail, jpegs)),
            lambda: list(pool.map(thumbnail, jpegs)),
            lambda: list(map(unlocked, jpegs)),
            lambda: list(pool.map(unlocked, jpegs)),
        )
    against, twice, room = times(found, 1, 0), times(found, 2, 1), times(found, 4, 3)
    print(f"\nJPEG: Pillow {middle(found, 0):.0f} a second", end=", ")
    print(f"ours {middle(found, 1):.0f} ({against:.1f} x, {decibels:.1f} dB)", end=", ")
    print(
        f"two threads {middle(found, 2):.0f} ({twice:.2f} x again, where {room:.2f} is to be had)"
    )
    assert decibels >= LEAST_DECIBELS
    assert against >= TIMES_PILLOW
    assert twice >= min(TIMES_ONE_THREAD, OF_WHAT_THERE_IS * room)


@pytest.mark.parametrize("ending", ["jpg", "png"])
def test_thumbnails_against_libvips(folder: Path, ending: str, tmp_path: Path) -> None:
    tool = shutil.which("vipsthumbnail")
    if tool is None:
        pytest.skip("there is no vipsthumbnail")
    files = sorted(folder.glob(f"*.{ending}"))
    command = [tool, "--size", str(EDGE), "-o", f"{tmp_path}/%s.jpg[Q=85]", *map(str, files)]
    found = rates(
        lambda: subprocess.run(command, check=True),
        lambda: [thumbnail(file.read_bytes()) for file in files],
    )
    print(f"\n{ending}: vipsthumbnail {middle(found, 0):.0f} a second", end=", ")
    print(f"ours {middle(found, 1):.0f}: {times(found, 1, 0):.1f} x")


@pytest.mark.parametrize("ending", ["jpg", "png"])
def test_the_whole_import_against_gdk_pixbuf(folder: Path, ending: str, tmp_path: Path) -> None:
    """Ours decodes all of each picture, compares it, keeps it and waits for the disk besides."""
    tool = shutil.which("gdk-pixbuf-thumbnailer")
    if tool is None:
        pytest.skip("there is no gdk-pixbuf-thumbnailer")
    files = sorted(folder.glob(f"*.{ending}"))
    libraries = iter(range(100))

    def whole() -> None:
        library = Library(tmp_path / f"library {next(libraries)}")
        (*_, ending) = run_job(import_job(library, tuple(files)), CancelToken())
        library.close()
        assert isinstance(ending, Done)
        assert isinstance(ending.value, ImportReport)
        assert len(ending.value.imported) == FILES

    def theirs() -> None:
        for file in files:
            subprocess.run([tool, "-s", str(EDGE), file, tmp_path / "small.png"], check=True)

    found = rates(theirs, whole)
    ratio = times(found, 1, 0)
    print(f"\n{ending}: gdk-pixbuf-thumbnailer {middle(found, 0):.0f} a second", end=", ")
    print(f"imported {middle(found, 1):.0f}: {ratio:.1f} x")
    assert ratio >= TIMES_GDK

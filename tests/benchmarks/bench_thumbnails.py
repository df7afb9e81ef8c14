"""Thumbnails and importing, against Pillow, vipsthumbnail and gdk-pixbuf-thumbnailer on the same
files.
"""

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
FILES, ROUNDS = 24, 7
TIMES_PILLOW = 3.0
TIMES_ONE_THREAD = 1.6
TIMES_GDK = 1.5
LEAST_DECIBELS = 50.0


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


def rate(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Files a second, the median of some rounds."""
    times: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return FILES / median(times)


def pillow(file: bytes) -> bytes:
    image = Image.open(io.BytesIO(file)).resize((EDGE, EDGE), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=85)
    return target.getvalue()


def test_thumbnails_of_jpeg_against_pillow(jpegs: list[bytes]) -> None:
    whole = np.asarray(Image.open(io.BytesIO(jpegs[0])))
    averaged = cv2.resize(whole, (EDGE, EDGE), interpolation=cv2.INTER_AREA)
    error = np.mean((small_rgb(jpegs[0], EDGE).astype(float) - averaged) ** 2)
    decibels = 10 * np.log10(255**2 / error)
    theirs = rate(lambda: list(map(pillow, jpegs)), 3)
    own = rate(lambda: list(map(thumbnail, jpegs)))
    with ThreadPoolExecutor(2) as pool:
        twice = rate(lambda: list(pool.map(thumbnail, jpegs)))
    print(f"\nJPEG: {own:.0f} a second, {decibels:.1f} dB; two threads {twice:.0f}", end="; ")
    print(f"Pillow {theirs:.0f}: {own / theirs:.1f} x, then {twice / own:.1f} x")
    assert decibels >= LEAST_DECIBELS
    assert own >= TIMES_PILLOW * theirs
    assert twice >= TIMES_ONE_THREAD * own


@pytest.mark.parametrize("ending", ["jpg", "png"])
def test_thumbnails_against_libvips(folder: Path, ending: str, tmp_path: Path) -> None:
    tool = shutil.which("vipsthumbnail")
    if tool is None:
        pytest.skip("there is no vipsthumbnail")
    files = sorted(folder.glob(f"*.{ending}"))
    command = [tool, "--size", str(EDGE), "-o", f"{tmp_path}/%s.jpg[Q=85]", *map(str, files)]
    theirs = rate(lambda: subprocess.run(command, check=True), 5)
    own = rate(lambda: [thumbnail(file.read_bytes()) for file in files], 5)
    print(f"\n{ending}: {own:.0f} a second, vipsthumbnail {theirs:.0f}: {own / theirs:.1f} x")


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

    ours, others = rate(whole, 5), rate(theirs, 5)
    print(f"\n{ending}: {ours:.0f} imported a second", end="; ")
    print(f"gdk-pixbuf-thumbnailer {others:.0f}: {ours / others:.1f} x")
    assert ours >= TIMES_GDK * others

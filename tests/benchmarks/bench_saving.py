"""Saving: a page as PNG, and a picture into the library, against bare OpenCV and a bare write."""

import io
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from benchmarks.press import SQUARE, Press, median_seconds
from PIL import Image

from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.imaging.encode import encode_png
from pickabook_desktop.jobs.generate import keep
from pickabook_desktop.storage.library import Library

TIMES_BARE = 3.0
ROUNDS = 21


@pytest.fixture(scope="module")
def page(press: Press) -> bytes:
    return press.page("moon-walk", "storybook", SQUARE)


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def test_png_against_opencvs_fastest(page: bytes) -> None:
    rgb = np.array(Image.open(io.BytesIO(page)))
    own = median_seconds(lambda: encode_png(rgb), rounds=9)
    bgr = np.ascontiguousarray(rgb[..., ::-1])
    options = [cv2.IMWRITE_PNG_COMPRESSION, 1]
    theirs = median_seconds(lambda: cv2.imencode(".png", bgr, options), rounds=5)
    sizes = len(encode_png(rgb)) / 1e6, cv2.imencode(".png", bgr, options)[1].size / 1e6
    print(f"\nPNG {1000 * own:.0f} ms, {sizes[0]:.1f} MB", end="; ")
    print(f"OpenCV level 1 {1000 * theirs:.0f} ms, {sizes[1]:.1f} MB: {theirs / own:.1f} x")
    assert np.array_equal(np.array(Image.open(io.BytesIO(encode_png(rgb)))), rgb)
    assert own <= theirs / 2


def test_keeping_a_picture_against_a_bare_write(press: Press, page: bytes, tmp_path: Path) -> None:
    can = press.studio.engines.get("storybook").capabilities
    with Image.open(io.BytesIO(page)) as image:
        image.thumbnail((256, 256))
        small = io.BytesIO()
        image.save(small, "JPEG")
    drawn = DrawnPicture(
        data=page, media_type="image/png", size=SQUARE, seed=1, thumbnail=small.getvalue()
    )
    request = GenerationRequest(photo=PhotoRef(path=str(press.photo), sha256="0" * 64))
    library = Library(tmp_path / "library")
    files = iter(range(1000))

    def bare() -> None:
        with (tmp_path / f"{next(files)}.png").open("wb") as file:
            file.write(page)
            file.flush()
            os.fsync(file.fileno())

    # In turns, so that whatever else the disk does troubles both alike.
    rounds = [
        (milliseconds(bare), milliseconds(lambda: keep(drawn, request, can, library)))
        for _ in range(ROUNDS)
    ]
    plain, kept = (statistics.median(times) for times in zip(*rounds[1:], strict=True))
    ratio = statistics.median(own / other for other, own in rounds[1:])
    print(f"\nbare write {plain:.1f} ms, kept {kept:.1f} ms: {ratio:.2f} x (bar {TIMES_BARE})")
    picture = library.recent(1)[0]
    stored = library.read(picture.id)
    library.close()
    first, second = (np.array(Image.open(io.BytesIO(data))) for data in (page, stored))
    assert np.array_equal(first, second)
    assert ratio <= TIMES_BARE

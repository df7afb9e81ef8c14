"""Drawings become pixels without any application object, in colours of the child."""

import itertools
import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from pickabook_desktop.domain.errors import CancelledError, TemplateError
from pickabook_desktop.domain.geometry import Rect, Size
from pickabook_desktop.imaging import svg
from pickabook_desktop.imaging.svg import recolour, render_svg

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
CANVAS = Rect(0, 0, 200, 200)


def drawing(body: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200">{body}</svg>'


RED_LEFT = drawing('<rect width="100" height="200" fill="#ff0000"/>')
RICH = drawing(
    '<defs><filter id="soft" x="-.5" y="-.5" width="2" height="2">'
    '<feGaussianBlur stdDeviation="6"/></filter>'
    '<mask id="hole"><rect width="200" height="200" fill="#000000"/>'
    '<circle cx="100" cy="100" r="60" fill="#ffffff"/></mask>'
    '<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#204080"/>'
    '<stop offset="1" stop-color="#f0c0a0"/></linearGradient></defs>'
    '<rect width="200" height="200" fill="url(#sky)"/>'
    '<circle cx="60" cy="80" r="30" fill="#ffcc00" filter="url(#soft)"/>'
    '<g opacity=".5"><rect x="100" y="20" width="60" height="160" fill="#00ff00"/></g>'
    '<rect width="200" height="200" fill="#ffffff" opacity=".4" mask="url(#hole)"/>'
)


def test_the_view_is_drawn_in_blue_green_red_alpha():
    pixels = render_svg(RED_LEFT, CANVAS, Size(40, 20))
    assert pixels.shape == (20, 40, 4)
    assert pixels[10, 5].tolist() == [0, 0, 255, 255]
    assert pixels[10, 35].tolist() == [0, 0, 0, 0]


def test_a_part_of_the_canvas_fills_the_page():
    pixels = render_svg(RED_LEFT, Rect(50, 50, 100, 100), Size(64, 64))
    assert pixels[..., 3].mean() == pytest.approx(127.5, abs=4)


def test_parts_join_without_a_trace(monkeypatch: pytest.MonkeyPatch):
    whole = render_svg(RICH, CANVAS, Size(600, 600))
    monkeypatch.setattr(svg, "PIXELS_AT_ONCE", 13 * 600)
    parts: list[None] = []
    joined = render_svg(RICH, CANVAS, Size(600, 600), lambda: parts.append(None))
    assert len(parts) > 4
    assert int(np.abs(joined.astype(int) - whole).max()) <= 1


def test_a_slow_machine_draws_the_same(monkeypatch: pytest.MonkeyPatch):
    """Qt rounds gradients by where a strip begins, so that must not depend on a clock."""
    quick = render_svg(RICH, CANVAS, Size(700, 700))
    clock = itertools.count(0, 1000)
    for name in ("perf_counter", "monotonic", "time"):
        monkeypatch.setattr(time, name, lambda: next(clock))
    assert np.array_equal(quick, render_svg(RICH, CANVAS, Size(700, 700)))


def test_the_size_that_a_drawing_asks_for_does_not_matter():
    plain = render_svg(RICH, CANVAS, Size(90, 60))
    for asked in ('width="30mm" height="4in"', "preserveAspectRatio='xMinYMin slice'"):
        framed = RICH.replace("<svg ", f"<?xml version='1.0'?>\n<!-- a > b -->\n<svg\n {asked} ", 1)
        assert np.array_equal(render_svg(framed, CANVAS, Size(90, 60)), plain)


def test_other_threads_go_on_while_a_drawing_is_made():
    """PySide6 would keep Python's lock in some ways of drawing."""
    circles = "".join(
        f'<circle cx="{n % 200}" cy="{n * 7 % 200}" r="40" fill="#204080" opacity=".5"/>'
        for n in range(200)
    )
    done = threading.Event()

    def draw() -> None:
        render_svg(drawing(circles), CANVAS, Size(1500, 1500))
        done.set()

    thread = threading.Thread(target=draw)
    began = time.perf_counter()
    thread.start()
    turns = 0
    while not done.wait(0.001):
        turns += 1
    passed = time.perf_counter() - began
    thread.join()
    # With the lock kept there are a few turns at most, however long it takes.
    assert turns > min(20, passed * 200)


def test_drawing_stops_between_two_parts():
    def stop() -> None:
        raise CancelledError("stopped")

    with pytest.raises(CancelledError):
        render_svg(RICH, CANVAS, Size(64, 64), stop)


def test_something_else_than_a_drawing_is_refused():
    with pytest.raises(TemplateError):
        render_svg("this is no drawing", CANVAS, Size(64, 64))


def test_a_thread_draws_the_same():
    seen: list[np.ndarray] = []
    thread = threading.Thread(target=lambda: seen.append(render_svg(RICH, CANVAS, Size(80, 80))))
    thread.start()
    thread.join()
    assert np.array_equal(seen[0], render_svg(RICH, CANVAS, Size(80, 80)))


def test_no_display_and_no_application_object_is_needed():
    code = (
        "from pickabook_desktop.imaging.svg import render_svg\n"
        "from pickabook_desktop.domain.geometry import Rect, Size\n"
        "from PySide6.QtCore import QCoreApplication\n"
        f"pixels = render_svg({RED_LEFT!r}, Rect(0, 0, 200, 200), Size(32, 32))\n"
        "assert QCoreApplication.instance() is None\n"
        "assert pixels[16, 4, 2] == 255\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={name: value for name, value in os.environ.items() if name not in DISPLAYS},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_colours_are_replaced_in_any_case_and_all_at_once():
    text = 'fill="#AABBCC" stroke="#112233" stop-color="#aabbcc"'
    swapped = recolour(text, {"#aabbcc": "#112233", "#112233": "#aabbcc"})
    assert swapped == 'fill="#112233" stroke="#aabbcc" stop-color="#112233"'


def test_longer_words_that_begin_like_a_colour_stay():
    assert recolour('href="#aabbccdd"', {"#aabbcc": "#000000"}) == 'href="#aabbccdd"'

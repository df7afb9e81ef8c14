"""A new process: how long to the first page, and how soon it stops when asked to."""

import signal
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from benchmarks.press import Press

from pickabook_desktop.domain.errors import CancelledError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.ports import PaintStage
from pickabook_desktop.net.cancel import CancelToken

FIRST_PAGE = 1.0
IDLE_MS = 100
ENDED_MS = 200
ROUNDS = 5
LARGE = Size(4096, 4096)

FIRST = """
import sys, time
start = time.perf_counter()
from pathlib import Path
from pickabook_desktop.assembly import assemble
from pickabook_desktop.domain.events import Succeeded
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.places import Places
photo, home = sys.argv[1:]
studio = assemble(Places.under(Path(home)))
request = GenerationRequest(photo=PhotoRef(path=photo), template_id="moon-walk")
*_, last = run_job(studio.easel.generate_job(request), CancelToken())
assert isinstance(last, Succeeded), last
print(time.perf_counter() - start)
"""

LIBRARIES = """
import time
start = time.perf_counter()
import numpy, cv2, PIL.Image, apsw
from PySide6.QtSvg import QSvgRenderer
print(time.perf_counter() - start)
"""


def seconds(script: str, *words: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return float(done.stdout)


def test_first_page_of_a_process(astronaut: Path, tmp_path: Path) -> None:
    """From the first line of Python to the page in the library; imports included."""
    rounds = [
        (seconds(LIBRARIES), seconds(FIRST, str(astronaut), str(tmp_path / str(number))))
        for number in range(ROUNDS + 1)
    ][1:]
    libraries, whole = (statistics.median(times) for times in zip(*rounds, strict=True))
    print(f"\nfirst page {whole:.2f} s (bar {FIRST_PAGE}), importing its libraries alone", end=" ")
    print(f"{libraries:.2f} s: {whole / libraries:.1f} x")
    assert whole <= FIRST_PAGE


def test_cancelling_leads_to_idle(press: Press) -> None:
    """In every stage of a 4K page: from the cancel to the painter's answer."""
    order = press.order("moon-walk", "watercolour", LARGE)
    worst: dict[str, float] = {}
    for wanted in range(7):
        for pause in (0.0, 0.03):
            name, ms = stopped(press, order, wanted, pause)
            worst[name] = max(worst.get(name, 0), ms)
    print("\ncancelled while:", ", ".join(f"{name} {ms:.0f} ms" for name, ms in worst.items()))
    assert max(worst.values()) <= IDLE_MS


def stopped(press: Press, order: Any, wanted: int, pause: float) -> tuple[str, float]:
    """The name of stage number ``wanted``, and the time from a cancel in it to the end."""
    token = CancelToken()
    cancelled: list[float] = []

    def cancel() -> None:
        token.wait(pause)
        cancelled.append(time.perf_counter())
        token.cancel()

    thread = threading.Thread(target=cancel)
    name = ""
    try:
        for number, event in enumerate(press.paint(order, token)):
            if number == wanted and isinstance(event, PaintStage):
                name = event.title
                thread.start()
    except CancelledError:
        pass
    ended = time.perf_counter()
    thread.join()
    return name, 1000 * max(0.0, ended - cancelled[0])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGINT to a process")
def test_an_interrupted_command_ends(astronaut: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "pickabook_desktop.cli", "generate", str(astronaut)]
    words += ["--template", "moon-walk", "--size", "4096x4096", "--seed", "1"]
    words += ["--library", str(tmp_path), "--json"]
    times: dict[str, list[float]] = {}
    for stage in ("Drawing the face", "Drawing the scene", "Saving the picture") * 3:
        with subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None
            next(line for line in process.stderr if stage in line)
            start = time.perf_counter()
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
            times.setdefault(stage, []).append(1000 * (time.perf_counter() - start))
            assert process.returncode == 130
    medians = {stage: statistics.median(each) for stage, each in times.items()}
    print("\nSIGINT to exit:", ", ".join(f"{stage} {ms:.0f} ms" for stage, ms in medians.items()))
    assert max(medians.values()) <= ENDED_MS

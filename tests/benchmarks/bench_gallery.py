"""The view of the library: what a hundred thousand pictures cost above a thousand.

Every measurement is a process of its own; the peer is Qt's list of icons over the same cards and
thumbnails. The libraries are made once and kept beside the bytecode of the benchmarks.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from benchmarks.many import fill

FEW, MANY = 1_000, 100_000
ROUNDS = 5
_RUN = Path(__file__).with_name("gallery_run.py")


def library(count: int) -> Path:
    return fill(Path(tempfile.gettempdir()) / "pickabook-bench" / f"library-{count}", count)


def measured(view: str, folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(_RUN), view, str(folder)],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def medians(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


@pytest.fixture(scope="module")
def figures() -> dict[str, dict[str, float]]:
    """Medians of rounds that take turns, so that a busy moment meets all of them."""
    few, many = library(FEW), library(MANY)
    wanted = {"few": ("ours", few), "many": ("ours", many), "peer": ("peer", many)}
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in wanted}
    for _ in range(ROUNDS):
        for name, (view, folder) in wanted.items():
            runs[name].append(measured(view, folder))
    found = {name: medians(some) for name, some in runs.items()}
    print()
    for name in found["few"]:
        line = "  ".join(f"{kind} {found[kind][name]:8.1f}" for kind in wanted)
        print(f"{name:16} {line}")
    return found


def test_the_first_screen_does_not_wait_for_the_library(
    figures: dict[str, dict[str, float]],
) -> None:
    assert figures["many"]["first_screen_ms"] <= 4 * figures["few"]["first_screen_ms"]
    assert figures["many"]["first_screen_ms"] <= figures["peer"]["first_screen_ms"]


def test_a_new_width_is_painted_at_once(figures: dict[str, dict[str, float]]) -> None:
    assert figures["many"]["resize_ms"] <= 60


def test_dragging_to_the_end_never_stalls(figures: dict[str, dict[str, float]]) -> None:
    assert figures["many"]["reached_end"]
    assert figures["many"]["worst_gap_ms"] <= 120
    assert figures["many"]["gap_p99_ms"] <= 60


def test_memory_is_flat_in_the_number_of_pictures(figures: dict[str, dict[str, float]]) -> None:
    assert figures["many"]["memory_mb"] <= figures["few"]["memory_mb"] + 20

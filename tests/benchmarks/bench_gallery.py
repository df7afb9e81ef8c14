"""The view of the library: what a hundred thousand pictures cost above a thousand.

Every measurement is a process of its own; the peer is Qt's list of icons over the same cards and
thumbnails. The libraries are made once and kept beside the bytecode of the benchmarks.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from benchmarks.many import fill

from pickabook_desktop.storage.places import Places

FEW, MANY = 1_000, 100_000
ROUNDS = 5
_RUN = Path(__file__).with_name("gallery_run.py")
_TAB_RUN = Path(__file__).with_name("library_tab_run.py")


def library(count: int) -> Path:
    return fill(Path(tempfile.gettempdir()) / "pickabook-bench" / f"library-{count}", count)


def run(script: Path, *words: str, **environment: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(script), *words],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"} | environment,
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
            runs[name].append(run(_RUN, view, str(folder)))
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
    # The other list knows no groups, badges or stars.
    assert figures["many"]["first_screen_ms"] <= 1.5 * figures["peer"]["first_screen_ms"]


def test_a_new_width_is_painted_at_once(figures: dict[str, dict[str, float]]) -> None:
    assert figures["many"]["resize_ms"] <= 60


def test_dragging_to_the_end_never_stalls(figures: dict[str, dict[str, float]]) -> None:
    assert figures["many"]["reached_end"]
    assert figures["many"]["worst_gap_ms"] <= 120
    assert figures["many"]["gap_p99_ms"] <= 60


def test_memory_is_flat_in_the_number_of_pictures(figures: dict[str, dict[str, float]]) -> None:
    assert figures["many"]["memory_mb"] <= figures["few"]["memory_mb"] + 20


@pytest.mark.timeout(600)
def test_the_whole_window_answers_while_all_pages_are_decided_on() -> None:
    kept = library(MANY)
    folder = Places.of_system().library
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(kept / "library.db", folder / "library.db")
    (folder / "thumbnails.db").symlink_to(kept / "thumbnails.db")
    bytecode = Path(tempfile.gettempdir()) / "pickabook-bench"
    # Installed programs have their bytecode beside them; a first run writes it.
    written = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(bytecode)}
    runs = [run(_TAB_RUN, **written) for _ in range(ROUNDS + 1)][1:]
    stages = medians(runs)
    print(f"\nlongest gaps in ms { ({stage: round(gap) for stage, gap in stages.items()}) }")
    del stages["start"]
    assert max(stages.values()) <= 60

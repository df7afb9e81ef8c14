"""How long the main thread is held up in the library tab of the whole window, as a process.

Opens the tab, rates all pages of the library, tags them, and takes both back. Prints one JSON
object: the longest gap of each stage in milliseconds, and how long the decisions took.
"""

import json
import os
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QTimer

from pickabook_desktop import app as program
from pickabook_desktop.ui.actions import LIBRARY_TAB
from pickabook_desktop.ui.first_steps import FirstSteps
from pickabook_desktop.ui.main_window import MainWindow

QUIET_TICKS = 300


class Run:
    """Ticks as often as it may, and goes on to the next stage once the last has come to rest."""

    def __init__(self, steps: FirstSteps, window: MainWindow) -> None:
        self._window = window
        self._stages = self._all()
        self._longest: dict[str, float] = {}
        self._stage = "start"
        self._quiet = 0
        self._last = time.perf_counter()
        self._timer = QTimer(steps)
        self._timer.timeout.connect(self._tick)
        self._timer.start(1)

    def _tick(self) -> None:
        now = time.perf_counter()
        gap, self._last = 1000 * (now - self._last), now
        self._longest[self._stage] = max(gap, self._longest.get(self._stage, 0))
        self._quiet = 0 if self._busy() else self._quiet + 1
        if self._quiet < QUIET_TICKS:
            return
        self._quiet = 0
        try:
            following = next(self._stages, None)
            if following is not None:
                self._stage, step = following
                step()
                return
            print(json.dumps(self._longest), flush=True)
        except BaseException:  # noqa: BLE001 Qt would go on without it for ever
            traceback.print_exc()
        os._exit(0)

    def _busy(self) -> bool:
        window = self._window
        if not window.started or window.workings.library.beforehand is None:
            return True
        lanes = ("review", "library", "preview", "photo")
        return window.workings.library.beforehand.active or any(map(window._lanes.busy, lanes))

    def _all(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        tabs = self._window.workings.tabs
        yield "open", lambda: tabs.show(LIBRARY_TAB)
        gallery = self._window.workings.library.gallery
        assert gallery is not None
        assert gallery.page.model.count
        yield "choose", gallery.page.model.select_all
        deciding = gallery.deciding
        yield "rate", lambda: deciding.rate(3)
        yield "tag", lambda: deciding.add_tags(("whole library",))
        yield "undo tag", deciding.undo
        yield "undo rate", deciding.undo
        assert deciding.decisions.next_undo is None


if __name__ == "__main__":
    made: list[Any] = []
    plain_init, plain_steps = MainWindow.__init__, FirstSteps.__init__

    def init(self: MainWindow, *words: Any) -> None:
        plain_init(self, *words)
        made.append(self)

    def steps(self: FirstSteps, *words: Any) -> None:
        plain_steps(self, *words)
        made.append(Run(self, made[0]))

    patch = pytest.MonkeyPatch()
    patch.setattr(MainWindow, "__init__", init)
    patch.setattr(FirstSteps, "__init__", steps)
    program.main(["pickabook-desktop"])

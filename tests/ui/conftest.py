"""Guards around every test of the window."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread, QTimer
from shiboken6 import isValid


@pytest.fixture(autouse=True)
def nothing_left_ticking(qapp: object) -> Iterator[None]:
    """No timer may be running and no worker alive when a test's widgets are gone."""
    yield
    ticking = [
        item
        for item in gc.get_objects()
        if isinstance(item, QTimer) and isValid(item) and item.isActive()
    ]
    working = [
        item
        for item in gc.get_objects()
        if isinstance(item, QThread) and isValid(item) and item.isRunning()
        if item is not QThread.currentThread()
    ]
    assert not working, f"workers left running: {working}"
    assert not ticking, f"timers left running: {[timer.parent() for timer in ticking]}"

"""The window with an engine that is a service."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from ui.online_data import SECRET, VARIABLE, FarEngine, online_studio
from ui.window_data import ObedientEngine

from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.main_window import MainWindow
from pickabook_desktop.ui.theme import apply_theme

OpenWindow = Callable[[], MainWindow]


@pytest.fixture
def far() -> FarEngine:
    return FarEngine()


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)


@pytest.fixture
def open_window(
    tmp_path: Path, engine: ObedientEngine, far: FarEngine, qtbot, qapp: QApplication
) -> Iterator[OpenWindow]:
    """Opens the window with the service chosen; an earlier one is closed first."""
    theme = apply_theme(qapp, "light")
    opened: list[MainWindow] = []

    def close() -> None:
        while opened:
            window = opened.pop()
            window.close_at_once()
            assert window.joined

    def open_one() -> MainWindow:
        close()
        window = MainWindow(online_studio(tmp_path, engine, far), Lanes(), theme)
        qtbot.addWidget(window)
        opened.append(window)
        window.resize(1280, 800)
        window.show()
        window.start()
        window.choices.choose_engine("far")
        qtbot.waitUntil(lambda: window.choices.photo_stage == "ready")
        return window

    yield open_one
    engine.gate.set()
    far.gate.set()
    close()


@pytest.fixture
def window(open_window: OpenWindow, key: None) -> MainWindow:
    return open_window()

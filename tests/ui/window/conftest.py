"""The window on a desk of its own, opened and closed as the program does it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from ui.window.hands import Hands, fill
from ui.window.settings_data import Office
from ui.window_data import ObedientEngine, make_studio

from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.main_window import MainWindow
from pickabook_desktop.ui.theme import apply_theme


class Desk:
    """Opens and closes the window as the program does."""

    def __init__(self, folder: Path, engine: ObedientEngine, qtbot, theme) -> None:
        self.folder = folder
        self.engine = engine
        self.qtbot = qtbot
        self.theme = theme
        self.open_window: MainWindow | None = None

    def open(self, steps: int | None = None) -> MainWindow:
        """The window, ``steps`` of its start done, else all."""
        self.studio = make_studio(self.folder, self.engine)
        window = MainWindow(self.studio, Lanes(), self.theme)
        self.qtbot.addWidget(window)
        self.open_window = window
        window.resize(1280, 800)
        window.show()
        for step in window.steps[:steps]:
            step()
        return window

    def close(self) -> None:
        if self.open_window is not None:
            self.open_window.close_at_once()
            assert self.open_window.joined
            self.open_window = None

    def ready(self, window: MainWindow) -> None:
        self.qtbot.waitUntil(lambda: window.viewer.caption == "Preview")

    def draw(self, window: MainWindow) -> None:
        before = len(window.history.pictures)
        self.qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.qtbot.waitUntil(lambda: len(window.history.pictures) > before)
        self.qtbot.waitUntil(
            lambda: not window.session.busy and "64 × 64 px" in window.viewer.caption
        )


@pytest.fixture
def engine() -> ObedientEngine:
    return ObedientEngine()


@pytest.fixture
def desk(tmp_path: Path, engine: ObedientEngine, qtbot, qapp: QApplication) -> Iterator[Desk]:
    desk = Desk(tmp_path, engine, qtbot, apply_theme(qapp, "light"))
    yield desk
    engine.gate.set()
    desk.close()


@pytest.fixture
def window(desk: Desk) -> MainWindow:
    window = desk.open()
    desk.ready(window)
    return window


@pytest.fixture
def hands(desk: Desk, qtbot) -> Hands:
    """A person before a window whose library has a few pages."""
    window = desk.open()
    desk.ready(window)
    fill(desk.studio.library, desk.engine.drawn["image/png"], window.sample)
    window.activateWindow()
    return Hands(window, qtbot)


@pytest.fixture
def office(tmp_path: Path, qtbot, qapp: QApplication) -> Iterator[Office]:
    """The settings, opened from a studio of their own."""
    apply_theme(qapp, "light")
    office = Office(tmp_path, qtbot)
    yield office
    office.close()

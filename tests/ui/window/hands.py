"""A person with a keyboard before the window, and a library of a few pages."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from ui.window_data import request_for

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.gallery.workings import GalleryWorkings
from pickabook_desktop.ui.main_window import MainWindow

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PROMPTS = ("a pirate at the wheel", "a whale", "a pirate asleep", "a pirate's parrot", "snow")


class Hands:
    """A person with a keyboard: each key goes to whatever has the focus."""

    def __init__(self, window: MainWindow, qtbot) -> None:
        self.window = window
        self.qtbot = qtbot

    @property
    def library(self) -> GalleryWorkings:
        gallery = self.window.workings.library.gallery
        assert gallery is not None
        return gallery

    @property
    def focus(self) -> QWidget:
        top = QApplication.activeModalWidget() or self.window
        return top.focusWidget() or top

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
        self.qtbot.keyClick(self.focus, key, modifiers or Qt.KeyboardModifier.NoModifier)

    def type(self, words: str) -> None:
        self.qtbot.keyClicks(self.focus, words)

    def open_library(self) -> None:
        self.press(Qt.Key.Key_2, CONTROL)
        self.qtbot.waitUntil(lambda: self.found(len(PROMPTS)))

    def found(self, count: int) -> bool:
        model = self.library.page.model
        return model.count == count and not model.looking

    def settle(self) -> None:
        self.qtbot.waitUntil(
            lambda: not any(self.library._lanes.busy(lane) for lane in ("library", "review"))
        )

    def prompts(self) -> list[str]:
        """What the pages in sight were drawn from, in their order."""
        model = self.library.page.model
        cards = [model.card(place) for place in range(model.count)]
        return [card.prompt for card in cards if card is not None]


def fill(library: Library, data: bytes, photo: Path) -> None:
    """Keep a page for each of the prompts."""
    for seed, prompt in enumerate(PROMPTS):
        drawn = DrawnPicture(data=data, media_type="image/png", size=Size(64, 64), seed=seed)
        library.add(drawn, request_for(photo, prompt=prompt, seed=seed))

"""The library tab on a desk of its own, with a few pages that differ in everything."""

from hashlib import sha256
from pathlib import Path

import msgspec
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot
from ui.window_data import PAGE_COLOUR, encoded, make_studio, request_for

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.actions import build_actions
from pickabook_desktop.ui.controllers.gallery.findings import Findings
from pickabook_desktop.ui.controllers.gallery.searching import Searching
from pickabook_desktop.ui.gallery.actions import library_table
from pickabook_desktop.ui.gallery.page import GalleryPage


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A page to be kept."""

    prompt: str = ""
    child: str = ""
    book: str = ""
    template: str = "garden"
    seed: int = 1


PAGES = (
    Drawn(prompt="a pirate with a red hat", child="Mia", book="Winter", template="moon"),
    Drawn(prompt="a pirate with a red hat", child="Mia", book="Winter", template="moon", seed=2),
    Drawn(prompt="an owl in the snow", child="Mia", book="Winter"),
    Drawn(prompt="a garden of tulips", child="Jon Olav"),
    Drawn(prompt="a pirate asleep", template="moon", book="Under the sea"),
)
"""Oldest first."""


def keep(library: Library, pages: tuple[Drawn, ...] = PAGES) -> tuple[str, ...]:
    """Keep pages and give their ids."""
    return tuple(_keep(library, page) for page in pages)


def _keep(library: Library, page: Drawn) -> str:
    fields = {"name": page.child} if page.child else {}
    request = request_for(
        Path("photo.png"),
        photo=PhotoRef(path="photo.png", sha256=sha256(page.child.encode()).hexdigest()),
        template_id=page.template,
        prompt=page.prompt,
        fields=fields,
        book=page.book,
        seed=page.seed,
    )
    drawn = DrawnPicture(
        data=encoded(PAGE_COLOUR),
        media_type="image/png",
        size=Size(64, 64),
        seed=page.seed,
        template_id=page.template,
        style_id="storybook",
    )
    return library.add(drawn, request, thumbnail=encoded(PAGE_COLOUR, kind=b"JPG")).id


class LibraryDesk:
    """Opens the library tab in a window and closes it as the program does."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self._folder = folder
        self._qtbot = qtbot
        self.studio = make_studio(folder)
        self.lanes = Lanes()
        self._windows: list[QMainWindow] = []
        self._opened: list[Searching | Findings] = []

    def open(self) -> GalleryPage:
        """The tab, with its first search under way."""
        self.window = QMainWindow()
        # What is asked for may come when the next one is open.
        self._windows.append(self.window)
        self._qtbot.addWidget(self.window)
        self.actions = build_actions(self.window, library_table())
        page = GalleryPage(self.studio, self.lanes, self.actions)
        self.searching = Searching(page, self.actions)
        self._opened += [self.searching, Findings(page)]
        self.window.setCentralWidget(page)
        self.window.resize(1280, 752)
        self.window.show()
        self.window.activateWindow()
        self.searching.begin()
        self.page = page
        return page

    def settled(self) -> None:
        """Wait until all that was asked for has come."""
        self._qtbot.waitUntil(lambda: not self.lanes.busy("review") and not self.page.model.looking)

    def prompts(self) -> list[str]:
        """What the pages in sight were drawn from, in their order."""
        self.settled()
        cards = [self.page.model.card(place) for place in range(self.page.model.count)]
        return [card.prompt for card in cards if card is not None]

    def close(self) -> None:
        for opened in self._opened:
            opened.close()
        joined = self.lanes.shutdown()
        self.studio.close()
        assert joined

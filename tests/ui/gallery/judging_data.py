"""The library tab with its details and all that is decided in it, on a desk of its own."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot
from ui.gallery.page_data import LibraryDesk, keep

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.review import Card
from pickabook_desktop.ui.controllers.gallery.deciding import Deciding
from pickabook_desktop.ui.controllers.gallery.detailing import Detailing
from pickabook_desktop.ui.gallery.details import DetailsPanel
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.decisions import Decisions


class JudgingDesk(LibraryDesk):
    """Five pages, of which the newest is current."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        super().__init__(folder, qtbot)
        self.qtbot = qtbot
        self.kept: dict[str, str] = {}

    def begin(self, *older: str) -> None:
        """Keep pages, and open the library on the newest; ``older`` ones are kept already."""
        self.ids = (*older, *keep(self.studio.library))[::-1]
        page = self.open()
        self.toast = Toast(page.stage)
        self.panel = DetailsPanel(page.feed)
        page.set_details(self.panel)
        page.set_details_shown(True)
        library, watch = self.studio.library, self.studio.children.watch_all
        decisions = Decisions(lambda: library.review.decisions, self.lanes, watch, self.window)
        self.deciding = Deciding(
            self.actions,
            page.model,
            library,
            self.lanes,
            self.toast,
            self.kept.__setitem__,
            decisions=decisions,
            parent=self.window,
        )
        studio = self.studio
        choices = CreateModel(studio.templates, studio.styles, studio.engines.states(), self.window)
        self.detailing = Detailing(
            self.actions,
            page.model,
            self.panel,
            self.deciding,
            studio,
            self.lanes,
            choices,
            self.toast,
            self.window,
            page.view.setFocus,
        )
        self.qtbot.waitUntil(lambda: page.model.count == len(self.ids))
        self.settled()
        page.view.setFocus()
        self.go_to(0)

    def go_to(self, place: int) -> None:
        self.page.model.set_current(place)
        self.wait_for_details()

    def wait_for_details(self) -> None:
        """What is known of the current page is in the panel."""
        card = self.page.model.current_card
        assert card is not None
        titles = self.panel.on_disk
        self.qtbot.waitUntil(lambda: titles.texts().get("Id") == card.id)

    def press(
        self, key: Qt.Key, *modifiers: Qt.KeyboardModifier, on: QWidget | None = None
    ) -> None:
        """Press a key where the keyboard is."""
        held = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            held |= modifier
        self.qtbot.keyClick(on or QApplication.focusWidget() or self.page.view, key, held)

    def shown(self, place: int = 0) -> Card:
        """What is seen of the page at ``place``."""
        card = self.page.model.card(place)
        assert card is not None
        return card

    def on_disk(self, place: int = 0) -> Card:
        """What the library has of the page that is at ``place``, once all is written."""
        self.qtbot.waitUntil(lambda: not self.lanes.busy("library"))
        return self.studio.library.review.card(self.ids[place])

    def chips(self) -> dict[str, QToolButton]:
        """The tags that are shown, with the buttons that take them away."""
        return {chip.tag: chip.close_button for chip in self.panel.marking.tags.chips}

    def fill_disk(self, monkeypatch) -> None:
        """From now on nothing can be written."""

        def full(*_args: object) -> None:
            raise StorageError("The disk is full.", "Make room and try again.")

        for change in ("mark", "tag", "annotate", "put_back"):
            monkeypatch.setattr(self.studio.library.review.decisions, change, full)

    def close(self) -> None:
        self.detailing.close()
        super().close()

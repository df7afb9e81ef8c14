"""One of the pictures that are compared: itself, and below it what is thought and known of it."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Card
from pickabook_desktop.ui.gallery.card_on_canvas import CardOnCanvas
from pickabook_desktop.ui.gallery.look_canvas import LookCanvas
from pickabook_desktop.ui.gallery.marks_line import MarksLine
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.viewmodels.picture_preloader import PicturePreloader
from pickabook_desktop.ui.viewmodels.thumbnail_feed import ThumbnailFeed
from pickabook_desktop.ui.widgets.buttons import tool_button
from pickabook_desktop.ui.widgets.labels import ElidedLabel

LABELS_FROM = 460


class ComparePane(QWidget):
    """A canvas that is zoomed together with others, and a line on its picture."""

    chosen = Signal()
    """It is to be the one that keys act upon."""
    removed = Signal()

    def __init__(
        self,
        small: ThumbnailFeed,
        preloader: PicturePreloader,
        actions: Mapping[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.canvas = LookCanvas()
        self.canvas.setMinimumSize(160, 120)
        self.canvas.view.set_margin(Space.SMALL)
        self.on_canvas = CardOnCanvas(self.canvas, small, preloader)
        self.number = QLabel()
        self.marks = MarksLine(actions)
        self.words = ElidedLabel()
        self.words.setProperty("type", "small")
        self._title = ""
        remove = self.remove_button = tool_button("close", tr("Take out of the comparison (/)"))
        remove.clicked.connect(self.removed)
        self.canvas.focused.connect(self.chosen)
        self.marks.pressed.connect(self.chosen)
        self._lay_out()

    @property
    def card(self) -> Card | None:
        """What it shows."""
        return self.on_canvas.card

    def show_card(self, card: Card, number: int, title: str) -> None:
        """Show ``card`` as the picture of that number."""
        self._title = title
        self.number.setText(str(number))
        self.on_canvas.show(card)
        self.marks.show_card(card)
        self.canvas.setAccessibleName(tr("Picture {number}: {title}", number=number, title=title))
        self.words.setToolTip(self._tip())

    def set_difference(self, words: str) -> None:
        """What is different about how it was asked for."""
        self.words.setText(words)
        self.words.setToolTip(self._tip())
        self.canvas.setAccessibleDescription(words)

    def set_active(self, active: bool) -> None:
        """Mark it as the one that keys act upon."""
        self.canvas.set_active(active)
        kind = "strong" if active else "quiet"
        if self.number.property("type") != kind:
            self.number.setProperty("type", kind)
            self.number.style().unpolish(self.number)
            self.number.style().polish(self.number)

    def set_room(self, width: int) -> None:
        """Leave out what has no place in ``width``."""
        self.marks.labels.setVisible(width >= LABELS_FROM)

    def _tip(self) -> str:
        return "\n".join(part for part in (self._title, self.words.text()) if part)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(Space.SMALL, 0, Space.SMALL, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.number)
        row.addWidget(self.marks)
        row.addStretch(1)
        row.addWidget(self.remove_button)
        below = QVBoxLayout()
        below.setContentsMargins(Space.SMALL, 0, Space.SMALL, Space.TINY)
        below.addWidget(self.words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TINY)
        column.addWidget(self.canvas, 1)
        column.addLayout(row)
        column.addLayout(below)
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)

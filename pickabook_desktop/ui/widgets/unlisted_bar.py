"""What stands above pages while the library does not know of others."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import IconMark, wrapped


class UnlistedBar(QFrame):
    """Says how many pages there are that nobody sees, and offers to take them back."""

    repair_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.words = wrapped("", "small")
        self.repair = text_button(tr("Take them back…"), "undo")
        self.repair.clicked.connect(self.repair_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.LARGE, Space.SMALL, Space.LARGE, Space.SMALL)
        row.setSpacing(Space.SMALL)
        row.addWidget(IconMark("warn", "warn", Metric.SMALL_ICON))
        row.addWidget(self.words, 1)
        row.addWidget(self.repair)
        self.hide()

    def show_count(self, count: int) -> None:
        """So many pages are not on the list; nothing is said of none."""
        self.words.setText(unlisted_words(count))
        self.setVisible(count > 0)


def unlisted_words(count: int) -> str:
    """So many pages are not on the list."""
    if count == 1:
        return tr("1 page is in the library's folder and not on its list.")
    return tr("{count} pages are in the library's folder and not on its list.", count=count)

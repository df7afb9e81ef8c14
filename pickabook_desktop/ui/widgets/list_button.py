"""A button that tells how many there are of something, and opens the list of them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from pickabook_desktop.ui.theme import Metric

if TYPE_CHECKING:
    from pickabook_desktop.ui.widgets.popup import Popup


class ListButton(QToolButton):
    """Whoever makes one says which list that is; it need not be made before it is opened."""

    opened = Signal()
    """The list is about to be seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "tool")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setMinimumSize(Metric.HIT, Metric.HIT)
        self.clicked.connect(self.open_list)

    def popup(self) -> "Popup":
        """The list."""
        raise NotImplementedError

    def show_count(self, count: int) -> None:
        """Show how many there are; nothing where there are none."""
        self.setText(str(count) if count else "")

    def open_list(self) -> None:
        """Open the list below the button."""
        popup = self.popup()
        self.opened.emit()
        popup.open_below(self)

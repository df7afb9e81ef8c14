"""Where copies of a picture are kept, each with a button for its link."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.stored import StoredPicture
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.widgets.buttons import tool_button
from pickabook_desktop.ui.widgets.labels import ElidedLabel


class CopyLine(msgspec.Struct, frozen=True):
    """A copy, and where and since when it is there, in words."""

    stored: StoredPicture
    words: str


class CopyLines(QWidget):
    """The copies of one picture."""

    link_wanted = Signal(object)
    """A :class:`StoredPicture`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[CopyLine, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.TINY)

    def show_copies(self, lines: Sequence[CopyLine]) -> None:
        """Show these and no others."""
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        while (item := self._column.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for line in self._lines:
            self._column.addWidget(self._row(line))

    def _row(self, line: CopyLine) -> QWidget:
        row = QWidget(self)
        words = ElidedLabel(line.words)
        words.setProperty("type", "small")
        button = tool_button("link", tr("Copy the link: {place}", place=line.words), row, "quiet")
        button.setIconSize(QSize(Metric.SMALL_ICON, Metric.SMALL_ICON))
        stored = line.stored
        button.clicked.connect(lambda: self.link_wanted.emit(stored))
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.TINY)
        layout.addWidget(words, 1)
        layout.addWidget(button)
        return row

"""A column inside a popup that is as high as its content, and scrolls where that is too much."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from pickabook_desktop.ui.theme import Space


class PopupColumn(QScrollArea):
    """``column`` is where the content goes; it is ``width`` wide and at most ``highest`` high."""

    def __init__(self, width: int, highest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = width
        self._highest = highest
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        inside = self._inside = QWidget()
        inside.setProperty("kind", "scrolled")
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Space.SMALL)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        return QSize(self._width, min(self._needed(), self._highest))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def refit(self) -> None:
        """The content has changed."""
        # Layouts within layouts remember the height of the words before, until this or an event.
        for widget in reversed(self._inside.findChildren(QWidget)):
            layout = widget.layout()
            if layout is not None:
                layout.activate()
        scrolls = self._needed() > self._highest
        self.column.setContentsMargins(0, 0, Space.MEDIUM if scrolls else 0, 0)
        self.column.activate()
        self.updateGeometry()

    def _needed(self) -> int:
        margins = self.column.contentsMargins()
        width = self._width - margins.left() - margins.right()
        if self.column.hasHeightForWidth():
            return self.column.totalHeightForWidth(max(1, width))
        return self.column.totalSizeHint().height()

"""Help with grid layouts."""

from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from pickabook_desktop.ui.theme import Space


def field_grid(holder: QWidget, label_width: int = 0) -> QGridLayout:
    """A grid in ``holder`` for labels and, beside them, fields that take the room that is left."""
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(Space.MEDIUM)
    grid.setVerticalSpacing(Space.SMALL)
    grid.setColumnMinimumWidth(0, label_width)
    grid.setColumnStretch(1, 1)
    return grid


def empty_grid(layout: QLayout) -> None:
    """Remove and delete every widget in ``layout``."""
    while (item := layout.takeAt(0)) is not None:  # pyright: ignore[reportUnnecessaryComparison]  # stubs deny None
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()

"""Help with grid layouts."""

from PySide6.QtWidgets import QLayout


def empty_grid(layout: QLayout) -> None:
    """Remove and delete every widget in ``layout``."""
    while (item := layout.takeAt(0)) is not None:  # pyright: ignore[reportUnnecessaryComparison]  # stubs deny None
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()

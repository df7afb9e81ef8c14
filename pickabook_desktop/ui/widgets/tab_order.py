"""The order of Tab, taken from the layout.

Qt puts widgets that come later at the end of the order, wherever they stand.
"""

import itertools
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def tab_by_layout(root: QWidget) -> None:
    """Let Tab go through everything inside ``root`` as it is laid out."""
    for first, second in itertools.pairwise(stops(root)):
        QWidget.setTabOrder(first, second)


def stops(root: QWidget) -> Iterator[QWidget]:
    """What can be reached by Tab inside ``root``, in the order of its layout."""
    if isinstance(root, QScrollArea):
        inside: QWidget | None = root.widget()
        if inside is not None:
            yield from stops(inside)
        return
    layout = root.layout()
    if layout is not None:
        yield from _stops_in(layout)


def _stops_in(layout: QLayout) -> Iterator[QWidget]:
    items = (layout.itemAt(index) for index in range(layout.count()))
    for item in items:
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            # The checked one of a group alone takes Tab; the others need their place all the same.
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                yield widget
            yield from stops(widget)
        elif inner is not None:
            yield from _stops_in(inner)

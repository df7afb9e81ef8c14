"""Text in either direction."""

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit


def follows_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    return first != "L"


def prepare_line(edit: QLineEdit) -> None:
    """Let a line run in the direction of what is typed into it.

    It takes no drops either: a file dropped anywhere on the window is a photo, not its address.
    """
    edit.setAcceptDrops(False)

    def on_changed(text: str) -> None:
        if not text:
            edit.unsetLayoutDirection()
            return
        right = follows_right_to_left(text)
        ways = Qt.LayoutDirection
        edit.setLayoutDirection(ways.RightToLeft if right else ways.LeftToRight)

    edit.textChanged.connect(on_changed)

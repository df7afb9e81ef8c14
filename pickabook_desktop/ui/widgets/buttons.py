"""Buttons in the house's variants."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from pickabook_desktop.ui.theme import Metric, Role, set_icon


def tool_button(
    name: str, tip: str, parent: QWidget | None = None, role: Role = "text"
) -> QToolButton:
    """A square button that shows an icon and says what it does."""
    button = QToolButton(parent)
    button.setProperty("kind", "tool")
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setIconSize(QSize(Metric.ICON, Metric.ICON))
    button.setMinimumSize(Metric.HIT, Metric.HIT)
    set_icon(button, name, role)
    return button


def text_button(
    title: str, icon_name: str = "", kind: str = "", parent: QWidget | None = None
) -> QPushButton:
    """A button with words; ``kind`` as in the style sheet, empty for the plain one."""
    button = QPushButton(title, parent)
    if kind:
        button.setProperty("kind", kind)
    if icon_name:
        button.setIconSize(QSize(Metric.SMALL_ICON, Metric.SMALL_ICON))
        set_icon(button, icon_name)
    return button

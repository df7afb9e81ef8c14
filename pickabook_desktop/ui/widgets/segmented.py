"""Exactly one of a few, as buttons joined into one."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget


class SegmentedControl(QWidget):
    """A row of joined buttons, one of which is down."""

    value_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[str, ...] = ()
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._on_clicked)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Replace the buttons: value, title."""
        values = tuple(value for value, _ in choices)
        if values == self._values:
            return
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._layout.removeWidget(button)
            button.deleteLater()
        self._values = values
        for index, (_, title) in enumerate(choices):
            button = QPushButton(title, self)
            button.setCheckable(True)
            button.setProperty("kind", "segment")
            button.setProperty("place", self._place(index))
            button.setAccessibleName(f"{self.accessibleName()}: {title}".removeprefix(": "))
            self._group.addButton(button, index)
            self._layout.addWidget(button, 1)

    def choose(self, value: str) -> None:
        """Show ``value`` as chosen, without a signal; an unknown one changes nothing."""
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)

    @property
    def values(self) -> tuple[str, ...]:
        """What can be chosen."""
        return self._values

    def button(self, value: str) -> QPushButton:
        """The button for ``value``; raises ValueError where there is none."""
        button = self._group.button(self._values.index(value))
        if not isinstance(button, QPushButton):
            raise TypeError(value)
        return button

    def _place(self, index: int) -> str:
        last = len(self._values) - 1
        if last == 0:
            return "only"
        return {0: "first", last: "last"}.get(index, "middle")

    def _on_clicked(self, index: int) -> None:
        self.value_chosen.emit(self._values[index])

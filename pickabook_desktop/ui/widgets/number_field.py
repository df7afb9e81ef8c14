"""A whole number that can be typed, stepped with two large buttons, or rolled."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.widgets.buttons import tool_button


def number_box(name: str) -> QSpinBox:
    """A box for a whole number, with the padding that Qt forgets in styled boxes."""
    box = QSpinBox()
    box.setAccessibleName(name)
    box.lineEdit().setTextMargins(Space.SMALL, 0, 0, 0)
    return box


class Stepper(QWidget):
    """Minus, the number, plus."""

    value_edited = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spin = number_box(name)
        self._spin.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._spin.lineEdit().setTextMargins(0, 0, 0, 0)
        # Qt leaves no room for the number when it styles a box whose symbols are switched off.
        self._spin.setProperty("plain", True)
        self._spin.setFixedWidth(Metric.HIT + Space.LARGE)
        self._spin.valueChanged.connect(self._on_changed)
        self._less = tool_button("minus", tr("Fewer"))
        self._more = tool_button("plus", tr("More"))
        self._less.clicked.connect(self._spin.stepDown)
        self._more.clicked.connect(self._spin.stepUp)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.TINY)
        for part in (self._less, self._spin, self._more):
            row.addWidget(part)
        row.addStretch(1)
        self.setFocusProxy(self._spin)

    def show_value(self, value: int, minimum: int, maximum: int) -> None:
        """Show what the model holds, without a signal."""
        self._spin.blockSignals(True)
        self._spin.setRange(minimum, maximum)
        self._spin.setValue(value)
        self._spin.blockSignals(False)
        self._dim()

    def _on_changed(self, value: int) -> None:
        self._dim()
        self.value_edited.emit(value)

    def _dim(self) -> None:
        self._less.setEnabled(self._spin.value() > self._spin.minimum())
        self._more.setEnabled(self._spin.value() < self._spin.maximum())

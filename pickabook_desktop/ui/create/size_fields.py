"""Width and height in pixels, typed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QWidget

from pickabook_desktop.domain.geometry import MIN_EDGE, Size
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.viewmodels.picture_size import MAX_EDGE
from pickabook_desktop.ui.widgets.number_field import number_box


class SizeFields(QWidget):
    """Two numbers; ``size_edited`` follows every change that is within the bounds."""

    size_edited = Signal(Size)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.width_spin = self._spin(tr("Width in pixels"))
        self.height_spin = self._spin(tr("Height in pixels"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.width_spin, 1)
        row.addWidget(QLabel("×"))
        row.addWidget(self.height_spin, 1)

    def show_size(self, size: Size) -> None:
        """Show what the model holds, without a signal."""
        for spin, value in ((self.width_spin, size.width), (self.height_spin, size.height)):
            if spin.value() != value:
                spin.blockSignals(True)
                spin.setValue(value)
                spin.blockSignals(False)

    def _spin(self, name: str) -> QSpinBox:
        spin = number_box(name)
        spin.setRange(MIN_EDGE, MAX_EDGE)
        spin.setSuffix(tr(" px"))
        spin.setToolTip(tr("{least} to {most} pixels", least=MIN_EDGE, most=MAX_EDGE))
        spin.setKeyboardTracking(False)
        spin.valueChanged.connect(self._on_changed)
        return spin

    def _on_changed(self) -> None:
        self.size_edited.emit(Size(self.width_spin.value(), self.height_spin.value()))

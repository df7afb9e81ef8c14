"""Which of the engine's models draws."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.capabilities import ModelSpec
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.viewmodels.models import choosable, model_line, retired_problem
from pickabook_desktop.ui.widgets.labels import wrapped

_LEAST_LETTERS = 12


class _Box(QComboBox):
    """Ends what does not fit with an ellipsis; the open list shows it whole."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumContentsLength(_LEAST_LETTERS)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.width() - 2 * Space.SMALL - Metric.SIGN
        ellipsis = Qt.TextElideMode.ElideRight
        option.currentText = self.fontMetrics().elidedText(self.currentText(), ellipsis, room)  # pyright: ignore[reportAttributeAccessIssue]  # missing in the stubs
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def showPopup(self) -> None:
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 2 * Space.LARGE)
        super().showPopup()


class ModelField(QWidget):
    """Every model with its state and price; those that are gone are shown and cannot be chosen."""

    model_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models: tuple[ModelSpec, ...] = ()
        self.box = _Box()
        self.box.setAccessibleName(tr("Model"))
        self.note = wrapped(kind="quiet")
        self.box.activated.connect(self._on_activated)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.TINY)
        layout.addWidget(self.box)
        layout.addWidget(self.note)
        self.setFocusProxy(self.box)

    def show_models(self, models: tuple[ModelSpec, ...], chosen: ModelSpec | None) -> None:
        """Show what the view-model holds, without a signal."""
        if models != self._models:
            self._models = models
            self._fill()
        self.box.setCurrentIndex(models.index(chosen) if chosen in models else -1)
        self.box.setToolTip(model_line(chosen) if chosen else "")
        gone = retired_problem(chosen) if chosen else ""
        self.note.setText(gone or (_note(chosen) if chosen else ""))
        self.note.setProperty("level", "stop" if gone else None)
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)
        self.note.setVisible(bool(self.note.text()))

    def _fill(self) -> None:
        self.box.clear()
        for model in self._models:
            self.box.addItem(model_line(model), model.id)
            self.box.setItemData(
                self.box.count() - 1, model.note or model.id, Qt.ItemDataRole.ToolTipRole
            )
        items = self.box.model()
        if isinstance(items, QStandardItemModel):
            for row, model in enumerate(self._models):
                items.item(row).setEnabled(choosable(model))

    def _on_activated(self, row: int) -> None:
        self.model_chosen.emit(self._models[row].id)


def _note(model: ModelSpec) -> str:
    read = tr("Prices as of {date}.", date=model.read_on) if model.read_on and model.prices else ""
    return " ".join(part for part in (model.note, read) if part)

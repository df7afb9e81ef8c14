"""What dialogs of handing over are made of: parts under headings, numbers with units, a folder."""

from collections.abc import Callable

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import heading


class Part(QVBoxLayout):
    """A heading, and what belongs under it."""

    def __init__(self, title: str, *inside: QWidget | QLayout) -> None:
        super().__init__()
        self.setSpacing(Space.TINY)
        self.addWidget(heading(title))
        for part in inside:
            self.add(part)

    def add(self, part: QWidget | QLayout) -> None:
        if isinstance(part, QWidget):
            self.addWidget(part)
        else:
            self.addLayout(part)


class _CalmSpin(QSpinBox):
    def wheelEvent(self, event: QWheelEvent, /) -> None:
        event.ignore()


class _CalmDoubleSpin(QDoubleSpinBox):
    def wheelEvent(self, event: QWheelEvent, /) -> None:
        event.ignore()


class NumberField(QWidget):
    """A number with its unit; ``edited`` follows what the person does alone."""

    edited = Signal(float)

    def __init__(
        self, name: str, least: float, most: float, unit: str = "", decimals: int = 0
    ) -> None:
        super().__init__()
        box: QSpinBox | QDoubleSpinBox
        if decimals:
            box = _CalmDoubleSpin()
            box.setDecimals(decimals)
            box.setRange(least, most)
        else:
            box = _CalmSpin()
            box.setRange(round(least), round(most))
        self.box = box
        box.setAccessibleName(name)
        box.setSuffix(unit)
        # Qt forgets this padding in styled boxes.
        left = self.layoutDirection() == Qt.LayoutDirection.LeftToRight
        margins = (Space.SMALL, 0, 0, 0) if left else (0, 0, Space.SMALL, 0)
        box.lineEdit().setTextMargins(*margins)
        box.setKeyboardTracking(False)
        box.setLocale(QLocale())
        box.valueChanged.connect(self._on_changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(box, 1)
        self.setFocusProxy(box)

    @property
    def value(self) -> float:
        return float(self.box.value())

    def show_value(self, value: float) -> None:
        """Show what the model holds, without a signal."""
        self.box.blockSignals(True)
        if isinstance(self.box, QSpinBox):
            self.box.setValue(round(value))
        else:
            self.box.setValue(value)
        self.box.blockSignals(False)

    def set_range(self, least: float, most: float, unit: str) -> None:
        """Other bounds and another unit, without a signal."""
        self.box.blockSignals(True)
        if isinstance(self.box, QSpinBox):
            self.box.setRange(round(least), round(most))
        else:
            self.box.setRange(least, most)
        self.box.setSuffix(unit)
        self.box.blockSignals(False)

    def show_decimals(self, decimals: int) -> None:
        """How finely a number that need not be whole is said."""
        if isinstance(self.box, QDoubleSpinBox):
            self.box.blockSignals(True)
            self.box.setDecimals(decimals)
            self.box.blockSignals(False)

    def _on_changed(self, value: float) -> None:
        self.edited.emit(float(value))


class FolderField(QWidget):
    """A folder: typed, or found with a dialog."""

    edited = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.textEdited.connect(self.edited)
        self.choose = text_button(tr("Choose…"), "folder")
        self.choose.setAutoDefault(False)
        self.choose.setAccessibleName(tr("Choose: {title}", title=name))
        self.choose.clicked.connect(self._browse)
        self._name = name
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.line, 1)
        row.addWidget(self.choose)
        self.setFocusProxy(self.line)

    def show_folder(self, folder: str) -> None:
        """Show what the model holds."""
        if self.line.text() != folder:
            self.line.setText(folder)
            self.line.setCursorPosition(0)
        self.line.setToolTip(folder)

    def _browse(self) -> None:
        dialog = QFileDialog(self, self._name, self.line.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._on_found)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_found(self, folder: str) -> None:
        self.show_folder(folder)
        self.edited.emit(folder)


def row_of(*parts: QWidget, stretch: int = -1) -> QHBoxLayout:
    """``parts`` beside each other; the one at ``stretch`` takes the room that is left, -1 none."""
    row = QHBoxLayout()
    row.setSpacing(Space.SMALL)
    for index, part in enumerate(parts):
        row.addWidget(part, 1 if index == stretch else 0)
    if stretch < 0:
        row.addStretch(1)
    return row


def leave_return_to(default: QPushButton, dialog: QWidget) -> None:
    """Let Return press ``default`` wherever the keyboard is in ``dialog``."""
    for button in dialog.findChildren(QPushButton):
        button.setAutoDefault(False)
    default.setAutoDefault(True)
    default.setDefault(True)


def after(call: Callable[[], None]) -> Callable[..., None]:
    """``call`` without the words that a signal brings."""

    def run(*_said: object) -> None:
        call()

    return run

"""Small rounded buttons that can be switched on: one out of several, or any number."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.widgets.flow import FlowLayout


class Chip(QPushButton):
    """One rounded button that stays down."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setProperty("kind", "chip")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)


class ChoiceChips(QWidget):
    """Exactly one of a few, as chips in as many lines as they need."""

    value_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = FlowLayout(self)
        self._group = QButtonGroup(self)
        self._values: list[str] = []
        self._group.idClicked.connect(self._on_clicked)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:
        """One line; Qt's own answer is one chip a line, which makes columns scroll for nothing."""
        return QSize(self._layout.minimumSize().width(), Metric.HIT)

    def set_choices(self, choices: Sequence[tuple[str, str, QIcon | None]]) -> None:
        """Replace the chips: value, title, icon."""
        for button in self._group.buttons():
            self._group.removeButton(button)
        self._layout.clear()
        self._values = [value for value, _, _ in choices]
        for index, (_, title, icon) in enumerate(choices):
            chip = Chip(title, self)
            if icon is not None:
                chip.setIcon(icon)
                chip.setIconSize(QSize(Metric.ICON + Space.TINY, Metric.ICON))
            self._group.addButton(chip, index)
            self._layout.addWidget(chip)
            chip.show()
        self.updateGeometry()

    def choose(self, value: str) -> None:
        """Show ``value`` as chosen, without a signal; an unknown one changes nothing."""
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)

    def chips(self) -> list[QPushButton]:
        return [b for b in self._group.buttons() if isinstance(b, QPushButton)]

    def _on_clicked(self, index: int) -> None:
        self.value_chosen.emit(self._values[index])


class TagBar(QWidget):
    """One line of chips; those that do not fit wait in a menu at its end."""

    tags_changed = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: list[Chip] = []
        self._hidden: list[Chip] = []
        self._more = QPushButton(self)
        self._more.setProperty("kind", "chip")
        self._more.setAccessibleName(tr("More tags"))
        self._more.setToolTip(tr("More tags"))
        self._menu = QMenu(self._more)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._more.setMenu(self._menu)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(Space.TINY)
        self._layout.addWidget(self._more)
        self._layout.addStretch(1)
        self.setMinimumHeight(Metric.HIT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_tags(self, tags: Iterable[str]) -> None:
        """Replace the chips, the most important tag first; nothing is chosen afterwards."""
        for chip in self._chips:
            self._layout.removeWidget(chip)
            chip.deleteLater()
        self._chips = []
        for tag in tags:
            chip = Chip(tag, self)
            chip.toggled.connect(self._on_toggled)
            self._layout.insertWidget(len(self._chips), chip)
            self._chips.append(chip)
        self._arrange()

    def chosen(self) -> list[str]:
        return [chip.text() for chip in self._chips if chip.isChecked()]

    def clear_choice(self) -> None:
        for chip in self._chips:
            chip.setChecked(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(0, Metric.HIT)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, Metric.HIT)

    def _on_toggled(self) -> None:
        self._arrange()
        self.tags_changed.emit(self.chosen())

    def _arrange(self) -> None:
        if not hasattr(self, "_menu"):
            return
        widths = [chip.sizeHint().width() + Space.TINY for chip in self._chips]
        room = self.width()
        if sum(widths) - Space.TINY > room:
            self._more.setText("+00")
            room -= self._more.sizeHint().width() + Space.TINY
        shown = self._fitting(widths, room)
        hidden = [chip for chip in self._chips if chip not in shown]
        for chip in self._chips:
            chip.setVisible(chip in shown)
        self._more.setVisible(bool(hidden))
        self._more.setText(f"+{len(hidden)}")
        self._hidden = hidden

    def _fitting(self, widths: list[int], room: int) -> list[Chip]:
        """Chosen chips come first, then the others in their order, while there is room."""
        order = sorted(range(len(widths)), key=lambda i: not self._chips[i].isChecked())
        shown: list[Chip] = []
        for index in order:
            room -= widths[index]
            if room + Space.TINY < 0:
                break
            shown.append(self._chips[index])
        return shown

    def _fill_menu(self) -> None:
        self._menu.clear()
        for chip in self._hidden:
            action = QAction(chip.text(), self._menu)
            action.setCheckable(True)
            action.setChecked(chip.isChecked())
            action.toggled.connect(chip.setChecked)
            self._menu.addAction(action)

"""The line that says how many pages there are, and how they are shown."""

from collections.abc import Iterable, Mapping
from typing import cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSlider, QToolButton, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import GroupKey, SortKey
from pickabook_desktop.ui.gallery.view import LEAST_EDGE, MOST_EDGE
from pickabook_desktop.ui.theme import Metric, Space, icon_pixmap, set_icon
from pickabook_desktop.ui.viewmodels.gallery_words import (
    count_text,
    direction_title,
    group_titles,
    sort_titles,
)
from pickabook_desktop.ui.widgets.buttons import tool_button
from pickabook_desktop.ui.widgets.labels import ElidedLabel

EDGE_STEP = 32
# Four in a row on the smallest window, with both panels beside them.
FIRST_EDGE = 152
_MODES = ("lib_grid", "lib_list", "lib_strip")
_SLIDER = 96


class MenuButton(QPushButton):
    """Says what is chosen and opens the menu to choose from."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self._name = name
        self._titles = dict(choices)
        self.setProperty("kind", "flat")
        self.setProperty("align", "start")
        self._group = QActionGroup(self)
        menu = QMenu(self)
        for value, title in self._titles.items():
            action = menu.addAction(title)
            action.setData(value)
            action.setCheckable(True)
            self._group.addAction(action)
        self._group.triggered.connect(self._on_triggered)
        self.setMenu(menu)

    def choose(self, value: str) -> None:
        """Show what is chosen, without a signal."""
        for action in self._group.actions():
            action.setChecked(action.data() == value)
        self.setText(self._titles[value])
        self.setAccessibleName(f"{self._name}: {self._titles[value]}")
        self.setToolTip(self.accessibleName())
        self.updateGeometry()

    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(str(action.data()))

    def sizeHint(self) -> QSize:
        # Qt's own answer has room for words of a dialog's buttons.
        words = self.fontMetrics().horizontalAdvance(self.text())
        width = Space.MEDIUM + words + Space.TINY + Metric.SMALL_ICON + Space.TINY
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        size = Metric.SMALL_ICON
        mark = icon_pixmap("chevron-down", size, "quiet", self.devicePixelRatioF())
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = Space.TINY if mirrored else self.width() - Space.TINY - size
        QPainter(self).drawPixmap(left, (self.height() - size) // 2, mark)


class ViewBar(QWidget):
    """``edge_changed`` tells how large thumbnails are wanted, in pixels. How pages are shown and
    whether variations are stacked is up to the actions.
    """

    sort_chosen = Signal(str)
    descending_chosen = Signal(bool)
    grouping_chosen = Signal(str)
    edge_changed = Signal(int)

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sort: SortKey = "date"
        self._descending = True
        self.count = ElidedLabel()
        self.count.setProperty("type", "quiet")
        self.sort = MenuButton(tr("Sort by"), _pairs(sort_titles()))
        self.sort.chosen.connect(self.sort_chosen)
        self.direction = tool_button("sort-down", tr("Newest first"))
        self.direction.clicked.connect(lambda: self.descending_chosen.emit(not self._descending))
        self.grouping = MenuButton(tr("Group by"), _pairs(group_titles()))
        self.grouping.chosen.connect(self.grouping_chosen)
        self.stack = action_button(actions["lib_stack"], "stack")
        self.modes = [
            action_button(actions[name], icon)
            for name, icon in zip(_MODES, ("grid", "list", "strip"), strict=True)
        ]
        self.edge = QSlider(Qt.Orientation.Horizontal)
        self.edge.setRange(LEAST_EDGE, MOST_EDGE)
        self.edge.setSingleStep(EDGE_STEP // 2)
        self.edge.setPageStep(EDGE_STEP)
        self.edge.setValue(FIRST_EDGE)
        self.edge.setFixedWidth(_SLIDER)
        self.edge.setMinimumHeight(Metric.HIT)
        self.edge.setToolTip(tr("Size of the thumbnails"))
        self.edge.setAccessibleName(tr("Size of the thumbnails"))
        self.edge.valueChanged.connect(self.edge_changed)
        self._arrange()
        self.show_order("date", "", descending=True)

    def show_count(self, count: int, total: int | None) -> None:
        """Say how many pages are shown, and of how many."""
        self.count.setText(count_text(count, count if total is None else total))

    def show_order(self, sort: SortKey, grouping: GroupKey, *, descending: bool) -> None:
        """Show the order pages are in, without a signal."""
        self._sort, self._descending = sort, descending
        self.sort.choose(sort)
        self.grouping.choose(grouping)
        title = direction_title(sort, descending=descending)
        set_icon(self.direction, "sort-down" if descending else "sort-up")
        self.direction.setToolTip(title)
        self.direction.setAccessibleName(title)

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.TINY)
        row.addWidget(self.count, 1)
        for button in (self.sort, self.direction, self.grouping, self.stack):
            row.addWidget(button)
        row.addSpacing(Space.SMALL)
        for button in self.modes:
            row.addWidget(button)
        row.addSpacing(Space.SMALL)
        row.addWidget(self.edge)


def action_button(action: QAction, icon_name: str) -> QToolButton:
    """A square button that does the same as a checkable action."""
    button = tool_button(icon_name, action.toolTip())
    button.setCheckable(True)
    button.setChecked(action.isChecked())
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def press() -> None:
        action.trigger()
        # One of several that exclude each other stays down.
        button.setChecked(action.isChecked())

    button.clicked.connect(press)
    action.toggled.connect(button.setChecked)
    return button


def _pairs(titles: Mapping[SortKey, str] | Mapping[GroupKey, str]) -> list[tuple[str, str]]:
    return cast("list[tuple[str, str]]", list(titles.items()))

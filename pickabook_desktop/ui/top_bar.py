"""The bar at the top: menus, room for the tabs, the engine, the queue, the settings."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QMenuBar,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.actions import CREATE_TAB, LIBRARY_TAB, fill_menu_bar, menu_titles
from pickabook_desktop.ui.create.engine_button import EngineButton
from pickabook_desktop.ui.queue_button import QueueButton
from pickabook_desktop.ui.theme import Metric, Space, set_icon
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.widgets.labels import ProgramSign
from pickabook_desktop.ui.widgets.segmented import SegmentedControl


class TopBar(QFrame):
    """Holds what concerns the whole window."""

    def __init__(
        self, actions: Mapping[str, QAction], model: CreateModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.setFixedHeight(Metric.HEADER)
        self.menus = QMenuBar()
        self.menus.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._menus = {name: self.menus.addMenu(title) for name, title in menu_titles().items()}
        self._actions = actions
        self.engine = EngineButton(model)
        self.queue = QueueButton()
        settings = QToolButton()
        set_icon(actions["settings"], "settings")
        settings.setDefaultAction(actions["settings"])
        settings.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        settings.setProperty("kind", "tool")
        settings.setMinimumSize(Metric.HIT, Metric.HIT)
        settings.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        settings.setAccessibleName(tr("Settings"))
        self.tabs = SegmentedControl()
        self.tabs.setAccessibleName(tr("Tab"))
        self.tabs.set_choices(((CREATE_TAB, tr("Create")), (LIBRARY_TAB, tr("Library"))))
        self.tabs.choose(CREATE_TAB)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, 0, Space.MEDIUM, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(ProgramSign())
        row.addWidget(self.menus, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self.engine)
        row.addWidget(self.queue)
        row.addWidget(settings)
        self._row = row

    def add_status(self, widget: QWidget) -> None:
        """Put ``widget`` beside the queue."""
        self._row.insertWidget(self._row.indexOf(self.queue) + 1, widget)

    def menu(self, name: str) -> QMenu:
        """The menu of that id."""
        return self._menus[name]

    def fill_menus(self) -> None:
        """Put the actions into the menus, of which the titles alone are seen at first."""
        fill_menu_bar(self._menus, self._actions)

"""Which engine draws: a button that tells, and opens the list to choose from."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space, icon_pixmap, set_icon
from pickabook_desktop.ui.viewmodels.cost import price_text
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.models import brief

if TYPE_CHECKING:
    from pickabook_desktop.ui.create.engine_list import EngineList


class EngineButton(QPushButton):
    """Tells which engine draws, where and for how much; opens the list."""

    setup_requested = Signal()

    def __init__(self, model: CreateModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setProperty("kind", "engine")
        self.setIconSize(QSize(Metric.ICON, Metric.ICON))
        self.clicked.connect(self.open_list)
        for signal in (model.engine_changed, model.options_changed):
            signal.connect(self._describe)
        self._describe()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        size = Metric.SMALL_ICON
        mark = icon_pixmap("chevron-down", size, "quiet", self.devicePixelRatioF())
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = Space.SMALL if mirrored else self.width() - Space.SMALL - size
        QPainter(self).drawPixmap(left, (self.height() - size) // 2, mark)

    def open_list(self) -> "EngineList":
        """Show the list under the button, and return it."""
        from pickabook_desktop.ui.create.engine_list import EngineList

        popup = EngineList(self._model, self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.engine_chosen.connect(self._model.choose_engine)
        popup.setup_requested.connect(self.setup_requested)
        popup.open_below(self)
        return popup

    def _describe(self) -> None:
        state, can = self._model.engine, self._model.capabilities
        price = price_text(can.price_for(self._model.size)) if can else ""
        text = brief(state, price) if state else tr("Choose an engine")
        if text == self.text():
            return
        self.setText(text)
        problem = state.unavailable if state else ""
        set_icon(self, "warn" if problem else "engine", "warn" if problem else "text")
        model = self._model.model
        tip = tr("Choose who draws")
        self.setToolTip(problem or (f"{model.title}\n{tip}" if model else tip))
        self.setAccessibleName(tr("Engine: {name}", name=text))

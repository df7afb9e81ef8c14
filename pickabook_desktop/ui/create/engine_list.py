"""The engines to choose from, with all that helps to choose."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.capabilities import Capabilities, EngineState
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Role, Space
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.models import brief
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import IconMark, heading, wrapped
from pickabook_desktop.ui.widgets.popup import Popup
from pickabook_desktop.ui.widgets.popup_column import PopupColumn

_POPUP_WIDTH = Metric.PAGE_COLUMN
HIGHEST = 560


class EngineRow(QPushButton):
    """One engine in the list, with all that helps to choose."""

    def __init__(
        self,
        state: EngineState,
        *,
        chosen: bool,
        key: bool | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """``key`` is whether the engine's key is there, as far as anybody knows."""
        super().__init__(parent)
        self.engine_id = state.id
        self.setProperty("kind", "row")
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setChecked(chosen)
        # One that lacks a key can be chosen: the next step is offered where pages are drawn.
        self.setEnabled(not state.unavailable or _lacks_key(state))
        grid = QGridLayout(self)
        grid.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        grid.setHorizontalSpacing(Space.SMALL)
        grid.setVerticalSpacing(Space.TINY)
        grid.setColumnStretch(1, 1)
        tick = IconMark("check", "good") if chosen else QWidget()
        tick.setFixedSize(Metric.ICON, Metric.ICON)
        grid.addWidget(tick, 0, 0)
        self.mark, role = _mark(state, key)
        if self.mark:
            grid.addWidget(IconMark(self.mark, role), 0, 2)
        title = QLabel(brief(state))
        title.setProperty("type", "body-strong")
        grid.addWidget(title, 0, 1)
        said = [tr("Chosen"), brief(state)] if chosen else [brief(state)]
        for row, (text, kind) in enumerate(_details(state, key), start=1):
            grid.addWidget(wrapped(text, kind), row, 1, 1, 2)
            said.append(text)
        for label in self.findChildren(QWidget):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(". ".join(said))

    def sizeHint(self) -> QSize:
        layout = self.layout()
        if layout is None:
            return super().sizeHint()
        return QSize(_POPUP_WIDTH, layout.totalHeightForWidth(_POPUP_WIDTH - Space.LARGE))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())


class EngineList(Popup):
    """The list; goes away when an engine is chosen or anything else is pressed."""

    engine_chosen = Signal(str)
    setup_requested = Signal()

    def __init__(self, model: CreateModel, parent: QWidget | None = None) -> None:
        super().__init__(tr("Engines"), parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.SMALL, Space.SMALL, Space.SMALL, Space.SMALL)
        layout.setSpacing(Space.TINY)
        layout.addWidget(heading(tr("Who draws")))
        scroll = self._scroll = PopupColumn(_POPUP_WIDTH, HIGHEST)
        scroll.column.setSpacing(Space.TINY)
        layout.addWidget(scroll)
        self.rows: list[EngineRow] = []
        for state in model.engines:
            can = state.capabilities
            key = model.key_known(can.key) if can is not None and can.key else None
            row = EngineRow(state, chosen=state.id == model.engine_id, key=key)
            row.installEventFilter(self)
            row.clicked.connect(self._on_row_clicked)
            scroll.column.addWidget(row)
            self.rows.append(row)
        scroll.refit()
        more = text_button(tr("Set up engines…"), "settings", "flat")
        more.setProperty("align", "start")
        more.clicked.connect(self._on_setup_clicked)
        more.installEventFilter(self)
        layout.addWidget(more)
        for row in self.rows:
            if row.isChecked():
                row.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Besides, the arrows go up and down the list."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, EngineRow):
            self._scroll.ensureWidgetVisible(watched)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                return self.focusNextChild()
            if event.key() == Qt.Key.Key_Up:
                return self.focusPreviousChild()
        return super().eventFilter(watched, event)

    def _on_row_clicked(self) -> None:
        row = self.sender()
        if isinstance(row, EngineRow):
            self.engine_chosen.emit(row.engine_id)
        self.close()

    def _on_setup_clicked(self) -> None:
        self.close()
        self.setup_requested.emit()


def _lacks_key(state: EngineState) -> bool:
    return state.capabilities is not None and state.capabilities.needs_key


def _mark(state: EngineState, key: bool | None) -> tuple[str, Role]:
    """What stands for a service, or for what is missing; no icon where it draws here."""
    can = state.capabilities
    if can is not None and can.needs_key and (key is False or state.unavailable):
        return "key", "warn"
    if state.unavailable or can is None:
        return "info", "quiet"
    return ("globe" if can.needs_network else "", "quiet")


def _details(state: EngineState, key: bool | None) -> list[tuple[str, str]]:
    """What stands under the title: text and kind of label."""
    lines: list[tuple[str, str]] = []
    if key is False and _lacks_key(state):
        lines.append((tr("No key yet. Choose it, and a key can be added."), "small"))
    elif state.unavailable:
        missing = tr("Unavailable: {reason}", reason=state.unavailable)
        lines.append((state.unavailable if _lacks_key(state) else missing, "small"))
    if state.capabilities is not None:
        lines.append((state.capabilities.summary, "small"))
        lines.append((_needs(state.capabilities), "quiet"))
        lines.append((_terms(state.capabilities), "quiet"))
    return [(text, kind) for text, kind in lines if text]


def _needs(capabilities: Capabilities) -> str:
    """What must be there before it draws, and who sees the photo."""
    recipient = capabilities.recipient
    parts = [
        tr("Needs a key.") if capabilities.needs_key else "",
        tr("Needs the network.") if capabilities.needs_network else "",
        tr("Needs a graphics card.") if capabilities.needs_gpu else "",
        tr("The photo goes to {name}.", name=recipient) if recipient else "",
    ]
    return " ".join(part for part in parts if part)


def _terms(capabilities: Capabilities) -> str:
    sale = {
        "yes": tr("Pages may be sold."),
        "no": tr("Pages may not be sold."),
        "ask": tr("Ask before you sell pages."),
    }[capabilities.terms.commercial_use]
    dates = [model.read_on for model in capabilities.models] or [capabilities.price.read_on]
    parts = [capabilities.terms.summary, sale]
    if capabilities.price.amount > 0 or capabilities.models:
        read_on = max(dates)
        if read_on:
            parts.append(tr("Price a picture as of {date}.", date=read_on))
    return " ".join(part for part in parts if part)

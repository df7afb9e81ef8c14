"""The engines to choose from, with all that helps to choose."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pickabook_desktop.domain.capabilities import Capabilities, EngineState
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.create.engine_button import brief
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import IconMark, heading, wrapped

_POPUP_WIDTH = Metric.PAGE_COLUMN


class EngineRow(QPushButton):
    """One engine in the list, with all that helps to choose."""

    def __init__(self, state: EngineState, *, chosen: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.engine_id = state.id
        self.setProperty("kind", "row")
        self.setCheckable(True)
        self.setChecked(chosen)
        self.setEnabled(not state.unavailable)
        grid = QGridLayout(self)
        grid.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        grid.setHorizontalSpacing(Space.SMALL)
        grid.setVerticalSpacing(Space.TINY)
        grid.setColumnStretch(1, 1)
        name, role = ("check", "good") if not state.unavailable else ("info", "quiet")
        grid.addWidget(IconMark(name, role), 0, 0)
        title = QLabel(brief(state))
        title.setProperty("type", "body-strong")
        grid.addWidget(title, 0, 1)
        said = [brief(state)]
        for row, (text, kind) in enumerate(_details(state), start=1):
            grid.addWidget(wrapped(text, kind), row, 1)
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
        return self.sizeHint()


class EngineList(QFrame):
    """The list; goes away when an engine is chosen or anything else is pressed."""

    engine_chosen = Signal(str)
    setup_requested = Signal()

    def __init__(self, model: CreateModel, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "popup")
        self.setAccessibleName(tr("Engines"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.SMALL, Space.SMALL, Space.SMALL, Space.SMALL)
        layout.setSpacing(Space.TINY)
        layout.addWidget(heading(tr("Who draws")))
        self.rows: list[EngineRow] = []
        for state in model.engines:
            row = EngineRow(state, chosen=state.id == model.engine_id)
            row.clicked.connect(self._on_row_clicked)
            layout.addWidget(row)
            self.rows.append(row)
        more = text_button(tr("Set up engines…"), "settings", "flat")
        more.setProperty("align", "start")
        more.clicked.connect(self._on_setup_clicked)
        layout.addWidget(more)
        for row in self.rows:
            if row.isChecked():
                row.setFocus()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """The arrows go up and down the list."""
        if event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def _on_row_clicked(self) -> None:
        row = self.sender()
        if isinstance(row, EngineRow):
            self.engine_chosen.emit(row.engine_id)
        self.close()

    def _on_setup_clicked(self) -> None:
        self.close()
        self.setup_requested.emit()


def _details(state: EngineState) -> list[tuple[str, str]]:
    """What stands under the title: text and kind of label."""
    lines: list[tuple[str, str]] = []
    if state.unavailable:
        lines.append((tr("Unavailable: {reason}", reason=state.unavailable), "small"))
    if state.capabilities is not None:
        lines.append((state.capabilities.summary, "small"))
        lines.append((_terms(state.capabilities), "quiet"))
    return [(text, kind) for text, kind in lines if text]


def _terms(capabilities: Capabilities) -> str:
    sale = {
        "yes": tr("Pages may be sold."),
        "no": tr("Pages may not be sold."),
        "ask": tr("Ask before you sell pages."),
    }[capabilities.terms.commercial_use]
    price = capabilities.price
    parts = [capabilities.terms.summary, sale]
    if price.amount > 0 and price.read_on:
        parts.append(tr("Price a picture as of {date}.", date=price.read_on))
    return " ".join(part for part in parts if part)

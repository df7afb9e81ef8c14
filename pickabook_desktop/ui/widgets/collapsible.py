"""A section that opens and closes under its heading."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.widgets.labels import ElidedLabel, IconMark


class CollapsibleSection(QWidget):
    """A heading that says in brief what is inside, and the inside, made when first opened."""

    expanded_changed = Signal(bool)

    def __init__(
        self, title: str, make_body: Callable[[], QWidget], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._make_body = make_body
        self._body: QWidget | None = None
        self._header = QPushButton(self)
        self._header.setProperty("kind", "section")
        self._header.setCheckable(True)
        self._header.setAccessibleName(title)
        self._header.setMinimumHeight(Metric.HIT)
        self._header.toggled.connect(self._on_toggled)
        self._header.installEventFilter(self)
        self._chevron = IconMark("chevron-right", "quiet", Metric.SMALL_ICON)
        name = QLabel(title)
        name.setProperty("type", "heading")
        self._summary = ElidedLabel()
        self._summary.setProperty("type", "quiet")
        self._summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self._header)
        row.setContentsMargins(0, 0, Space.TINY, 0)
        row.setSpacing(Space.TINY)
        for part in (self._chevron, name, self._summary):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(self._chevron)
        row.addWidget(name)
        row.addWidget(self._summary, 1)
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.SMALL)
        layout.addWidget(self._header)

    @property
    def expanded(self) -> bool:
        return self._header.isChecked()

    def set_expanded(self, expanded: bool) -> None:
        self._header.setChecked(expanded)

    def set_summary(self, text: str) -> None:
        """What the inside comes to, shown beside the heading."""
        self._summary.setText(text)
        self._header.setToolTip(text)

    @property
    def header(self) -> QPushButton:
        return self._header

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Right opens and left closes, as in a tree."""
        if watched is self._header and isinstance(event, QKeyEvent):
            opens = {Qt.Key.Key_Right: True, Qt.Key.Key_Left: False}.get(Qt.Key(event.key()))
            if event.type() == QEvent.Type.KeyPress and opens is not None:
                self.set_expanded(opens)
                return True
        return super().eventFilter(watched, event)

    def _on_toggled(self, expanded: bool) -> None:
        self._chevron.show_icon("chevron-down" if expanded else "chevron-right", "quiet")
        if expanded and self._body is None:
            self._body = self._make_body()
            self._layout.addWidget(self._body)
        if self._body is not None:
            self._body.setVisible(expanded)
        self.expanded_changed.emit(expanded)

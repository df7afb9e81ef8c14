"""What went wrong: what happened, what to do, and buttons that do it, best first."""

from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.errors import (
    ConsentError,
    InputError,
    PickaBookError,
    Remedy,
    SpendingLimitError,
    StorageError,
    UnreachableError,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space, palette_now
from pickabook_desktop.ui.viewmodels.remedies import remedies_for, remedy_words
from pickabook_desktop.ui.widgets.flow import FlowLayout
from pickabook_desktop.ui.widgets.labels import IconMark
from pickabook_desktop.ui.widgets.tab_order import tab_by_layout

WIDEST = 460


class ErrorPanel(QWidget):
    """Stands where the picture would be."""

    remedy_wanted = Signal(str)
    """A :data:`~pickabook_desktop.domain.errors.Remedy`."""
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = IconMark("warn", "bad", Metric.BIG_ICON)
        self._happened = _words("strong")
        self._next = _words("")
        self._code = _words("quiet")
        self._buttons = QWidget()
        self._flow = FlowLayout(self._buttons)
        self._first = QVBoxLayout()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._buttons.setSizePolicy(policy)
        self._shown: list[QPushButton] = []
        self._lay_out()

    @property
    def button(self) -> QPushButton:
        """The button that does what helps most."""
        return self._shown[0]

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """All buttons; the last one closes."""
        return tuple(self._shown)

    @property
    def text(self) -> str:
        """Everything it says, for screen readers and tests."""
        return f"{self._happened.text()} {self._next.text()}".strip()

    @property
    def code(self) -> str:
        """The service's own word, as it is shown."""
        return self._code.text()

    def show_error(self, error: PickaBookError) -> None:
        """Explain ``error``."""
        self._happened.setText(error.message)
        remedies = remedies_for(error)
        there = tr("The page itself is drawn: save a copy before anything else.")
        step = f"{error.next_step} {there}" if "save_copy" in remedies else error.next_step
        self._next.setText(step.strip())
        self._next.setVisible(bool(step))
        own = isinstance(error, StorageError | InputError | SpendingLimitError | ConsentError)
        said = own or error.code in error.message
        self._code.setText("" if said else tr("Code: {code}", code=error.code))
        self._code.setVisible(not said)
        self._show_buttons(remedies)
        away = isinstance(error, UnreachableError)
        self._mark.show_icon(*(("offline", "warn") if away else ("warn", "bad")))
        self.setAccessibleName(self.text)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), palette_now().colour("backdrop"))

    def _show_buttons(self, remedies: tuple[Remedy, ...]) -> None:
        self._flow.clear()
        for button in self._shown[:1]:
            self._first.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._shown = []
        for remedy in remedies:
            button = QPushButton(remedy_words(remedy))
            button.setProperty("remedy", remedy)
            button.clicked.connect(self._on_clicked)
            if self._shown:
                self._flow.addWidget(button)
            else:
                button.setProperty("kind", "primary")
                self._first.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self._shown.append(button)
        back = QPushButton(tr("Close"))
        back.clicked.connect(self.dismissed)
        self._flow.addWidget(back)
        self._shown.append(back)
        for button in self._shown:
            button.show()
        self._buttons.updateGeometry()
        tab_by_layout(self)

    def _on_clicked(self) -> None:
        button = cast("QPushButton", self.sender())
        self.remedy_wanted.emit(str(button.property("remedy")))

    def _lay_out(self) -> None:
        card = QFrame(self)
        card.setProperty("kind", "card")
        card.setMaximumWidth(WIDEST)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.HUGE)
        inside.setSpacing(Space.MEDIUM)
        for widget in (self._mark, self._happened, self._next, self._code):
            inside.addWidget(widget)
        inside.addSpacing(Space.SMALL)
        inside.addLayout(self._first)
        inside.addWidget(self._buttons)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card, 100)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(across)
        outer.addStretch(3)


def _words(kind: str) -> QLabel:
    label = QLabel()
    label.setProperty("type", kind)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label

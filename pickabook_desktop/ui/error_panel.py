"""What went wrong: what happened, what to do, and one button that does it."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pickabook_desktop.domain.errors import (
    NotConfiguredError,
    PhotoError,
    PickaBookError,
    TemplateError,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space, icon_pixmap, palette_now

WIDEST = 420


@dataclass(frozen=True)
class Remedy:
    """The one thing to do: the id of an action, and the button's words."""

    action: str
    words: str


def remedy_for(error: PickaBookError) -> Remedy:
    """What helps most against ``error``."""
    if isinstance(error, PhotoError):
        return Remedy("open_photo", tr("Choose another photo"))
    if isinstance(error, NotConfiguredError):
        return Remedy("settings", tr("Open settings"))
    if isinstance(error, TemplateError):
        return Remedy("choose_template", tr("Choose another template"))
    return Remedy("retry", tr("Try again"))


class ErrorPanel(QWidget):
    """Stands where the picture would be."""

    remedy_wanted = Signal(str)
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._remedy = "retry"
        self._mark = QLabel()
        self._happened = QLabel()
        self._happened.setProperty("type", "strong")
        self._next = QLabel()
        for label in (self._happened, self._next):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self._button = QPushButton()
        self._button.setProperty("kind", "primary")
        self._back = QPushButton(tr("Close"))
        self._button.clicked.connect(lambda: self.remedy_wanted.emit(self._remedy))
        self._back.clicked.connect(self.dismissed)
        self._lay_out()

    @property
    def button(self) -> QPushButton:
        """The button that does what helps."""
        return self._button

    @property
    def text(self) -> str:
        """Everything it says, for screen readers and tests."""
        return f"{self._happened.text()} {self._next.text()}".strip()

    def show_error(self, error: PickaBookError) -> None:
        """Explain ``error``."""
        remedy = remedy_for(error)
        self._remedy = remedy.action
        self._happened.setText(error.message)
        self._next.setText(error.next_step)
        self._next.setVisible(bool(error.next_step))
        self._button.setText(remedy.words)
        ratio = self.devicePixelRatioF()
        self._mark.setPixmap(icon_pixmap("warn", Metric.BIG_ICON, "bad", ratio))
        self.setAccessibleName(self.text)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), palette_now().colour("backdrop"))

    def _lay_out(self) -> None:
        card = QFrame(self)
        card.setProperty("kind", "card")
        card.setMaximumWidth(WIDEST)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.HUGE)
        inside.setSpacing(Space.MEDIUM)
        for widget in (self._mark, self._happened, self._next):
            inside.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.SMALL)
        buttons.addWidget(self._button)
        buttons.addWidget(self._back)
        buttons.addStretch(1)
        inside.addSpacing(Space.SMALL)
        inside.addLayout(buttons)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card, 100)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(across)
        outer.addStretch(3)

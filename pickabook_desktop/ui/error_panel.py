"""What went wrong: what happened, what to do, and buttons that do it, best first."""

from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from pickabook_desktop.domain.errors import PickaBookError, Remedy, UnreachableError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space, icon_pixmap, palette_now
from pickabook_desktop.ui.viewmodels.remedies import remedies_for, remedy_words
from pickabook_desktop.ui.widgets.flow import FlowLayout
from pickabook_desktop.ui.widgets.tab_order import tab_by_layout

WIDEST = 460


class ErrorPanel(QWidget):
    """Stands where the picture would be."""

    remedy_wanted = Signal(str)
    """A :data:`~pickabook_desktop.domain.errors.Remedy`."""
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = QLabel()
        self._happened = _words("strong")
        self._next = _words("")
        self._code = _words("quiet")
        self._buttons = QWidget()
        self._flow = FlowLayout(self._buttons)
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
        self._next.setText(error.next_step)
        self._next.setVisible(bool(error.next_step))
        self._code.setText(tr("The service’s word for it: {code}", code=error.code))
        self._code.setVisible(bool(error.code))
        self._show_buttons(remedies_for(error))
        away = isinstance(error, UnreachableError)
        name = "offline" if away else "warn"
        self._mark.setPixmap(
            icon_pixmap(name, Metric.BIG_ICON, "warn" if away else "bad", self.devicePixelRatioF())
        )
        self.setAccessibleName(self.text)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), palette_now().colour("backdrop"))

    def _show_buttons(self, remedies: tuple[Remedy, ...]) -> None:
        self._flow.clear()
        self._shown = []
        for remedy in remedies:
            button = QPushButton(remedy_words(remedy))
            button.setProperty("remedy", remedy)
            if not self._shown:
                button.setProperty("kind", "primary")
            button.clicked.connect(self._on_clicked)
            self._add(button)
        back = QPushButton(tr("Close"))
        back.clicked.connect(self.dismissed)
        self._add(back)
        self._buttons.updateGeometry()
        tab_by_layout(self)

    def _add(self, button: QPushButton) -> None:
        button.setMinimumHeight(Metric.PRIMARY_HIT)
        self._flow.addWidget(button)
        button.show()
        self._shown.append(button)

    def _on_clicked(self) -> None:
        button = cast("QPushButton", self.sender())
        self.remedy_wanted.emit(str(button.property("remedy")))

    def _lay_out(self) -> None:
        card = QFrame(self)
        card.setProperty("kind", "card")
        card.setFixedWidth(WIDEST)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.HUGE)
        inside.setSpacing(Space.MEDIUM)
        for widget in (self._mark, self._happened, self._next, self._code):
            inside.addWidget(widget)
        inside.addSpacing(Space.SMALL)
        inside.addWidget(self._buttons)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
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

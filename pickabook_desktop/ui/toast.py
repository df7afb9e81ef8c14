"""A short message at the foot of the window, with one thing to do about it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPropertyAnimation, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Motion, Space, motion_wanted, set_icon

SHOWN_FOR = 7000
WIDEST = 640


class Toast(QFrame):
    """Appears over ``host``, stays while pointed at, and leaves by itself."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._on_action: Callable[[], None] | None = None
        self._foot = Space.HUGE
        self.setProperty("kind", "card")
        self.setObjectName("toast")
        self._label = QLabel(self)
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._button = QPushButton(self)
        self._close = QToolButton(self)
        self._close.setProperty("kind", "tool")
        set_icon(self._close, "close")
        self._close.setAccessibleName(tr("Close this message"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.LARGE, Space.SMALL, Space.SMALL, Space.SMALL)
        layout.setSpacing(Space.SMALL)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._button)
        layout.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._fade = QGraphicsOpacityEffect(self)
        self._fade.setEnabled(False)
        self.setGraphicsEffect(self._fade)
        self._animation = QPropertyAnimation(self._fade, b"opacity", self)
        self._animation.setDuration(Motion.LONG)
        self._animation.finished.connect(self._on_faded)
        self._button.clicked.connect(self._on_clicked)
        self._close.clicked.connect(self.hide)
        host.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        return self._label.text()

    @property
    def action_button(self) -> QPushButton:
        """The button that does what the message offers."""
        return self._button

    def set_foot(self, height: int) -> None:
        """Keep ``height`` logical pixels free below."""
        self._foot = height + Space.LARGE

    def show_message(
        self, text: str, action: str = "", on_action: Callable[[], None] | None = None
    ) -> None:
        """Show ``text``; ``action`` names the button that calls ``on_action``."""
        self._label.setText(text)
        self._on_action = on_action
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self.setAccessibleName(text)
        self._place()
        if not self.isVisible() and self._may_move():
            self._fade.setEnabled(True)
            self._animation.setStartValue(0.0)
            self._animation.setEndValue(1.0)
            self._animation.start()
        self.show()
        self.raise_()
        if self.isVisible():
            self._timer.start(SHOWN_FOR)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start(SHOWN_FOR)
        super().leaveEvent(event)

    def showEvent(self, event: QEvent) -> None:
        # What was said while nobody could see the host is read when it is seen again.
        self._timer.start(SHOWN_FOR)

    def hideEvent(self, event: QEvent) -> None:
        self._timer.stop()

    def _place(self) -> None:
        self._label.setMinimumWidth(0)
        metrics = self._label.fontMetrics()
        room = min(WIDEST, self._host.width() - 2 * Space.HUGE)
        self._label.setMinimumWidth(min(room - 200, metrics.horizontalAdvance(self.text) + 4))
        self.adjustSize()
        self.move(
            (self._host.width() - self.width()) // 2,
            self._host.height() - self.height() - self._foot,
        )

    def _may_move(self) -> bool:
        """Whether the system wants things to move at all."""
        return motion_wanted()

    def _on_faded(self) -> None:
        # An effect left on paints through an extra buffer, which blurs at fractional scales.
        self._fade.setEnabled(False)

    def _on_clicked(self) -> None:
        self.hide()
        if self._on_action is not None:
            self._on_action()

"""A small card at the foot of the library that says how far something has come that takes time."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.widgets.buttons import tool_button
from pickabook_desktop.ui.widgets.labels import ElidedLabel

WIDTH = 360


class UnderWay(QFrame):
    """Lies over ``host`` as long as there is something to say; one can go on working meanwhile."""

    stop_wanted = Signal()
    height_changed = Signal(int)
    """How much of the host's foot has to stay free for it, or for nothing."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.setProperty("kind", "card")
        self.setObjectName("under-way")
        self.title = QLabel(self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setProperty("type", "body-strong")
        self.stage = ElidedLabel(parent=self)
        self.stage.setProperty("type", "quiet")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.stop = tool_button("close", tr("Stop"), self)
        self.stop.clicked.connect(self.stop_wanted)
        words = QVBoxLayout()
        words.setSpacing(Space.TINY)
        for part in (self.title, self.stage, self.bar):
            words.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.SMALL, Space.MEDIUM)
        row.setSpacing(Space.SMALL)
        row.addLayout(words, 1)
        row.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setFixedWidth(WIDTH)
        host.installEventFilter(self)
        self.hide()

    def show_work(self, title: str, stage: str, fraction: float, waiting: int = 0) -> None:
        """Say what is done now and how far it is; ``waiting`` is how many wait behind it."""
        self.title.setText(title)
        after = tr("{count} more to come", count=waiting) if waiting else ""
        self.stage.setText(" · ".join(part for part in (stage, after) if part))
        self.bar.setValue(round(1000 * fraction))
        self.bar.setAccessibleName(title)
        self.stop.setAccessibleName(tr("Stop: {title}", title=title))
        if self.isHidden():
            self.show()
            self.raise_()
            self._place()
            self.height_changed.emit(self.height() + Space.HUGE)

    def end(self) -> None:
        """There is nothing more to say."""
        if not self.isHidden():
            self.hide()
            self.height_changed.emit(Space.HUGE)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.adjustSize()
        room = self._host.width() - 2 * Space.HUGE
        self.setFixedWidth(max(Metric.HIT, min(WIDTH, room)))
        across = (self._host.width() - self.width()) // 2
        self.move(across, self._host.height() - self.height() - Space.HUGE)

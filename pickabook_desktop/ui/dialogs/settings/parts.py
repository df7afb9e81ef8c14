"""What the pages of the settings are made of: cards, rows, and a line that says what happened."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Role, Space, motion_wanted, set_icon
from pickabook_desktop.ui.viewmodels.inquiry import Inquiry
from pickabook_desktop.ui.widgets.labels import IconMark, wrapped

LABELS = 168
_LOOK: dict[str, tuple[str, Role]] = {
    "good": ("check", "good"),
    "warn": ("warn", "warn"),
    "bad": ("stop", "bad"),
}


class Page(QWidget):
    """One page: a title, a sentence, and cards below each other that scroll where need be."""

    def __init__(self, title: str, lead: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        inside = QWidget()
        inside.setProperty("kind", "scrolled")
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.HUGE)
        self.column.setSpacing(Space.LARGE)
        head = QVBoxLayout()
        head.setSpacing(Space.TINY)
        name = QLabel(title)
        name.setProperty("type", "title")
        head.addWidget(name)
        head.addWidget(wrapped(lead, "quiet"))
        self.column.addLayout(head)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(Space.LARGE)
        self.column.addLayout(self._cards)
        self.column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def refresh(self) -> None:
        """Called whenever the page comes into sight."""

    def begin(self) -> None:
        """Put the keyboard where somebody who was sent to this page has something to do."""

    def add(self, widget: QWidget) -> None:
        """Put ``widget`` below what is there."""
        self._cards.addWidget(widget)

    def remove(self, widget: QWidget) -> None:
        """Take ``widget`` away for good."""
        self._cards.removeWidget(widget)
        widget.hide()
        widget.deleteLater()


class Card(QFrame):
    """A framed group with a heading of its own."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        self.column.setSpacing(Space.MEDIUM)
        if title:
            label = QLabel(title)
            label.setProperty("type", "strong")
            label.setTextFormat(Qt.TextFormat.PlainText)
            self.column.addWidget(label)

    def add(self, part: QWidget | QLayout) -> None:
        if isinstance(part, QWidget):
            self.column.addWidget(part)
        else:
            self.column.addLayout(part)


class Rows(QGridLayout):
    """Labels at the left, fields at the right, a quiet sentence below a field."""

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(Space.MEDIUM)
        self.setVerticalSpacing(Space.TINY)
        self.setColumnMinimumWidth(0, LABELS)
        self.setColumnStretch(1, 1)

    def add_field(self, title: str, field: QWidget, said: str = "") -> QLabel | None:
        """Add one row; returns the sentence below the field, if there is one."""
        row = self.rowCount()
        if row > 1:
            self.setRowMinimumHeight(row, Space.SMALL)
            row += 1
        if title:
            label = wrapped(title, "")
            label.setBuddy(field)
            label.setMaximumWidth(LABELS)
            top = Qt.AlignmentFlag.AlignTop if isinstance(field, QLabel) else None
            self.addWidget(label, row, 0, top or Qt.AlignmentFlag.AlignVCenter)
            if not field.accessibleName():
                field.setAccessibleName(title)
        self.addWidget(field, row, 1)
        if not said:
            return None
        below = wrapped(said, "quiet")
        self.addWidget(below, row + 1, 1)
        return below


class StatusLine(QFrame):
    """Says what came of something: good, in need of care, failed, or still under way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = IconMark("check", "good", Metric.SMALL_ICON)
        self._words = wrapped("", "")
        self._next = wrapped("", "small")
        for label in (self._words, self._next):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        words = QVBoxLayout()
        words.setSpacing(Space.TINY)
        for part in (self._words, self._next, self._bar):
            words.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        row.setSpacing(Space.SMALL)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.hide()

    @property
    def text(self) -> str:
        """All that is said now; empty where nothing is."""
        return f"{self._words.text()} {self._next.text()}".strip() if not self.isHidden() else ""

    def say(self, level: str, words: str, next_step: str = "") -> None:
        """``level`` is ``good``, ``warn`` or ``bad``; nothing to say hides the line."""
        name, role = _LOOK[level]
        self._mark.show_icon(name, role)
        self._mark.show()
        self._bar.hide()
        self._show(f"wash-{level}", words, next_step)

    def say_error(self, error: PickaBookError) -> None:
        self.say("bad", error.message, error.next_step)

    def say_busy(self, words: str, fraction: float | None = None) -> None:
        """Something is under way; ``fraction`` None is work of unknown length."""
        self._mark.hide()
        self._bar.setRange(0, 0 if fraction is None else 100)
        self._bar.setValue(round((fraction or 0.0) * 100))
        self._bar.setVisible(motion_wanted() or fraction is not None)
        self._show("", words, "")

    def clear(self) -> None:
        """Say nothing."""
        self.setAccessibleName("")
        self.hide()

    def follow(self, inquiry: Inquiry, busy: str) -> None:
        """Show where ``inquiry`` stands; ``busy`` is said while it is under way."""
        if inquiry.state == "asking":
            self.say_busy(inquiry.stage or busy, inquiry.fraction or None)
        elif inquiry.state == "done" and inquiry.words:
            self.say("good", inquiry.words)
        elif inquiry.state == "failed" and inquiry.error is not None:
            self.say_error(inquiry.error)
        else:
            self.clear()

    def _show(self, kind: str, words: str, next_step: str) -> None:
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
        self._words.setText(words)
        self._next.setText(next_step)
        self._next.setVisible(bool(next_step))
        said = f"{words} {next_step}".strip()
        news = bool(said) and said != self.accessibleName()
        self.setAccessibleName(said)
        self.setVisible(bool(words))
        if news and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))


class CheckButton(QPushButton):
    """Asks a service, and stops asking while it does."""

    ask_wanted = Signal()

    def __init__(
        self, words: str, icon: str, title: str = "", parent: QWidget | None = None
    ) -> None:
        """``title`` is what is asked about, for screen readers."""
        super().__init__(parent)
        self._words, self._icon = words, icon
        self.title = title
        self._inquiry: Inquiry | None = None
        self.setIconSize(QSize(Metric.SMALL_ICON, Metric.SMALL_ICON))
        self.clicked.connect(self._on_clicked)
        self.follow(None)

    def follow(self, inquiry: Inquiry | None) -> None:
        """Offer what makes sense as ``inquiry`` stands now."""
        self._inquiry = inquiry
        asking = inquiry is not None and inquiry.asking
        words = tr("Stop") if asking else self._words
        self.setText(words)
        set_icon(self, "close" if asking else self._icon)
        self.setAccessibleName(tr("{action}: {title}", action=words, title=self.title))

    def _on_clicked(self) -> None:
        if self._inquiry is not None and self._inquiry.asking:
            self._inquiry.cancel()
        else:
            self.ask_wanted.emit()


def button_row(*buttons: QWidget) -> QHBoxLayout:
    """Buttons beside each other, starting at the left."""
    row = QHBoxLayout()
    row.setSpacing(Space.SMALL)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row

"""Tags: chips that can be taken away, and a line in which more are typed."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QEvent, QObject, QSize, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import folded
from pickabook_desktop.ui.theme import Metric, Space, set_icon
from pickabook_desktop.ui.widgets.flow import FlowLayout
from pickabook_desktop.ui.widgets.labels import ElidedLabel
from pickabook_desktop.ui.widgets.text import prepare_line

LONGEST = 100
WIDEST_CHIP = 200
CLOSE = 26


def tags_in(text: str) -> tuple[str, ...]:
    """The tags in what was typed or pasted: parted by commas or lines, without doubles."""
    parts = text.replace("\n", ",").replace("，", ",").replace("،", ",").split(",")
    found: dict[str, str] = {}
    for part in parts:
        tag = " ".join(part.split())[:LONGEST].strip()
        if tag:
            found.setdefault(folded(tag), tag)
    return tuple(found.values())


class TagChip(QFrame):
    """One tag and the button that takes it away. ``shared`` is false where only some of the
    pictures have it.
    """

    def __init__(
        self, tag: str, on_remove: Callable[[], None], *, shared: bool, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.tag = tag
        self.setProperty("kind", "card")
        name = ElidedLabel(tag)
        if not shared:
            name.setProperty("type", "quiet")
            name.setToolTip(tr("{tag}: on some of these pages", tag=tag))
        self.close_button = QToolButton(self)
        self.close_button.setProperty("kind", "chip-close")
        self.close_button.setToolTip(tr("Take “{tag}” away", tag=tag))
        self.close_button.setAccessibleName(tr("Take the tag {tag} away", tag=tag))
        self.close_button.setIconSize(QSize(Metric.SMALL_ICON, Metric.SMALL_ICON))
        self.close_button.setFixedSize(CLOSE, CLOSE)
        set_icon(self.close_button, "close", "quiet")
        self.close_button.clicked.connect(lambda: on_remove())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addSpacing(Space.SMALL)
        row.addWidget(name)
        row.addWidget(self.close_button)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(min(hint.width(), WIDEST_CHIP), hint.height())


class TagField(QWidget):
    """Return, a comma or leaving the line adds what is typed; Backspace in the empty line takes the
    last tag away. What is shown is what :meth:`set_tags` was told last.
    """

    added = Signal(tuple)
    """The tags that are to be added, at least one."""
    removed = Signal(str)
    completions_wanted = Signal(str)
    """The beginning of a tag; answer with :meth:`offer`."""
    left = Signal()
    """The keyboard has nothing more to do here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tags: dict[str, bool] = {}
        # What was told since tags were shown last: a completion ends the line twice.
        self._told: set[str] = set()
        self._chips = QWidget(self)
        self._flow = FlowLayout(self._chips, Space.TINY)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self._chips.setSizePolicy(policy)
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(tr("Add a tag"))
        self.line.setAccessibleName(tr("Add tags, parted by commas"))
        prepare_line(self.line)
        self.line.textEdited.connect(self._on_edited)
        self.line.editingFinished.connect(self.commit)
        self.line.installEventFilter(self)
        self._known = QStringListModel(self)
        self._completer = QCompleter(self._known, self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._completer.activated.connect(self._on_completed)
        self.line.setCompleter(self._completer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TINY)
        column.addWidget(self._chips)
        column.addWidget(self.line)
        self._chips.hide()

    @property
    def tags(self) -> tuple[str, ...]:
        """All tags that are shown."""
        return tuple(self._tags)

    @property
    def chips(self) -> tuple[TagChip, ...]:
        return tuple(chip for chip in self._chips.findChildren(TagChip) if not chip.isHidden())

    def set_tags(self, tags: Mapping[str, bool]) -> None:
        """Show these, each with whether all pictures have it."""
        self._told.clear()
        if dict(tags) == self._tags:
            return
        self._tags = dict(tags)
        self._flow.clear()
        for tag, shared in self._tags.items():
            chip = TagChip(tag, self._remover(tag), shared=shared, parent=self._chips)
            self._flow.addWidget(chip)
            chip.show()
        self._chips.setVisible(bool(self._tags))
        self._chips.updateGeometry()

    def offer(self, tags: Iterable[str]) -> None:
        """Offer these to complete what is being typed."""
        shown = {folded(tag) for tag, shared in self._tags.items() if shared}
        self._known.setStringList([tag for tag in tags if folded(tag) not in shown])
        if self.line.hasFocus() and self.line.text().strip():
            self._completer.complete()

    def commit(self) -> None:
        """Add what is typed."""
        tags = tags_in(self.line.text())
        self.line.clear()
        shown = {folded(tag) for tag, shared in self._tags.items() if shared}
        new = tuple(tag for tag in tags if folded(tag) not in shown | self._told)
        if new:
            self._told.update(map(folded, new))
            self.added.emit(new)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and self._takes(Qt.Key(event.key())):
                return True
            if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _takes(self, key: Qt.Key) -> bool:
        """Answer to a key that means something of its own here."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            typed = bool(self.line.text().strip())
            self.commit()
            if not typed:
                self.left.emit()
            return True
        if key == Qt.Key.Key_Escape:
            self.line.clear()
            self.left.emit()
            return True
        if key == Qt.Key.Key_Backspace and not self.line.text() and self._tags:
            self.removed.emit(tuple(self._tags)[-1])
            return True
        return False

    def _remover(self, tag: str) -> Callable[[], None]:
        def remove() -> None:
            self.removed.emit(tag)

        return remove

    def _on_edited(self, text: str) -> None:
        if any(mark in text for mark in ",，،"):
            self.commit()
        elif text.strip():
            self.completions_wanted.emit(text.strip())

    def _on_completed(self, _tag: str) -> None:
        # The line gets the tag only after this.
        QTimer.singleShot(0, self, self.commit)

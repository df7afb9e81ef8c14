"""A note on a picture, kept whenever the writing pauses."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Space

LONGEST = 20_000
LINES = 3
# Long enough not to keep half words, short enough that a power cut takes a sentence at most.
PAUSE_MS = 2000


class NoteField(QPlainTextEdit):
    """A few plain lines. What was typed is told when the field is left, with Ctrl+Return, before
    another picture's note is shown, when the field is hidden, and after a pause; never twice.
    """

    written = Signal(str, str)
    """The id of the picture, and its note."""
    left = Signal()
    """The keyboard has nothing more to do here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = ""
        self._kept = ""
        self.setPlaceholderText(tr("Add a note"))
        self.setAccessibleName(tr("Note"))
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        options = QTextOption()
        options.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDefaultTextOption(options)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.commit)
        self.textChanged.connect(self._on_changed)

    @property
    def picture(self) -> str:
        """The id of the picture whose note is shown."""
        return self._picture

    def show_note(self, picture: str, note: str) -> None:
        """Show the note of another picture, or what has become of this one's. What is being typed
        is not overwritten.
        """
        if picture != self._picture:
            self.commit()
        elif note == self._kept or self.toPlainText() != self._kept:
            return
        self._picture, self._kept = picture, note
        self.setPlainText(note)

    def commit(self) -> None:
        """Tell what was typed, unless that is known."""
        self._pause.stop()
        note = self.toPlainText().strip()[:LONGEST]
        if self._picture and note != self._kept.strip():
            self._kept = note
            self.written.emit(self._picture, note)

    def refuse(self, picture: str, kept: str) -> None:
        """What was told could not be kept: it stays here as not yet told, and ``kept`` is what
        there is of the picture.
        """
        if picture == self._picture:
            self._kept = kept

    def sizeHint(self) -> QSize:
        height = self.fontMetrics().lineSpacing() * LINES + 2 * Space.MEDIUM
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        super().focusOutEvent(event)
        # A menu over the field takes the focus for a moment only.
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()

    def hideEvent(self, event: QHideEvent, /) -> None:
        self.commit()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ends = enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if ends or event.key() == Qt.Key.Key_Escape:
            self.commit()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _on_changed(self) -> None:
        if self._picture and self.toPlainText().strip() != self._kept.strip():
            self._pause.start()
        else:
            self._pause.stop()

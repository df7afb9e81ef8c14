"""The field that the library is searched with."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.gallery.completion import OfferList
from pickabook_desktop.ui.theme import set_icon
from pickabook_desktop.ui.viewmodels.completions import Offer
from pickabook_desktop.ui.widgets.text import prepare_line

# A search starts when nothing was typed for so long, in milliseconds.
PAUSE = 120


class SearchField(QLineEdit):
    """``words_wanted`` tells what is sought, shortly after it was typed, or at once with Return.

    ``offers_for`` gives ways to go on from a text and a cursor; ``meanwhile`` says what else
    to seek where only a part of a value stands there, else None. Escape closes the list of them,
    then empties the field, then leaves it; Down leaves it as well where there is no list.
    """

    words_wanted = Signal(str)
    begun = Signal(str)
    """What else to seek while a value is being typed; :attr:`words` have what is there of it."""
    left = Signal()

    def __init__(
        self,
        offers_for: Callable[[str, int], tuple[Offer, ...]],
        meanwhile: Callable[[str, int], str | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._offers_for = offers_for
        self._meanwhile = meanwhile
        self._is_begun = False
        self._told = ""
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(PAUSE)
        self.timer.timeout.connect(self._on_pause)
        self.setPlaceholderText(tr("Search words, or fields such as rating:>=4"))
        self.setAccessibleName(tr("Search the library"))
        self.setClearButtonEnabled(True)
        prepare_line(self)
        lens = QAction(self)
        set_icon(lens, "search", "quiet")
        self.addAction(lens, QLineEdit.ActionPosition.LeadingPosition)
        self.list = OfferList(self)
        self.list.offer_chosen.connect(self._take)
        self.textEdited.connect(self._on_edited)
        self.textChanged.connect(self._on_changed)
        self.returnPressed.connect(self._on_return)

    @property
    def words(self) -> str:
        """What was last told, or put in."""
        return self._told

    @property
    def half_typed(self) -> bool:
        """Whether ``begun`` was told last."""
        return self._is_begun

    def put(self, words: str) -> None:
        """Show ``words``, without a signal."""
        self._told = words
        self._is_begun = False
        if self.text() != words:
            self.setText(words)
            self.list.hide()
        self.timer.stop()

    def offer_again(self) -> None:
        """Show how to go on from here."""
        self.list.show_offers(self._offers_for(self.text(), self.cursorPosition()))

    def event(self, event: QEvent, /) -> bool:
        # These keys mean something to the window as well, and Tab is Qt's own.
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
            tab = event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab
            if tab and (offer := self.list.marked) is not None:
                self._take(offer)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self._on_escape()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.list.isVisible():
            self.list.step(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Down:
            self._tell()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        super().mousePressEvent(event)
        if not self.text():
            self.offer_again()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        super().focusOutEvent(event)
        self.list.hide()

    def hideEvent(self, event: QHideEvent, /) -> None:
        self.list.hide()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.list.hide()

    def _on_edited(self) -> None:
        self.offer_again()

    def _on_changed(self) -> None:
        # The button that empties the field does not count as typing.
        self.timer.start()

    def _on_pause(self) -> None:
        sought = self._meanwhile(self.text(), self.cursorPosition())
        if sought is None or not self.list.isVisible():
            self._tell()
        else:
            self._told, self._is_begun = self.text(), True
            self.begun.emit(sought)

    def _on_return(self) -> None:
        offer = self.list.marked
        if offer is not None:
            self._take(offer)
        else:
            self.list.hide()
            self._tell()

    def _on_escape(self) -> None:
        if self.list.isVisible():
            self.list.hide()
        elif self.text():
            self.clear()
            self._tell()
        else:
            self.left.emit()

    def _take(self, offer: Offer) -> None:
        self.setText(offer.text)
        self.setCursorPosition(offer.cursor)
        self._tell()
        self.list.hide()
        if offer.text.endswith(":"):
            self.offer_again()

    def _tell(self) -> None:
        self.timer.stop()
        if self.text() != self._told or self._is_begun:
            self._told, self._is_begun = self.text(), False
            self.words_wanted.emit(self._told)

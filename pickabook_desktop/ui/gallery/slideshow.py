"""One picture after the other over the whole screen."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLabel, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.gallery.look_words import marks_words, place_words
from pickabook_desktop.ui.gallery.problem_plate import paint_problem
from pickabook_desktop.ui.palette import SLIDE_GROUND
from pickabook_desktop.ui.result.painting import contained, paint_picture
from pickabook_desktop.ui.theme import Motion, Space, motion_wanted, palette_now
from pickabook_desktop.ui.viewmodels.slides import Slides

if TYPE_CHECKING:
    from pickabook_desktop.ui.result.pyramid import Pyramid

WORDS_SHOWN_FOR = 2500
DECIDING = (
    *(f"lib_rate_{stars}" for stars in range(6)),
    *("lib_pick", "lib_reject", "lib_unflag", "lib_undo", "lib_redo"),
    *(f"lib_label_{label}" for label in ("red", "yellow", "green", "blue", "purple", "none")),
)


class Slideshow(QWidget):
    """A window of its own over the whole screen of ``window``; keys as in :func:`help_words`."""

    closed = Signal()

    def __init__(self, slides: Slides, actions: Mapping[str, QAction], window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.slides = slides
        slides.setParent(self)
        self._screen_of = window
        self._old: Pyramid | None = None
        self._neutral = False
        self._said = ""
        self._fade = QVariantAnimation(self)
        self._fade.setDuration(Motion.LONG)
        self._fade.setStartValue(0.0)
        self._fade.setEndValue(1.0)
        self._fade.valueChanged.connect(self.update)
        self._fade.finished.connect(self._on_faded)
        self._on: Pyramid | None = None
        self._words = _overlay(self)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(WORDS_SHOWN_FOR)
        self._idle.timeout.connect(self._on_idle)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setWindowTitle(tr("Slideshow"))
        self.setAccessibleName(tr("Slideshow"))
        for action_id in DECIDING:
            if action_id in actions:
                self.addAction(actions[action_id])
        slides.shown.connect(self._on_shown)
        slides.changed.connect(self._say)
        slides.ended.connect(self.close)

    @property
    def words(self) -> str:
        """What is said at the foot; empty while nothing is."""
        return self._words.text() if self._words.isVisibleTo(self) else ""

    @property
    def ground(self) -> QColor:
        """What is behind the pictures."""
        return palette_now().colour("backdrop") if self._neutral else QColor(SLIDE_GROUND)

    def start(self, first: "Pyramid | None" = None) -> None:
        """Cover the screen and begin; ``first`` is seen until the first picture is decoded."""
        self._on = first
        screen = self._screen_of.screen()
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self.activateWindow()
        self.setFocus()
        self._say(help_words())
        self.slides.begin()

    def toggle_ground(self) -> None:
        """Black, or the neutral grey in which colours can be judged."""
        self._neutral = not self._neutral
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        slides, key = self.slides, event.key()
        if key in _STEPS:
            slides.step(_STEPS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            slides.go(0 if key == Qt.Key.Key_Home else slides.count - 1)
        elif key in _SLOWER:
            slides.set_seconds(slides.seconds + _SLOWER[key])
        elif key == Qt.Key.Key_Space:
            slides.set_playing(not slides.playing)
        elif key == Qt.Key.Key_L:
            slides.set_loops(not slides.loops)
        elif key == Qt.Key.Key_G:
            self.toggle_ground()
        elif key in (Qt.Key.Key_F1, Qt.Key.Key_Question):
            self._say(help_words())
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_F5):
            self.close()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.cursor().shape() == Qt.CursorShape.BlankCursor:
            self._say()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.slides.step(1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
            self.slides.step(-1 if event.angleDelta().y() > 0 else 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_words()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._fade.stop()
        self._idle.stop()
        self._old = self._on = None
        self.slides.finish()
        super().closeEvent(event)
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, everything = QPainter(self), QRectF(self.rect())
        painter.fillRect(everything, self.ground)
        fading = self._old is not None
        share = float(self._fade.currentValue()) if fading else 1.0
        if self._old is not None:
            self._paint(painter, self._old)
        if fading:
            # What of the old picture lies beside the new one fades as well.
            painter.setOpacity(share)
            painter.setClipRegion(QRegion(self.rect()).subtracted(QRegion(self._covered())))
            painter.fillRect(everything, self.ground)
            painter.setClipping(False)
        if self._on is not None:
            painter.setOpacity(share)
            self._paint(painter, self._on)
        elif self.slides.problem:
            paint_problem(painter, self, self.slides.problem)

    def _paint(self, painter: QPainter, picture: "Pyramid") -> None:
        everything = QRectF(self.rect())
        target = contained(everything, picture)
        paint_picture(painter, picture, target, everything, self.devicePixelRatioF())

    def _covered(self) -> QRegion:
        if self._on is None:
            return QRegion()
        return QRegion(contained(QRectF(self.rect()), self._on).toAlignedRect())

    def _on_shown(self) -> None:
        new = self.slides.picture
        if new is not self._on:
            self._fade.stop()
            moves = motion_wanted() and self.isVisible() and new is not None
            self._old = self._on if moves else None
            self._on = new
            if self._old is not None:
                self._fade.start()
        card = self.slides.card
        self.setAccessibleDescription(self._summary() if card is not None else "")
        if self._words.isVisible() and not self._said:
            self._words.setText(self._summary())
            self._place_words()
        self.update()

    def _on_faded(self) -> None:
        self._old = None
        self.update()

    def _on_idle(self) -> None:
        self._words.hide()
        self.setCursor(Qt.CursorShape.BlankCursor)

    def _say(self, words: str = "") -> None:
        """Say something for a moment, or how things stand."""
        self.unsetCursor()
        self._said = words
        self._words.setText(words or self._summary())
        self._words.setVisible(bool(self._words.text()))
        self._place_words()
        self._idle.start()

    def _summary(self) -> str:
        slides = self.slides
        if slides.card is None:
            return ""
        parts = (
            place_words(slides.number, slides.count),
            marks_words(slides.card),
            tr("{seconds} s each", seconds=slides.seconds) if slides.playing else tr("Paused"),
            tr("Goes round") if slides.loops else "",
        )
        return " · ".join(part for part in parts if part)

    def _place_words(self) -> None:
        self._words.adjustSize()
        left = (self.width() - self._words.width()) // 2
        self._words.move(left, self.height() - self._words.height() - Space.HUGE)


def help_words() -> str:
    """The keys of the slideshow in a line."""
    return tr(
        "Space pauses · + and - set the time · L goes round · G changes the ground"
        " · 0 to 5, P and X decide · Escape ends"
    )


_STEPS: dict[int, int] = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageUp: -1,
    Qt.Key.Key_Backspace: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageDown: 1,
}
_SLOWER: dict[int, int] = {
    Qt.Key.Key_Plus: 1,
    Qt.Key.Key_Equal: 1,
    Qt.Key.Key_Minus: -1,
}


def _overlay(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setProperty("type", "overlay")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    label.hide()
    return label

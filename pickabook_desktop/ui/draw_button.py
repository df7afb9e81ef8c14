"""The primary button: it draws, and while it draws it shows how far it is and cancels."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import (
    Metric,
    Palette,
    Space,
    Type,
    draw_focus_ring,
    palette_now,
    sized_font,
)

CANCEL_ROOM = 104


class DrawButton(QPushButton):
    """Idle it says what a page costs and takes; busy it is a progress bar that cancels.

    Its place and size never change. A double click draws once and cancels nothing.
    """

    draw_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer = tr("Draw the page")
        self._reason = ""
        self._busy = False
        self._stage = ""
        self._left = ""
        self._fraction = 0.0
        self.setFixedHeight(Metric.PRIMARY_HIT)
        self.setMinimumWidth(240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self._on_clicked)
        self._describe()

    @property
    def busy(self) -> bool:
        return self._busy

    @property
    def fraction(self) -> float:
        """How much of the running job is shown as done."""
        return self._fraction

    def set_offer(self, estimate: str) -> None:
        """What one press costs and takes, for example ``free · about 1 s``; empty if unknown."""
        offer = tr("Draw the page")
        self._offer = f"{offer} · {estimate}" if estimate else offer
        self._describe()

    def set_missing(self, reason: str) -> None:
        """Why nothing can be drawn yet, as a sentence; empty when it can."""
        self._reason = reason
        self._describe()

    def show_progress(self, fraction: float, stage: str, seconds_left: float | None) -> None:
        """Turn into the progress of a running job."""
        self._busy = True
        self._fraction = min(1.0, max(0.0, fraction))
        self._stage = stage
        self._left = "" if seconds_left is None else tr("{time} left", time=duration(seconds_left))
        self._describe()

    def show_idle(self) -> None:
        """Offer to draw again."""
        self._busy = False
        self._fraction = 0.0
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(320, Metric.PRIMARY_HIT)

    def _describe(self) -> None:
        self.setEnabled(self._busy or not self._reason)
        if self._busy:
            stage = " · ".join(part for part in (self._stage, self._left) if part)
            self.setAccessibleName(tr("Cancel drawing"))
            self.setAccessibleDescription(stage)
            self.setToolTip(tr("Stop drawing (Esc)"))
        else:
            self.setAccessibleName(self._reason or self._offer)
            self.setAccessibleDescription("")
            self.setToolTip(self._reason or tr("Draw the page (Ctrl+Return)"))
        self.update()

    def _on_clicked(self) -> None:
        (self.cancel_wanted if self._busy else self.draw_wanted).emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # The second press of a double click must not cancel what the first began.
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = palette_now()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(sized_font(self.font(), Type.STRONG, strong=True))
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        outline = QPainterPath()
        outline.addRoundedRect(rect, Metric.CARD_RADIUS, Metric.CARD_RADIUS)
        if self._busy:
            self._paint_busy(painter, palette, rect, outline)
        else:
            self._paint_idle(painter, palette, rect, outline)
        if self.hasFocus():
            self._paint_focus(painter, palette, rect)

    def _paint_idle(
        self, painter: QPainter, palette: Palette, rect: QRectF, outline: QPainterPath
    ) -> None:
        enabled = self.isEnabled()
        raised = self.underMouse() or self.isDown()
        fill = ("accent_hover" if raised else "accent") if enabled else "pressed"
        painter.fillPath(outline, palette.colour(fill))
        painter.setPen(palette.colour("on_accent" if enabled else "quiet"))
        inner = rect.adjusted(Space.MEDIUM, 0, -Space.MEDIUM, 0)
        text = self._offer if enabled else self._reason
        self._text(painter, inner, text, Qt.AlignmentFlag.AlignCenter)

    def _paint_busy(
        self, painter: QPainter, palette: Palette, rect: QRectF, outline: QPainterPath
    ) -> None:
        painter.fillPath(outline, palette.colour("surface"))
        painter.save()
        painter.setClipRect(
            QRectF(rect.left(), rect.top(), rect.width() * self._fraction, rect.height())
        )
        painter.fillPath(outline, palette.colour("chosen"))
        painter.setClipRect(
            QRectF(rect.left(), rect.bottom() - 4, rect.width() * self._fraction, 5)
        )
        painter.fillPath(outline, palette.colour("accent"))
        painter.restore()
        painter.setPen(palette.colour("edge"))
        painter.drawPath(outline)
        cancel = rect.adjusted(rect.width() - CANCEL_ROOM, 0, 0, 0)
        painter.drawLine(cancel.topLeft(), cancel.bottomLeft())
        painter.setPen(palette.colour("accent" if self.underMouse() else "text"))
        self._text(painter, cancel, tr("Cancel"), Qt.AlignmentFlag.AlignCenter)
        painter.setPen(palette.colour("text"))
        painter.setFont(sized_font(self.font(), Type.BODY))
        words = rect.adjusted(Space.MEDIUM, 0, -CANCEL_ROOM - Space.MEDIUM, 0)
        left = painter.fontMetrics().horizontalAdvance(self._left)
        self._text(painter, words, self._left, Qt.AlignmentFlag.AlignRight)
        words.setRight(words.right() - left - (Space.MEDIUM if left else 0))
        self._text(painter, words, self._stage, Qt.AlignmentFlag.AlignLeft)

    def _text(self, painter: QPainter, rect: QRectF, text: str, align: Qt.AlignmentFlag) -> None:
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(rect.width()))
        painter.drawText(rect, align | Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_focus(self, painter: QPainter, palette: Palette, rect: QRectF) -> None:
        if self._busy:
            draw_focus_ring(painter, rect)
            return
        inner = QPainterPath()
        inner.addRoundedRect(rect.adjusted(3, 3, -3, -3), Space.TINY + 1, Space.TINY + 1)
        painter.setPen(palette.colour("on_accent" if self.isEnabled() else "accent"))
        painter.drawPath(inner)


def duration(seconds: float) -> str:
    """A time in whole seconds or minutes, as a person would say it."""
    if seconds < 90:
        return tr("{count} s", count=max(1, round(seconds)))
    return tr("{count} min", count=round(seconds / 60))

"""The primary button: it draws, and while it draws it shows how far it is and cancels."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QEnterEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.palette import Palette
from pickabook_desktop.ui.theme import (
    Metric,
    Space,
    Type,
    draw_focus_ring,
    icon_pixmap,
    palette_now,
    sized_font,
)

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

CANCEL_ROOM = 104
MORE_ROOM = 40


class DrawButton(QPushButton):
    """Idle it says what a page costs and takes; busy it is a progress bar that cancels.

    Its place and size never change. A double click draws once and cancels nothing. Where something
    must be done first that one press does, it offers that. What else can be done with the page
    waits in a menu at its end.
    """

    draw_wanted = Signal()
    cancel_wanted = Signal()
    help_wanted = Signal()
    choice_wanted = Signal(str)
    """The id of an entry of the menu."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer = self._short_offer = tr("Draw the page")
        self._reason = ""
        self._help = ""
        self._choices: tuple[tuple[str, str], ...] = ()
        self._more: _MoreButton | None = None
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
        self._short_offer = f"{tr('Draw')} · {estimate}" if estimate else offer
        self._describe()

    def set_missing(self, reason: str, remedy: str = "") -> None:
        """Why nothing can be drawn yet, as a sentence; empty when it can. ``remedy`` are the words
        for what one press does about it; empty where it can do nothing.
        """
        self._reason = reason
        self._help = remedy if reason else ""
        self._describe()

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """What the menu offers: ids and words. Without any there is no menu."""
        self._choices = tuple(choices)
        if choices and self._more is None:
            self._more = _MoreButton(self)
            self._more.clicked.connect(self.open_menu)
            self._place_more()
        if self._more is not None:
            # It stands in no layout, which the order of Tab is made from.
            QWidget.setTabOrder(self, self._more)
        self._describe()

    @property
    def more(self) -> QAbstractButton | None:
        """What opens the menu; None where there never was one."""
        return self._more

    def open_menu(self) -> "QMenu":
        """Open the menu above the button, and return it."""
        from PySide6.QtWidgets import QMenu

        menu = QMenu(self)
        for choice_id, words in self._choices:
            action = menu.addAction(words.replace("&", "&&"))
            action.setData(choice_id)

        def on_triggered(action: QAction) -> None:
            self.choice_wanted.emit(str(action.data()))

        menu.triggered.connect(on_triggered)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.setMinimumWidth(self.width())
        menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height() - Space.TINY)))
        return menu

    def show_progress(self, fraction: float, stage: str, left: str) -> None:
        """Turn into the progress of a running job; ``left`` says how long it still takes."""
        self._busy = True
        self._fraction = min(1.0, max(0.0, fraction))
        self._stage = stage
        self._left = left
        self._describe()

    def show_idle(self) -> None:
        """Offer to draw again."""
        self._busy = False
        self._fraction = 0.0
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(320, Metric.PRIMARY_HIT)

    def _describe(self) -> None:
        self.setEnabled(self._busy or not self._reason or bool(self._help))
        if self._busy:
            stage = " · ".join(part for part in (self._stage, self._left) if part)
            self.setAccessibleName(tr("Cancel drawing"))
            self.setAccessibleDescription(stage)
            self.setToolTip(tr("Stop drawing (Esc)"))
        elif self._help:
            self.setAccessibleName(self._help)
            self.setAccessibleDescription(self._reason)
            self.setToolTip(self._reason)
        else:
            self.setAccessibleName(self._reason or self._offer)
            self.setAccessibleDescription("")
            self.setToolTip(self._reason or tr("Draw the page (Ctrl+Return)"))
        if self._more is not None:
            self._more.setVisible(self._offers_more)
        self.update()

    @property
    def _offers_more(self) -> bool:
        return bool(self._choices) and not self._busy and not self._reason

    def _place_more(self) -> None:
        if self._more is not None:
            mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            left = 0 if mirrored else self.width() - MORE_ROOM
            self._more.setGeometry(left, 0, MORE_ROOM, self.height())

    def _on_clicked(self) -> None:
        if self._busy:
            self.cancel_wanted.emit()
        elif self._help:
            self.help_wanted.emit()
        else:
            self.draw_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_more()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._place_more()

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
        text = self._help or (self._offer if enabled else self._reason)
        if self._offers_more:
            mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            inner.adjust(MORE_ROOM if mirrored else 0, 0, 0 if mirrored else -MORE_ROOM, 0)
        if text == self._offer and painter.fontMetrics().horizontalAdvance(text) > inner.width():
            text = self._short_offer
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


class _MoreButton(QAbstractButton):
    """The end of the button that opens its menu."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        words = tr("More ways to draw")
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, edge = palette_now(), Metric.SMALL_ICON
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        line = self.width() - 1 if mirrored else 0
        colour = palette.colour("on_accent")
        colour.setAlphaF(0.4)
        painter.setPen(colour)
        painter.drawLine(line, Space.SMALL, line, self.height() - Space.SMALL - 1)
        mark = icon_pixmap("chevron-up", edge, "on_accent", self.devicePixelRatioF())
        painter.drawPixmap((self.width() - edge) // 2, (self.height() - edge) // 2, mark)
        if self.hasFocus() or self.underMouse():
            ring = QPainterPath()
            ring.addRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), Space.TINY, Space.TINY)
            painter.setPen(palette.colour("on_accent"))
            painter.drawPath(ring)

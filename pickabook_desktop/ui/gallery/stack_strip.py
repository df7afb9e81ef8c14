"""Small pictures in the panel of details: a preview, and the variations of a page."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Card
from pickabook_desktop.ui.theme import Metric, Space, draw_focus_ring, palette_now
from pickabook_desktop.ui.viewmodels.thumbnail_feed import SMALL_EDGE, ThumbnailFeed

PREVIEW_HEIGHT = 200
MOST_TILES = 4
TILE = 48
MOST_IN_STACK = 40


class Preview(QWidget):
    """A picture, or up to four of several, on the neutral grey."""

    opened = Signal()

    def __init__(self, feed: ThumbnailFeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._cards: tuple[Card, ...] = ()
        self.setFixedHeight(PREVIEW_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        feed.loaded.connect(self._on_loaded)

    def show_cards(self, cards: Sequence[Card]) -> None:
        """Show the first of these."""
        cards = tuple(cards[:MOST_TILES])
        if [card.id for card in cards] != [card.id for card in self._cards]:
            self.update()
        self._cards = cards

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        self.opened.emit()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), palette_now().colour("backdrop"))
        # The size in which thumbnails are kept, so that none is made for this.
        edge = SMALL_EDGE * math.ceil(self.devicePixelRatioF())
        for card, place in zip(self._cards, self._places(), strict=True):
            _paint_fitted(painter, self._feed.image(card, edge), place)

    def _places(self) -> list[QRectF]:
        whole = QRectF(self.rect()).adjusted(Space.SMALL, Space.SMALL, -Space.SMALL, -Space.SMALL)
        count = len(self._cards)
        if count < 2:
            return [whole] * count
        columns = 2
        lines = (count + 1) // columns
        width = (whole.width() - Space.TINY) / columns
        height = (whole.height() - Space.TINY * (lines - 1)) / lines
        return [
            QRectF(
                whole.x() + at % columns * (width + Space.TINY),
                whole.y() + at // columns * (height + Space.TINY),
                width,
                height,
            )
            for at in range(count)
        ]

    def _on_loaded(self, picture_id: str) -> None:
        if any(card.id == picture_id for card in self._cards):
            self.update()


class StackStrip(QWidget):
    """The variations of one request in lines of small tiles; the one that is shown has a frame.
    The arrow keys move along it.
    """

    chosen = Signal(object)
    """The :class:`Card` that wants to be shown."""

    def __init__(self, feed: ThumbnailFeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._cards: tuple[Card, ...] = ()
        self._current = ""
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        feed.loaded.connect(self._on_loaded)

    @property
    def cards(self) -> tuple[Card, ...]:
        return self._cards

    def show_stack(self, cards: Sequence[Card], current: str) -> None:
        """Show these, or those around ``current``, the id of the one that is looked at, where they
        are many.
        """
        place = next((at for at, card in enumerate(cards) if card.id == current), 0)
        first = max(0, min(place - MOST_IN_STACK // 2, len(cards) - MOST_IN_STACK))
        self.setAccessibleName(_said(cards, place))
        cards = cards[first : first + MOST_IN_STACK]
        if (tuple(cards), current) == (self._cards, self._current):
            return
        self._cards, self._current = tuple(cards), current
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int, /) -> int:
        lines = -(-len(self._cards) // self._columns(width))
        return max(1, lines) * (TILE + Space.TINY) - Space.TINY

    def sizeHint(self) -> QSize:
        return QSize(0, self.heightForWidth(max(self.width(), TILE)))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, TILE)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        card = self._card_at(event.position())
        if card is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(card)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        forwards = Qt.Key.Key_Left if mirrored else Qt.Key.Key_Right
        backwards = Qt.Key.Key_Right if mirrored else Qt.Key.Key_Left
        step = {forwards: 1, backwards: -1}.get(Qt.Key(event.key()), 0)
        ids = [card.id for card in self._cards]
        wanted = ids.index(self._current) + step if self._current in ids else -1
        if step and 0 <= wanted < len(ids):
            self.chosen.emit(self._cards[wanted])
        elif not step:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        palette = palette_now()
        for at, card in enumerate(self._cards):
            place = self._place(at)
            painter.fillRect(place, palette.colour("backdrop"))
            _paint_fitted(painter, self._feed.image(card, SMALL_EDGE), place)
            if card.id == self._current:
                painter.setPen(QPen(palette.colour("accent"), Metric.FOCUS))
                painter.drawRect(place.adjusted(1, 1, -1, -1))
        if self.hasFocus():
            draw_focus_ring(painter, QRectF(self.rect()), Metric.FIELD_RADIUS)

    def _columns(self, width: int) -> int:
        return max(1, (width + Space.TINY) // (TILE + Space.TINY))

    def _place(self, at: int) -> QRectF:
        columns = self._columns(self.width())
        x = at % columns * (TILE + Space.TINY)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            x = self.width() - TILE - x
        return QRectF(x, at // columns * (TILE + Space.TINY), TILE, TILE)

    def _card_at(self, point: QPointF) -> Card | None:
        places = (at for at in range(len(self._cards)) if self._place(at).contains(point))
        at = next(places, None)
        return None if at is None else self._cards[at]

    def _on_loaded(self, picture_id: str) -> None:
        if any(card.id == picture_id for card in self._cards):
            self.update()


def _said(cards: Sequence[Card], place: int) -> str:
    count = max((card.variations for card in cards), default=0)
    if count > len(cards):
        # Only those around this one are given, which may stand anywhere.
        return tr("One of {count} variations", count=count)
    return tr("Variation {place} of {count}", place=place + 1, count=len(cards))


def _paint_fitted(painter: QPainter, image: QImage | QPixmap | None, place: QRectF) -> None:
    """Paint the whole of ``image`` in the middle of ``place``."""
    if image is None or image.isNull():
        return
    size = image.size().scaled(place.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRectF(0, 0, size.width(), size.height())
    target.moveCenter(place.center())
    if isinstance(image, QImage):
        painter.drawImage(target, image)
    else:
        painter.drawPixmap(target, image, QRectF(image.rect()))

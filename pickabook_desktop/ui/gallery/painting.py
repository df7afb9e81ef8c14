"""How one picture of the gallery is painted: as a cell of the grid or the strip, or as a row."""

from typing import Protocol

import msgspec
from PySide6.QtCore import QLocale, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen, QPixmap

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Card, GroupKey
from pickabook_desktop.ui.gallery.badges import SIGN, Badges
from pickabook_desktop.ui.gallery.layout import Box, Mode, Shape
from pickabook_desktop.ui.theme import Metric, Space, Type, palette_now, sized_font

PAD = Space.SMALL
LEAST_TITLED = 128
GROUP_HEADER = 44
LINE = 20
_REJECTED = 0.35
_WORDS_KEPT = 4000


class Describes(Protocol):
    """What things are called."""

    def card(self, card: Card) -> str: ...

    def short(self, card: Card) -> str: ...

    def describe(self, card: Card) -> str: ...

    def group(self, grouping: GroupKey, key: str) -> str: ...

    def of(self, field: str, value: str) -> str: ...


class State(msgspec.Struct, frozen=True):
    """How a cell is looked at. ``focused`` where the keyboard is in the view."""

    selected: bool
    current: bool
    focused: bool


def shape_of(mode: Mode, edge: int, row: int, across: int) -> Shape:
    """The cells of a view whose pictures are ``edge`` pixels long; ``row`` is a list's row."""
    if mode == "list":
        return Shape(mode=mode, width=across, height=row, header=GROUP_HEADER)
    if mode == "strip":
        return Shape(mode=mode, width=strip_edge(across) + 2 * PAD, height=across)
    lines = 2 if edge >= LEAST_TITLED else 1
    height = edge + 2 * PAD + Space.TINY + lines * LINE
    margin = Space.SMALL
    return Shape(mode=mode, width=edge + 2 * PAD, height=height, margin=margin, header=GROUP_HEADER)


def strip_edge(across: int) -> int:
    """The pictures of a strip are as high as it is, less a line below."""
    return max(32, across - 2 * PAD - LINE)


class Painting:
    """Paints cells with one font, at one resolution, in one theme; make a new one when any of them
    changes.
    """

    def __init__(self, font: QFont, ratio: float, describe: Describes) -> None:
        self.ratio = ratio
        self.badges = Badges(font, ratio)
        self._describe = describe
        self._palette = palette_now()
        self._small = sized_font(font, Type.SMALL)
        self._strong = sized_font(font, Type.STRONG, strong=True)
        self._body = sized_font(font, Type.BODY)
        self._metrics = QFontMetrics(self._small)
        self._text = self._palette.colour("text")
        self._quiet = self._palette.colour("quiet")
        self._backdrop = self._palette.colour("backdrop")
        self._words: dict[tuple[str, int], str] = {}
        self._tiles: dict[tuple[int, int], QPixmap] = {}

    def forget_words(self) -> None:
        """Keep no caption of a picture that may be gone."""
        self._words.clear()

    def tile(self, box: Box, edge: int) -> QRect:
        """The square that a picture is fitted into, within its cell."""
        return QRect(box.x + (box.width - edge) // 2, box.y + PAD, edge, edge)

    def item(self, box: Box, edge: int) -> QRect:
        """What belongs to a picture, within its cell: a press beside it is on empty ground."""
        tile = self.tile(box, edge)
        return QRect(tile.x(), tile.y(), edge, box.bottom - tile.y() - PAD)

    def grid(
        self, painter: QPainter, box: Box, edge: int, card: Card, image: QImage | None, state: State
    ) -> None:
        """A cell of the grid or the strip; ``image`` as a feed gives it."""
        tile = self.tile(box, edge)
        if state.selected:
            self._tint(painter, QRect(box.x, box.y, box.width, box.height), tile)
        painter.drawPixmap(tile.topLeft(), self._tile(edge))
        self.picture(painter, tile, image, rejected=card.flag < 0)
        self._corners(painter, tile, card)
        self._caption(painter, tile, card, box.bottom)
        if state.selected or state.current:
            self._frame(painter, tile, state)

    def empty(self, painter: QPainter, box: Box, edge: int) -> None:
        """A cell of which nothing is known yet."""
        painter.drawPixmap(self.tile(box, edge).topLeft(), self._tile(edge))

    def header(
        self, painter: QPainter, box: Box, left: int, title: str, count: int, *, lifted: bool
    ) -> None:
        """The heading of a group, its words ``left`` pixels in; ``lifted`` where it stays while its
        pictures pass below.
        """
        palette = self._palette
        painter.fillRect(box.x, box.y, box.width, box.height, palette.colour("ground"))
        if lifted:
            painter.fillRect(box.x, box.bottom - 1, box.width, 1, palette.colour("line"))
        number = (
            tr("1 page") if count == 1 else tr("{count} pages", count=QLocale().toString(count))
        )
        room = box.width - left - Space.LARGE
        painter.setFont(self._strong)
        painter.setPen(self._text)
        metrics = painter.fontMetrics()
        title = metrics.elidedText(title, Qt.TextElideMode.ElideRight, max(0, room - 120))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(left, box.y, room, box.height), middle, title)
        left += metrics.horizontalAdvance(title) + Space.MEDIUM
        painter.setFont(self._small)
        painter.setPen(self._quiet)
        painter.drawText(QRect(left, box.y, room, box.height), middle, number)

    def band(self, painter: QPainter, rect: QRect) -> None:
        """The frame that is drawn around several pictures."""
        colour = self._palette.colour("accent")
        painter.setPen(QPen(colour, 1))
        wash = QColor(colour)
        wash.setAlphaF(0.15)
        painter.setBrush(wash)
        painter.drawRect(rect)

    def picture(
        self, painter: QPainter, tile: QRect, image: QImage | None, *, rejected: bool
    ) -> None:
        """The picture alone, fitted into ``tile``."""
        if image is None:
            return
        if image.isNull():
            mark = self.badges.icon("page-broken", "quiet", Metric.SIGN)
            half = Metric.SIGN // 2
            painter.drawPixmap(tile.center() - QPoint(half, half), mark)
            return
        if rejected:
            painter.setOpacity(_REJECTED)
        self._fitted(painter, tile, image)
        if rejected:
            painter.setOpacity(1.0)

    def _fitted(self, painter: QPainter, tile: QRect, image: QImage) -> None:
        longest = max(image.width(), image.height())
        if longest == round(tile.width() * self.ratio):
            # Pixel for pixel.
            image.setDevicePixelRatio(self.ratio)
            left = tile.x() + (tile.width() - image.width() / self.ratio) // 2
            top = tile.y() + (tile.height() - image.height() / self.ratio) // 2
            painter.drawImage(QPoint(int(left), int(top)), image)
            return
        scale = tile.width() / longest
        width, height = image.width() * scale, image.height() * scale
        target = QRectF(tile.center().x() + 0.5 - width / 2, 0, width, height)
        target.moveTop(tile.center().y() + 0.5 - height / 2)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, image, QRectF(image.rect()))

    def _corners(self, painter: QPainter, tile: QRect, card: Card) -> None:
        if card.flag:
            at = tile.topLeft() + QPoint(Space.TINY, Space.TINY)
            painter.drawPixmap(at, self.badges.flag(card.flag))
        if card.variations > 1:
            mark = self.badges.stack(card.variations)
            width = round(mark.width() / self.ratio)
            painter.drawPixmap(tile.x() + tile.width() - width - 4, tile.y() + 4, mark)

    def _caption(self, painter: QPainter, tile: QRect, card: Card, bottom: int) -> None:
        top = tile.y() + tile.height() + Space.TINY
        edge = tile.width()
        if edge >= LEAST_TITLED and bottom - top >= 2 * LINE:
            painter.setFont(self._small)
            painter.setPen(self._text)
            words = self.title(card, edge)
            painter.drawText(QPoint(tile.x(), top + self._metrics.ascent() + 2), words)
            top += LINE
        taken = tile.x()
        if card.rating:
            roomy = edge >= LEAST_TITLED
            stars = self.badges.stars(card.rating) if roomy else self.badges.few_stars(card.rating)
            height = round(stars.height() / self.ratio)
            painter.drawPixmap(tile.x(), top + (LINE - height) // 2, stars)
            taken += round(stars.width() / self.ratio)
        right = tile.x() + edge
        for sign in self.badges.signs(card):
            right -= SIGN
            if right < taken:
                # The most telling ones come first.
                break
            painter.drawPixmap(right, top + (LINE - SIGN) // 2, sign)
            right -= 3

    def _frame(self, painter: QPainter, tile: QRect, state: State) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        frame = QRectF(tile).adjusted(-2, -2, 2, 2)
        if state.selected:
            painter.setPen(QPen(self._palette.colour("accent"), 3 if state.current else 2))
            painter.drawRoundedRect(frame, 4, 4)
        if state.current and state.focused:
            painter.setPen(QPen(self._text, Metric.FOCUS))
            outer = frame.adjusted(-3, -3, 3, 3)
            painter.drawRoundedRect(outer, Metric.FIELD_RADIUS, Metric.FIELD_RADIUS)
        elif state.current and not state.selected:
            painter.setPen(QPen(self._palette.colour("edge"), Metric.FOCUS))
            painter.drawRoundedRect(frame, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _tint(self, painter: QPainter, cell: QRect, tile: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._palette.colour("chosen"))
        around = QRect(tile.x() - PAD, cell.y() + 1, tile.width() + 2 * PAD, cell.height() - 2)
        painter.drawRoundedRect(around, Metric.CARD_RADIUS, Metric.CARD_RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _tile(self, edge: int) -> QPixmap:
        key = (edge, 0)
        if key not in self._tiles:
            pixels = round(edge * self.ratio)
            pixmap = QPixmap(pixels, pixels)
            pixmap.setDevicePixelRatio(self.ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._backdrop)
            painter.drawRoundedRect(QRectF(0, 0, edge, edge), 3, 3)
            painter.end()
            self._tiles = {key: pixmap}
        return self._tiles[key]

    def title(self, card: Card, width: int) -> str:
        """What a picture is called, or in too little room what tells it from others."""
        whole = self._describe.card(card)
        words = self._elided(whole, width)
        return words if words == whole else self._elided(self._describe.short(card), width)

    def _elided(self, text: str, width: int) -> str:
        key = (text, width)
        words = self._words.get(key)
        if words is None:
            if len(self._words) > _WORDS_KEPT:
                self._words.clear()
            words = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            self._words[key] = words
        return words

    def line(
        self,
        painter: QPainter,
        rect: QRect,
        words: str,
        colour: QColor,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        """Words in one line, as many as there is room for."""
        painter.setFont(self._small)
        painter.setPen(colour)
        painter.drawText(
            rect, side | Qt.AlignmentFlag.AlignVCenter, self._elided(words, rect.width())
        )

"""How one picture is painted as a row of the list."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from pickabook_desktop.domain.review import Card
from pickabook_desktop.ui.gallery.columns import Place, number_text
from pickabook_desktop.ui.gallery.layout import Box
from pickabook_desktop.ui.gallery.painting import Describes, Painting, State
from pickabook_desktop.ui.theme import Metric, Space, draw_focus_ring, palette_now
from pickabook_desktop.ui.viewmodels.dates import moment_text

# A title keeps so many pixels, whatever signs there are.
LEAST_WORDS = 112


class RowPainting:
    """Paints rows with the tools of ``painting``."""

    def __init__(self, painting: Painting, describe: Describes) -> None:
        self._painting = painting
        self._describe = describe
        self._palette = palette_now()

    def paint(
        self,
        painter: QPainter,
        box: Box,
        places: tuple[Place, ...],
        card: Card,
        image: QImage | None,
        state: State,
    ) -> None:
        """One row of the list."""
        rect = QRect(box.x, box.y, box.width, box.height)
        if state.selected:
            painter.fillRect(rect, self._palette.colour("chosen"))
            painter.fillRect(box.x, box.y, 3, box.height, self._palette.colour("accent"))
        painter.fillRect(box.x, box.bottom - 1, box.width, 1, self._palette.colour("line"))
        for place in places:
            self._field(painter, box, place, card, image)
        if state.current and state.focused:
            draw_focus_ring(painter, QRectF(rect), Metric.FIELD_RADIUS)

    def _field(
        self, painter: QPainter, box: Box, place: Place, card: Card, image: QImage | None
    ) -> None:
        name = place.column.name
        rect = QRect(place.x, box.y, place.width - Space.SMALL, box.height)
        if name == "picture":
            edge = box.height - Space.SMALL
            tile = QRect(place.x, box.y + Space.TINY, edge, edge)
            painter.fillRect(tile, self._palette.colour("backdrop"))
            self._painting.picture(painter, tile, image, rejected=card.flag < 0)
        elif name == "title":
            self._title(painter, rect, card)
        elif name == "rating":
            if card.rating:
                stars = self._painting.badges.stars(card.rating)
                height = round(stars.deviceIndependentSize().height())
                painter.drawPixmap(rect.x(), box.y + (box.height - height) // 2, stars)
        else:
            words = self._words_of(name, card)
            align = Qt.AlignmentFlag
            side = align.AlignRight if place.column.number else align.AlignLeft
            self._painting.line(painter, rect, words, self._palette.colour("quiet"), side)

    def _title(self, painter: QPainter, rect: QRect, card: Card) -> None:
        right = rect.right() - Space.SMALL
        for sign in self._signs(card, right - rect.x() - Space.SMALL - LEAST_WORDS):
            size = sign.deviceIndependentSize().toSize()
            right -= size.width()
            painter.drawPixmap(right, rect.y() + (rect.height() - size.height()) // 2, sign)
            right -= Space.TINY
        room = QRect(rect.x(), rect.y(), max(0, right - rect.x() - Space.SMALL), rect.height())
        words = self._painting.title(card, room.width())
        self._painting.line(painter, room, words, self._palette.colour("text"))

    def _signs(self, card: Card, room: int) -> list[QPixmap]:
        """As many signs as have a place, from the right; the most telling ones stay longest."""
        badges = self._painting.badges
        signs = badges.signs(card)
        if card.variations > 1:
            signs.append(badges.stack(card.variations))
        if card.flag:
            signs.append(badges.flag(card.flag))
        while signs and sum(_width(sign) for sign in signs) > room:
            del signs[0]
        return signs

    def _words_of(self, name: str, card: Card) -> str:
        match name:
            case "date":
                return moment_text(card.created)
            case "template":
                return self._describe.of("template", card.template)
            case "engine":
                return self._describe.of("engine", card.engine)
            case "tags":
                return ", ".join(card.tags)
            case _:
                return number_text(name, card)


def _width(sign: QPixmap) -> int:
    return round(sign.deviceIndependentSize().width()) + Space.TINY

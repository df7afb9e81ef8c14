"""The small signs on pictures, drawn once for each theme and resolution.

No sign relies on its colour: labels carry a letter, states a shape of their own.
"""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap, QPolygonF

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import MOST_STARS, Card, Label, UploadState
from pickabook_desktop.ui.palette import LABEL_COLOURS, LIGHT
from pickabook_desktop.ui.theme import (
    Metric,
    Role,
    Space,
    Type,
    icon_pixmap,
    palette_now,
    sized_font,
)

SIGN = 16
STAR = 11
_STAR_POINTS = (
    *((0.0, -1.0), (0.27, -0.36), (0.95, -0.31), (0.43, 0.14), (0.59, 0.81)),
    *((0.0, 0.45), (-0.59, 0.81), (-0.43, 0.14), (-0.95, -0.31), (-0.27, -0.36)),
)
_UPLOADS: dict[UploadState, tuple[str, Role]] = {
    "uploaded": ("cloud", "good"),
    "queued": ("upload", "quiet"),
    "failed": ("warn", "bad"),
}


class Badges:
    """Signs as pixmaps, made when they are first asked for."""

    def __init__(self, font: QFont, ratio: float) -> None:
        self._font = font
        self._ratio = ratio
        self._made: dict[tuple[str, str], QPixmap] = {}

    def stars(self, rating: int) -> QPixmap:
        """As many stars, and dots for the rest."""
        return self._get("stars", str(rating), (STAR + 1) * MOST_STARS, STAR + 1, _paint_stars)

    def few_stars(self, rating: int) -> QPixmap:
        """The number and one star, where there is little room."""
        return self._get("few", str(rating), SIGN + 6, SIGN, _paint_few_stars)

    def label(self, label: Label) -> QPixmap:
        """A dot with the first letter of the colour's name."""
        return self._get("label", label, SIGN, SIGN, _paint_label)

    def flag(self, flag: int) -> QPixmap:
        """Picked or rejected, on a ground that shows on every picture."""
        return self._get("flag", str(flag), SIGN + 4, SIGN + 4, _paint_flag)

    def stack(self, count: int) -> QPixmap:
        """How many variations there are."""
        digits = len(str(count))
        width = SIGN + Space.SMALL + digits * 8
        return self._get("stack", str(count), width, SIGN + 4, _paint_stack)

    def upload(self, state: UploadState) -> QPixmap:
        name, role = _UPLOADS[state]
        return self.icon(name, role)

    def icon(self, name: str, role: Role = "quiet", size: int = SIGN) -> QPixmap:
        """One of the program's icons."""
        key = (f"icon-{name}-{size}", role)
        if key not in self._made:
            self._made[key] = icon_pixmap(name, size, role, self._ratio)
        return self._made[key]

    def signs(self, card: Card) -> list[QPixmap]:
        """What is below a picture at the right, from the right."""
        signs: list[QPixmap] = []
        if card.upload:
            signs.append(self.upload(card.upload))
        if card.note:
            signs.append(self.icon("note"))
        if card.tags:
            signs.append(self.icon("tag"))
        if card.label:
            signs.append(self.label(card.label))
        return signs

    def _get(
        self,
        kind: str,
        value: str,
        width: int,
        height: int,
        paint: Callable[[QPainter, QRectF, str, QFont], None],
    ) -> QPixmap:
        key = (kind, value)
        if key not in self._made:
            pixmap = QPixmap(round(width * self._ratio), round(height * self._ratio))
            pixmap.setDevicePixelRatio(self._ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint(painter, QRectF(0, 0, width, height), value, self._font)
            painter.end()
            self._made[key] = pixmap
        return self._made[key]


def draw_star(painter: QPainter, middle: QPointF, radius: float, colour: QColor) -> None:
    """A filled star."""
    points = [QPointF(middle.x() + x * radius, middle.y() + y * radius) for x, y in _STAR_POINTS]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF(points))


def label_letter(label: Label) -> str:
    """The letter that stands on the dot of a label."""
    names = {
        "red": tr("Red"),
        "yellow": tr("Yellow"),
        "green": tr("Green"),
        "blue": tr("Blue"),
        "purple": tr("Purple"),
    }
    return names.get(label, label)[:1].upper()


def _paint_stars(painter: QPainter, rect: QRectF, value: str, _font: QFont) -> None:
    palette = palette_now()
    for star in range(MOST_STARS):
        middle = QPointF((STAR + 1) * (star + 0.5), rect.center().y() + 0.5)
        if star < int(value):
            draw_star(painter, middle, STAR / 2, palette.colour("text"))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.colour("edge"))
            painter.drawEllipse(middle, 1.2, 1.2)


def _paint_few_stars(painter: QPainter, rect: QRectF, value: str, font: QFont) -> None:
    colour = palette_now().colour("text")
    painter.setFont(sized_font(font, Type.SMALL, strong=True))
    painter.setPen(colour)
    left = rect.adjusted(0, 0, -STAR - 1, 0)
    painter.drawText(left, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, value)
    middle = QPointF(rect.right() - STAR / 2, rect.center().y())
    draw_star(painter, middle, STAR / 2, colour)


def _paint_label(painter: QPainter, rect: QRectF, value: str, font: QFont) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(LABEL_COLOURS[value]))
    painter.drawEllipse(rect.adjusted(0.5, 0.5, -0.5, -0.5))
    small = sized_font(font, Type.SMALL - 2, strong=True)
    painter.setFont(small)
    # Dark letters on yellow, light ones on the rest.
    painter.setPen(QColor(LIGHT.text if value == "yellow" else LIGHT.surface))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, label_letter(_label(value)))


def _label(value: str) -> Label:
    match value:
        case "red" | "yellow" | "green" | "blue" | "purple":
            return value
        case _:
            return ""


def _paint_flag(painter: QPainter, rect: QRectF, value: str, _font: QFont) -> None:
    picked = value == "1"
    palette = palette_now()
    painter.setPen(QPen(palette.colour("line"), 1))
    painter.setBrush(palette.colour("surface"))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), Space.TINY, Space.TINY)
    name, role = ("flag", "good") if picked else ("close", "bad")
    mark = icon_pixmap(name, SIGN, _role(role), painter.device().devicePixelRatioF())
    painter.drawPixmap(QPointF(2, 2), mark)


def _role(name: str) -> Role:
    return "good" if name == "good" else "bad"


def _paint_stack(painter: QPainter, rect: QRectF, value: str, font: QFont) -> None:
    palette = palette_now()
    painter.setPen(QPen(palette.colour("line"), 1))
    painter.setBrush(palette.colour("surface"))
    radius = Metric.FIELD_RADIUS - 2
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    mark = icon_pixmap("stack", SIGN - 4, "text", painter.device().devicePixelRatioF())
    painter.drawPixmap(QPointF(Space.TINY, 4), mark)
    painter.setFont(sized_font(font, Type.SMALL, strong=True))
    painter.setPen(palette.colour("text"))
    number = rect.adjusted(SIGN + 2, 0, -Space.TINY, 0)
    painter.drawText(number, Qt.AlignmentFlag.AlignCenter, value)

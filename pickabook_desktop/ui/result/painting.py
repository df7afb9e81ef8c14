"""How pictures, the edge between photo and page, and small labels are painted on the canvas."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen

from pickabook_desktop.ui.theme import Space, palette_now

if TYPE_CHECKING:
    from pickabook_desktop.ui.result.pyramid import Pyramid

SHARP_FROM = 3.0
HANDLE = 16
CHEVRON = 4


def contained(rect: QRectF, picture: "Pyramid") -> QRectF:
    """The largest rectangle of the picture's shape inside ``rect``, same centre."""
    size = QSizeF(picture.size).scaled(rect.size(), Qt.AspectRatioMode.KeepAspectRatio)
    result = QRectF(QPointF(), size)
    result.moveCenter(rect.center())
    return result


def within(rect: QRectF, place: QRectF) -> QRectF:
    """``place``, given in fractions of ``rect``."""
    return QRectF(
        rect.left() + place.left() * rect.width(),
        rect.top() + place.top() * rect.height(),
        place.width() * rect.width(),
        place.height() * rect.height(),
    )


def paint_picture(
    painter: QPainter, picture: "Pyramid", target: QRectF, visible: QRectF, ratio: float
) -> None:
    """Draw what is seen of ``picture`` in ``visible``, from the level that suits the zoom.

    ``ratio`` is device pixels for each logical pixel. From three-fold zoom on single pixels are
    shown sharp, so that they can be judged.
    """
    seen = target.intersected(visible)
    if seen.isEmpty():
        return
    scale = target.width() / picture.size.width() * ratio
    level = picture.level_for(scale)
    across = level.width() / target.width()
    down = level.height() / target.height()
    source = QRectF(
        (seen.left() - target.left()) * across,
        (seen.top() - target.top()) * down,
        seen.width() * across,
        seen.height() * down,
    )
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < SHARP_FROM)
    painter.drawImage(seen, level, source)


def paint_divider(painter: QPainter, x: float, visible: QRectF) -> None:
    """The edge between photo and page, with a round handle halfway down."""
    palette = palette_now()
    light, shade = palette.colour("on_backdrop"), palette.colour("backdrop")
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for pen in (QPen(shade, 4), QPen(light, 2)):
        painter.setPen(pen)
        painter.drawLine(QPointF(x, visible.top()), QPointF(x, visible.bottom()))
    centre = QPointF(x, visible.center().y())
    painter.setPen(QPen(shade, 1))
    painter.setBrush(light)
    painter.drawEllipse(centre, HANDLE, HANDLE)
    painter.setPen(QPen(shade, 2))
    for side in (-1, 1):
        tip = centre + QPointF(side * Space.SMALL, 0)
        for slope in (-1, 1):
            painter.drawLine(tip, tip + QPointF(-side * CHEVRON, slope * CHEVRON))
    painter.restore()


def paint_label(painter: QPainter, text: str, corner: QPointF, *, right: bool) -> None:
    """A small dark label whose lower left (or right) corner is ``corner``."""
    palette = palette_now()
    metrics = painter.fontMetrics()
    width = metrics.horizontalAdvance(text) + 2 * Space.SMALL
    height = metrics.height() + Space.SMALL
    left = corner.x() - width if right else corner.x()
    box = QRectF(left, corner.y() - height, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.colour("surface"))
    painter.drawRoundedRect(box, Space.TINY, Space.TINY)
    painter.setPen(palette.colour("text"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()

"""The plate that takes the place of a picture which cannot be shown."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from pickabook_desktop.ui.theme import Metric, Space, Type, icon_pixmap, palette_now, sized_font

WIDEST = 360


def paint_problem(painter: QPainter, widget: QWidget, sentence: str) -> None:
    """A mark and ``sentence`` in the middle of ``widget``."""
    painter.save()
    painter.setFont(sized_font(widget.font(), Type.BODY))
    width = min(WIDEST, widget.width() - 2 * Space.HUGE)
    flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap)
    sentence = _breakable(sentence)
    words = painter.boundingRect(QRectF(0, 0, width, widget.height()), flags, sentence)
    height = Metric.BIG_ICON + Space.MEDIUM + words.height() + 2 * Space.LARGE
    plate = QRectF(0, 0, width + 2 * Space.LARGE, height)
    plate.moveCenter(QRectF(widget.rect()).center())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette_now().colour("surface"))
    painter.drawRoundedRect(plate, Metric.CARD_RADIUS, Metric.CARD_RADIUS)
    mark = icon_pixmap("warn", Metric.BIG_ICON, "warn", widget.devicePixelRatioF())
    top = plate.top() + Space.LARGE
    painter.drawPixmap(round(plate.center().x() - Metric.BIG_ICON / 2), round(top), mark)
    painter.setPen(palette_now().colour("text"))
    top += Metric.BIG_ICON + Space.MEDIUM
    painter.drawText(
        QRectF(plate.left() + Space.LARGE, top, width, words.height()), flags, sentence
    )
    painter.restore()


def _breakable(sentence: str) -> str:
    """``sentence`` with places at which long paths may go on in the next line."""
    for mark in "/\\_":
        sentence = sentence.replace(mark, f"{mark}\u200b")
    return sentence

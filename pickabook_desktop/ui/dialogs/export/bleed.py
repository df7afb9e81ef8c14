"""A small drawing of what bleed means: the picture, and the margin that is cut away."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Space, Type, palette_now, sized_font

WIDTH, HEIGHT = 176, 96
LEAST_EDGE, WIDEST_EDGE = 5.0, 14.0
MARK = 9.0


class BleedDrawing(QWidget):
    """The page with its trim line, in the picture's own shape. The bleed is drawn larger than it
    is, for 3 mm of A4 would be a hair.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._aspect = 1.0
        self._bleed = 0.0
        self.setFixedSize(WIDTH, HEIGHT)

    def show_bleed(self, aspect: float, millimetres: float) -> None:
        """``aspect`` is width by height of what stays."""
        self._aspect = min(max(aspect, 0.4), 2.5)
        self._bleed = millimetres
        said = tr("{bleed} mm on each side are cut away", bleed=f"{millimetres:g}")
        self.setAccessibleName(said if millimetres else tr("Nothing is cut away"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = palette_now()
        trim = self._trim()
        edge = min(max(LEAST_EDGE, 2.2 * self._bleed), WIDEST_EDGE)
        if self._bleed:
            full = trim.adjusted(-edge, -edge, edge, edge)
            painter.fillRect(full, palette.colour("chosen"))
            painter.setPen(QPen(palette.colour("accent"), 1))
            painter.drawRect(full)
        painter.fillRect(trim, palette.colour("surface"))
        painter.setPen(QPen(palette.colour("quiet"), 1, Qt.PenStyle.DashLine))
        painter.drawRect(trim)
        if self._bleed:
            painter.setPen(QPen(palette.colour("text"), 1))
            _draw_marks(painter, trim, edge)
        self._write(painter, trim, edge)

    def _trim(self) -> QRectF:
        room = QSize(HEIGHT, HEIGHT - 2 * round(WIDEST_EDGE + MARK))
        height = min(room.height(), room.width() / self._aspect)
        width = height * self._aspect
        middle = QPointF(HEIGHT / 2 + Space.TINY, HEIGHT / 2)
        return QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)

    def _write(self, painter: QPainter, trim: QRectF, edge: float) -> None:
        palette = palette_now()
        painter.setFont(sized_font(self.font(), Type.SMALL))
        left = trim.right() + WIDEST_EDGE + MARK + Space.TINY
        line = painter.fontMetrics().lineSpacing()
        painter.setPen(palette.colour("quiet"))
        painter.drawText(QPointF(left, trim.center().y() + line / 3), tr("Trim"))
        if self._bleed:
            painter.setPen(palette.colour("accent"))
            painter.drawText(QPointF(left, trim.top() - edge / 2 + line / 3), tr("Bleed"))


def _draw_marks(painter: QPainter, trim: QRectF, edge: float) -> None:
    """Where the knife goes, outside of the bleed."""
    outside = edge + 2
    for x in (trim.left(), trim.right()):
        painter.drawLine(
            QPointF(x, trim.top() - outside), QPointF(x, trim.top() - outside - MARK + 3)
        )
        painter.drawLine(
            QPointF(x, trim.bottom() + outside), QPointF(x, trim.bottom() + outside + MARK - 3)
        )
    for y in (trim.top(), trim.bottom()):
        painter.drawLine(
            QPointF(trim.left() - outside, y), QPointF(trim.left() - outside - MARK + 3, y)
        )
        painter.drawLine(
            QPointF(trim.right() + outside, y), QPointF(trim.right() + outside + MARK - 3, y)
        )

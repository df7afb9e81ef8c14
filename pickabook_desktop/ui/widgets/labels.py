"""Labels: elided, wrapped, and headings."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from pickabook_desktop.ui.theme import Metric, Role, icon_pixmap, program_drawing


class ElidedLabel(QLabel):
    """A line that ends with an ellipsis where it does not fit; the tool tip has it whole."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.elide_mode = Qt.TextElideMode.ElideRight

    def setText(self, text: str, /) -> None:
        super().setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        rect = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), self.elide_mode, rect.width())
        painter.drawText(rect, int(self.alignment()), text)


def heading(text: str, buddy: QWidget | None = None) -> QLabel:
    """The small quiet heading of a section."""
    label = QLabel(text)
    label.setProperty("type", "heading")
    if buddy is not None:
        label.setBuddy(buddy)
    return label


def wrapped(text: str = "", kind: str = "small") -> QLabel:
    """A label of as many lines as it needs; its text is never read as markup."""
    label = QLabel(text)
    label.setProperty("type", kind)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


class IconMark(QWidget):
    """An icon that is no button; painted in the theme's present colour."""

    def __init__(
        self,
        name: str,
        role: Role = "text",
        size: int = Metric.ICON,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._size = name, size
        self._role: Role = role
        self.setFixedSize(size, size)

    def show_icon(self, name: str, role: Role) -> None:
        self._name, self._role = name, role
        self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        mark = icon_pixmap(self._name, self._size, self._role, self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, 0, mark)


class ProgramSign(QWidget):
    """The program's own picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(Metric.SIGN, Metric.SIGN)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        program_drawing().render(painter, QRectF(self.rect()))

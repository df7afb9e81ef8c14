"""The columns of the list, and the header that sorts by them."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.money import money_text
from pickabook_desktop.domain.review import Card, SortKey
from pickabook_desktop.ui.theme import (
    Metric,
    Space,
    Type,
    draw_focus_ring,
    icon_pixmap,
    palette_now,
    sized_font,
)

ROW = 56
HEADER = Metric.HIT
_LEAST_TITLE = 208


class Column(msgspec.Struct, frozen=True):
    """One column: its ``name`` in the program, what people call it, how wide it is, by what a click
    on it sorts, and whether it holds numbers.
    """

    name: str
    title: str
    width: int
    sort: SortKey | None = None
    number: bool = False


class Place(msgspec.Struct, frozen=True):
    """Where a column stands."""

    column: Column
    x: int
    width: int


def columns() -> tuple[Column, ...]:
    """All there are, those without which one can do last."""
    return (
        Column("picture", "", ROW + Space.SMALL),
        Column("title", tr("Title"), _LEAST_TITLE),
        Column("rating", tr("Rating"), 112, "rating"),
        Column("date", tr("Date"), 136, "date"),
        Column("template", tr("Template"), 128, "template"),
        Column("engine", tr("Engine"), 104, "engine"),
        Column("likeness", tr("Likeness"), 84, "likeness", number=True),
        Column("cost", tr("Cost"), 84, "cost", number=True),
        Column("seam", tr("Seam"), 72, number=True),
        Column("tags", tr("Tags"), 144),
    )


def placed(width: int) -> tuple[Place, ...]:
    """As many columns as there is room for, the first ones first; the title takes what is left."""
    shown: list[Column] = []
    room = width - 2 * Space.SMALL
    for column in columns():
        if column.width > room:
            break
        shown.append(column)
        room -= column.width
    places: list[Place] = []
    x = Space.SMALL
    for column in shown:
        wide = column.width + (max(0, room) if column.name == "title" else 0)
        places.append(Place(column, x, wide))
        x += wide
    return tuple(places)


def number_text(name: str, card: Card) -> str:
    """What stands in a column of numbers; a dash where nobody knows."""
    value = {"likeness": card.likeness, "seam": card.seam, "cost": card.cost}[name]
    if value is None:
        return "–"
    if name == "cost":
        return money_text(value) if value > 0 else tr("free")
    return f"{value:.2f}"


class ColumnTitle(QAbstractButton):
    """The keyboard's place on a column that can sort, and what screen readers get of it. The title
    itself is painted, and pressed with the mouse, in the header.
    """

    def __init__(self, column: Column, header: "ListHeader") -> None:
        super().__init__(header)
        self.column = column
        self._header = header
        self.setAccessibleName(column.title)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            draw_focus_ring(painter, QRectF(self.rect()), Metric.FIELD_RADIUS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        elif not self._header.go_from(self, Qt.Key(event.key())):
            event.ignore()


class ListHeader(QWidget):
    """The titles of the columns. A click on one that can sort says so, and so does Return; arrows
    lead from one to the next.
    """

    sort_wanted = Signal(str)

    def __init__(self, parent: QWidget, sorted_by: Callable[[], tuple[SortKey, bool]]) -> None:
        """``sorted_by`` gives the key and whether its order is descending."""
        super().__init__(parent)
        self._list = parent
        self._sorted_by = sorted_by
        self._under = ""
        self.setMouseTracking(True)
        self.setFixedHeight(HEADER)
        self.setAccessibleName(tr("Columns"))
        sortable = [column for column in columns() if column.sort is not None]
        self.titles = tuple(ColumnTitle(column, self) for column in sortable)
        """In their order; those for which there is no room are hidden."""
        for title in self.titles:
            title.clicked.connect(self._on_title_pressed)
        self._tab = self.titles[0]
        self.show_order()

    def show_order(self) -> None:
        """The order is another now."""
        key, descending = self._sorted_by()
        sorted_so = tr("Sorted, descending") if descending else tr("Sorted, ascending")
        for title in self.titles:
            by_it = title.column.sort == key
            title.setAccessibleDescription(sorted_so if by_it else tr("Not sorted by this"))
        self.update()

    def go_from(self, title: ColumnTitle, key: Qt.Key) -> bool:
        """Give the keyboard to another title, or to the list below; False for other keys."""
        shown = [other for other in self.titles if not other.isHidden()]
        at = shown.index(title)
        places = {
            Qt.Key.Key_Left: max(0, at - 1),
            Qt.Key.Key_Right: min(at + 1, len(shown) - 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(shown) - 1,
        }
        if key in places:
            self._take_tab(shown[places[key]])
            shown[places[key]].setFocus(Qt.FocusReason.OtherFocusReason)
        elif key == Qt.Key.Key_Down:
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)
        return key in places or key == Qt.Key.Key_Down

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Not before, for what Tab does not reach is given no place in its order.
        self._take_tab(self._tab)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        places = {place.column.name: place for place in placed(self.width())}
        for title in self.titles:
            place = places.get(title.column.name)
            title.setVisible(place is not None)
            if place is not None:
                title.setGeometry(place.x - Space.SMALL, 0, place.width, self.height() - 1)
        if self._tab.isHidden() and self.isVisible():
            self._take_tab(self.titles[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = palette_now()
        painter.fillRect(event.rect(), palette.colour("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, palette.colour("line"))
        painter.setFont(sized_font(self.font(), Type.SMALL, strong=True))
        key, descending = self._sorted_by()
        for place in placed(self.width()):
            column = place.column
            sorts = column.sort is not None
            lit = column.sort == key or (sorts and column.name == self._under)
            painter.setPen(palette.colour("text" if lit else "quiet"))
            rect = QRect(place.x, 0, place.width - Space.SMALL, self.height())
            side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
            if column.sort == key:
                size = Metric.SMALL_ICON - 4
                name = "chevron-down" if descending else "chevron-up"
                mark = icon_pixmap(name, size, "text", self.devicePixelRatioF())
                left = rect.right() - size
                if not column.number:
                    words = painter.fontMetrics().horizontalAdvance(column.title)
                    left = rect.x() + words + Space.TINY
                painter.drawPixmap(QPointF(left, (self.height() - size) / 2), mark)
                if column.number:
                    rect.adjust(0, 0, -size - Space.TINY, 0)
            painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, column.title)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._column_at(event.position().x()))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover(self._column_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        column = self._column_at(event.position().x())
        inside = self.rect().contains(event.position().toPoint())
        if inside and column is not None and column.sort is not None:
            self.sort_wanted.emit(column.sort)

    def _take_tab(self, title: ColumnTitle) -> None:
        """One title at a time is reached by Tab."""
        for other in self.titles:
            reached = other is title
            policy = Qt.FocusPolicy.TabFocus if reached else Qt.FocusPolicy.NoFocus
            other.setFocusPolicy(policy)
        self._tab = title

    def _on_title_pressed(self) -> None:
        title = self.sender()
        if isinstance(title, ColumnTitle) and title.column.sort is not None:
            self.sort_wanted.emit(title.column.sort)

    def _hover(self, column: Column | None) -> None:
        name = column.name if column is not None and column.sort is not None else ""
        if name != self._under:
            self._under = name
            cursor = Qt.CursorShape.PointingHandCursor if name else Qt.CursorShape.ArrowCursor
            self.setCursor(cursor)
            self.update()

    def _column_at(self, x: float) -> Column | None:
        for place in placed(self.width()):
            if place.x <= x < place.x + place.width:
                return place.column
        return None

"""The list below the search field that offers how to go on."""

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space, Type, icon_pixmap, palette_now, sized_font
from pickabook_desktop.ui.viewmodels.completions import Offer

AnyIndex = QModelIndex | QPersistentModelIndex
OFFER_ROLE = Qt.ItemDataRole.UserRole + 1
_NARROWEST = 320


class OfferList(QListView):
    """Lies over the window, never has the keyboard, and marks one offer or none."""

    offer_chosen = Signal(object)

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self._offers = _Offers(self)
        self.setModel(self._offers)
        self.setItemDelegate(_OfferDelegate(self))
        self.setProperty("kind", "offers")
        self.setAccessibleName(tr("Ways to go on"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._on_clicked)
        self.entered.connect(self.setCurrentIndex)
        self.hide()

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What is offered."""
        return self._offers.offers

    @property
    def marked(self) -> Offer | None:
        """The offer that Return would take."""
        offer = self.currentIndex().data(OFFER_ROLE)
        return offer if self.isVisible() and isinstance(offer, Offer) else None

    def show_offers(self, offers: tuple[Offer, ...]) -> None:
        """Show these with none marked; nothing at all where there are none."""
        self._offers.put(offers)
        self.setCurrentIndex(QModelIndex())
        if not offers:
            self.hide()
            return
        self._place()
        self.show()
        self.raise_()

    def step(self, by: int) -> None:
        """Mark the next offer, or before the first and behind the last one none."""
        count = len(self.offers)
        row = self.currentIndex().row() + by
        row = {-2: count - 1, count: -1}.get(row, row)
        self.setCurrentIndex(self._offers.index(row, 0) if row >= 0 else QModelIndex())

    def _on_clicked(self, index: QModelIndex) -> None:
        self.offer_chosen.emit(index.data(OFFER_ROLE))

    def _place(self) -> None:
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        frame = 2 * Space.TINY
        width = max(self._field.width(), _NARROWEST)
        below = self._field.mapTo(window, QPoint(0, self._field.height() + Space.TINY))
        bar = self._field.parentWidget()
        if bar is not None and bar is not window:
            # How many pages are found stands in the bar, and is what one wants to see.
            below.setY(bar.mapTo(window, QPoint(0, bar.height())).y())
        if self._field.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            below.setX(below.x() + self._field.width() - width)
        below.setX(max(0, min(below.x(), window.width() - width)))
        self.setGeometry(QRect(below, QSize(width, len(self.offers) * Metric.HIT + frame)))


class _Offers(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.offers: tuple[Offer, ...] = ()

    def put(self, offers: tuple[Offer, ...]) -> None:
        self.beginResetModel()
        self.offers = offers
        self.endResetModel()

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.offers)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        offer = self.offers[index.row()] if index.isValid() else None
        if offer is None:
            return None
        if role == OFFER_ROLE:
            return offer
        if role == Qt.ItemDataRole.DisplayRole:
            return offer.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{offer.title}, {offer.note}"
        return None


class _OfferDelegate(QStyledItemDelegate):
    """A row: icon, what is offered, and a quiet word on it."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(0, Metric.HIT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        offer = index.data(OFFER_ROLE)
        if not isinstance(offer, Offer):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = palette_now()
        row: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]  # stubs lack fields
        row = row.adjusted(Space.TINY, 0, -Space.TINY, 0)
        if index == self._view.currentIndex():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.colour("chosen"))
            painter.drawRoundedRect(row, Metric.FIELD_RADIUS, Metric.FIELD_RADIUS)
        mirrored = self._view.layoutDirection() == Qt.LayoutDirection.RightToLeft
        size = Metric.SMALL_ICON
        left = row.right() + 1 - Space.SMALL - size if mirrored else row.left() + Space.SMALL
        ratio = self._view.devicePixelRatioF()
        mark = icon_pixmap(offer.icon, size, "quiet", ratio)
        painter.drawPixmap(left, row.top() + (row.height() - size) // 2, mark)
        used = size + 2 * Space.SMALL
        end = Space.SMALL
        words = row.adjusted(end, 0, -used, 0) if mirrored else row.adjusted(used, 0, -end, 0)
        self._paint_words(painter, words, offer, mirrored=mirrored)
        painter.restore()

    def _paint_words(self, painter: QPainter, room: QRect, offer: Offer, *, mirrored: bool) -> None:
        palette, middle = palette_now(), Qt.AlignmentFlag.AlignVCenter
        absolute = middle | Qt.AlignmentFlag.AlignAbsolute
        start, end = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        if mirrored:
            start, end = end, start
        font = sized_font(self._view.font(), Type.SMALL)
        note = QFontMetrics(font).elidedText(
            offer.note, Qt.TextElideMode.ElideRight, room.width() * 2 // 3
        )
        used = QFontMetrics(font).horizontalAdvance(note) + Space.SMALL
        painter.setFont(font)
        painter.setPen(palette.colour("quiet"))
        painter.drawText(room, int(absolute | end), note)
        rest = room.adjusted(used, 0, 0, 0) if mirrored else room.adjusted(0, 0, -used, 0)
        painter.setFont(sized_font(self._view.font(), Type.BODY))
        painter.setPen(palette.colour("text"))
        metrics = QFontMetrics(painter.font())
        title = metrics.elidedText(offer.title, Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, int(absolute | start), title)

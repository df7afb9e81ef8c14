"""A row of pictures: the history at the foot of the window, and the variations of a page."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPainterPath, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.ui.theme import Metric, Space, draw_focus_ring, icon_pixmap, palette_now
from pickabook_desktop.ui.viewmodels.shelf import Thumbnails

Index = QModelIndex | QPersistentModelIndex
Describe = Callable[[KeptPicture], str]
Badge = Callable[[KeptPicture], tuple[str, str]]
"""The icon that marks a picture, and what it means; empty for none."""
BADGE_ROLE = Qt.ItemDataRole.UserRole + 1
NO_PARENT = QModelIndex()


class PictureRow(QAbstractListModel):
    """Pictures for a :class:`FilmStrip`; the list itself belongs to whoever made it."""

    more_wanted = Signal()

    def __init__(self, thumbnails: Thumbnails, describe: Describe, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._describe = describe
        self.pictures: Sequence[KeptPicture] = ()
        self.badge: Badge = lambda picture: ("", "")
        self.complete = True
        thumbnails.loaded.connect(self._on_loaded)

    def show_pictures(self, pictures: Sequence[KeptPicture]) -> None:
        """Show these from now on."""
        self.beginResetModel()
        self.pictures = pictures
        self.endResetModel()

    def row_of(self, picture_id: str) -> int:
        """The row of a picture, or -1."""
        return next((i for i, p in enumerate(self.pictures) if p.id == picture_id), -1)

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.pictures)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not 0 <= index.row() < len(self.pictures):
            return None
        picture = self.pictures[index.row()]
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnails.get(picture)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            marked = self.badge(picture)[1]
            return " · ".join(part for part in (self._describe(picture), marked) if part)
        if role == BADGE_ROLE:
            return self.badge(picture)[0]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flag = Qt.ItemFlag
        return flag.ItemIsSelectable | flag.ItemIsEnabled | flag.ItemIsDragEnabled

    def canFetchMore(self, parent: Index) -> bool:
        return not self.complete

    def fetchMore(self, parent: Index) -> None:
        self.more_wanted.emit()

    def _on_loaded(self, picture_id: str) -> None:
        row = self.row_of(picture_id)
        if row >= 0:
            index = self.index(row)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])


class FilmStrip(QListView):
    """Thumbnails in one row. Arrow keys and clicks choose; dragging wants to hand one out."""

    picture_chosen = Signal(object)
    menu_wanted = Signal(object, QPoint)
    """The KeptPicture, and where on the screen."""
    delete_wanted = Signal(object)
    drag_wanted = Signal(object)

    def __init__(self, row: PictureRow, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row
        self.setModel(row)
        self.setItemDelegate(_Thumbnail(height - 2 * Space.SMALL, self))
        self.setFixedHeight(height)
        self.setProperty("kind", "grid")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setSpacing(0)
        self.setViewportMargins(Space.TINY, 0, Space.TINY, 0)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)
        self.clicked.connect(self._on_chosen)
        self.activated.connect(self._on_chosen)

    @property
    def row(self) -> PictureRow:
        """What it shows."""
        return self._row

    @property
    def chosen(self) -> KeptPicture | None:
        """The picture under the selection."""
        index = self.currentIndex()
        return self._row.pictures[index.row()] if index.isValid() else None

    def mark(self, picture_id: str) -> None:
        """Select a picture without telling anybody; an unknown id selects none."""
        row = self._row.row_of(picture_id)
        self.setCurrentIndex(self._row.index(row) if row >= 0 else QModelIndex())
        if row < 0:
            self.clearSelection()

    def step(self, by: int) -> None:
        """Choose the picture so many places further on."""
        row = self.currentIndex().row() + by
        if 0 <= row < len(self._row.pictures):
            self.setCurrentIndex(self._row.index(row))
            self._on_chosen(self._row.index(row))

    def startDrag(self, supported: Qt.DropAction, /) -> None:
        if self.chosen is not None:
            self.drag_wanted.emit(self.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.chosen is not None:
            self.delete_wanted.emit(self.chosen)
            return
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        if self.currentIndex().row() != before:
            self._on_chosen(self.currentIndex())

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.x() or delta.y()))
        event.accept()

    def _on_chosen(self, index: QModelIndex) -> None:
        if index.isValid():
            self.picture_chosen.emit(self._row.pictures[index.row()])

    def _on_menu(self, position: QPoint) -> None:
        index = self.indexAt(position)
        if index.isValid():
            self.menu_wanted.emit(self._row.pictures[index.row()], self.mapToGlobal(position))


class _Thumbnail(QStyledItemDelegate):
    """Paints one picture, square or not, in a cell of equal height."""

    def __init__(self, edge: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._edge = edge

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._edge + Space.SMALL, self._edge + 2 * Space.SMALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        palette = palette_now()
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        cell = QRectF(option.rect)  # type: ignore[attr-defined]
        inset_x, inset_y = Space.TINY, Space.SMALL
        box = cell.adjusted(inset_x, inset_y, -inset_x, -inset_y)
        image = index.data(Qt.ItemDataRole.DecorationRole)
        frame = box
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if isinstance(image, QImage) and not image.isNull():
            frame = QRectF(
                box.topLeft(),
                QSizeF(image.size()).scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio),
            )
            frame.moveCenter(box.center())
            outline = _rounded(frame)
            painter.save()
            painter.setClipPath(outline)
            painter.drawImage(frame, image)
            painter.restore()
        else:
            painter.fillPath(_rounded(box), palette.colour("pressed"))
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        colour = "accent" if selected else "quiet" if hovered else "line"
        painter.setPen(QPen(palette.colour(colour), 3 if selected else 1))
        painter.drawPath(_rounded(frame))
        painter.restore()
        badge = index.data(BADGE_ROLE)
        if isinstance(badge, str) and badge:
            _draw_badge(painter, frame, badge)
        if state & QStyle.StateFlag.State_HasFocus:
            draw_focus_ring(painter, cell.adjusted(0, 3, 0, -3), Metric.FIELD_RADIUS)


def _draw_badge(painter: QPainter, frame: QRectF, name: str) -> None:
    """A small icon on a plate of its own in the lower corner."""
    palette, edge = palette_now(), Metric.SMALL_ICON + Space.TINY
    ratio = painter.device().devicePixelRatio()
    corner = frame.bottomRight() - QPointF(edge + Space.TINY, edge + Space.TINY)
    plate = QRectF(corner, QSizeF(edge, edge))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(palette.colour("line"), 1))
    painter.setBrush(palette.colour("surface"))
    painter.drawRoundedRect(plate, Metric.FIELD_RADIUS, Metric.FIELD_RADIUS)
    mark = icon_pixmap(name, Metric.SMALL_ICON, "bad" if name == "warn" else "text", ratio)
    painter.drawPixmap(plate.topLeft() + QPointF(Space.TINY / 2, Space.TINY / 2), mark)
    painter.restore()


def _rounded(rect: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(rect, Metric.FIELD_RADIUS, Metric.FIELD_RADIUS)
    return path

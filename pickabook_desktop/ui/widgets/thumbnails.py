"""A list of small pictures with titles: a grid, or one row; one of them is chosen."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QCursor,
    QFontMetrics,
    QImageReader,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QResizeEvent,
    QTextOption,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from pickabook_desktop.ui.theme import (
    Metric,
    Space,
    Type,
    draw_focus_ring,
    icon_pixmap,
    palette_now,
    sized_font,
)

AnyIndex = QModelIndex | QPersistentModelIndex
_TITLE_LINES = 2
_RING = Metric.FOCUS + 1


class Thumbnail(msgspec.Struct, frozen=True):
    """One entry; ``path`` is its picture's file, which may be missing."""

    id: str
    title: str
    path: Path | None = None
    tip: str = ""


class ThumbnailModel(QAbstractListModel):
    """The entries and, once painted, their pictures."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[Thumbnail, ...] = ()
        self._pictures: dict[tuple[Path, int], QPixmap] = {}

    def set_items(self, items: Sequence[Thumbnail]) -> None:
        self.beginResetModel()
        self._items = tuple(items)
        self.endResetModel()

    def item(self, row: int) -> Thumbnail:
        return self._items[row]

    def row_of(self, item_id: str) -> int:
        """Its row, or -1."""
        return next((row for row, item in enumerate(self._items) if item.id == item_id), -1)

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._items)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self._items[index.row()]
        texts = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if role in texts:
            return item.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return item.tip or item.title
        return None

    def picture(self, row: int, pixels: int) -> QPixmap | None:
        """The picture ``pixels`` wide and high, cut to a square; None where it cannot be read."""
        path = self._items[row].path
        if path is None:
            return None
        if (path, pixels) not in self._pictures:
            self._pictures[path, pixels] = _square(path, pixels)
        picture = self._pictures[path, pixels]
        return None if picture.isNull() else picture


class ThumbnailDelegate(QStyledItemDelegate):
    """Paints a rounded picture with its title below; a ring and a tick when chosen."""

    def __init__(self, edge: int, view: QAbstractItemView, *, centred: bool) -> None:
        super().__init__(view)
        self.edge = edge
        self._centred = centred
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """The whole cell of the grid."""
        return self._view.gridSize() if isinstance(self._view, QListView) else QSize()

    def title_height(self, lines: int) -> int:
        font = sized_font(self._view.font(), Type.SMALL)
        return QFontMetrics(font).height() * lines

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]  # stubs lack fields
        # In a grid the pictures line up with what stands above and below the list.
        spare = rect.width() - self.edge
        left = rect.x() + (spare // 2 if self._centred else _RING)
        frame = QRectF(left, rect.y() + Space.TINY, self.edge, self.edge)
        self._paint_picture(painter, frame, index)
        chosen = self._view.selectionModel().isSelected(index)
        self._paint_frame(painter, frame, index, chosen=chosen)
        below = rect.adjusted(0, self.edge + Space.SMALL, 0, 0)
        if not self._centred:
            below.setWidth(self.edge + 2 * _RING)
        painter.setPen(palette_now().colour("text"))
        # In a row there is no room for a bold word to grow.
        strong = chosen and not self._centred
        painter.setFont(sized_font(self._view.font(), Type.SMALL, strong=strong))
        text = QTextOption(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        text.setWrapMode(QTextOption.WrapMode.WordWrap)
        painter.drawText(QRectF(below), str(index.data()), text)
        painter.restore()

    def _paint_picture(self, painter: QPainter, frame: QRectF, index: AnyIndex) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(frame, Metric.CARD_RADIUS, Metric.CARD_RADIUS)
        painter.fillPath(outline, palette_now().colour("pressed"))
        model = index.model()
        ratio = self._view.devicePixelRatioF()
        picture = None
        if isinstance(model, ThumbnailModel):
            picture = model.picture(index.row(), round(self.edge * ratio))
        if picture is None:
            mark = icon_pixmap("page", Metric.ICON, "quiet", ratio)
            middle = frame.center()
            half = Metric.ICON / 2
            painter.drawPixmap(round(middle.x() - half), round(middle.y() - half), mark)
            return
        painter.save()
        painter.setClipPath(outline)
        painter.drawPixmap(frame.toRect(), picture)
        painter.restore()

    def _paint_frame(
        self, painter: QPainter, frame: QRectF, index: AnyIndex, *, chosen: bool
    ) -> None:
        palette = palette_now()
        if chosen:
            draw_focus_ring(
                painter, frame.adjusted(-_RING, -_RING, _RING, _RING), Metric.CARD_RADIUS + 2
            )
            self._paint_tick(painter, frame)
        elif self._under_mouse(frame):
            _outline(painter, frame, palette.colour("quiet"))
        else:
            _outline(painter, frame, palette.colour("line"))
        if self._view.hasFocus() and index == self._view.currentIndex():
            pen = QPen(palette.colour("text"), 1, Qt.PenStyle.DotLine)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame.adjusted(2, 2, -2, -2), 6, 6)

    def _under_mouse(self, frame: QRectF) -> bool:
        viewport = self._view.viewport()
        return viewport.underMouse() and frame.contains(viewport.mapFromGlobal(QCursor.pos()))

    def _paint_tick(self, painter: QPainter, frame: QRectF) -> None:
        palette = palette_now()
        badge = QRectF(frame.right() - 20, frame.top() + 4, 16, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.colour("accent"))
        painter.drawEllipse(badge)
        mark = icon_pixmap("tick", 12, "on_accent", self._view.devicePixelRatioF())
        painter.drawPixmap(round(badge.x()) + 2, round(badge.y()) + 2, mark)


class ThumbnailList(QListView):
    """Thumbnails in as many columns as fit; ``item_chosen`` follows clicks and arrow keys.

    Where the choice is ``optional``, Delete or Ctrl+click takes it back: ``item_chosen("")``.
    """

    item_chosen = Signal(str)

    def __init__(self, edge: int, *, one_row: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least_edge = edge
        self._one_row = one_row
        self.optional = False
        self._room = edge
        self._model = ThumbnailModel(self)
        self._delegate = ThumbnailDelegate(edge, self, centred=one_row)
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setProperty("kind", "grid")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setWrapping(not one_row)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if one_row:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setFixedHeight(self.cell_height())

    def set_items(self, items: Sequence[Thumbnail]) -> None:
        """Replace the entries; what was chosen stays chosen where it is still among them."""
        chosen = self.chosen()
        self._model.set_items(items)
        self.choose(chosen)
        self._fit_columns()

    def items(self) -> list[Thumbnail]:
        return [self._model.item(row) for row in range(self._model.rowCount())]

    def chosen(self) -> str:
        """The id of the chosen entry, or an empty string."""
        rows = self.selectionModel().selectedIndexes()
        return self._model.item(rows[0].row()).id if rows else ""

    def choose(self, item_id: str) -> None:
        """Show an entry as chosen, without a signal; an unknown id chooses none."""
        row = self._model.row_of(item_id)
        if row < 0:
            self.selectionModel().clear()
            return
        index = self._model.index(row, 0)
        if self.chosen() != item_id:
            self.setCurrentIndex(index)
        self.scrollTo(index)

    def sizeHint(self) -> QSize:
        return QSize(self._least_edge * 3, self.cell_height())

    def cell_height(self) -> int:
        return self._delegate.edge + self._delegate.title_height(_TITLE_LINES) + Space.MEDIUM

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            return
        # Qt has just taken the choice back where Ctrl was held.
        taken_back = self.optional and not self.chosen()
        self.item_chosen.emit("" if taken_back else self._model.item(index.row()).id)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if self.optional and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.item_chosen.emit("")
            return
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        row = self.currentIndex().row()
        confirms = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if row >= 0 and (row != before or confirms):
            self.item_chosen.emit(self._model.item(row).id)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        # The size of the viewport, without the scroll bar.
        self._room = event.size().width()
        self._fit_columns()

    def _fit_columns(self) -> None:
        width = self._room
        gap = Space.MEDIUM
        if self._one_row:
            cell = max(self._least_edge + gap, width // max(1, self._model.rowCount()))
            cell = min(cell, self._least_edge + Space.HUGE + Space.LARGE)
        else:
            columns = max(2, (width - 1) // (self._least_edge + gap))
            cell = (width - 1) // columns
            self._delegate.edge = max(self._least_edge, cell - gap)
            # One row whole, with its words, however little room there is.
            self.setMinimumHeight(self.cell_height())
        self.setGridSize(QSize(cell, self.cell_height()))
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())


def _outline(painter: QPainter, frame: QRectF, colour: QColor) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 1))
    inner = frame.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(inner, Metric.CARD_RADIUS, Metric.CARD_RADIUS)


def _square(path: Path, pixels: int) -> QPixmap:
    """The middle of the picture, scaled so that it covers a square; null where unreadable."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isEmpty():
        return QPixmap()
    covering = size.scaled(pixels, pixels, Qt.AspectRatioMode.KeepAspectRatioByExpanding)
    reader.setScaledSize(covering)
    image = reader.read()
    left = (image.width() - pixels) // 2
    top = (image.height() - pixels) // 2
    return QPixmap.fromImage(image.copy(left, top, pixels, pixels))

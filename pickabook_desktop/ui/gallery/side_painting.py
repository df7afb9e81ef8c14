"""How a row of the side panel looks: a heading that folds, or a folder with its count."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import (
    Metric,
    Role,
    Space,
    Type,
    draw_focus_ring,
    icon_pixmap,
    palette_now,
    sized_font,
)
from pickabook_desktop.ui.viewmodels.folders import Folder
from pickabook_desktop.ui.viewmodels.gallery_words import number

FOLDER_ROLE = Qt.ItemDataRole.UserRole + 1

AnyIndex = QModelIndex | QPersistentModelIndex


def folder_at(index: AnyIndex) -> Folder | None:
    """The folder of a row; None for a heading."""
    folder = index.data(FOLDER_ROLE)
    return folder if isinstance(folder, Folder) else None


class SideDelegate(QStyledItemDelegate):
    """Paints rows; ``chosen`` is the key of the folder that is shown, ``held_over`` that of the one
    pictures are dragged over.
    """

    def __init__(self, tree: QTreeView) -> None:
        super().__init__(tree)
        self._tree = tree
        self.chosen = ""
        self.held_over = ""
        self._marks: dict[tuple[str, str, float], QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(0, Metric.HIT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]  # stubs lack fields
        row = row.adjusted(Space.TINY, 1, -Space.TINY, -1)
        folder = folder_at(index)
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]  # same
        pointed = QStyle.StateFlag.State_MouseOver in state
        self._paint_ground(painter, row, index, folder, pointed=pointed)
        if folder is None and index.parent().isValid():
            self._paint_more(painter, row, index)
        elif folder is None:
            self._paint_heading(painter, row, index)
        else:
            self._paint_folder(painter, row, folder)
        painter.restore()

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex
    ) -> QWidget:
        edit = QLineEdit(parent)
        edit.setAccessibleName(tr("Title of the search"))
        return edit

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        folder = folder_at(index)
        if isinstance(editor, QLineEdit) and folder is not None:
            editor.setText(folder.title)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex
    ) -> None:
        row: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]  # stubs lack fields
        editor.setGeometry(row.adjusted(Space.TINY, 0, -Space.TINY, 0))

    def _paint_ground(
        self,
        painter: QPainter,
        row: QRect,
        index: AnyIndex,
        folder: Folder | None,
        *,
        pointed: bool,
    ) -> None:
        palette = palette_now()
        ground = None
        if folder is not None and folder.key in (self.chosen, self.held_over):
            ground = palette.colour("chosen")
        elif pointed:
            ground = palette.colour("hover")
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(row, Metric.FIELD_RADIUS, Metric.FIELD_RADIUS)
        if self._tree.hasFocus() and index == self._tree.currentIndex():
            draw_focus_ring(painter, row.toRectF(), Metric.FIELD_RADIUS)

    def _paint_heading(self, painter: QPainter, row: QRect, index: AnyIndex) -> None:
        mark = "chevron-down" if self._tree.isExpanded(index) else "chevron-right"
        if mark == "chevron-right" and self._mirrored:
            mark = "chevron-left"
        rest = self._paint_icon(painter, row, mark, "quiet")
        painter.setFont(sized_font(self._tree.font(), Type.SMALL, strong=True))
        painter.setPen(palette_now().colour("quiet"))
        painter.drawText(rest, self._leading, str(index.data()))

    def _paint_more(self, painter: QPainter, row: QRect, index: AnyIndex) -> None:
        rest = self._paint_icon(painter, row, "more", "quiet")
        painter.setFont(sized_font(self._tree.font(), Type.SMALL))
        painter.setPen(palette_now().colour("quiet"))
        painter.drawText(rest, self._leading, str(index.data()))

    def _paint_folder(self, painter: QPainter, row: QRect, folder: Folder) -> None:
        chosen = folder.key == self.chosen
        rest = self._paint_icon(painter, row, folder.icon, "accent" if chosen else "quiet")
        count = number(folder.count) if folder.count else ""
        painter.setFont(sized_font(self._tree.font(), Type.SMALL))
        width = QFontMetrics(painter.font()).horizontalAdvance(count) + Space.SMALL
        painter.setPen(palette_now().colour("quiet"))
        place = QRect(rest)
        place.setWidth(width - Space.TINY)
        if not self._mirrored:
            place.moveRight(rest.right() - Space.TINY)
        else:
            place.moveLeft(rest.left() + Space.TINY)
        painter.drawText(place, self._trailing, count)
        words = rest.adjusted(width, 0, 0, 0) if self._mirrored else rest.adjusted(0, 0, -width, 0)
        painter.setFont(sized_font(self._tree.font(), Type.BODY, strong=chosen))
        painter.setPen(palette_now().colour("text"))
        metrics = QFontMetrics(painter.font())
        title = metrics.elidedText(folder.title, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, self._leading, title)

    def _paint_icon(self, painter: QPainter, row: QRect, name: str, role: Role) -> QRect:
        """Paint the icon at the row's beginning and give the room that is left."""
        size = Metric.SMALL_ICON
        left = row.right() + 1 - Space.SMALL - size if self._mirrored else row.left() + Space.SMALL
        top = row.top() + (row.height() - size) // 2
        painter.drawPixmap(left, top, self._mark(name, role))
        used = size + 2 * Space.SMALL
        return row.adjusted(0, 0, -used, 0) if self._mirrored else row.adjusted(used, 0, 0, 0)

    def _mark(self, name: str, role: Role) -> QPixmap:
        """An icon as of now; drawn once, for rows are painted with every move of the mouse."""
        ratio = self._tree.devicePixelRatioF()
        key = (name, palette_now().colour(role).name(), ratio)
        if key not in self._marks:
            self._marks[key] = icon_pixmap(name, Metric.SMALL_ICON, role, ratio)
        return self._marks[key]

    @property
    def _mirrored(self) -> bool:
        return self._tree.layoutDirection() == Qt.LayoutDirection.RightToLeft

    @property
    def _leading(self) -> int:
        side = Qt.AlignmentFlag.AlignRight if self._mirrored else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)

    @property
    def _trailing(self) -> int:
        side = Qt.AlignmentFlag.AlignLeft if self._mirrored else Qt.AlignmentFlag.AlignRight
        return int(side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)

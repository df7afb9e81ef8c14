"""Further photos of the same child: small pictures in a row, and a place to drop more."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.create.photo_drop import accept_copy, photo_patterns, photos_in
from pickabook_desktop.ui.theme import (
    Metric,
    Space,
    draw_focus_ring,
    icon_pixmap,
    palette_now,
)
from pickabook_desktop.ui.viewmodels.further_photos import FurtherPhoto
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.flow import FlowLayout
from pickabook_desktop.ui.widgets.labels import heading, wrapped
from pickabook_desktop.ui.widgets.tab_order import tab_by_layout


class PhotoTile(QAbstractButton):
    """One further photo; pressing it takes it away."""

    def __init__(self, photo: FurtherPhoto, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = photo.path
        self._photo = photo
        self._image = QImage.fromData(photo.preview) if photo.preview else QImage()
        self.setFixedSize(Metric.STYLE_THUMB, Metric.STYLE_THUMB)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        words = tr("Take {name} away", name=photo.path.name)
        self.setAccessibleName(words)
        self.setAccessibleDescription(photo.problem)
        self.setToolTip(f"{photo.problem}\n{words}".strip())

    def sizeHint(self) -> QSize:
        return QSize(Metric.STYLE_THUMB, Metric.STYLE_THUMB)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        colours, ratio = palette_now(), self.devicePixelRatioF()
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        rect = QRectF(self.rect())
        outline = QPainterPath()
        outline.addRoundedRect(rect, Metric.FIELD_RADIUS, Metric.FIELD_RADIUS)
        painter.setClipPath(outline)
        painter.fillRect(rect, colours.colour("pressed"))
        if not self._image.isNull():
            painter.drawImage(rect, self._image, _middle_square(self._image))
        else:
            mark = icon_pixmap("photo", Metric.ICON, "quiet", ratio)
            place = (self.width() - Metric.ICON) // 2
            painter.drawPixmap(place, place, mark)
        name = "warn" if self._photo.problem else "close" if self._pointed_at() else ""
        if name:
            edge = Metric.SMALL_ICON + Space.TINY
            corner = QRectF(rect.right() - edge, 0, edge, edge)
            painter.fillRect(corner, colours.colour("surface"))
            role = "bad" if self._photo.problem else "text"
            mark = icon_pixmap(name, Metric.SMALL_ICON, role, ratio)
            painter.drawPixmap(corner.adjusted(2, 2, -2, -2).topLeft(), mark)
        painter.setClipping(False)
        if self.hasFocus():
            draw_focus_ring(painter, rect, Metric.FIELD_RADIUS)

    def _pointed_at(self) -> bool:
        return self.underMouse() or self.hasFocus()


class FurtherRow(QFrame):
    """Shows further photos; knows nothing of files' contents."""

    photos_offered = Signal(list)
    """Paths that were chosen or dropped here."""
    photo_removed = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setAccessibleName(tr("More photos of this child"))
        self.add = text_button(tr("Add…"), "plus")
        tip = tr("Choose more photos of the same child, or drop them here")
        self.add.setToolTip(tip)
        self.add.setAccessibleName(tr("Add more photos of this child"))
        self.add.clicked.connect(self.open_dialog)
        self._words = wrapped(kind="quiet")
        self._shown: tuple[FurtherPhoto, ...] | None = None
        self._told = ""
        self._tiles = QWidget()
        self._flow = FlowLayout(self._tiles, Space.TINY)
        head = QHBoxLayout()
        head.setSpacing(Space.SMALL)
        head.addWidget(heading(tr("More photos"), self.add))
        head.addStretch(1)
        head.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, Space.SMALL, 0, 0)
        layout.setSpacing(Space.TINY)
        layout.addLayout(head)
        layout.addWidget(self._tiles)
        layout.addWidget(self._words)

    @property
    def words(self) -> str:
        """What is said below the pictures."""
        return self._words.text()

    def tiles(self) -> list[PhotoTile]:
        """The photos that are shown."""
        items = (self._flow.itemAt(index) for index in range(self._flow.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, PhotoTile)]

    def show_photos(self, photos: Sequence[FurtherPhoto], limit: int) -> None:
        """Show ``photos``, of which the engine uses ``limit`` at most."""
        if tuple(photos) != self._shown:
            if [photo.path for photo in photos] != [photo.path for photo in self._shown or ()]:
                self._told = ""
            self._shown = tuple(photos)
            self._flow.clear()
            for photo in photos:
                tile = PhotoTile(photo, self._tiles)
                tile.clicked.connect(self._on_tile_clicked)
                self._flow.addWidget(tile)
                tile.show()
            self._tiles.updateGeometry()
            tab_by_layout(self)
        self._tiles.setVisible(bool(photos))
        self.add.setEnabled(len(photos) < limit)
        problem = next((photo.problem for photo in photos if photo.problem), "")
        invitation = tr("Up to {count} make the likeness better.", count=limit)
        self._say(problem or self._told or ("" if photos else invitation))

    def explain(self, words: str) -> None:
        """Say why a photo was not taken, until others are; nothing changes where ``words`` is
        empty.
        """
        if words:
            self._told = words
            self._say(words)

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._words.setVisible(bool(words))

    def open_dialog(self) -> None:
        """Let files be chosen."""
        from PySide6.QtWidgets import QFileDialog

        title = tr("More photos of this child")
        names, _ = QFileDialog.getOpenFileNames(self, title, "", photo_patterns())
        if names:
            self.photos_offered.emit([Path(name) for name in names])

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        if photos_in(event.mimeData()) and accept_copy(event):
            self._hold(True)
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent, /) -> None:
        self._hold(False)

    def dropEvent(self, event: QDropEvent, /) -> None:
        self._hold(False)
        paths = photos_in(event.mimeData())
        if paths and accept_copy(event):
            self.photos_offered.emit(paths)

    def _hold(self, held: bool) -> None:
        self.setProperty("kind", "wash-good" if held else None)
        self.style().unpolish(self)
        self.style().polish(self)

    def _on_tile_clicked(self) -> None:
        tile = self.sender()
        if isinstance(tile, PhotoTile):
            self.photo_removed.emit(tile.path)


def _middle_square(image: QImage) -> QRectF:
    edge = min(image.width(), image.height())
    return QRectF((image.width() - edge) / 2, (image.height() - edge) / 2, edge, edge)

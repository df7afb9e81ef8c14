"""What the canvas shows: the picture, its place and zoom, the photo beside it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.result.painting import (
    contained,
    paint_divider,
    paint_label,
    paint_picture,
    within,
)
from pickabook_desktop.ui.result.view import View
from pickabook_desktop.ui.theme import Space, draw_focus_ring, palette_now

if TYPE_CHECKING:
    from pickabook_desktop.ui.result.fade import Fade
    from pickabook_desktop.ui.result.pyramid import Pyramid

KEY_STEP = 1.25
LABEL_ROOM = 64


class PictureSurface(QWidget):
    """Shows one picture on a neutral ground, and the photo it was drawn from on request.

    Knows what is shown and where; :class:`~pickabook_desktop.ui.result.canvas.PictureCanvas` adds
    what hands do to it.
    """

    zoom_changed = Signal(float, bool)
    """Device pixels for each picture pixel, and whether the picture is fitted."""
    moved = Signal()
    """A person has zoomed or moved the picture."""
    photo_changed = Signal()
    comparing_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Pyramid | None = None
        self._photo: Pyramid | None = None
        self._photo_place: QRectF | None = None
        self._view = View(Space.HUGE)
        self._fade: Fade | None = None
        self._comparing = False
        self._photo_shown = False
        self._divider = 0.5
        self._labels = (tr("Photo"), tr("Page"))
        self._ring = False
        self.setMinimumSize(240, 200)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Picture"))

    @property
    def picture(self) -> "Pyramid | None":
        return self._picture

    @property
    def scale(self) -> float:
        """Device pixels for each pixel of the picture."""
        return self._view.scale * self.devicePixelRatioF()

    @property
    def fitted(self) -> bool:
        return self._view.fitted

    @property
    def comparing(self) -> bool:
        return self._comparing

    @property
    def has_photo(self) -> bool:
        return self._photo is not None

    @property
    def photo_shown(self) -> bool:
        return self._photo_shown and self._photo is not None

    @property
    def picture_rect(self) -> QRectF:
        """Where the picture lies, in logical pixels of the canvas."""
        return self._view.rect

    @property
    def view(self) -> View:
        """Where the picture lies; whoever changes it calls :meth:`update`."""
        return self._view

    @property
    def divider(self) -> float:
        """Where the edge of the comparison stands, in fractions of the picture's width."""
        return self._divider

    def set_labels(self, left: str, right: str) -> None:
        """What the two sides of a comparison are called."""
        self._labels = (left, right)
        self.update()

    def set_picture(self, picture: "Pyramid | None") -> None:
        """Show ``picture``; the zoom is kept where its shape is that of the one before."""
        if self.isVisible():
            self._fade_from(self._picture, picture)
        self._picture = picture
        self._view.set_picture(QSizeF(picture.size) if picture else QSizeF())
        self._changed()

    def _fade_from(self, old: "Pyramid | None", new: "Pyramid | None") -> None:
        if self._fade is None and old is not None:
            from pickabook_desktop.ui.result.fade import Fade

            self._fade = Fade(self)
        if self._fade is not None:
            self._fade.begin(old, new)

    def set_photo(self, photo: "Pyramid | None", place: QRectF | None = None) -> None:
        """The photo for "hold to see" and "compare".

        ``place`` is where it lies on the page when compared, in fractions of the page; without one
        it takes the page's place.
        """
        self._photo = photo
        self._photo_place = place
        if photo is None:
            self.set_comparing(False)
        self.photo_changed.emit()
        self.update()

    def set_photo_shown(self, shown: bool) -> None:
        if shown != self._photo_shown:
            self._photo_shown = shown
            self.update()

    def set_comparing(self, comparing: bool) -> None:
        comparing = comparing and self._photo is not None and self._picture is not None
        if comparing and not self._comparing:
            self._divider = 0.5
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._comparing = comparing
        self.comparing_changed.emit(comparing)
        self.unsetCursor()
        self.update()

    def move_divider(self, fraction: float) -> None:
        """Put the edge between photo and page at ``fraction`` (0 to 1) of the page's width."""
        self._divider = min(1.0, max(0.0, fraction))
        self.update()

    def set_foot(self, height: float) -> None:
        """Keep room for words below the fitted picture."""
        self._view.set_foot(height)
        self._changed()

    def fit(self) -> None:
        self._view.fit()
        self._on_moved()

    def actual_size(self) -> None:
        """One picture pixel to each device pixel, about the middle or the cursor."""
        self._zoom_to(1 / self.devicePixelRatioF(), self._anchor())

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        self._zoom_to(self._view.scale * factor, about or self._view.centre)

    def zoom_in(self) -> None:
        self.zoom_by(KEY_STEP)

    def zoom_out(self) -> None:
        self.zoom_by(1 / KEY_STEP)

    def pan(self, by: QPointF) -> None:
        self._view.pan(by)
        self.update()
        self.moved.emit()

    def _zoom_to(self, scale: float, about: QPointF) -> None:
        self._view.zoom(scale, about)
        self._on_moved()

    def _on_moved(self) -> None:
        self._changed()
        self.moved.emit()

    def _anchor(self) -> QPointF:
        cursor = QPointF(self.mapFromGlobal(self.cursor().pos()))
        under = self.underMouse() and self._view.rect.contains(cursor)
        return cursor if under else self._view.centre

    def _changed(self) -> None:
        if self._picture is not None:
            percent = round(self.scale * 100)
            self.setAccessibleDescription(tr("Zoom {percent} %", percent=percent))
        self.zoom_changed.emit(self.scale, self._view.fitted)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), palette_now().colour("backdrop"))
        everything = QRectF(self.rect())
        page = self._view.rect if self._picture is not None else self._margined()
        if self._photo is not None and self._photo_shown:
            self._paint(painter, self._photo, contained(page, self._photo))
        elif self._picture is not None:
            self._paint(painter, self._picture, page)
            if self._fade is not None and self._fade.old is not None:
                painter.setOpacity(self._fade.strength)
                self._paint(painter, self._fade.old, page)
                painter.setOpacity(1.0)
            if self._comparing and self._photo is not None:
                self._paint_compare(painter, page, self._photo)
        if self._ring and self.hasFocus():
            draw_focus_ring(painter, everything, 0)

    def _paint_compare(self, painter: QPainter, page: QRectF, photo: "Pyramid") -> None:
        x = page.left() + page.width() * self._divider
        painter.save()
        painter.setClipRect(QRectF(page.left(), page.top(), x - page.left(), page.height()))
        if self._photo_place is None:
            painter.fillRect(page, palette_now().colour("backdrop"))
            self._paint(painter, photo, contained(page, photo))
        else:
            self._paint(painter, photo, within(page, self._photo_place))
        painter.restore()
        visible = page.intersected(QRectF(self.rect()))
        paint_divider(painter, x, visible)
        inset = QPointF(Space.SMALL, -Space.SMALL)
        if x > visible.left() + LABEL_ROOM:
            paint_label(painter, self._labels[0], visible.bottomLeft() + inset, right=False)
        if x < visible.right() - LABEL_ROOM:
            corner = visible.bottomRight() - QPointF(Space.SMALL, Space.SMALL)
            paint_label(painter, self._labels[1], corner, right=True)

    def _paint(self, painter: QPainter, picture: "Pyramid", target: QRectF) -> None:
        visible = QRectF(self.rect())
        paint_picture(painter, picture, target, visible, self.devicePixelRatioF())

    def _margined(self) -> QRectF:
        margin = Space.HUGE
        return QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._view.set_viewport(QSizeF(event.size()))
        self._changed()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)

"""The history strip: the last pages, newest first, also without a network."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.ui.theme import Metric, Space, palette_now
from pickabook_desktop.ui.viewmodels.shelf import Shelf, Thumbnails

if TYPE_CHECKING:
    from pickabook_desktop.ui.filmstrip import Badge, Describe, FilmStrip

# How many empty places are shown.
PLACES = 3


class HistoryStrip(QFrame):
    """Follows a :class:`Shelf`; clicking a picture asks to show it."""

    picture_chosen = Signal(object)
    menu_wanted = Signal(object, QPoint)
    delete_wanted = Signal(object)
    drag_wanted = Signal(object)

    def __init__(
        self,
        shelf: Shelf,
        thumbnails: Thumbnails,
        describe: "Describe",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.setFixedHeight(Metric.HISTORY)
        self._shelf = shelf
        self._thumbnails = thumbnails
        self._describe = describe
        self._badge: Badge | None = None
        self._strip: FilmStrip | None = None
        self._empty = _EmptyPlaces(tr("Pages you draw will gather here."))
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(Space.SMALL, 0, Space.SMALL, 0)
        self._layout.addWidget(self._empty)
        shelf.reset.connect(self._on_changed)
        shelf.added_first.connect(self._on_added_first)
        for signal in (shelf.added_last, shelf.removed, shelf.put_back):
            signal.connect(self._on_changed)

    @property
    def strip(self) -> "FilmStrip":
        """The row of pictures; made when there are some."""
        if self._strip is None:
            from pickabook_desktop.ui.filmstrip import FilmStrip, PictureRow

            row = PictureRow(self._thumbnails, self._describe, self)
            if self._badge is not None:
                row.badge = self._badge
            row.more_wanted.connect(self._shelf.fetch_more)
            self._strip = FilmStrip(row, Metric.HISTORY)
            self._strip.setAccessibleName(tr("Strip of pages, newest first"))
            self._strip.picture_chosen.connect(self.picture_chosen)
            self._strip.menu_wanted.connect(self.menu_wanted)
            self._strip.delete_wanted.connect(self.delete_wanted)
            self._strip.drag_wanted.connect(self.drag_wanted)
            self._strip.hide()
            self._layout.addWidget(self._strip)
        return self._strip

    @property
    def pictures(self) -> tuple[KeptPicture, ...]:
        """What is shown, newest first."""
        return tuple(self._strip.row.pictures) if self._strip is not None else ()

    def set_badge(self, badge: "Badge") -> None:
        """How pictures are marked."""
        self._badge = badge
        if self._strip is not None:
            self._strip.row.badge = badge
            self.repaint_badges()

    def repaint_badges(self) -> None:
        """Show marks as they are now."""
        if self._strip is not None:
            self._strip.viewport().update()

    def mark(self, picture_id: str) -> None:
        """Show which picture is in the viewer."""
        if self._strip is not None:
            self._strip.mark(picture_id)

    def _on_added_first(self, count: int) -> None:
        self._on_changed()
        self.strip.scrollToTop()
        self.strip.horizontalScrollBar().setValue(0)

    def _on_changed(self, place: int = 0) -> None:
        if self._strip is None and not self._shelf.pictures:
            return
        bar = self.strip.horizontalScrollBar()
        chosen, scrolled = self.strip.chosen, bar.value()
        self.strip.row.complete = self._shelf.complete
        self.strip.row.show_pictures(tuple(self._shelf.pictures))
        if chosen is not None:
            self.strip.mark(chosen.id)
        bar.setValue(scrolled)
        self.strip.setVisible(bool(self._shelf.pictures))
        self._empty.setVisible(not self._shelf.pictures)


class _EmptyPlaces(QLabel):
    """A sentence among the places where pages will stand, fainter towards the end."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setProperty("type", "quiet")
        self.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading)
        edge = Metric.HISTORY - 4 * Space.SMALL
        self.setIndent(PLACES * (edge + Space.SMALL) + Space.LARGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = Metric.HISTORY - 4 * Space.SMALL
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.setPen(QPen(palette_now().colour("edge"), 1, Qt.PenStyle.DashLine))
        for place in range(PLACES):
            painter.setOpacity(1 - place / PLACES)
            left = Space.SMALL + place * (edge + Space.SMALL)
            left = self.width() - left - edge if mirrored else left
            frame = QRectF(left + 0.5, (self.height() - edge) / 2 + 0.5, edge - 1, edge - 1)
            painter.drawRoundedRect(frame, Metric.FIELD_RADIUS, Metric.FIELD_RADIUS)
        painter.end()
        super().paintEvent(event)

"""The pictures of a view, as a grid, a list or one row; it paints what is seen and nothing else."""

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import SortKey
from pickabook_desktop.ui.gallery.accessible import CellsInterface, tell_of_galleries
from pickabook_desktop.ui.gallery.ahead import Ahead
from pickabook_desktop.ui.gallery.columns import HEADER, ListHeader, placed
from pickabook_desktop.ui.gallery.layout import Box, Mode
from pickabook_desktop.ui.gallery.painting import Describes, Painting, State
from pickabook_desktop.ui.gallery.rows import RowPainting
from pickabook_desktop.ui.gallery.scrolled import LEAST_EDGE, MOST_EDGE, USUAL_EDGE
from pickabook_desktop.ui.gallery.steered import SteeredCells
from pickabook_desktop.ui.gallery.steering import first_whole
from pickabook_desktop.ui.theme import Space, draw_focus_ring, palette_now
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel
from pickabook_desktop.ui.viewmodels.thumbnail_feed import ThumbnailFeed

__all__ = ["LEAST_EDGE", "MOST_EDGE", "USUAL_EDGE", "GalleryView"]

_SETTLED_MS = 70


class GalleryView(SteeredCells):
    """Shows what ``model`` looks at, with thumbnails of ``feed`` and words of ``describe``.

    Nothing here is proportional to the number of pictures but the counts of their groups.
    """

    sort_wanted = Signal(str)
    """A SortKey; one that is in force already asks for the other direction."""

    def __init__(
        self,
        model: GalleryModel,
        feed: ThumbnailFeed,
        describe: Describes,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(model, parent)
        self._feed = feed
        self._describe = describe
        self._painting: Painting | None = None
        self._last_offset = 0
        self.header = ListHeader(self, self._sorted_by)
        self.header.hide()
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._ahead = Ahead(self, feed)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Pages"))
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._told: CellsInterface | None = None
        tell_of_galleries()
        self._connect()

    def _connect(self) -> None:
        update = self.viewport().update
        self.header.sort_wanted.connect(self.sort_wanted)
        self._settling.timeout.connect(lambda: update())
        self.model.reset.connect(self._on_reset)
        self.model.cards_changed.connect(self._on_cards_changed)
        self.model.selection_changed.connect(lambda: update())
        self.model.current_changed.connect(self._on_current_changed)
        self._feed.loaded.connect(self._on_loaded)

    def set_mode(self, mode: Mode) -> None:
        """``grid``, ``list``, or ``strip``: one row that scrolls sideways."""
        if mode == self.mode:
            return
        seen = self.visible_places()
        place = self.model.current if self.model.current in seen else seen.start
        self.mode = mode
        never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        needed = Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(never if mode == "strip" else needed)
        self.setHorizontalScrollBarPolicy(needed if mode == "strip" else never)
        self.header.setVisible(mode == "list")
        self.setViewportMargins(0, HEADER if mode == "list" else 0, 0, 0)
        self.lay_out()
        self.scroll_to(0)
        self.reveal(place)

    def set_edge(self, edge: int, at: QPoint | None = None) -> None:
        if self.isVisible():
            # Whoever drags a slider wants one size in the end.
            self._settling.start()
        super().set_edge(edge, at)

    def item_at(self, point: QPoint) -> int:
        """The place of the picture at a point of the viewport, or -1 on empty ground."""
        at = self.from_start(point)
        if self._under_heading(point):
            return -1
        place = self.cells.place_at(at.x(), at.y())
        if place < 0 or self.mode == "list":
            return place
        item = self._tools().item(self.cells.box(place), self.cell_edge)
        return place if item.contains(at) else -1

    def tip_of(self, place: int) -> str:
        card = self.model.card(place)
        return self._describe.describe(card) if card is not None else ""

    def told(self) -> CellsInterface:
        """What screen readers get of this view."""
        if self._told is None:
            self._told = CellsInterface(self)
        return self._told

    def sizeHint(self) -> QSize:
        return QSize(4 * USUAL_EDGE, 3 * USUAL_EDGE)

    # What is painted

    def paintEvent(self, event: QPaintEvent) -> None:
        seen = self.visible_places()
        if seen:
            self.model.see(seen.start, seen.stop - 1)
        painter = QPainter(self.viewport())
        try:
            self._paint(painter, event.rect())
        finally:
            painter.end()
        if self.isVisible():
            self._ahead.painted()

    def _paint(self, painter: QPainter, part: QRect) -> None:
        painter.fillRect(part, palette_now().colour("ground"))
        begin = self.from_start(part.topLeft())
        first, last = self.span(Box(begin.x(), begin.y(), part.width(), part.height()))
        # What is asked for last comes first: so the picture at the top does.
        for place in reversed(self.cells.visible(first, last)):
            self._paint_cell(painter, place)
        self._paint_headings(painter, first, last)
        self._paint_band(painter)
        if self.hasFocus() and self.model.current < 0:
            draw_focus_ring(painter, QRectF(self.viewport().rect()), 0)

    def _paint_cell(self, painter: QPainter, place: int) -> None:
        tools = self._tools()
        box = self.on_screen(self.cells.box(place))
        card = self.model.card(place)
        if card is None:
            if self.mode != "list":
                tools.empty(painter, box, self.cell_edge)
            return
        pixels = round(self.cell_edge * tools.ratio)
        image = self._feed.image(card, pixels, ask=not self._settling.isActive())
        current = place == self.model.current
        state = State(self.model.is_selected(place), current, self.hasFocus())
        if self.mode == "list":
            rows = RowPainting(tools, self._describe)
            rows.paint(painter, box, placed(box.width), card, image, state)
        else:
            tools.grid(painter, box, self.cell_edge, card, image, state)

    def _paint_headings(self, painter: QPainter, first: int, last: int) -> None:
        lifted = self.cells.lifted(self.offset)
        for group in self.cells.headers(first, last):
            if lifted is None or group != lifted[0]:
                self._paint_heading(painter, group, self.on_screen(self.cells.header(group)))
        if lifted is not None:
            self._paint_heading(painter, *lifted, lifted=True)

    def _paint_heading(
        self, painter: QPainter, group: int, box: Box, *, lifted: bool = False
    ) -> None:
        known = self.model.groups[group]
        title = self._describe.group(self.model.view.grouping, known.key)
        first = self.cells.box(0)
        left = Space.SMALL if self.mode == "list" else self._tools().tile(first, self.edge).x()
        self._tools().header(painter, box, left, title, known.count, lifted=lifted)

    def _under_heading(self, point: QPoint) -> bool:
        lifted = self.cells.lifted(self.offset)
        return lifted is not None and point.y() < lifted[1].bottom

    def _paint_band(self, painter: QPainter) -> None:
        band = self._pointing.band
        if band is not None:
            along = QPoint(self.offset, 0) if self.mode == "strip" else QPoint(0, self.offset)
            self._tools().band(painter, band.translated(-along))

    def _tools(self) -> Painting:
        ratio = self.devicePixelRatioF()
        if self._painting is None or self._painting.ratio != ratio:
            self._painting = Painting(self.font(), ratio, self._describe)
        return self._painting

    def _sorted_by(self) -> tuple[SortKey, bool]:
        return self.model.view.sort, self.model.view.descending

    # What changes it

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if abs(self.offset - self._last_offset) > self.length:
            # Whoever rushes past does not want to see what is on the way.
            self._settling.start()
        self._last_offset = self.offset
        self.viewport().update()

    def _on_reset(self) -> None:
        self._pointing.cancel()
        self._tools().forget_words()
        self.follow_reset()
        self.header.show_order()

    def _on_cards_changed(self, first: int, last: int) -> None:
        seen = self.visible_places()
        if first < seen.stop and last >= seen.start:
            self.viewport().update()

    def _on_current_changed(self) -> None:
        self.viewport().update()
        if QAccessible.isActive() and self.hasFocus():
            # By then it has been scrolled to.
            QTimer.singleShot(0, self, self._tell_current)

    def _tell_current(self) -> None:
        event = QAccessibleEvent(self, QAccessible.Event.Focus)
        event.setChild(self.told().index_of(self.model.current))
        QAccessible.updateAccessibility(event)

    def _on_loaded(self, picture_id: str) -> None:
        place = self.model.place_at_hand(picture_id)
        if place in self.visible_places():
            self.viewport().update(self.box_on_screen(place))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        frame = self.viewport().geometry()
        self.header.setGeometry(frame.x(), frame.y() - HEADER, frame.width(), HEADER)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._settling.stop()
        self._ahead.stop()
        self._pointing.cancel()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        by_key = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        if by_key and self.model.current < 0 and self.cells.count:
            # Nobody has chosen anything yet; the keyboard must be somewhere, though.
            self.model.set_current(first_whole(self), "move")
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._pointing.cancel()
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        kinds = (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange)
        if event.type() in kinds:
            self._painting = None
            self.viewport().update()
        super().changeEvent(event)

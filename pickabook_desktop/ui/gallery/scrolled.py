"""A view of any number of cells that scrolls, and keeps in sight what was seen when it changes."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar, QWidget

from pickabook_desktop.ui.gallery.columns import ROW
from pickabook_desktop.ui.gallery.layout import Box, Layout, Mode
from pickabook_desktop.ui.gallery.painting import shape_of, strip_edge
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel

LEAST_EDGE = 96
MOST_EDGE = 512
USUAL_EDGE = 176
_LIST_EDGE = 48
_LINE = 40
# Scroll bars count in C's int.
_MOST_STEPS = 1 << 30


class ScrolledCells(QAbstractScrollArea):
    """The geometry of a gallery. Offsets and boxes are in pixels from the start of everything,
    along the axis that scrolls.
    """

    def __init__(self, model: GalleryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.mode: Mode = "grid"
        self.edge = USUAL_EDGE
        self.cells = Layout(shape_of("grid", self.edge, ROW, 0), 0, 0)
        self._unit = 1
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def cell_edge(self) -> int:
        """How long pictures are in the present mode."""
        if self.mode == "list":
            return _LIST_EDGE
        return strip_edge(self.viewport().height()) if self.mode == "strip" else self.edge

    @property
    def length(self) -> int:
        """The room along the axis that scrolls."""
        viewport = self.viewport()
        return viewport.width() if self.mode == "strip" else viewport.height()

    @property
    def bar(self) -> QScrollBar:
        return self.horizontalScrollBar() if self.mode == "strip" else self.verticalScrollBar()

    @property
    def offset(self) -> int:
        """How far it is scrolled."""
        most = max(0, self.cells.extent - self.length)
        return min(most, self.bar.value() * self._unit)

    def scroll_to(self, offset: int) -> None:
        self.bar.setValue(round(offset / self._unit))

    def scroll_by(self, pixels: int) -> None:
        """Towards the end, or with a negative number towards the start."""
        self.scroll_to(self.offset + pixels)

    def visible_places(self) -> range:
        """The places of which something is seen."""
        return self.cells.visible(self.offset, self.offset + self.length)

    def reveal(self, place: int) -> None:
        """Scroll no further than needed to show the whole cell of ``place``."""
        if not 0 <= place < self.cells.count:
            return
        start, stop = self.span(self.cells.box(place))
        # The heading of its group lies over what is above.
        start -= self.cells.shape.header if self.cells.group_count else 0
        if start < self.offset or stop - start > self.length:
            self.scroll_to(start if place >= self.cells.columns else min(start, 0))
        elif stop > self.offset + self.length:
            self.scroll_to(stop - self.length + self.cells.shape.margin)

    def span(self, box: Box) -> tuple[int, int]:
        """Where a box begins and ends along the axis that scrolls."""
        return (box.x, box.right) if self.mode == "strip" else (box.y, box.bottom)

    def on_screen(self, box: Box) -> Box:
        """A box in the viewport."""
        if self.mode == "strip":
            return Box(box.x - self.offset, box.y, box.width, box.height)
        return Box(box.x, box.y - self.offset, box.width, box.height)

    def box_on_screen(self, place: int) -> QRect:
        """The cell of ``place`` in the viewport."""
        box = self.on_screen(self.cells.box(place))
        return QRect(box.x, box.y, box.width, box.height)

    def from_start(self, point: QPoint) -> QPoint:
        """A point of the viewport, from the start of everything."""
        along = self.offset
        return point + (QPoint(along, 0) if self.mode == "strip" else QPoint(0, along))

    def places_within(self, rect: QRect) -> list[tuple[int, int]]:
        """The places that touch a rectangle that is given from the start, as ranges."""
        return self.cells.within(Box(rect.x(), rect.y(), rect.width(), rect.height()))

    def lay_out(self, at: QPoint | None = None) -> None:
        """Work out anew where everything is. What is at the point ``at`` of the viewport stays
        there, else the current picture where it is seen, else the first one that is seen.
        """
        held = self._held(at)
        self._work_out()
        if held is not None and held[0] < self.cells.count:
            place, share, where = held
            start, stop = self.span(self.cells.box(place))
            self.scroll_to(round(start + share * (stop - start)) - where)

    def follow_reset(self) -> None:
        """The model has another count or order: what was seen stays where it is found again."""
        kept = self.model.kept
        offset, where = self.offset, 0
        if kept is not None and kept[0] < self.cells.count:
            where = self.span(self.cells.box(kept[0]))[0] - offset
        self._work_out()
        if kept is not None:
            self.scroll_to(self.span(self.cells.box(kept[1]))[0] - where)
            if kept[1] == self.model.current and not self.model.stays:
                # A heading may lie over it now.
                self.reveal(kept[1])
        elif self.model.stays:
            self.scroll_to(offset)
        else:
            self.scroll_to(0)
            self.reveal(self.model.current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()

    def _held(self, at: QPoint | None) -> tuple[int, float, int] | None:
        """A place, a point of its cell as a share of it, and where on the screen that is."""
        seen = self.visible_places()
        if not seen:
            return None
        place = self.model.current if self.model.current in seen else seen.start
        if at is not None:
            point = self.from_start(at)
            place = self.cells.nearest(point.x(), point.y())
        start, stop = self.span(self.cells.box(max(0, place)))
        if at is None:
            where = min(max(start - self.offset, 0), max(0, self.length - (stop - start)))
            return place, 0.0, where if start >= self.offset else start - self.offset
        along = at.x() if self.mode == "strip" else at.y()
        share = (along + self.offset - start) / max(1, stop - start)
        return place, min(max(share, 0.0), 1.0), along

    def _work_out(self) -> None:
        viewport = self.viewport()
        across = viewport.height() if self.mode == "strip" else viewport.width()
        shape = shape_of(self.mode, self.edge, ROW, across)
        counts = [group.count for group in self.model.groups]
        self.cells = Layout(shape, across, self.model.count, counts)
        beyond = max(0, self.cells.extent - self.length)
        self._unit = beyond // _MOST_STEPS + 1
        bar = self.bar
        bar.setPageStep(max(1, self.length // self._unit))
        bar.setSingleStep(max(1, _LINE // self._unit))
        bar.setRange(0, -(-beyond // self._unit))
        viewport.update()

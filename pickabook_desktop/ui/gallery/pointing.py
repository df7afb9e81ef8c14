"""What the mouse does in a gallery: choose, drag away, or draw a frame around several."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from pickabook_desktop.ui.gallery.scrolled import ScrolledCells
from pickabook_desktop.ui.gallery.steering import mode_of
from pickabook_desktop.ui.viewmodels.selection import Selection

_TICK_MS = 16
_FASTEST = 48


class Pointing(QObject):
    """The view hands its mouse events over. ``item_at`` gives the place of the picture at a point
    of the viewport, or -1 on empty ground.
    """

    drag_wanted = Signal()
    """What is chosen is being dragged out of the view."""

    def __init__(self, view: ScrolledCells, item_at: Callable[[QPoint], int]) -> None:
        super().__init__(view)
        self._view = view
        self._item_at = item_at
        self._pressed: QPoint | None = None
        self._place = -1
        self._choose_on_release = False
        self._band_from: QPoint | None = None
        self._band_to = QPoint()
        self._base = Selection()
        self._scrolling = QTimer(self, interval=_TICK_MS)
        self._scrolling.timeout.connect(self._on_scrolling)

    @property
    def band(self) -> QRect | None:
        """The frame that is being drawn, from the start of everything."""
        if self._band_from is None:
            return None
        return QRect(self._band_from, self._view.from_start(self._band_to)).normalized()

    def press(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        place = self._item_at(point)
        model = self._view.model
        if event.button() == Qt.MouseButton.RightButton:
            if place >= 0 and not model.is_selected(place):
                model.set_current(place)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        mode = mode_of(event.modifiers(), key=False)
        self._pressed, self._place = point, place
        self._choose_on_release = False
        if place < 0:
            self._start_band(point, keeps=mode != "only")
        elif mode == "only" and model.is_selected(place):
            # All that are chosen may be about to be dragged away.
            self._choose_on_release = True
            model.set_current(place, "move")
        else:
            model.set_current(place, mode)

    def move(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._band_from is not None:
            self._band_to = point
            self._choose_within()
            outside = self._outside()
            if outside and not self._scrolling.isActive():
                self._scrolling.start()
            elif not outside:
                self._scrolling.stop()
        elif self._pressed is not None and self._place >= 0:
            far = (point - self._pressed).manhattanLength() >= QApplication.startDragDistance()
            if far and self._view.model.is_selected(self._place):
                self.cancel()
                self.drag_wanted.emit()

    def release(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        place, choose = self._place, self._choose_on_release
        self.cancel()
        if choose and place >= 0:
            self._view.model.set_current(place)

    def cancel(self) -> None:
        """Forget what was begun; what is chosen stays chosen."""
        self._scrolling.stop()
        had_band = self._band_from is not None
        self._pressed, self._place, self._band_from = None, -1, None
        self._choose_on_release = False
        if had_band:
            self._view.viewport().update()

    def _start_band(self, point: QPoint, *, keeps: bool) -> None:
        self._base = self._view.model.selection if keeps else Selection()
        if not keeps:
            self._view.model.select_none()
        self._band_from = self._view.from_start(point)
        self._band_to = point

    def _choose_within(self) -> None:
        band = self.band
        if band is not None:
            chosen = self._base.copy()
            for start, stop in self._view.places_within(band):
                chosen.add(start, stop)
            self._view.model.choose(chosen)
            self._view.viewport().update()

    def _outside(self) -> int:
        """How far the mouse is beyond the end of the view, or with a minus before its start."""
        along = self._band_to.x() if self._view.mode == "strip" else self._band_to.y()
        return min(along, 0) or max(0, along - self._view.length)

    def _on_scrolling(self) -> None:
        outside = self._outside()
        self._view.scroll_by(min(max(outside, -_FASTEST), _FASTEST))
        self._choose_within()

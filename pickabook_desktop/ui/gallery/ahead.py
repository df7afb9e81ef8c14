"""Thumbnails of what will be seen next, fetched while a view rests."""

from PySide6.QtCore import QObject, QTimer

from pickabook_desktop.ui.gallery.scrolled import ScrolledCells
from pickabook_desktop.ui.viewmodels.thumbnail_feed import ThumbnailFeed

_RESTED_MS = 150


class Ahead(QObject):
    """Asks for one screen below what is seen, and one above."""

    def __init__(self, view: ScrolledCells, feed: ThumbnailFeed) -> None:
        super().__init__(view)
        self._view = view
        self._feed = feed
        self._resting = QTimer(self, singleShot=True, interval=_RESTED_MS)
        self._resting.timeout.connect(self._on_rested)

    def painted(self) -> None:
        """The view has been painted: it does not rest yet."""
        self._resting.start()

    def stop(self) -> None:
        """Nobody looks at the view any more."""
        self._resting.stop()

    def _on_rested(self) -> None:
        view = self._view
        seen = view.visible_places()
        before = range(max(0, seen.start - len(seen)), seen.start)
        behind = range(seen.stop, min(view.cells.count, seen.stop + len(seen)))
        pixels = round(view.cell_edge * view.devicePixelRatioF())
        # What is asked for last comes first: so the next row does.
        for place in (*before, *reversed(behind)):
            card = view.model.card(place)
            if card is not None:
                self._feed.ask_ahead(card, pixels)

"""One measurement of a view of many pictures, as a process of its own.

``gallery_run.py VIEW LIBRARY``, where VIEW is ``ours`` or ``peer``: Qt's own list of icons over the
same cards and thumbnails. Prints one JSON object.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QListView

from pickabook_desktop.domain.review import Card, GroupKey
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.gallery.view import GalleryView
from pickabook_desktop.ui.theme import apply_theme
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel
from pickabook_desktop.ui.viewmodels.thumbnail_feed import ThumbnailFeed

EDGE = 160
STEPS = 300
FRAME_MS = 16


class Words:
    def card(self, card: Card) -> str:
        return f"{card.template} · {card.child}"

    def short(self, card: Card) -> str:
        return self.card(card)

    def describe(self, card: Card) -> str:
        return self.card(card)

    def group(self, grouping: GroupKey, key: str) -> str:
        return key

    def of(self, field: str, value: str) -> str:
        return value


class PeerModel(QAbstractListModel):
    """What Qt's list asks for, from the same model and feed."""

    def __init__(self, model: GalleryModel, feed: ThumbnailFeed) -> None:
        super().__init__()
        self._model = model
        self._feed = feed
        self._blank = QPixmap(EDGE, EDGE)
        self._blank.fill(QColor("#6E6E6E"))
        self._size = QSize(EDGE + 16, EDGE + 60)
        model.reset.connect(self._on_reset)
        model.cards_changed.connect(self._on_cards)
        feed.loaded.connect(self._on_loaded)

    def rowCount(self, parent: object = None) -> int:  # noqa: N802 Qt's name
        return self._model.count

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        if role == Qt.ItemDataRole.SizeHintRole:
            return self._size
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.DecorationRole):
            return None
        card = self._model.card(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{card.template} · {card.child}" if card else ""
        image = self._feed.image(card, EDGE) if card else None
        return self._blank if image is None else image

    def _on_reset(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def _on_cards(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, 0))

    def _on_loaded(self, picture_id: str) -> None:
        place = self._model.place_at_hand(picture_id)
        if place >= 0:
            self.dataChanged.emit(self.index(place, 0), self.index(place, 0))


class Run:
    """Opens the view, then narrows and widens it, then drags its scroll bar to the end."""

    def __init__(self, app: QApplication, kind: str, folder: Path) -> None:
        self._app = app
        self._lanes = Lanes()
        self._library = Library(folder)
        self._found: dict[str, Any] = {}
        self._gaps: list[float] = []
        self._last = 0.0
        self._step = 0
        self._began = time.perf_counter()
        self._model = GalleryModel(self._library, self._lanes)
        self._feed = ThumbnailFeed(self._library, self._lanes)
        self._view = self._ours() if kind == "ours" else self._peer()
        self._view.resize(1280, 800)
        self._view.show()
        self._model.open()
        self._ticking = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._ticking.timeout.connect(self._tick)
        self._dragging = QTimer(interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._dragging.timeout.connect(self._drag)
        self._watch(self._painted, self._on_painted)

    def _ours(self) -> QAbstractScrollArea:
        view = GalleryView(self._model, self._feed, Words())
        view.set_edge(EDGE)
        return view

    def _peer(self) -> QAbstractScrollArea:
        view = QListView()
        view.setViewMode(QListView.ViewMode.IconMode)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setUniformItemSizes(True)
        view.setGridSize(QSize(EDGE + 16, EDGE + 60))
        view.setIconSize(QSize(EDGE, EDGE))
        self._peer_model = PeerModel(self._model, self._feed)
        view.setModel(self._peer_model)
        return view

    def _watch(self, done: Callable[[], bool], then: Callable[[], None]) -> None:
        def look() -> None:
            if done():
                timer.stop()
                then()

        timer = QTimer(self._view, interval=1)
        timer.timeout.connect(look)
        timer.start()

    def _painted(self) -> bool:
        """The first screen is there with all its pictures."""
        cards = [self._model.card(place) for place in range(12)] if self._model.count else [None]
        if not all(c and self._feed.image(c, EDGE, ask=False) for c in cards):
            return False
        self._view.viewport().repaint()
        return True

    def _on_painted(self) -> None:
        self._found["first_screen_ms"] = 1000 * (time.perf_counter() - self._began)
        self._watch(lambda: not self._model.looking, self._on_counted)

    def _on_counted(self) -> None:
        self._view.viewport().repaint()
        self._found["counted_ms"] = 1000 * (time.perf_counter() - self._began)
        stalls: list[float] = []
        for width in (*range(1270, 900, -37), *range(900, 1280, 37)):
            before = time.perf_counter()
            self._view.resize(width, 800)
            self._app.processEvents()
            stalls.append(1000 * (time.perf_counter() - before))
        self._found["resize_ms"] = max(stalls)
        QTimer.singleShot(500, self._start)

    def _start(self) -> None:
        self._last = time.perf_counter()
        self._ticking.start()
        self._dragging.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self._gaps.append(1000 * (now - self._last))
        self._last = now

    def _drag(self) -> None:
        self._step += 1
        bar = self._view.verticalScrollBar()
        bar.setValue(round(bar.maximum() * self._step / STEPS))
        if self._step == STEPS:
            self._dragging.stop()
            QTimer.singleShot(300, self._end)

    def _end(self) -> None:
        self._ticking.stop()
        gaps = sorted(self._gaps)
        last = self._model.card(self._model.count - 1)
        self._found |= {
            "worst_gap_ms": gaps[-1],
            "gap_p99_ms": gaps[int(0.99 * len(gaps))],
            "late_frames": sum(gap > FRAME_MS for gap in gaps),
            "reached_end": bool(last and self._feed.image(last, EDGE, ask=False)),
            "memory_mb": _resident() / (1 << 20),
        }
        self._lanes.shutdown()
        print(json.dumps(self._found), flush=True)
        os._exit(0)


def _resident() -> int:
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    application = QApplication([])
    apply_theme(application, "light")
    run = Run(application, sys.argv[1], Path(sys.argv[2]))
    application.exec()

"""The history strip: the last pages, newest first, also without a network."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.ui.filmstrip import Describe, FilmStrip, PictureRow
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.viewmodels.shelf import Shelf, Thumbnails


class HistoryStrip(QFrame):
    """Follows a :class:`Shelf`; clicking a picture asks to show it."""

    picture_chosen = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(
        self,
        shelf: Shelf,
        thumbnails: Thumbnails,
        describe: Describe,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.setFixedHeight(Metric.HISTORY)
        self._shelf = shelf
        self._row = PictureRow(thumbnails, describe, self)
        self.strip = FilmStrip(self._row, Metric.HISTORY)
        self.strip.setAccessibleName(tr("History, newest first"))
        self._empty = QLabel(tr("Pages you draw will gather here."))
        self._empty.setProperty("type", "quiet")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.SMALL, 0, Space.SMALL, 0)
        layout.addWidget(self.strip)
        layout.addWidget(self._empty)
        self.strip.picture_chosen.connect(self.picture_chosen)
        self.strip.menu_wanted.connect(self.menu_wanted)
        self._row.more_wanted.connect(shelf.fetch_more)
        shelf.reset.connect(self._on_changed)
        shelf.added_first.connect(self._on_added_first)
        for signal in (shelf.added_last, shelf.removed, shelf.put_back):
            signal.connect(self._on_changed)
        self._on_changed()

    @property
    def pictures(self) -> tuple[KeptPicture, ...]:
        """What is shown, newest first."""
        return tuple(self._row.pictures)

    def mark(self, picture_id: str) -> None:
        """Show which picture is in the viewer."""
        self.strip.mark(picture_id)

    def _on_added_first(self, count: int) -> None:
        self._on_changed()
        self.strip.scrollToTop()
        self.strip.horizontalScrollBar().setValue(0)

    def _on_changed(self, place: int = 0) -> None:
        bar = self.strip.horizontalScrollBar()
        chosen, scrolled = self.strip.chosen, bar.value()
        self._row.complete = self._shelf.complete
        self._row.show_pictures(tuple(self._shelf.pictures))
        if chosen is not None:
            self.strip.mark(chosen.id)
        bar.setValue(scrolled)
        self.strip.setVisible(bool(self._shelf.pictures))
        self._empty.setVisible(not self._shelf.pictures)

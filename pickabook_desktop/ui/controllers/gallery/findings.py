"""What a look at the library has found: how many pages, what is said where there are none, and the
counts of the folders.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.ui.gallery.page import GalleryPage

# Counts are read again when nothing has changed for so long, in milliseconds.
PAUSE = 400


class Findings(QObject):
    """Shows on ``page`` what came of each look."""

    failed = Signal(object)
    """A PickaBookError, beside pages that can be seen."""

    def __init__(self, page: GalleryPage) -> None:
        super().__init__(page)
        self._page = page
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(page.folders.refresh)
        self._closed = self._counted = False
        page.model.counted.connect(self._on_counted)
        page.model.reset.connect(self._on_reset)
        page.model.failed.connect(self._on_failed)
        page.folders.changed.connect(self._on_folders_changed)
        page.looked_again.connect(self.count_again)
        page.empty.retry_wanted.connect(self._on_retry)

    def close(self) -> None:
        """Begin nothing more."""
        self._closed = True
        self._timer.stop()

    def count_again(self) -> None:
        """Something was decided: read the folders and their counts again, once it is quiet."""
        if not self._closed:
            self._timer.start()

    def _on_reset(self) -> None:
        if self._page.model.count:
            self._page.show_pages()

    def _on_counted(self) -> None:
        page = self._page
        words, count = page.search_bar.words, page.model.count
        if count:
            page.show_pages()
            if not page.search_bar.field.half_typed:
                page.completing.remember(words)
        else:
            page.show_nothing(words=words, in_trash=words.strip() == "is:trashed")
        if not (page.model.view.stacked or page.search_bar.field.half_typed):
            page.folders.know(words.strip(), count)
        self._show_count()
        if self._counted:
            self.count_again()
        elif not self._closed:
            # Nothing is listed yet, so there is nothing to wait for.
            self._counted = True
            page.folders.refresh()

    def _on_folders_changed(self, section: str) -> None:
        if section == "library":
            self._show_count()

    def _show_count(self) -> None:
        page = self._page
        in_trash = page.model.view.search.in_trash
        page.search_bar.options.show_count(
            page.model.count, None if in_trash else page.folders.total
        )

    def _on_failed(self, error: PickaBookError) -> None:
        if self._page.model.count:
            self.failed.emit(error)
        else:
            self._page.show_failure(error)

    def _on_retry(self) -> None:
        self._page.show_pages()
        self._page.refresh()

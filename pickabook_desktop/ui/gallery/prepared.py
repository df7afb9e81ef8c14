"""What is seen of the library tab, part by part."""

from collections.abc import Callable, Iterator
from functools import cached_property

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QWidget

from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.actions import build_actions
from pickabook_desktop.ui.gallery.actions import library_table
from pickabook_desktop.ui.gallery.details import DetailsPanel
from pickabook_desktop.ui.gallery.page import GalleryPage


class Prepared:
    """Makes each part when it is first asked for. ``adopt`` takes the actions over, before any key
    reaches them. Nothing is asked of the library yet.
    """

    def __init__(
        self,
        studio: Studio,
        lanes: Lanes,
        window: QMainWindow,
        adopt: Callable[[dict[str, QAction]], None],
    ) -> None:
        self._studio = studio
        self._lanes = lanes
        self._window = window
        self._adopt = adopt

    @cached_property
    def actions(self) -> dict[str, QAction]:
        actions = build_actions(self._window, library_table())
        self._adopt(actions)
        return actions

    @cached_property
    def page(self) -> GalleryPage:
        page = GalleryPage(self._studio, self._lanes, self.actions, self._window)
        page.hide()
        return page

    @cached_property
    def panel(self) -> DetailsPanel:
        panel = DetailsPanel(self.page.feed)
        self.page.set_details(panel)
        return panel

    def steps(self) -> Iterator[Callable[[], object]]:
        """Each makes one part, and is short enough to be taken between two events."""
        yield lambda: self.actions
        yield lambda: self.page
        yield lambda: self.panel
        yield self._dress

    def _dress(self) -> None:
        """Let the style sheet reach everything, which else would happen when it is shown."""
        for widget in self.page.findChildren(QWidget):
            widget.ensurePolished()

    def let_go(self) -> None:
        """Make the page anew when it is asked for: what it remembers is to be forgotten."""
        page: GalleryPage | None = self.__dict__.pop("page", None)
        self.__dict__.pop("panel", None)
        if page is not None:
            page.deleteLater()

"""What is seen of a window, in one piece for those who answer behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.ui.controllers.appearance import WindowMemory
from pickabook_desktop.ui.create.columns import PageColumn, PhotoColumn
from pickabook_desktop.ui.draw_button import DrawButton
from pickabook_desktop.ui.history import HistoryStrip
from pickabook_desktop.ui.result.viewer import ResultViewer
from pickabook_desktop.ui.top_bar import TopBar
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.session import SessionModel
from pickabook_desktop.ui.viewmodels.shelf import Shelf


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What is seen of a window, and the models that it shows. ``describe`` gives a picture's
    caption; ``sample`` is the portrait that comes with the program and may be missing.
    """

    window: QMainWindow
    actions: Mapping[str, QAction]
    choices: CreateModel
    session: SessionModel
    shelf: Shelf
    memory: WindowMemory
    top_bar: TopBar
    photo_column: PhotoColumn
    page_column: PageColumn
    draw_button: DrawButton
    viewer: ResultViewer
    history: HistoryStrip
    stack: QStackedWidget
    create_page: QWidget
    describe: Callable[[KeptPicture], str]
    sample: Path

    def add_above_history(self, widget: QWidget) -> None:
        """Put ``widget`` above the strip of pages."""
        layout = self.create_page.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(layout.indexOf(self.history), widget)

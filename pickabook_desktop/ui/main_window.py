"""The main window: makes what is seen and lays it out; what answers is in its workings."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from pickabook_desktop.domain.errors import TemplateError
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.actions import build_actions
from pickabook_desktop.ui.controllers.appearance import WindowMemory
from pickabook_desktop.ui.create.columns import PageColumn, PhotoColumn
from pickabook_desktop.ui.draw_button import DrawButton
from pickabook_desktop.ui.history import HistoryStrip
from pickabook_desktop.ui.result.viewer import ResultViewer
from pickabook_desktop.ui.theme import Theme, program_icon
from pickabook_desktop.ui.top_bar import TopBar
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.pages import caption_of, title_of
from pickabook_desktop.ui.viewmodels.session import SessionModel
from pickabook_desktop.ui.viewmodels.shelf import Shelf, Thumbnails

if TYPE_CHECKING:
    from pickabook_desktop.domain.result import KeptPicture
    from pickabook_desktop.ui.workings import Workings

SMALLEST = (1184, 620)
FIRST_SIZE = (1440, 900)
# What window managers put around a window, at most; none says so before it is shown.
FRAME = (16, 48)
FIRST_COLUMNS = (330, 430, 680)
SAMPLE = "sample.png"


class MainWindow(QMainWindow):
    """One window for one :class:`Studio`. Making it makes what is seen; :meth:`start`, called when
    it is on the screen, makes what answers. ``joined`` is false after closing where a thread did
    not end in time.
    """

    workings: "Workings"

    def __init__(self, studio: Studio, lanes: Lanes, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle("PickaBook Desktop")
        self.setMinimumSize(*SMALLEST)
        self.joined = True
        self.started = False
        self._shut_down = False
        self._studio = studio
        self._lanes = lanes
        self.memory = WindowMemory(studio.settings, theme, lanes)
        self.actions_by_id = build_actions(self)
        engines = studio.engines.at_hand()
        self.choices = CreateModel(studio.templates, studio.styles, engines, self)
        options_open = self.memory.restore_page(self.choices)
        self.session = SessionModel(studio, lanes, self)
        self.shelf = Shelf(studio.library, lanes, self)
        self.thumbnails = Thumbnails(studio.library, lanes, self)
        self._make_widgets()
        self._lay_out()
        self.page_column.options.set_expanded(options_open)
        if not self.memory.restore_window(self, self._splitter):
            room = self.screen().availableSize() - QSize(*FRAME)
            self.resize(QSize(*FIRST_SIZE).boundedTo(room))
            self._splitter.setSizes(list(FIRST_COLUMNS))
        # Keys belong to the window until somebody presses Tab or a field.
        self.body.setFocus()

    @property
    def steps(self) -> tuple[Callable[[], None], ...]:
        """The parts of :meth:`start`, each short enough to be taken between two events."""
        return (
            self._make_workings,
            lambda: self.workings.make_commands(),
            lambda: self.workings.make_online(),
            lambda: self.workings.make_uploads(),
            lambda: self.workings.make_tabs(),
            self._connect,
            lambda: self.workings.find_engines(),
            lambda: self.workings.begin(),
        )

    def start(self) -> None:
        """Connect everything, fetch the history and look at the photo."""
        for step in self.steps:
            step()

    @property
    def sample(self) -> Path:
        """The portrait that comes with the program; it may be missing."""
        return self._studio.places.samples / SAMPLE

    def _make_widgets(self) -> None:
        self.top_bar = TopBar(self.actions_by_id, self.choices)
        self.photo_column = PhotoColumn(self.choices)
        self.page_column = PageColumn(self.choices, self._template_thumbnail, self._style_thumbnail)
        self.draw_button = DrawButton()
        self.draw_button.set_offer(self.choices.estimate())
        self.draw_button.set_missing(self.choices.blocker())
        self.page_column.add_footer(self.draw_button)
        self.viewer = ResultViewer(self.actions_by_id, self.thumbnails)
        self.history = HistoryStrip(self.shelf, self.thumbnails, self._describe)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self.body = QWidget()
        self.stack = QStackedWidget()
        self.create_page = QWidget()

    def _make_workings(self) -> None:
        from pickabook_desktop.ui.window_parts import Parts
        from pickabook_desktop.ui.workings import Workings

        self.setWindowIcon(program_icon())
        parts = Parts(
            window=self,
            actions=self.actions_by_id,
            choices=self.choices,
            session=self.session,
            shelf=self.shelf,
            memory=self.memory,
            top_bar=self.top_bar,
            photo_column=self.photo_column,
            page_column=self.page_column,
            draw_button=self.draw_button,
            viewer=self.viewer,
            history=self.history,
            stack=self.stack,
            create_page=self.create_page,
            describe=self._describe,
            sample=self.sample,
        )
        self.workings = Workings(self._studio, self._lanes, parts)
        self.workings.closing.confirmed.connect(self.close_at_once)

    def _connect(self) -> None:
        self.workings.connect()
        self.started = True

    def _lay_out(self) -> None:
        for place, part in enumerate((self.photo_column, self.page_column, self.viewer)):
            self._splitter.addWidget(part)
            self._splitter.setCollapsible(place, False)
            self._splitter.setStretchFactor(place, 5 if part is self.viewer else 1)
        self._splitter.setHandleWidth(1)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(self.top_bar)
        column.addWidget(self.stack, 1)
        self.setCentralWidget(self.body)
        create = QVBoxLayout(self.create_page)
        create.setContentsMargins(0, 0, 0, 0)
        create.setSpacing(1)
        create.addWidget(self._splitter, 1)
        create.addWidget(self.history)
        self.stack.addWidget(self.create_page)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.stack.currentWidget() is not self.create_page:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Backslash:
            self.viewer.canvas.set_photo_shown(True)
        elif event.key() == Qt.Key.Key_Escape:
            self._on_escape()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backslash and not event.isAutoRepeat():
            self.viewer.canvas.set_photo_shown(False)
        super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.viewer.canvas.set_photo_shown(False)
        elif event.type() == QEvent.Type.WindowStateChange:
            self.actions_by_id["fullscreen"].setChecked(self.isFullScreen())
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.started and not self.workings.closing.allowed():
            event.ignore()
            return
        self.shut_down()
        super().closeEvent(event)

    def close_at_once(self) -> None:
        """Close without asking about pages that are not finished."""
        self.shut_down()
        self.close()

    def shut_down(self) -> None:
        """Remember everything and end all work; a second call does nothing."""
        if self._shut_down:
            return
        self._shut_down = True
        if self.started:
            self.workings.close()
            self._remember()
        self.joined = self.session.close()
        # A thread that did not end may still use what would be taken away here.
        if self.joined:
            self._studio.library.close()
            if self.started:
                self.workings.scratch.close()

    def _remember(self) -> None:
        photo = self.choices.photo_path
        if photo is not None and self.workings.scratch.holds(photo):
            photo = None
        self.memory.save(
            self,
            self._splitter,
            self.choices,
            photo,
            options_open=self.page_column.options.expanded,
        )

    def _on_escape(self) -> None:
        """Leave whatever was entered last."""
        if self.session.busy:
            self.session.cancel_current()
        elif self.viewer.canvas.comparing:
            self.viewer.canvas.set_comparing(False)
        elif self.isFullScreen():
            self.actions_by_id["fullscreen"].setChecked(False)

    def _describe(self, picture: "KeptPicture") -> str:
        return caption_of(title_of(picture.request, self.choices), picture)

    def _template_thumbnail(self, template_id: str) -> Path | None:
        return _thumbnail(self._studio.template_dir, template_id)

    def _style_thumbnail(self, style_id: str) -> Path | None:
        return _thumbnail(self._studio.style_dir, style_id)


def _thumbnail(folder_of: Callable[[str], Path], entry_id: str) -> Path | None:
    try:
        return folder_of(entry_id) / "thumbnail.jpg"
    except TemplateError:
        return None

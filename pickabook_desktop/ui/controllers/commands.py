"""What each action of the table does, and when it can be done."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu

from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.ui.actions import fill_menu
from pickabook_desktop.ui.controllers.drawing import Drawing
from pickabook_desktop.ui.controllers.pictures import PictureCommands
from pickabook_desktop.ui.controllers.showing import Showing
from pickabook_desktop.ui.result.viewer import ResultViewer
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.pages import title_of
from pickabook_desktop.ui.viewmodels.session import SessionModel

ON_KEPT = ("save", "copy", "reveal", "recall", "reroll", "delete")
ON_VARIATIONS = ("previous", "next")
ON_PICTURE = ("fit", "actual", "zoom_in", "zoom_out", "compare")
PICTURE_MENU = (
    *("recall", "reroll", "", "save", "copy", "reveal", ""),
    *("upload", "copy_link", "make_link", "open_link", "delete_copy", "", "delete"),
)


class Commands(QObject):
    """Binds the actions that concern pages and pictures."""

    def __init__(
        self,
        actions: Mapping[str, QAction],
        model: CreateModel,
        session: SessionModel,
        drawing: Drawing,
        showing: Showing,
        pictures: PictureCommands,
        viewer: ResultViewer,
    ) -> None:
        super().__init__(viewer)
        self._actions = actions
        self._model = model
        self._session = session
        self._drawing = drawing
        self._showing = showing
        self._pictures = pictures
        self._viewer = viewer
        self._bind()
        for signal in (
            showing.current_changed,
            session.jobs_changed,
            model.request_changed,
            model.allowance_changed,
            viewer.canvas.zoom_changed,
            viewer.canvas.photo_changed,
        ):
            signal.connect(self._on_state_changed)
        viewer.drag_wanted.connect(self._on_drag_wanted)
        viewer.menu_wanted.connect(self._on_menu_wanted)
        viewer.canvas.comparing_changed.connect(actions["compare"].setChecked)
        self._on_state_changed()

    def open_menu(self, place: QPoint) -> None:
        """Open the menu of the picture that is shown, at ``place`` on the screen."""
        menu = QMenu(self._viewer)
        fill_menu(menu, self._actions, PICTURE_MENU)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _bind(self) -> None:
        canvas = self._viewer.canvas
        plain: dict[str, Callable[[], None]] = {
            "draw": self._drawing.draw,
            "stop": self._session.cancel_current,
            "fit": canvas.fit,
            "actual": canvas.actual_size,
            "zoom_in": canvas.zoom_in,
            "zoom_out": canvas.zoom_out,
            "previous": lambda: self._viewer.variations.step(-1),
            "next": lambda: self._viewer.variations.step(1),
        }
        for action_id, call in plain.items():
            self._on(action_id, call)
        on_picture: dict[str, Callable[[KeptPicture], None]] = {
            "save": lambda p: self._pictures.save(p, title_of(p.request, self._model)),
            "copy": self._pictures.copy,
            "reveal": self._pictures.reveal,
            "delete": self._delete,
            "recall": self._drawing.recall,
            "reroll": self._drawing.reroll,
        }
        for action_id, command in on_picture.items():
            self._on_current(action_id, command)
        self._actions["compare"].toggled.connect(canvas.set_comparing)

    def _on(self, action_id: str, call: Callable[[], None]) -> None:
        def run(checked: bool = False) -> None:
            call()

        self._actions[action_id].triggered.connect(run)

    def _on_current(self, action_id: str, command: Callable[[KeptPicture], None]) -> None:
        def run(checked: bool = False) -> None:
            if self._showing.current is not None:
                command(self._showing.current)

        self._actions[action_id].triggered.connect(run)

    def _delete(self, picture: KeptPicture) -> None:
        if not isinstance(QApplication.focusWidget(), QAbstractItemView):
            # Where words are written, undo would take those back.
            self._viewer.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self._pictures.delete(picture)

    def _on_state_changed(self) -> None:
        kept = self._showing.current is not None
        seen = self._viewer.canvas.picture is not None
        for action_id in ON_KEPT:
            self._actions[action_id].setEnabled(kept)
        for action_id in ON_VARIATIONS:
            self._actions[action_id].setEnabled(len(self._showing.siblings) > 1)
        for action_id in ON_PICTURE:
            self._actions[action_id].setEnabled(seen)
        self._actions["compare"].setEnabled(seen and self._viewer.canvas.has_photo)
        self._actions["stop"].setEnabled(self._session.busy)
        self._actions["draw"].setEnabled(not self._model.blocker())

    def _on_drag_wanted(self) -> None:
        if self._showing.current is not None:
            self._pictures.drag(self._showing.current)

    def _on_menu_wanted(self, place: QPoint) -> None:
        if self._showing.current is not None:
            self.open_menu(place)

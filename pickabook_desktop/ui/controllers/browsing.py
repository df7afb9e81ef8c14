"""From picture to picture: the history, the variations of a page, and the viewer."""

from PySide6.QtCore import QObject, QPoint

from pickabook_desktop.domain.result import GenerationResult, KeptPicture
from pickabook_desktop.ui.controllers.commands import Commands
from pickabook_desktop.ui.controllers.drawing import Drawing
from pickabook_desktop.ui.controllers.moving import Moving
from pickabook_desktop.ui.controllers.pictures import PictureCommands
from pickabook_desktop.ui.controllers.showing import Showing
from pickabook_desktop.ui.history import HistoryStrip
from pickabook_desktop.ui.result.viewer import ResultViewer
from pickabook_desktop.ui.viewmodels.pages import variations_of
from pickabook_desktop.ui.viewmodels.session import SessionModel
from pickabook_desktop.ui.viewmodels.shelf import Shelf


class Browsing(QObject):
    """Shows what is chosen in the strips, and marks in them what is shown."""

    def __init__(
        self,
        shelf: Shelf,
        history: HistoryStrip,
        viewer: ResultViewer,
        showing: Showing,
        commands: Commands,
    ) -> None:
        super().__init__(viewer)
        self._shelf = shelf
        self._history = history
        self._viewer = viewer
        self._showing = showing
        self._commands = commands
        self._drawing: Drawing | None = None
        self._session: SessionModel | None = None
        history.picture_chosen.connect(self.show)
        history.menu_wanted.connect(self._on_menu_wanted)
        viewer.picture_chosen.connect(self.show)
        viewer.variation_menu_wanted.connect(self._on_menu_wanted)
        showing.current_changed.connect(self._on_current_changed)

    def follow(
        self, session: SessionModel, drawing: Drawing, pictures: PictureCommands, moving: Moving
    ) -> None:
        """Show what is drawn, and what is left after pictures were deleted or brought back."""
        self._drawing, self._session = drawing, session
        session.pictures_kept.connect(self._shelf.add)
        drawing.drawn.connect(self._on_drawn)
        moving.moved.connect(self._on_moved)
        self._history.delete_wanted.connect(pictures.delete)
        self._history.drag_wanted.connect(pictures.drag)
        self._viewer.variation_drag_wanted.connect(pictures.drag)

    def show(self, picture: KeptPicture) -> None:
        """Show a kept picture among its variations; a preview under way must not replace it."""
        if self._session is not None:
            self._session.drop_preview()
        current = self._showing.current
        if current is None or current.id != picture.id:
            self._showing.show_kept(picture, variations_of(picture, self._shelf.pictures))

    def _on_drawn(self, result: GenerationResult) -> None:
        self.show(result.pictures[0])

    def _on_menu_wanted(self, picture: KeptPicture, place: QPoint) -> None:
        self.show(picture)
        self._commands.open_menu(place)

    def _on_current_changed(self) -> None:
        current = self._showing.current
        self._history.mark(current.id if current else "")

    def _on_moved(self, ids: tuple[str, ...], into_trash: bool) -> None:
        if into_trash:
            self._shelf.take_out(ids)
            self._leave(ids)
        else:
            self._shelf.put_in(ids, self._on_put_in)

    def _on_put_in(self, pictures: tuple[KeptPicture, ...]) -> None:
        if len(pictures) == 1 and self._viewer.isVisible():
            self.show(pictures[0])

    def _leave(self, ids: tuple[str, ...]) -> None:
        """Show something else than what has just been deleted."""
        current = self._showing.current
        if current is None:
            return
        left = [p for p in self._showing.siblings if p.id not in ids]
        if current.id not in ids:
            self._showing.show_kept(current, variations_of(current, self._shelf.pictures))
        elif left and self._viewer.isVisible():
            self.show(left[-1])
        elif self._shelf.pictures and self._viewer.isVisible():
            self.show(self._shelf.pictures[0])
        else:
            # Where it is not seen, nothing takes its place by itself.
            self._showing.clear()
            if self._drawing is not None:
                self._drawing.preview()

"""Pages that were drawn and that the library could not keep: they need not be lost."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.files import ENDINGS
from pickabook_desktop.ui.controllers.pictures import ask_target
from pickabook_desktop.ui.setting_keys import EXPORT_FOLDER_KEY
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.viewmodels.session import SessionModel


class Rescuing(QObject):
    """Has the pages of the last failure in memory, and nowhere else, until they are saved."""

    def __init__(
        self,
        session: SessionModel,
        studio: Studio,
        lanes: Lanes,
        toast: Toast,
        window: QWidget,
        saved: Callable[[], None],
    ) -> None:
        """``saved`` is called once nothing is left to be saved."""
        super().__init__(window)
        self._studio = studio
        self._lanes = lanes
        self._toast = toast
        self._window = window
        self._saved = saved
        self._request: GenerationRequest | None = None
        self._pictures: tuple[DrawnPicture, ...] = ()
        session.unkept.connect(self._on_unkept)

    def save(self) -> None:
        """Ask where the first page goes, and write it there; others go on from there."""
        if self._request is None or not self._pictures:
            return
        picture = self._pictures[0]
        folder = self._studio.settings.text(EXPORT_FOLDER_KEY)
        name = tr("Page {seed}", seed=picture.seed) + f".{ENDINGS.get(picture.media_type, 'png')}"
        target = ask_target(self._window, folder, name)
        if target is not None:
            self.save_to(picture, self._request, target)

    def save_to(self, picture: DrawnPicture, request: GenerationRequest, target: Path) -> None:
        """Write one of the pages."""

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Failed):
                self._toast.show_message(str(event.error))
            elif isinstance(event, Done):
                self._pictures = tuple(other for other in self._pictures if other is not picture)
                self._toast.show_message(tr("Saved as {name}.", name=target.name))
                if self._pictures:
                    self.save()
                else:
                    self._saved()

        job = self._studio.hand_over.rescue_job(picture, request, target)
        self._lanes.submit("library", job, on_event, must_finish=True)

    def forget(self) -> None:
        """Have nothing of any page any more."""
        self._request, self._pictures = None, ()

    def _on_unkept(self, request: GenerationRequest, pictures: tuple[DrawnPicture, ...]) -> None:
        self._request, self._pictures = request, pictures

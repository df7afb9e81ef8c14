"""What the controllers of the library have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.controllers.moving import Moving
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel
from pickabook_desktop.ui.viewmodels.shelf import job_of


@dataclass(frozen=True, kw_only=True)
class Common:
    """``window`` is what dialogs belong to; ``library_changed`` is called when pictures have come
    or gone, and lets all that shows them look again.
    """

    actions: Mapping[str, QAction]
    model: GalleryModel
    moving: Moving
    studio: Studio
    lanes: Lanes
    toast: Toast
    window: QWidget
    library_changed: Callable[[], None]

    def on(self, action_id: str, call: Callable[[], None]) -> None:
        """Let an action call ``call``; one that is not in the table is left out."""

        def run(_checked: bool = False) -> None:
            call()

        action = self.actions.get(action_id)
        if action is not None:
            action.triggered.connect(run)

    def change(self, call: Callable[[], object], on_done: Callable[[object], None]) -> None:
        """Have the library changed off the main thread, whatever comes; failures are said."""

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                on_done(event.value)
            elif isinstance(event, Failed):
                self.explain(event.error)

        self.lanes.submit("library", job_of(call), on_event, must_finish=True)

    def explain(self, error: PickaBookError) -> None:
        """Say what failed and what to do."""
        self.toast.show_message(str(error))


def pages_text(count: int) -> str:
    """So many pages."""
    return tr("one page") if count == 1 else tr("{count} pages", count=f"{count:,}")

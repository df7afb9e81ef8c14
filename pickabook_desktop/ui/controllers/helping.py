"""What helps against a failure, offered beside it, and done where the person takes it up."""

from PySide6.QtCore import QObject

from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.controllers.drawing import Drawing
from pickabook_desktop.ui.controllers.online import Online
from pickabook_desktop.ui.controllers.remedies import Remedies
from pickabook_desktop.ui.controllers.rescuing import Rescuing
from pickabook_desktop.ui.controllers.window_actions import WindowActions
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.window_parts import Parts


class Helping(QObject):
    """Listens to the viewer, which shows what could not be drawn, and to ``drawing``."""

    def __init__(
        self,
        parts: Parts,
        studio: Studio,
        lanes: Lanes,
        drawing: Drawing,
        online: Online,
        window_actions: WindowActions,
        toast: Toast,
    ) -> None:
        super().__init__(parts.window)
        self._clear_error = parts.viewer.clear_error
        rescuing = Rescuing(parts.session, studio, lanes, toast, parts.window, self._clear_error)
        self._remedies = Remedies(
            parts.actions,
            parts.page_column,
            parts.top_bar.engine,
            window_actions.open_settings,
            drawing.retry,
            online.ask_again,
            rescuing.save,
            self,
        )
        parts.viewer.remedy_wanted.connect(self._on_remedy_wanted)
        drawing.remedy_wanted.connect(self._remedies.apply)
        window_actions.forgetting_begun.connect(rescuing.forget)

    def _on_remedy_wanted(self, remedy: str) -> None:
        # Whoever changes their mind can still save what was drawn.
        if remedy != "save_copy":
            self._clear_error()
        self._remedies.apply(remedy)

"""What is made ready while the window rests, so that it opens at once when it is wanted."""

from collections.abc import Callable, Iterator
from importlib import import_module

from PySide6.QtCore import QObject, QTimer

PAUSE_MS = 100
# Each brings those along that it needs; in this order none takes longer than a frame or two.
LIBRARY_MODULES = (
    "pickabook_desktop.storage.review",
    "pickabook_desktop.ui.viewmodels.gallery",
    "pickabook_desktop.ui.gallery.details",
    "pickabook_desktop.ui.controllers.gallery.detailing",
    "pickabook_desktop.ui.controllers.gallery.exporting",
    "pickabook_desktop.ui.controllers.gallery.handing_over",
    "pickabook_desktop.ui.gallery.view",
    "pickabook_desktop.ui.gallery.search_bar",
    "pickabook_desktop.ui.gallery.side_panel",
    "pickabook_desktop.ui.controllers.gallery.looking",
    "pickabook_desktop.ui.controllers.gallery.recalling",
    "pickabook_desktop.ui.gallery.workings",
)

Step = Callable[[], object]


class Beforehand(QObject):
    """Takes ``steps`` one by one with a pause after each, and none while the window is busy."""

    def __init__(self, steps: Iterator[Step], busy: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._steps = steps
        self._busy = busy
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._go_on)
        self._timer.start()

    @property
    def active(self) -> bool:
        """Something is left to be done."""
        return self._timer.isActive()

    def stop(self) -> None:
        """Leave the rest to whoever wants it."""
        self._timer.stop()

    def _go_on(self) -> None:
        if self._busy():
            return
        step = next(self._steps, None)
        if step is None:
            self.stop()
        else:
            step()


def imports(modules: tuple[str, ...]) -> Iterator[Step]:
    """A step for each module."""
    for module in modules:
        yield lambda module=module: import_module(module)

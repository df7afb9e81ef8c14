"""An address of a copy as it is wished for, made anew with every change."""

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.stored import LinkWish, StoredPicture
from pickabook_desktop.jobs.lanes import answering
from pickabook_desktop.jobs.stores import StoreRegistry
from pickabook_desktop.jobs.threads import JobHandle, Lanes

# Where the keyring may be waited for.
LINK_LANE = "keys"


class LinkMaker(QObject):
    """Makes one address at a time; of several, the one asked for last counts."""

    made = Signal(str)
    failed = Signal(object)
    """A PickaBookError."""

    def __init__(self, stores: StoreRegistry, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stores = stores
        self._lanes = lanes
        self._handle: JobHandle | None = None

    def make(self, stored: StoredPicture, wish: LinkWish) -> None:
        """Make the address; ``made`` or ``failed`` tells it."""
        if self._handle is not None:
            self._handle.cancel()

        def on_event(event: JobEvent) -> None:
            if handle is not self._handle:
                return
            if isinstance(event, Done):
                self.made.emit(str(event.value))
            elif isinstance(event, Failed):
                self.failed.emit(event.error)

        job = answering(lambda token: self._stores.get(stored.store_id).link(stored, wish))
        handle = self._handle = self._lanes.submit(LINK_LANE, job, on_event)

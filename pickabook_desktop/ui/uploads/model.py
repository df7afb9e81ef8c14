"""The outbox as the window sees it: delivers when something is due, and tells what became of it."""

import time
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from pickabook_desktop.domain.events import Cancelled, Done, Failed, JobEvent, Progress
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.stored import StoredPicture, StoreState
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import JobHandle, Lanes
from pickabook_desktop.storage.copies import Copy
from pickabook_desktop.storage.entries import Entry
from pickabook_desktop.ui.uploads.lines import Summary, UploadLine, line_for, summary_of
from pickabook_desktop.ui.uploads.reading import LINES, OutboxReader, Seen
from pickabook_desktop.ui.viewmodels.shelf import job_of

UPLOAD_LANE, READ_LANE = "upload", "library"
# Between two goes through the outbox, at least, and at most where something waits.
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 600.0
AFTER_FAULT = 60.0


class UploadsModel(QObject):
    """Knows no widget, and no store by its name. That a store cannot be reached is a state here:
    what waits is tried again by itself.
    """

    changed = Signal()
    """What is in the outbox, or which stores there are."""
    copies_changed = Signal()
    arrived = Signal(object)
    """A :class:`Copy` that the person has asked for."""
    fell_through = Signal(object)
    """The :class:`Entry`, failed, of what the person has asked for."""
    failed = Signal(object)
    """A PickaBookError: the outbox itself could not be read or changed."""

    def __init__(self, studio: Studio, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._lanes = lanes
        self._outbox = studio.library.outbox
        self._reader = OutboxReader(studio)
        self.entries: tuple[Entry, ...] = ()
        self.stores: tuple[StoreState, ...] = ()
        self.describe: Callable[[KeptPicture], str] = lambda picture: ""
        self._pictures: dict[str, KeptPicture] = {}
        self._copies: dict[str, tuple[StoredPicture, ...]] = {}
        self._unread: set[str] = set()
        # Picture and store of what the person waits to hear of, by entry.
        self.asked: dict[str, tuple[str, str]] = {}
        self._uploads: dict[str, Entry] = {}
        self._looking = self._look_again = False
        self._after_look: list[Callable[[], None]] = []
        self._going: JobHandle | None = None
        self._again = self._wake = self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.deliver)

    def close(self) -> None:
        """Begin nothing more; what is not done stays in the outbox."""
        self._closed = True
        self._timer.stop()

    @property
    def summary(self) -> Summary:
        return summary_of(self.entries)

    @property
    def lines(self) -> tuple[UploadLine, ...]:
        """What is in the outbox, oldest first, at most ``LINES``."""
        return tuple(self._line(entry) for entry in self.entries[:LINES])

    @property
    def usable_stores(self) -> tuple[StoreState, ...]:
        return tuple(state for state in self.stores if state.info and not state.unavailable)

    def store(self, store_id: str) -> StoreState:
        """A store by its id, also one that is not there any more."""
        found = (state for state in self.stores if state.id == store_id)
        return next(found, StoreState(id=store_id, title=store_id))

    def copies(self, picture_id: str) -> tuple[StoredPicture, ...]:
        """Where a picture is kept besides the library, as far as it has been read."""
        return self._copies.get(picture_id, ())

    def entry_of(self, picture_id: str) -> Entry | None:
        """The upload of a picture that is in the outbox."""
        return self._uploads.get(picture_id)

    def read_copies(self, pictures: Iterable[KeptPicture]) -> bool:
        """Find out where these are kept; false where that is known of all."""
        new = {picture.id for picture in pictures} - self._copies.keys()
        if new:
            self._unread |= new
            self.look()
        return bool(new)

    def look(self, then: Callable[[], None] | None = None) -> None:
        """Read the outbox and the stores anew, and send what is due; ``then`` is called with what
        has been read from now on.
        """
        if self._closed:
            return
        if then is not None:
            self._after_look.append(then)
        if self._looking:
            self._look_again = True
            return
        self._looking = True
        known = tuple(self._pictures)
        wanted = tuple(self._unread | {one for one, many in self._copies.items() if many})
        self._unread.clear()

        def on_event(event: JobEvent) -> None:
            self._looking = False
            if isinstance(event, Done) and isinstance(event.value, Seen):
                self._on_seen(event.value)
            elif isinstance(event, Failed):
                self.failed.emit(event.error)
            waiting, self._after_look = self._after_look, []
            if self._look_again:
                self._look_again, self._after_look = False, waiting
                self.look()
            elif isinstance(event, Done):
                for call in waiting:
                    call()

        self._lanes.submit(READ_LANE, job_of(lambda: self._reader.read(wanted, known)), on_event)

    def upload(self, picture: KeptPicture, store_id: str) -> None:
        """Send a picture to a store."""

        def asked(entry_id: object) -> None:
            self.asked[str(entry_id)] = (picture.id, store_id)

        self._change(lambda: self._outbox.add(picture.id, store_id), asked)

    def upload_many(self, picture_ids: Sequence[str], store_id: str) -> None:
        """Send many pictures to a store; it is not told of each when it has arrived."""
        self._change(lambda: self._outbox.add_all(picture_ids, store_id))

    def delete(self, stored: StoredPicture) -> None:
        """Take a copy away; the page in the library stays."""
        self._change(lambda: self._outbox.add_deletion(stored.store_id, stored.remote_id))

    def retry(self, entry_id: str) -> None:
        """Try an entry at once."""
        self.asked |= {e.id: (e.picture_id, e.store_id) for e in self.entries if e.id == entry_id}
        self._change(lambda: self._outbox.retry(entry_id))

    def retry_all(self) -> None:
        """Try at once whatever waits for its time."""
        self._wake = True
        self.deliver()

    def cancel(self, entry_id: str) -> None:
        """Take an entry out, also while it is on its way."""

        def stop(_value: object) -> None:
            self.asked.pop(entry_id, None)
            running = any(e.id == entry_id and e.state == "running" for e in self.entries)
            if running and self._going is not None:
                self._again = True
                self._going.cancel()

        self._change(lambda: self._outbox.cancel(entry_id), stop)

    def deliver(self) -> None:
        """Send what is due; once more where that is under way already."""
        if self._closed:
            return
        self._timer.stop()
        if self._going is not None:
            self._again = True
            return
        self._again = False
        wake, self._wake = self._wake, False
        job = self._studio.deliver_job(wake=wake)
        self._going = self._lanes.submit(UPLOAD_LANE, job, self._on_delivery)

    def _change(
        self, change: Callable[[], object], on_done: Callable[[object], None] | None = None
    ) -> None:
        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                if on_done is not None:
                    on_done(event.value)
                self.deliver()
                self.look()
            elif isinstance(event, Failed):
                self.failed.emit(event.error)

        self._lanes.submit(READ_LANE, job_of(change), on_event, must_finish=True)

    def _on_seen(self, seen: Seen) -> None:
        self._pictures = self._pictures | seen.pictures
        kept = {picture_id: self._copies.get(picture_id) for picture_id in seen.copies}
        self._copies |= seen.copies
        changed = (seen.entries, seen.stores) != (self.entries, self.stores)
        self.entries, self.stores = seen.entries, seen.stores
        self._uploads = {e.picture_id: e for e in seen.entries if e.kind == "upload"}
        if changed:
            self.changed.emit()
        if kept != seen.copies:
            self.copies_changed.emit()
        if self._going is None:
            self._schedule(seen.next_due)

    def _on_delivery(self, event: JobEvent) -> None:
        if isinstance(event, Progress):
            self.look()
            return
        if not isinstance(event, Done | Failed | Cancelled):
            return
        self._going = None
        if isinstance(event, Done):
            self._on_delivered(event.value)
        elif isinstance(event, Failed):
            self.failed.emit(event.error)
            self._schedule(time.time() + AFTER_FAULT)
        if self._again or self._wake:
            self.deliver()
        self.look()

    def _on_delivered(self, value: object) -> None:
        from pickabook_desktop.jobs.upload import Delivered

        if not isinstance(value, Delivered):
            return
        for copy in value.sent:
            self._on_sent(copy)
        for entry in value.failed:
            if self.asked.pop(entry.id, None):
                self.fell_through.emit(entry)
        self._schedule(value.next_due)

    def _on_sent(self, copy: Copy) -> None:
        wish = (copy.picture_id, copy.stored.store_id)
        before = self._copies.get(copy.picture_id, ())
        others = tuple(one for one in before if one.store_id != copy.stored.store_id)
        self._copies[copy.picture_id] = (*others, copy.stored)
        self.copies_changed.emit()
        if wish in self.asked.values():
            self.asked = {one: other for one, other in self.asked.items() if other != wish}
            self.arrived.emit(copy)

    def _schedule(self, due: float | None) -> None:
        if due is None or self._closed:
            self._timer.stop()
            return
        pause = min(max(due - time.time(), SHORTEST_PAUSE), LONGEST_PAUSE)
        self._timer.start(round(pause * 1000))

    def _line(self, entry: Entry) -> UploadLine:
        picture = self._pictures.get(entry.picture_id)
        title = self.describe(picture) if picture is not None else ""
        return line_for(entry, title, self.store(entry.store_id).title)

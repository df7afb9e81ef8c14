"""Pages that a service draws later, at a lower price: handed over, asked for, filed."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Signal

from pickabook_desktop.domain.events import Done, Failed, JobEvent, Progress
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import GenerationResult
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.viewmodels.session import CLOUD_LANE
from pickabook_desktop.ui.viewmodels.shelf import job_of

if TYPE_CHECKING:
    from pickabook_desktop.jobs.batches import BatchNews
    from pickabook_desktop.storage.batches import Batch

POLL_MS = 3 * 60 * 1000
OPEN_STATES = ("sending", "waiting", "running", "finished")


class LaterModel(QObject):
    """The batches of the library. While some are open, or services have to delete something of
    others, they are asked every few minutes; what has come goes into the history.
    """

    changed = Signal()
    handed_over = Signal(object)
    """The GenerationRequest that a service has taken."""
    failed = Signal(object, object)
    """The request, or None where it was about a batch handed over before, and the PickaBookError.
    """
    pictures_kept = Signal(object)
    """A :class:`GenerationResult` with pages that have come."""

    def __init__(self, studio: Studio, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._lanes = lanes
        self._batches: tuple[Batch, ...] = ()
        self._owing = False
        self._problems: dict[str, str] = {}
        self._handing: dict[int, tuple[GenerationRequest, str]] = {}
        self._next = 0
        self._polling = False
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)

    @property
    def batches(self) -> "tuple[Batch, ...]":
        """Every batch, newest first."""
        return self._batches

    @property
    def handing_over(self) -> tuple[tuple[GenerationRequest, str], ...]:
        """The requests that are being handed over just now, and how far that is."""
        return tuple(self._handing.values())

    @property
    def still_open(self) -> int:
        """How many of them may still bring something."""
        return sum(batch.state in OPEN_STATES for batch in self._batches) + len(self._handing)

    def problem(self, batch_id: str) -> str:
        """Why a batch could not be asked for the last time; empty where it could."""
        return self._problems.get(batch_id, "")

    def start(self) -> None:
        """Read what is known, and ask for what is open."""
        self.read(self.poll)

    def close(self) -> None:
        """Ask no more."""
        self._timer.stop()

    def submit(self, request: GenerationRequest) -> None:
        """Hand a request over; it is sent once."""
        self._next += 1
        number = self._next
        self._handing[number] = (request, tr("Getting ready"))

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Progress):
                self._handing[number] = (request, event.stage)
                self.changed.emit()
                return
            del self._handing[number]
            if isinstance(event, Done):
                self.handed_over.emit(request)
            elif isinstance(event, Failed):
                self.failed.emit(request, event.error)
            self.read()

        # What a service has taken must be written down, also while the program closes.
        self._submit(self._studio.easel.submit_batch_job(request), on_event, must_finish=True)
        self.changed.emit()

    def poll(self) -> None:
        """Ask for everything that is open, unless that is being done."""
        if self._polling or not self._worth_asking:
            return
        self._polling = True

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Progress):
                return
            self._polling = False
            self._take(event)

        self._submit(self._studio.easel.poll_batches_job(), on_event)

    def stop(self, batch_id: str) -> None:
        """Ask the service to stop a batch; one that has ended leaves the list."""
        self._submit(self._studio.easel.cancel_batch_job(batch_id), self._on_stopped)

    def _on_stopped(self, event: JobEvent) -> None:
        if not isinstance(event, Progress):
            self._take(event)

    def _take(self, event: JobEvent) -> None:
        if isinstance(event, Done):
            news = cast("BatchNews", event.value)
            self._problems = {p.batch_id: str(p.error) for p in news.problems}
            if news.pictures:
                request = news.pictures[0].request
                result = GenerationResult(request=request, pictures=news.pictures)
                self.pictures_kept.emit(result)
        elif isinstance(event, Failed):
            self.failed.emit(None, event.error)
        self.read()

    def read(self, then: Callable[[], None] | None = None) -> None:
        """Read again what is known, and call ``then``."""

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                self._show(*cast("tuple[Sequence[Batch], bool]", event.value))
                if then is not None:
                    then()

        def known() -> "tuple[Sequence[Batch], bool]":
            batches = self._studio.library.batches
            return batches.all(), batches.owing

        self._lanes.submit("library", job_of(known), on_event)

    @property
    def _worth_asking(self) -> bool:
        return self._owing or any(batch.unfinished for batch in self._batches)

    def _show(self, batches: "Sequence[Batch]", owing: bool) -> None:
        self._batches, self._owing = tuple(batches), owing
        if self._worth_asking:
            if not self._timer.isActive():
                self._timer.start()
        else:
            self._timer.stop()
        self.changed.emit()

    def _submit(
        self, job: Job, on_event: Callable[[JobEvent], None], *, must_finish: bool = False
    ) -> None:
        self._lanes.submit(CLOUD_LANE, job, on_event, must_finish=must_finish)


def later_words(batch: "Batch", problem: str) -> tuple[str, str]:
    """What is said of a batch, and its level: ``good``, ``warn``, ``stop`` or empty."""
    count = batch.total or batch.request.count
    pictures = tr("1 picture") if count == 1 else tr("{count} pictures", count=count)
    if batch.state in OPEN_STATES and problem:
        return tr("Could not be asked for: {why}", why=problem), "warn"
    if batch.state == "running" and batch.done:
        return tr("Being drawn, {done} of {count}", done=batch.done, count=count), ""
    plain = {
        "sending": tr("Being handed over"),
        "waiting": tr("Waits at the service · {pictures}", pictures=pictures),
        "running": tr("Being drawn · {pictures}", pictures=pictures),
        "finished": tr("Drawn; the pictures are being fetched"),
    }
    if batch.state in plain:
        return plain[batch.state], ""
    if batch.state == "collected":
        return _collected(batch)
    if batch.lost:
        return tr(
            "No answer came when it was handed over. It is looked for at the service."
        ), "warn"
    if batch.state == "unknown":
        unknown = tr(
            "No answer came when it was handed over. Look into the account at the service whether"
            " it is there."
        )
        return unknown, "warn"
    ended = {
        "failed": tr("The service could not draw it."),
        "cancelled": tr("Cancelled."),
        "expired": tr("The service did not draw it in time."),
    }
    words = ended.get(batch.state, batch.state)
    level = "" if batch.state == "cancelled" else "stop"
    return f"{words} {batch.reason}".strip(), level


def _collected(batch: "Batch") -> tuple[str, str]:
    one = tr("One picture is in the strip below.")
    several = tr("{count} pictures are in the strip below.", count=batch.collected)
    words = one if batch.collected == 1 else several
    return f"{words} {batch.reason}".strip(), "warn" if batch.reason else "good"

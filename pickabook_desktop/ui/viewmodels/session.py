"""The work in hand: photos looked at, previews, and the queue of pages to be drawn."""

import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from pickabook_desktop.domain.events import (
    Cancelled,
    Done,
    Failed,
    JobEvent,
    Preview,
    Progress,
    Succeeded,
)
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture, GenerationResult
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import JobHandle, Lanes
from pickabook_desktop.ui.viewmodels.remedies import remedies_for

DRAW_LANE, CLOUD_LANE = "draw", "cloud"
TICK_MS = 1000
# For so many seconds after it was heard of, a picture counts as being drawn.
FRESH = 2.0


class DrawJob(msgspec.Struct, frozen=True):
    """A page that is being drawn or waits its turn.

    ``lane`` is the one it runs on, ``started`` whether it has been heard of. ``attempt`` counts the
    tries at its present picture; ``resumes_at``, on the clock of :func:`time.monotonic`, is when
    the engine goes on that now waits because a service has asked for it.
    """

    id: int
    title: str
    request: GenerationRequest
    lane: str = DRAW_LANE
    started: bool = False
    fraction: float = 0.0
    stage: str = ""
    seconds_left: float | None = None
    attempt: int = 1
    resumes_at: float | None = None

    @property
    def pause(self) -> float | None:
        """For how many seconds the engine still waits; None where it does not."""
        return None if self.resumes_at is None else max(0.0, self.resumes_at - time.monotonic())


class SessionModel(QObject):
    """Hands work to the lanes and tells what became of it. Knows no widget.

    Pages for services are drawn beside those that are drawn here. A cancelled job leaves ``jobs``
    at once, whatever its thread still has to finish; what it had kept by then is told by
    ``pictures_kept``.
    """

    photo_inspected = Signal(Path, object)
    """The path and its :class:`InspectedPhoto`."""
    photo_failed = Signal(Path, object)
    """The path and the PickaBookError."""
    further_inspected = Signal(Path, object)
    """As ``photo_inspected``, of a further photo of the same child."""
    further_failed = Signal(Path, object)
    preview_drawn = Signal(object, object)
    """The request and its :class:`DrawnPicture`."""
    preview_failed = Signal(object, object)
    """The request and the PickaBookError."""
    jobs_changed = Signal()
    work_previewed = Signal(object)
    """Encoded bytes of a picture that is still being drawn."""
    finished = Signal(object)
    """The :class:`GenerationResult` of a job that was not cancelled."""
    failed = Signal(object, object)
    """The request and the PickaBookError."""
    unkept = Signal(object, object)
    """Before ``failed``: the request and the pictures, a tuple of :class:`DrawnPicture`, that were
    drawn and could not be kept.
    """
    cancelled = Signal(object)
    """A :class:`DrawJob` that was stopped, as it was."""
    pictures_kept = Signal(object)
    """A :class:`GenerationResult`: pictures that are new in the library."""

    def __init__(self, studio: Studio, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._lanes = lanes
        self._jobs: dict[int, DrawJob] = {}
        self._handles: dict[int, JobHandle] = {}
        self._drawn_at: dict[tuple[int, int], float] = {}
        self._next_id = 1
        self._inspection: JobHandle | None = None
        self._preview: JobHandle | None = None
        self._wanted_preview: GenerationRequest | None = None
        self._closed = False
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(self._on_tick)

    @property
    def jobs(self) -> tuple[DrawJob, ...]:
        """What is drawn and what waits, in the order in which it was asked for."""
        return tuple(self._jobs.values())

    @property
    def current(self) -> DrawJob | None:
        """The job being drawn; of several the one that was asked for first."""
        started = (job for job in self._jobs.values() if job.started)
        return next(started, None) or next(iter(self._jobs.values()), None)

    def waits(self, job: DrawJob) -> bool:
        """Whether ``job`` has to wait for another one."""
        if job.started or job.lane != DRAW_LANE:
            return False
        return any(other.id < job.id for other in self._jobs.values() if other.lane == job.lane)

    @property
    def busy(self) -> bool:
        return bool(self._jobs)

    def inspect(self, path: Path) -> None:
        """Look at a photo; an earlier look that has not ended is dropped."""
        if self._inspection is not None:
            self._inspection.cancel()

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                self.photo_inspected.emit(path, event.value)
            elif isinstance(event, Failed):
                self.photo_failed.emit(path, event.error)

        self._inspection = self._lanes.submit("photo", self._studio.inspect_job(path), on_event)

    def inspect_further(self, path: Path) -> None:
        """Look at a further photo, after what is looked at already."""

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                self.further_inspected.emit(path, event.value)
            elif isinstance(event, Failed):
                self.further_failed.emit(path, event.error)

        self._lanes.submit("photo", self._studio.inspect_job(path), on_event)

    def preview(self, request: GenerationRequest) -> None:
        """Draw ``request`` small. Of several in one turn of the event loop only the last is drawn,
        and a newer one takes the place of one that is still being drawn.
        """
        scheduled = self._wanted_preview is not None
        self._wanted_preview = request
        if not scheduled:
            QTimer.singleShot(0, self, self._start_preview)

    def drop_preview(self) -> None:
        """Draw no preview after all."""
        self._wanted_preview = None
        if self._preview is not None:
            self._preview.cancel()
            self._preview = None

    def draw(self, request: GenerationRequest, title: str, *, networked: bool = False) -> int:
        """Queue a page; returns the id of its job. ``networked`` ones go to a service, and are
        drawn beside all others.
        """
        lane = CLOUD_LANE if networked else DRAW_LANE
        job = DrawJob(id=self._next_id, title=title, request=request, lane=lane)
        self._next_id += 1
        self._jobs[job.id] = job
        handle = self._lanes.submit(
            lane, self._studio.easel.generate_job(request), self._listener(job.id, request)
        )
        if job.id in self._jobs:
            self._handles[job.id] = handle
        self.jobs_changed.emit()
        return job.id

    def cancel(self, job_id: int) -> None:
        """Stop one job. It is gone from ``jobs`` when this returns."""
        handle = self._handles.pop(job_id, None)
        job = self._jobs.pop(job_id, None)
        if job is None:
            return
        if handle is not None:
            handle.cancel()
        self.jobs_changed.emit()
        self.cancelled.emit(job)

    def cancel_current(self) -> None:
        """Stop the job being drawn; what waits comes next."""
        if self.current is not None:
            self.cancel(self.current.id)

    def close(self) -> bool:
        """Stop everything and join the threads; nothing is told afterwards.

        Returns false where a thread did not end in time.
        """
        self._closed = True
        self._clock.stop()
        for handle in self._handles.values():
            handle.cancel()
        self._jobs.clear()
        self._handles.clear()
        self.drop_preview()
        return self._lanes.shutdown()

    def _start_preview(self) -> None:
        request, self._wanted_preview = self._wanted_preview, None
        if request is None or self._closed:
            return

        def on_event(event: JobEvent) -> None:
            if handle is not self._preview or self._closed:
                return
            if isinstance(event, Done) and isinstance(event.value, DrawnPicture):
                self.preview_drawn.emit(request, event.value)
            elif isinstance(event, Failed):
                self.preview_failed.emit(request, event.error)

        job = self._studio.easel.preview_job(request)
        handle = self._preview = self._lanes.submit("preview", job, on_event, replace=True)

    def _listener(self, job_id: int, request: GenerationRequest) -> Callable[[JobEvent], None]:
        def on_event(event: JobEvent) -> None:
            if self._closed:
                return
            if isinstance(event, Progress):
                self._on_progress(job_id, event)
            elif isinstance(event, Preview):
                if job_id in self._jobs:
                    self.work_previewed.emit(event.data)
            else:
                self._on_end(job_id, request, event)

        return on_event

    def _on_progress(self, job_id: int, event: Progress) -> None:
        job = self._jobs.get(job_id)
        if job is None:
            return
        now = time.monotonic()
        resumes_at = None if event.waiting is None else now + event.waiting
        if resumes_at is None:
            self._drawn_at[job_id, event.index] = now
        elif self._others_drawn(job_id, event.index, now):
            # One picture waits and others are drawn: there is no need to count down.
            return
        self._jobs[job_id] = msgspec.structs.replace(
            job,
            started=True,
            fraction=event.fraction,
            stage=event.stage,
            seconds_left=event.seconds_left,
            attempt=event.attempt,
            resumes_at=resumes_at,
        )
        if resumes_at is not None and not self._clock.isActive():
            self._clock.start()
        self.jobs_changed.emit()

    def _others_drawn(self, job_id: int, index: int, now: float) -> bool:
        return any(
            of_job == job_id and other != index and now - heard < FRESH
            for (of_job, other), heard in self._drawn_at.items()
        )

    def _on_tick(self) -> None:
        """Count down for whoever shows how long an engine waits."""
        if all(job.resumes_at is None for job in self._jobs.values()):
            self._clock.stop()
        self.jobs_changed.emit()

    def _on_end(self, job_id: int, request: GenerationRequest, event: JobEvent) -> None:
        asked_for = self._jobs.pop(job_id, None) is not None
        for place in [place for place in self._drawn_at if place[0] == job_id]:
            del self._drawn_at[place]
        self._handles.pop(job_id, None)
        kept = _kept(event)
        if kept is not None and kept.pictures:
            self.pictures_kept.emit(kept)
        if not asked_for:
            return
        if isinstance(event, Succeeded):
            self.finished.emit(event.result)
        elif isinstance(event, Failed):
            if event.unkept:
                event.error.remedies = ("save_copy", *remedies_for(event.error))
                self.unkept.emit(request, event.unkept)
            self.failed.emit(request, event.error)
        self.jobs_changed.emit()


def _kept(event: JobEvent) -> GenerationResult | None:
    if isinstance(event, Succeeded):
        return event.result
    return event.kept if isinstance(event, Failed | Cancelled) else None

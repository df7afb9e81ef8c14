"""What takes its time, one thing after another, while one goes on working."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.events import Cancelled, Done, Failed, JobEvent, Progress
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.threads import JobHandle, Lanes
from pickabook_desktop.ui.gallery.under_way import UnderWay
from pickabook_desktop.ui.toast import Toast

LANE = "hand_over"


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """``title`` says what is done, ``unfinished`` asks whether to stop it, both as sentences.

    ``on_done`` gets what the job ends with. ``on_stopped`` and ``on_failed`` get what was done by
    then, as the job reports it, None where there is nothing to report; the second gets what
    happened before that, and without it that is only said. ``count`` is how many pictures it is
    about, 0 where nobody knows yet.
    """

    title: str
    unfinished: str
    job: Job
    on_done: Callable[[object], None]
    on_stopped: Callable[[object], None] | None = None
    on_failed: Callable[[PickaBookError, object], None] | None = None
    count: int = 0

    def progress(self, event: Progress) -> str:
        """How far it has come, in words."""
        if not self.count:
            return event.stage
        done = min(self.count, round(event.fraction * self.count) + 1)
        return tr("{done} of {count}", done=f"{done:,}", count=f"{self.count:,}")


class LongWork(QObject):
    """Runs errands one after another and shows how far the first has come."""

    changed = Signal()
    """Something was begun or has ended."""

    def __init__(self, lanes: Lanes, toast: Toast, host: QWidget) -> None:
        super().__init__(host)
        self._lanes = lanes
        self._toast = toast
        self.card = UnderWay(host)
        self.card.stop_wanted.connect(self._stop_first)
        self.card.height_changed.connect(toast.set_foot)
        self._errands: dict[JobHandle, Errand] = {}

    @property
    def busy(self) -> bool:
        """Whether anything is under way or waits."""
        return bool(self._errands)

    @property
    def question(self) -> str:
        """Asks whether to stop what is under way; empty where nothing is."""
        return next(iter(self._errands.values())).unfinished if self._errands else ""

    def begin(self, errand: Errand) -> None:
        """Do ``errand`` as soon as those before it are done."""

        def on_event(event: JobEvent) -> None:
            self._on_event(handle, event)

        # It may have ended by now; what it says of that comes with the next events all the same.
        handle = self._lanes.submit(LANE, errand.job, on_event)
        self._errands[handle] = errand
        self._show_first("", 0.0)
        self.changed.emit()

    def _on_event(self, handle: JobHandle, event: JobEvent) -> None:
        if isinstance(event, Progress):
            errand = self._errands.get(handle)
            if errand is not None and not handle.token.cancelled:
                self._show_first(errand.progress(event), event.fraction)
        elif isinstance(event, Done | Failed | Cancelled):
            errand = self._errands.pop(handle, None)
            # Before it is said what came of it, for that takes the place of the card.
            self._show_first("", 0.0)
            if errand is not None:
                self._end(errand, event)
            self.changed.emit()

    def _end(self, errand: Errand, event: Done | Failed | Cancelled) -> None:
        if isinstance(event, Done):
            errand.on_done(event.value)
        elif isinstance(event, Failed):
            (errand.on_failed or self._explain)(event.error, event.report)
        elif errand.on_stopped is not None:
            errand.on_stopped(event.report)

    def _explain(self, error: PickaBookError, _report: object) -> None:
        self._toast.show_message(str(error))

    def _stop_first(self) -> None:
        first = next(iter(self._errands), None)
        if first is not None:
            errand = self._errands[first]
            self.card.show_work(errand.title, tr("Stopping…"), 0.0)
            first.cancel()

    def _show_first(self, stage: str, fraction: float) -> None:
        first = next(iter(self._errands.values()), None)
        if first is None:
            self.card.end()
        else:
            self.card.show_work(first.title, stage, fraction, len(self._errands) - 1)

"""One thing asked of a lane, and what became of it: for buttons that find something out."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.events import Cancelled, Done, Failed, JobEvent, Progress
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.threads import JobHandle, Lanes

State = Literal["idle", "asking", "done", "failed"]


class Inquiry(QObject):
    """Asks one thing at a time; of several, the last one counts. Knows no widget.

    ``words`` is what the answer says where it is text, ``stage`` and ``fraction`` how far the work
    has come, ``error`` why there is no answer.
    """

    changed = Signal()

    def __init__(self, lanes: Lanes, lane: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._lane = lane
        self._handle: JobHandle | None = None
        self.state: State = "idle"
        self.words = ""
        self.stage = ""
        self.fraction = 0.0
        self.error: PickaBookError | None = None

    @property
    def asking(self) -> bool:
        return self.state == "asking"

    def ask(
        self,
        job: Job,
        on_done: Callable[[object], None] | None = None,
        *,
        must_finish: bool = False,
    ) -> None:
        """Run ``job``; ``on_done`` gets the value it ends with, before ``changed`` is told."""
        if self._handle is not None:
            self._handle.cancel()
        self._set("asking")

        def on_event(event: JobEvent) -> None:
            if handle is self._handle:
                self._on_event(event, on_done)

        handle = self._handle = self._lanes.submit(
            self._lane, job, on_event, must_finish=must_finish
        )

    def cancel(self) -> None:
        """Stop asking."""
        if self._handle is not None:
            self._handle.cancel()

    def clear(self) -> None:
        """Forget the last answer; nothing while one is awaited."""
        if not self.asking:
            self._set("idle")

    def fail(self, error: PickaBookError) -> None:
        """Show ``error`` as the answer: for what is refused before anything is asked."""
        self._set("failed", error=error)

    def _on_event(self, event: JobEvent, on_done: Callable[[object], None] | None) -> None:
        if isinstance(event, Progress):
            self.stage, self.fraction = event.stage, event.fraction
            self.changed.emit()
            return
        if isinstance(event, Done):
            self._handle = None
            if on_done is not None:
                on_done(event.value)
            self._set("done", words=event.value if isinstance(event.value, str) else "")
        elif isinstance(event, Failed):
            self._handle = None
            self._set("failed", error=event.error)
        elif isinstance(event, Cancelled):
            self._handle = None
            self._set("idle")

    def _set(self, state: State, *, words: str = "", error: PickaBookError | None = None) -> None:
        self.state, self.words, self.error = state, words, error
        self.stage, self.fraction = "", 0.0
        self.changed.emit()

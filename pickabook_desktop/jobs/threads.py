"""The threads that run the lanes, and the way back of their events to the main thread."""

import contextlib
import logging
import os
import sys
import threading
import time
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QThread, Signal

from pickabook_desktop.domain.events import JobEvent
from pickabook_desktop.jobs.lanes import Job, JobHandle, Lane, OnEvent

__all__ = ["LANES", "JobHandle", "Lanes"]

# What a person waits for should still come before other programs' work in the background.
NICENESS = 4
# How many jobs of each lane run at a time. Those that wait for a service need no processor.
LANES = {
    "draw": 1,
    "preview": 1,
    "photo": 1,
    "look": 1,
    "library": 1,
    "thumbnails": 2,
    "review": 1,
    "cloud": 4,
    "upload": 1,
    "hand_over": 1,
    "keys": 1,
}

_log = logging.getLogger(__name__)


class _Worker(QThread):
    def __init__(self, lane: Lane) -> None:
        super().__init__()
        self.setObjectName(lane.name)
        self._lane = lane

    def run(self) -> None:
        _step_back()
        self._lane.run()


def _step_back() -> None:
    """Let the main thread go first, and with it whatever the person does.

    On Linux niceness belongs to each thread, and the threads that libraries start inherit it
    (setpriority(2)); elsewhere the system favours the foreground by itself.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


class Lanes(QObject):
    """The threads of each lane in ``LANES``, each started when there is a job for it.

    Make it on the main thread; call its methods there. ``on_event`` is called there too, in the
    order of the events, with exactly one terminal event for each job.
    """

    _arrived = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = {name: Lane(name, self._post) for name in LANES}
        self._workers: dict[str, list[_Worker]] = {name: [] for name in LANES}
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def submit(
        self,
        lane: str,
        job: Job,
        on_event: OnEvent,
        *,
        replace: bool = False,
        must_finish: bool = False,
    ) -> JobHandle:
        """Queue ``job`` on ``lane``; with ``replace``, cancel what waits or runs there first.

        A replaced job still gets its own terminal event, usually :class:`Cancelled`. One that
        ``must_finish`` is neither replaced nor cut off by :meth:`shutdown`, which waits for it.
        """
        handle = self._lanes[lane].submit(job, on_event, replace=replace, must_finish=must_finish)
        workers = self._workers[lane]
        if not handle.ended and len(workers) < min(LANES[lane], self._lanes[lane].jobs):
            workers.append(_Worker(self._lanes[lane]))
            workers[-1].start()
        return handle

    def busy(self, lane: str) -> bool:
        """Whether a job waits or runs on ``lane``."""
        return self._lanes[lane].busy

    def waiting(self, lane: str) -> int:
        """How many jobs wait on ``lane`` behind those that run."""
        return self._lanes[lane].waiting

    def shutdown(self, seconds: float = 5.0) -> bool:
        """Cancel all that need not be finished, wait for the threads, and deliver what they have
        said last.

        Returns false if a thread still runs after ``seconds``: leave the process with
        ``os._exit`` then, as Qt aborts when a running thread is taken down.
        """
        for lane in self._lanes.values():
            lane.close()
        deadline = time.monotonic() + seconds
        joined = True
        workers = [(name, worker) for name, many in self._workers.items() for worker in many]
        for name, worker in workers:
            left = max(0, int(1000 * (deadline - time.monotonic())))
            if not worker.wait(left):
                _log.error("The lane %s did not stop within %s seconds", name, seconds)
                joined = False
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)
        return joined

    def _post(self, handle: JobHandle, event: JobEvent) -> None:
        self._arrived.emit(handle, event)

    def _on_arrived(self, handle: Any, event: Any) -> None:
        handle.on_event(event)

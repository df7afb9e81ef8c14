"""How far the pictures of one request are."""

import math
from collections.abc import Callable

from pickabook_desktop.domain.events import EngineEvent, Progress
from pickabook_desktop.domain.i18n import tr

# What a picture that is being drawn may at most seem to be done.
ALMOST = 0.95


class Account:
    """Adds up ``count`` pictures that are drawn side by side; never goes back."""

    def __init__(self, count: int, seconds: float, emit: Callable[[EngineEvent], None]) -> None:
        """``seconds`` is how long one picture usually takes."""
        self._parts = [0.0] * count
        self._seconds = seconds
        self._told = 0.0
        self._emit = emit

    def drawing(self, index: int, passed: float, attempt: int) -> None:
        """The service has been at picture ``index`` for ``passed`` seconds."""
        # Approaches its end without ever reaching it, as nobody knows when that will be.
        self._raise(index, ALMOST * (1 - math.exp(-1.5 * passed / self._seconds)))
        left = max(1.0, self._seconds - passed)
        stage = tr("Gemini draws the picture") if attempt == 1 else tr("Gemini draws it once more")
        self._tell(index, stage, attempt, seconds_left=left)

    def waiting(self, index: int, seconds: float, attempt: int, stage: str) -> None:
        """Nothing happens for so long; ``stage`` says why."""
        self._tell(index, stage, attempt, waiting=seconds)

    def done(self, index: int) -> None:
        """Picture ``index`` is there, or has failed for good."""
        self._raise(index, 1.0)

    def _raise(self, index: int, part: float) -> None:
        self._parts[index] = max(self._parts[index], part)

    def _tell(
        self,
        index: int,
        stage: str,
        attempt: int,
        *,
        seconds_left: float | None = None,
        waiting: float | None = None,
    ) -> None:
        self._told = max(self._told, sum(self._parts) / len(self._parts))
        self._emit(
            Progress(
                fraction=min(1.0, self._told),
                stage=stage,
                index=index,
                attempt=attempt,
                seconds_left=seconds_left,
                waiting=waiting,
            )
        )

"""How far a page is, in words."""

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.viewmodels.session import DrawJob


def duration(seconds: float) -> str:
    """A time in whole seconds or minutes, as a person would say it."""
    if seconds < 90:
        return tr("{count} s", count=max(1, round(seconds)))
    return tr("{count} min", count=round(seconds / 60))


def stage_words(job: DrawJob) -> str:
    """What is being done now, and at which try."""
    return " · ".join(part for part in (job.stage or tr("Starting"), _attempt(job.attempt)) if part)


def time_words(job: DrawJob) -> str:
    """How long it still takes, or for how long the engine waits; empty where nobody knows."""
    if job.pause is not None:
        return duration(job.pause)
    return "" if job.seconds_left is None else tr("{time} left", time=duration(job.seconds_left))


def _attempt(attempt: int) -> str:
    words = {1: "", 2: tr("second try"), 3: tr("third try")}
    return words.get(attempt, tr("try {count}", count=attempt))

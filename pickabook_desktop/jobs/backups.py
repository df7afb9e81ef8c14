"""Copies of the library's list, where they are wished for: each day, and of what has changed."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from pickabook_desktop.domain.errors import CancelledError, StorageError
from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.backups import OFTEN_ENOUGH, Backup
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.settings import Settings

WISHED = "library.backups"
# What is lost with a list is at most what was decided in this time, or so many changes.
OFTEN = timedelta(minutes=10)
MANY = 20

_log = logging.getLogger(__name__)


def backup_job(library: Library, settings: Settings) -> Job:
    """As :func:`back_up`; ends with ``Done`` and what that gives."""

    def job(token: CancelToken) -> Iterator[JobEvent]:
        yield Done(value=back_up(library, settings, token))

    return job


def back_up(
    library: Library, settings: Settings, token: CancelToken | None = None
) -> Backup | None:
    """Copy the list if the last copy is a day old, or if something was kept or decided here since
    and that copy is a while old or much was. None where there was nothing to do or it failed, which
    costs nobody anything today. Raises nothing.
    """
    changes = library.changes
    with suppress(CancelledError):
        try:
            if settings.switched_on(WISHED, default=True) and _due(library, changes):
                backup = library.backups.make(token)
                library.backups.covered = changes
                return backup
        except StorageError as error:
            _log.warning("The library's list was not copied: %s", error)
    return None


def _due(library: Library, changes: int) -> bool:
    since = changes - library.backups.covered
    return since >= MANY or library.backups.due(after=OFTEN if since else OFTEN_ENOUGH)

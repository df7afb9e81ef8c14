"""A copy of the library's list each day, where that is wished for."""

import logging
from collections.abc import Iterator
from contextlib import suppress

from pickabook_desktop.domain.errors import CancelledError, StorageError
from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.backups import Backup
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.settings import Settings

WISHED = "library.backups"

_log = logging.getLogger(__name__)


def backup_job(library: Library, settings: Settings) -> Job:
    """Copy the list if the last copy is a day old; ends with ``Done`` and the :class:`Backup`, or
    None where there was nothing to do or it failed, which costs nobody anything today.
    """

    def job(token: CancelToken) -> Iterator[JobEvent]:
        yield Done(value=back_up_daily(library, settings, token))

    return job


def back_up_daily(
    library: Library, settings: Settings, token: CancelToken | None = None
) -> Backup | None:
    """As :func:`backup_job`, at once. Raises nothing."""
    with suppress(CancelledError):
        try:
            if settings.switched_on(WISHED, default=True) and library.backups.due():
                return library.backups.make(token)
        except StorageError as error:
            _log.warning("The library's list was not copied today: %s", error)
    return None

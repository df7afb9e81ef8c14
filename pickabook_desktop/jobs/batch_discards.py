"""Have services delete what they still have of batches that are over."""

import logging
import time
from collections.abc import Callable

from pickabook_desktop.domain.calls import Meter
from pickabook_desktop.domain.errors import CancelledError, PickaBookError, UnreachableError
from pickabook_desktop.domain.ports import BatchEngine, Engine
from pickabook_desktop.jobs.upload import wait_after
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.batches import Batches, Discard

# Seconds before the second try, and at most.
FIRST_WAIT, LONGEST_WAIT = 60.0, 6 * 3600.0
# What was sent without an answer may still be on its way into the list in which it is looked for.
SETTLED_SECONDS = 600.0

_log = logging.getLogger(__name__)


def discard_all(
    get_engine: Callable[[str], Engine],
    batches: Batches,
    token: CancelToken,
    meter: Meter,
    *,
    only: str | None = None,
) -> None:
    """Delete at their services what is due, or what is left of the batch ``only``. Whatever could
    not be done is due again later, in another run too. Of one that was dropped unfinished, as with
    a child that is forgotten, the line in the ledger is closed. Raises CancelledError and
    StorageError.
    """
    away: set[str] = set()
    for discard in batches.discards(time.time()):
        if only not in (None, discard.id) or discard.engine_id in away:
            continue
        try:
            engine = get_engine(discard.engine_id)
            if isinstance(engine, BatchEngine):
                engine.discard(discard.ticket, token)
        except CancelledError:
            raise
        except PickaBookError as error:
            _log.info("Batch %s stays at its service: %s", discard.id, type(error).__name__)
            if isinstance(error, UnreachableError):
                away.add(discard.engine_id)
            wait = wait_after(discard.tries + 1, FIRST_WAIT, LONGEST_WAIT)
            batches.discard_later(discard.id, time.time() + wait)
        else:
            _done(discard, batches, meter)


def _done(discard: Discard, batches: Batches, meter: Meter) -> None:
    if discard.ticket.name or discard.tries:
        if discard.ticket.call_id:
            # Where the engine knew no better, what it was to cost stands.
            meter.end(discard.ticket.call_id, "cancelled", reason="batch cancelled")
        batches.discarded(discard.id)
    else:
        batches.discard_later(discard.id, time.time() + SETTLED_SECONDS)

"""What is said of batches: plain data for ``--json``, lines for people."""

from typing import Any

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.batches import BatchNews
from pickabook_desktop.jobs.reports import error_data, picture_data
from pickabook_desktop.storage.batches import Batch, State


def state_title(state: State) -> str:
    """How far a batch is, in a word or two."""
    titles: dict[State, str] = {
        "sending": tr("being handed over"),
        "unknown": tr("unknown: look at your account"),
        "waiting": tr("waiting"),
        "running": tr("being drawn"),
        "finished": tr("drawn, not fetched yet"),
        "collected": tr("fetched"),
        "failed": tr("failed"),
        "cancelled": tr("cancelled"),
        "expired": tr("expired"),
    }
    return titles[state]


def batch_data(batch: Batch) -> dict[str, Any]:
    """A batch as data; ``name`` is what the service calls it."""
    return {
        "id": batch.id,
        "engine": batch.engine_id,
        "name": batch.ticket.name,
        "state": batch.state,
        "submitted": batch.submitted,
        "polled": batch.polled,
        "total": batch.total,
        "done": batch.done,
        "kept": batch.collected,
        "template": batch.request.template_id,
        "reason": batch.reason,
    }


def batch_line(batch: Batch) -> str:
    """One line on a batch."""
    when = batch.submitted[:16].replace("T", " ")
    # A service counts what it did not draw as done as well, once it is over.
    over = batch.state in ("collected", "failed", "cancelled", "expired")
    counted = batch.collected if over else batch.done
    shows = " · ".join(part for part in (batch.engine_id, batch.request.template_id) if part)
    state = tr("looked for at the service") if batch.lost else state_title(batch.state)
    line = f"{batch.id}  {when}  {counted}/{batch.total}  {state}  {shows}"
    return f"{line}  {batch.reason}" if batch.reason else line


def news_data(news: BatchNews) -> dict[str, Any]:
    """What asking has brought, as data."""
    return {
        "batches": [batch_data(batch) for batch in news.batches],
        "pictures": [picture_data(picture) for picture in news.pictures],
        "problems": [
            {"batch": problem.batch_id, **error_data(problem.error)} for problem in news.problems
        ],
    }


def news_lines(news: BatchNews) -> list[str]:
    """What asking has brought: the files of pictures, and how far each batch is."""
    return [*(picture.path for picture in news.pictures), *map(batch_line, news.batches)]

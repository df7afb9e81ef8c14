"""``pickabook outbox``: what is to be uploaded or taken away, and what became of it."""

import argparse

from pickabook_desktop.cli.commands import Context
from pickabook_desktop.domain.errors import CancelledError
from pickabook_desktop.domain.events import Done, Failed
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs import upload_reports
from pickabook_desktop.jobs.upload import Delivered
from pickabook_desktop.storage.library import Library

ALL = "all"


def outbox_list(arguments: argparse.Namespace, context: Context) -> int:
    """Tell what there is to do, and which copies have no page here any more."""
    outbox = context.studio(arguments.library).library.outbox
    entries, left = outbox.entries(), outbox.left_behind()
    lines = [*map(upload_reports.entry_line, entries), *map(upload_reports.left_behind_line, left)]
    data = {
        "outbox": [upload_reports.entry_data(entry) for entry in entries],
        "left_behind": [upload_reports.copy_data(copy) for copy in left],
    }
    context.output.give(data, lines or [tr("The outbox is empty.")])
    return 0


def outbox_send(arguments: argparse.Namespace, context: Context) -> int:
    """Send everything now that no service has put off itself."""
    studio = context.studio(arguments.library, arguments.set)
    ending = context.finish(studio.deliver_job(wake=True))
    if isinstance(ending, Failed):
        return context.output.fail(ending.error)
    if not isinstance(ending, Done) or not isinstance(ending.value, Delivered):
        return context.output.fail(CancelledError(tr("Stopped.")))
    delivered = ending.value
    undone = (*delivered.left, *delivered.failed)
    data = {
        "sent": [upload_reports.copy_data(copy) for copy in delivered.sent],
        "removed": delivered.removed,
        "outbox": [upload_reports.entry_data(entry) for entry in undone],
    }
    lines = [copy.stored.url for copy in delivered.sent]
    problems = [entry.problem for entry in (*delivered.failed, *delivered.left) if entry.problem]
    if problems:
        lines += map(upload_reports.entry_line, undone)
        return context.output.fail(problems[0].error(), data, lines)
    context.output.give(data, lines or [tr("Nothing had to be uploaded.")])
    return 0


def outbox_cancel(arguments: argparse.Namespace, context: Context) -> int:
    """Take an entry out, or all."""
    library = context.studio(arguments.library).library
    ids = _chosen(arguments.id, library)
    for entry_id in ids:
        library.outbox.cancel(entry_id)
    left = [entry for entry in library.outbox.entries() if entry.id in ids]
    lines = [tr("Taken out: {count}", count=len(ids) - len(left))]
    if left:
        lines.append(
            tr("May have arrived already, and is taken away again: {count}", count=len(left))
        )
    data = {"cancelled": ids, "outbox": [upload_reports.entry_data(entry) for entry in left]}
    context.output.give(data, lines)
    return 0


def outbox_retry(arguments: argparse.Namespace, context: Context) -> int:
    """Have an entry tried again, or all, with the next sending."""
    library = context.studio(arguments.library).library
    ids = _chosen(arguments.id, library)
    for entry_id in ids:
        library.outbox.retry(entry_id)
    said = tr("Ready to be sent: {count}. “pickabook outbox send” sends.", count=len(ids))
    context.output.give({"retried": ids}, [said])
    return 0


def _chosen(wish: str, library: Library) -> list[str]:
    return [entry.id for entry in library.outbox.entries()] if wish == ALL else [wish]

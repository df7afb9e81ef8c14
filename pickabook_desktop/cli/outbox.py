"""``pickabook outbox``: what is to be uploaded or taken away, and what became of it."""

import argparse

from pickabook_desktop.cli.commands import Context
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.stored import LinkWish, StoredPicture
from pickabook_desktop.jobs import upload_reports
from pickabook_desktop.jobs.upload import Delivered
from pickabook_desktop.storage.entries import UNREACHABLE
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.outbox import Outbox

ALL = "all"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


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
    """Send everything now that no service has put off itself. What waits for a store that cannot be
    reached is told and is no failure.
    """
    studio = context.studio_for(arguments)
    delivered = context.answer(studio.deliver_job(wake=True), Delivered)
    undone = (*delivered.left, *delivered.failed)
    data = {
        "sent": [upload_reports.copy_data(copy) for copy in delivered.sent],
        "removed": delivered.removed,
        "outbox": [upload_reports.entry_data(entry) for entry in undone],
    }
    lines = [copy.stored.url for copy in delivered.sent]
    if delivered.removed:
        lines.append(tr("Copies taken away: {count}", count=delivered.removed))
    lines += (upload_reports.entry_line(entry) for entry in undone if entry.problem)
    problems = [entry.problem for entry in (*delivered.failed, *delivered.left) if entry.problem]
    refusals = [problem for problem in problems if problem.kind != UNREACHABLE]
    if refusals:
        return context.output.fail(refusals[0].error(), data, lines)
    context.output.give(data, lines or [tr("There was nothing to do.")])
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
    library = context.studio_for(arguments).library
    ids = _chosen(arguments.id, library)
    for entry_id in ids:
        library.outbox.retry(entry_id)
    said = tr("Ready to be sent: {count}. “pickabook outbox send” sends.", count=len(ids))
    context.output.give({"retried": ids}, [said])
    return 0


def outbox_add(arguments: argparse.Namespace, context: Context) -> int:
    """Put pages down to be uploaded."""
    studio = context.studio_for(arguments)
    store_id = studio.stores.get(arguments.store).info.id
    ids = studio.library.outbox.add_all(arguments.ids, store_id)
    said = tr("Ready to be sent: {count}. “pickabook outbox send” sends.", count=len(ids))
    context.output.give({"queued": list(ids)}, [said])
    return 0


def outbox_remove(arguments: argparse.Namespace, context: Context) -> int:
    """Put down that the copies of a page are to be taken away, also of one deleted here."""
    outbox = context.studio_for(arguments).library.outbox
    ids = [
        outbox.add_deletion(copy.store_id, copy.remote_id)
        for copy in copies_of(arguments.id, arguments.store, outbox)
    ]
    said = tr("Copies to be taken away: {count}. “pickabook outbox send” does it.", count=len(ids))
    context.output.give({"queued": ids}, [said])
    return 0


def library_link(arguments: argparse.Namespace, context: Context) -> int:
    """Tell an address at which a page's copy opens, the latest one's where there are several."""
    studio = context.studio_for(arguments)
    stored = copies_of(arguments.id, arguments.store, studio.library.outbox)[-1]
    wish = LinkWish(
        expires_in=_seconds(arguments.expires),
        width=arguments.width,
        height=arguments.height,
        quality=arguments.quality,
        format=arguments.format,
    )
    url = studio.stores.get(stored.store_id).link(stored, wish)
    context.output.give({"url": url, "store": stored.store_id}, [url])
    return 0


def copies_of(picture_id: str, store_id: str, outbox: Outbox) -> tuple[StoredPicture, ...]:
    """The copies of a page, in one store or in all; raises InputError for none."""
    listed = outbox.stored((picture_id,)).get(picture_id, ())
    found = tuple(copy for copy in listed if store_id in ("", copy.store_id))
    if not found:
        raise InputError(
            tr("There is no copy of {id}.", id=picture_id),
            tr("“pickabook library show {id}” says where there are any.", id=picture_id),
        )
    return found


def _seconds(text: str) -> int:
    """A time such as ``90``, ``30m``, ``12h``, ``7d`` in seconds; 0 for none."""
    number, unit = (text[:-1], text[-1]) if text[-1:] in _UNITS else (text, "s")
    if not text:
        return 0
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise InputError(
            tr("“{text}” is not a time.", text=text),
            tr("Write 90 for seconds, 30m, 12h or 7d."),
        )
    return int(number) * _UNITS[unit]


def _chosen(wish: str, library: Library) -> list[str]:
    return [entry.id for entry in library.outbox.entries()] if wish == ALL else [wish]

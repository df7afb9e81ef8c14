"""``pickabook batches``: pages that may take a day and cost less."""

import argparse

from pickabook_desktop.cli.commands import Context
from pickabook_desktop.domain.errors import CancelledError
from pickabook_desktop.domain.events import Cancelled, Done, Failed, Succeeded
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs import batch_reports
from pickabook_desktop.jobs.batches import BatchNews
from pickabook_desktop.jobs.lanes import unexpected_error
from pickabook_desktop.jobs.ordering import Wishes, check_settings, order
from pickabook_desktop.storage.batches import Batch
from pickabook_desktop.storage.settings import parse_overrides


def batches_submit(arguments: argparse.Namespace, context: Context) -> int:
    """Hand pages over, with the words of ``pickabook generate``."""
    studio = context.studio(arguments.library, arguments.set)
    check_settings(parse_overrides(arguments.set), studio)
    wishes = Wishes(**{name: getattr(arguments, name) for name in Wishes.__struct_fields__})
    ending = context.finish(studio.submit_batch_job(order(wishes, studio)))
    if not isinstance(ending, Done) or not isinstance(ending.value, Batch):
        return _undone(ending, context)
    batch = ending.value
    said = tr("“pickabook batches poll” fetches the pages once they are drawn.")
    context.output.give(
        {"batch": batch_reports.batch_data(batch)}, [batch_reports.batch_line(batch), said]
    )
    return 0


def batches_list(arguments: argparse.Namespace, context: Context) -> int:
    """Tell of every batch, newest first; asks no service."""
    known = context.studio(arguments.library).library.batches.all()
    data = {"batches": [batch_reports.batch_data(batch) for batch in known]}
    lines = [batch_reports.batch_line(batch) for batch in known]
    context.output.give(data, lines or [tr("There are no batches.")])
    return 0


def batches_poll(arguments: argparse.Namespace, context: Context) -> int:
    """Ask for all that is not finished, and keep what has come."""
    studio = context.studio(arguments.library, arguments.set)
    check_settings(parse_overrides(arguments.set), studio)
    ending = context.finish(studio.poll_batches_job())
    return _tell(ending, [tr("No batch is waiting.")], context)


def batches_cancel(arguments: argparse.Namespace, context: Context) -> int:
    """Stop a batch, or take one that has ended off the list."""
    studio = context.studio(arguments.library, arguments.set)
    check_settings(parse_overrides(arguments.set), studio)
    ending = context.finish(studio.cancel_batch_job(arguments.id))
    return _tell(ending, [tr("{id} is off the list.", id=arguments.id)], context)


def _tell(
    ending: Succeeded | Done | Failed | Cancelled, otherwise: list[str], context: Context
) -> int:
    """Say what came of asking; pages that were kept are told also where something went wrong."""
    if not isinstance(ending, Done) or not isinstance(ending.value, BatchNews):
        return _undone(ending, context)
    news = ending.value
    data, lines = batch_reports.news_data(news), batch_reports.news_lines(news)
    if news.problems:
        return context.output.fail(news.problems[0].error, data, lines)
    context.output.give(data, lines or otherwise)
    return 0


def _undone(ending: Succeeded | Done | Failed | Cancelled, context: Context) -> int:
    if isinstance(ending, Failed):
        return context.output.fail(ending.error)
    if isinstance(ending, Cancelled):
        return context.output.fail(CancelledError(tr("Stopped.")))
    return context.output.fail(unexpected_error())

"""``pickabook batches``: pages that may take a day and cost less."""

import argparse

from pickabook_desktop.cli.commands import Context, wishes_of
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs import batch_reports
from pickabook_desktop.jobs.batches import BatchNews
from pickabook_desktop.jobs.ordering import order
from pickabook_desktop.storage.batches import Batch


def batches_submit(arguments: argparse.Namespace, context: Context) -> int:
    """Hand pages over, with the words of ``pickabook generate``."""
    studio = context.studio_for(arguments)
    job = studio.easel.submit_batch_job(order(wishes_of(arguments), studio))
    batch = context.answer(job, Batch)
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
    studio = context.studio_for(arguments)
    news = context.answer(studio.easel.poll_batches_job(), BatchNews)
    return _tell(news, [tr("No batch is waiting.")], context)


def batches_cancel(arguments: argparse.Namespace, context: Context) -> int:
    """Stop a batch, or take one that has ended off the list."""
    studio = context.studio_for(arguments)
    news = context.answer(studio.easel.cancel_batch_job(arguments.id), BatchNews)
    return _tell(news, [tr("{id} is off the list.", id=arguments.id)], context)


def _tell(news: BatchNews, otherwise: list[str], context: Context) -> int:
    """Say what came of asking; pages that were kept are told also where something went wrong."""
    data, lines = batch_reports.news_data(news), batch_reports.news_lines(news)
    if news.problems:
        return context.output.fail(news.problems[0].error, data, lines)
    context.output.give(data, lines or otherwise)
    return 0

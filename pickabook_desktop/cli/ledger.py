"""``pickabook ledger``: what was spent."""

import argparse

from pickabook_desktop.cli.commands import Context
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs import spending
from pickabook_desktop.storage.ledger import month_bounds


def ledger(arguments: argparse.Namespace, context: Context) -> int:
    """Tell what was spent: sums with ``--by``, every call without."""
    kept = context.studio().ledger
    if arguments.month:
        month_bounds(arguments.month)
    report = spending.spending(kept, arguments.by or "month", arguments.month)
    calls = None
    if arguments.by:
        lines = spending.sum_lines(report)
    else:
        pages = spending.pages(kept, arguments.month, context.token)
        calls = [call for page in pages for call in page]
        lines = [spending.call_line(call) for call in calls]
    data = spending.spending_data(report, calls)
    if arguments.csv is not None:
        count = spending.export_csv(kept, arguments.csv, arguments.month, context.token)
        data["files"] = [str(arguments.csv)]
        lines = [tr("{count} calls written to {file}.", count=count, file=arguments.csv)]
    context.output.give(data, [*lines, *spending.summary_lines(report)])
    return 0

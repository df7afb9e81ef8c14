"""``pickabook library verify`` and ``backups``: whether the library is whole, and what is done so
that it stays so or is as it was.
"""

import argparse

import msgspec

from pickabook_desktop.cli.commands import Context
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs import reports
from pickabook_desktop.jobs.repair import (
    RepairReport,
    repair_data,
    repair_job,
    repair_lines,
    restore_job,
)
from pickabook_desktop.storage.restoring import Restored


def library_verify(arguments: argparse.Namespace, context: Context) -> int:
    library = context.studio(arguments.library).library
    if not arguments.repair and not arguments.drop_missing:
        found = library.verify(context.token)
        context.output.give(reports.verify_data(found), reports.verify_lines(found))
        return 0 if found.sound else 3
    job = repair_job(library, drop_missing=arguments.drop_missing)
    report = context.answer(job, RepairReport)
    lines = [*repair_lines(report), *reports.verify_lines(report.after)]
    context.output.give(repair_data(report), lines)
    return 0 if report.after.sound else 3


def library_backups(arguments: argparse.Namespace, context: Context) -> int:
    if arguments.restore:
        return _restore(arguments, context)
    backups = context.studio(arguments.library).library.backups
    if arguments.now:
        backups.make(context.token)
    every = backups.all()
    data = {
        "backups": [
            {"name": b.name, "made": b.made, "bytes": b.bytes, "path": str(backups.path(b))}
            for b in every
        ]
    }
    lines = [f"{b.made[:16].replace('T', ' ')}  {backups.path(b)}" for b in every]
    context.output.give(data, lines or [tr("There is no copy of the list yet.")])
    return 0


def _restore(arguments: argparse.Namespace, context: Context) -> int:
    library = context.studio(arguments.library).library
    restored = context.answer(restore_job(library, arguments.restore), Restored)
    without = library.orphans()
    lines = [tr("The list is that of {time} again.", time=restored.made[:16].replace("T", " "))]
    if restored.set_aside:
        lines.append(tr("The one before is kept in {folder}.", folder=restored.set_aside))
    if restored.held:
        text = tr(
            "Uploads that may have been sent since: {count}. “pickabook outbox list” shows them;"
            " they wait until you try them again or withdraw them.",
            count=restored.held,
        )
        lines.append(text)
    if without:
        text = tr(
            "Pages that it does not know: {count}. “pickabook library verify --repair” takes them"
            " in, with what was decided about them.",
            count=len(without),
        )
        lines.append(text)
    context.output.give({**msgspec.to_builtins(restored), "orphans": list(without)}, lines)
    return 0

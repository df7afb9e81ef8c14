"""``pickabook forget``, ``children`` and ``consents``: what is known of whom, and how it goes."""

import argparse
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, cast

import msgspec

from pickabook_desktop.cli.commands import Context, Studio
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs import forget as forgetting
from pickabook_desktop.jobs.forget import ForgetPlan, KnownChild, Receipt
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.storage.consents import KeptConsent, timestamp


def forget(arguments: argparse.Namespace, context: Context) -> int:
    """Show what would go; with ``--yes``, do it. What an earlier run has begun is finished."""
    with closing(context.studio(arguments.library, arguments.set)) as studio:
        finished = _resumed(studio, context)
        try:
            child_id = forgetting.find_child(arguments.child, studio.surroundings)
        except InputError:
            if not finished:
                raise
            return _give_receipts(finished, context)
        if arguments.yes:
            done = _receipts(studio.forget_job(child_id), context)
            return _give_receipts([*finished, *done], context)
        plan = forgetting.forget_plan(child_id, studio.surroundings, context.token)
        context.output.give({"plan": _built(plan)}, _plan_lines(plan))
        return 0


def children(arguments: argparse.Namespace, context: Context) -> int:
    with closing(context.studio(arguments.library)) as studio:
        _resumed(studio, context)
        known = forgetting.known_children(studio.surroundings)
        lines = [*map(_child_line, known)] or [tr("No child is known.")]
        context.output.give({"children": _built(known)}, lines)
        return 0


def consents_list(arguments: argparse.Namespace, context: Context) -> int:
    kept = context.studio().consents.all()
    now = timestamp(datetime.now(UTC))
    data = [_built(one) | {"holds": one.holds(now)} for one in kept]
    lines = [_consent_line(one, now) for one in kept] or [tr("Nobody has agreed to anything.")]
    context.output.give({"consents": data}, lines)
    return 0


def consents_withdraw(arguments: argparse.Namespace, context: Context) -> int:
    context.studio().consents.withdraw(arguments.id)
    said = tr(
        "{id} is withdrawn. Nothing more is sent; what was sent stays there.", id=arguments.id
    )
    context.output.give({"withdrawn": [arguments.id]}, [said])
    return 0


def _give_receipts(receipts: list[Receipt], context: Context) -> int:
    context.output.give({"receipts": _built(receipts)}, _receipt_lines(receipts))
    return 0


def _resumed(studio: Studio, context: Context) -> list[Receipt]:
    if not forgetting.unfinished(studio.surroundings):
        return []
    context.output.note(tr("Finishing what was begun earlier."))
    return _receipts(studio.finish_forgetting_job(), context)


def _receipts(job: Job, context: Context) -> list[Receipt]:
    """The receipts with which ``job`` ends; raises what it failed with."""
    stopped = tr("Stopped. “pickabook forget” goes on where this ended.")
    found = context.answer(job, object, stopped)
    together = cast("tuple[object, ...]", found) if isinstance(found, tuple) else (found,)
    return [receipt for receipt in together if isinstance(receipt, Receipt)]


def _built(value: object) -> Any:
    return msgspec.to_builtins(value)


def _plan_lines(plan: ForgetPlan) -> Iterable[str]:
    yield tr("To forget {name}, these go:", name=plan.title)
    yield from (f"  {line}" for line in plan.goes)
    for page in plan.pages:
        other = tr("named {name}, from the same photo", name=page.name) if page.other_name else ""
        trash = tr("in the trash") if page.trashed else ""
        yield "  " + "  ".join(filter(None, (page.id, page.created, other, trash)))
    yield tr("These stay:")
    yield from (f"  {line}" for line in plan.stays)
    for path in (*plan.originals, *plan.files_with_name):
        yield f"  {path}"
    for page in plan.staying:
        yield "  " + tr("{id}, which shows another face of the same photo", id=page.id)
    yield tr("Nothing has been deleted. Say --yes to do it.")


def _receipt_lines(receipts: Iterable[Receipt]) -> Iterable[str]:
    for receipt in receipts:
        yield tr("Forgotten on {time}:", time=receipt.finished)
        yield from (f"  {line}" for line in receipt.went)
        if receipt.remote == "queued":
            count = receipt.remote_waiting
            yield "  " + tr("Deletions at stores that wait for a connection: {count}", count=count)
        yield tr("These stay:")
        yield from (f"  {line}" for line in receipt.stays)


def _child_line(child: KnownChild) -> str:
    return "  ".join(
        (
            child.id,
            child.title,
            tr("photos: {count}", count=len(child.photos)),
            tr("pages: {count}", count=child.pages),
            tr("consents: {count}", count=len(child.consents)),
        )
    )


def _consent_line(kept: KeptConsent, now: str) -> str:
    consent = kept.consent
    what = tr("the face alone") if consent.scope == "face" else tr("the whole photo")
    if kept.withdrawn_on:
        state = tr("withdrawn on {time}", time=kept.withdrawn_on)
    elif kept.holds(now):
        state = tr("until {time}", time=consent.expires_on)
    else:
        state = tr("ran out on {time}", time=consent.expires_on)
    said = tr(
        "{who} on {time} to {recipient}",
        who=consent.given_by,
        time=consent.given_on,
        recipient=consent.recipient,
    )
    return "  ".join((kept.id, said, what, consent.photo_sha256[:12], state))

"""What was spent: reports for the window and the command line, and tables for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import msgspec

from pickabook_desktop.domain.calls import Call
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.money import money_text
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.atomic import make_folder, write_atomic
from pickabook_desktop.storage.ledger import Ledger, LedgerSum, SumKey

SUM_KEYS: tuple[SumKey, ...] = get_args(SumKey)
PAGE = 500
CSV_COLUMNS = (
    *("id", "started", "engine", "model", "book", "pictures", "batch"),
    *("estimate", "amount", "cost", "currency", "outcome", "reason"),
    *("input_tokens", "output_tokens", "image_tokens"),
)
# Spreadsheets take a cell that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Spending(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to say of the ledger. ``spent``, ``limit`` and ``left`` are US dollars of this
    month (``this_month``); ``limit`` and ``left`` are None without a limit.

    ``sums`` and ``calls`` are of ``month``, or of all time where that is empty. ``calls`` is one
    page, newest first; ``more`` says whether there are older ones.
    """

    this_month: str
    spent: float
    limit: float | None = None
    left: float | None = None
    problem: str = ""
    month: str = ""
    by: SumKey = "day"
    sums: tuple[LedgerSum, ...] = ()
    calls: tuple[Call, ...] = ()
    more: bool = False


def spending(
    ledger: Ledger,
    by: SumKey = "day",
    month: str = "",
    *,
    before: str | None = None,
    page: int = PAGE,
) -> Spending:
    """Read the ledger; ``before`` is the id of the last line already seen.

    A limit that cannot be understood is said in ``problem``. Raises InputError for a month that is
    none, StorageError.
    """
    calls = ledger.calls(page + 1, before, month)
    limit, problem = None, ""
    try:
        limit = ledger.limit
    except InputError as error:
        problem = str(error)
    spent = ledger.spent()
    return Spending(
        this_month=ledger.this_month,
        spent=spent,
        limit=limit,
        left=None if limit is None else max(0.0, round(limit - spent, 6)),
        problem=problem,
        month=month,
        by=by,
        sums=ledger.sums(by, month),
        calls=calls[:page],
        more=len(calls) > page,
    )


def export_csv_job(ledger: Ledger, file: Path, month: str = "") -> Job:
    """As :func:`export_csv`; ends with ``Done(value=Path)``."""

    def job(token: CancelToken) -> Iterator[JobEvent]:
        export_csv(ledger, file, month, token)
        yield Done(value=file)

    return job


def export_csv(
    ledger: Ledger, file: Path, month: str = "", token: CancelToken | None = None
) -> int:
    """Write all lines, oldest first, for a spreadsheet; returns how many there were.

    UTF-8 with a byte order mark, without which Excel garbles letters beyond ASCII. Raises
    InputError for a month that is none, StorageError.
    """
    lines = [line for page in pages(ledger, month, token) for line in page]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    writer.writerows(_cells(line) for line in reversed(lines))
    make_folder(file.absolute().parent)
    write_atomic(file.absolute(), text.getvalue().encode("utf-8-sig"))
    return len(lines)


def pages(
    ledger: Ledger, month: str = "", token: CancelToken | None = None
) -> Iterator[tuple[Call, ...]]:
    """All lines of a month or of all time, newest first, page by page."""
    before: str | None = None
    while page := ledger.calls(PAGE, before, month):
        yield page
        if token is not None:
            token.raise_if_cancelled()
        before = page[-1].id


def spending_data(report: Spending, calls: Iterable[Call] | None = None) -> dict[str, Any]:
    """A report as data, with ``calls`` instead of its own page where they are given."""
    data = {
        "this_month": report.this_month,
        "spent": report.spent,
        "limit": report.limit,
        "left": report.left,
        "currency": "USD",
        "month": report.month,
        "by": report.by,
        "sums": [msgspec.to_builtins(one) for one in report.sums],
    }
    if report.problem:
        data["problem"] = report.problem
    if calls is not None:
        data["calls"] = [call_data(call) for call in calls]
    return data


def call_data(call: Call) -> dict[str, Any]:
    """One line as flat data, by the names of ``CSV_COLUMNS``."""
    plan = call.plan
    return {
        "id": call.id,
        "started": call.started,
        "engine": plan.engine_id,
        "model": plan.model,
        "book": plan.book,
        "pictures": plan.pictures,
        "batch": plan.batch,
        "estimate": plan.estimate,
        "amount": call.amount,
        "cost": call.cost,
        "currency": plan.currency,
        "outcome": call.outcome,
        "reason": call.reason,
        **msgspec.to_builtins(call.usage),
    }


def summary_lines(report: Spending) -> list[str]:
    """This month in a sentence or two."""
    spent = money_text(report.spent)
    if report.problem:
        return [
            tr("Spent in {month}: {spent}.", month=report.this_month, spent=spent),
            report.problem,
        ]
    if report.limit is None or report.left is None:
        return [
            tr(
                "Spent in {month}: {spent}. There is no monthly limit.",
                month=report.this_month,
                spent=spent,
            )
        ]
    return [
        tr(
            "Spent in {month}: {spent} of {limit}; {left} are left.",
            month=report.this_month,
            spent=spent,
            limit=money_text(report.limit),
            left=money_text(report.left),
        )
    ]


def sum_lines(report: Spending) -> list[str]:
    """One line for each sum."""
    rows = [
        (_title(one), money_text(one.amount, one.currency), _counts(one)) for one in report.sums
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    return [
        f"{title.ljust(widths[0])}  {amount.rjust(widths[1])}  {counts}"
        for title, amount, counts in rows
    ]


def call_line(call: Call) -> str:
    """One line of the ledger for a person, with the time on the person's clock."""
    from datetime import datetime

    started = datetime.fromisoformat(call.started).astimezone().strftime("%Y-%m-%d %H:%M")
    plan = call.plan
    cost = money_text(call.cost, plan.currency)
    about = "" if call.amount is not None else "~"
    what = " · ".join(part for part in (plan.model, plan.book, call.reason) if part)
    return f"{started}  {about + cost:>10}  {outcome_title(call):<9}  {plan.engine_id}  {what}"


def cost_data(calls: Iterable[Call]) -> dict[str, Any]:
    """What calls of one service have cost together, as data; empty without any. ``estimated`` says
    whether the service has not told of all of them, so that a part is what was expected.
    """
    calls = tuple(calls)
    if not calls:
        return {}
    return {
        "amount": round(sum(call.cost for call in calls), 6),
        "currency": calls[0].plan.currency,
        "estimated": any(call.amount is None for call in calls),
    }


def cost_line(cost: Mapping[str, Any]) -> str:
    """What :func:`cost_data` says, in a sentence."""
    amount = money_text(cost["amount"], cost["currency"])
    if cost["estimated"]:
        return tr("This has cost about {amount}.", amount=amount)
    return tr("This has cost {amount}.", amount=amount)


def outcome_title(call: Call) -> str:
    """How a call ended, in a word."""
    titles = {
        "open": tr("open"),
        "drawn": tr("drawn"),
        "refused": tr("refused"),
        "failed": tr("failed"),
        "cancelled": tr("stopped"),
    }
    return titles[call.outcome]


def _title(one: LedgerSum) -> str:
    return one.key or tr("(none)")


def _counts(one: LedgerSum) -> str:
    parts = [
        tr("calls: {count}", count=one.calls),
        tr("pictures: {count}", count=one.pictures),
    ]
    if one.refused:
        parts.append(tr("refused: {count}", count=one.refused))
    if one.failed:
        parts.append(tr("failed: {count}", count=one.failed))
    if one.open:
        parts.append(tr("open: {count}", count=one.open))
    return ", ".join(parts)


def _cells(call: Call) -> list[str]:
    data = call_data(call)
    return [_cell(data[name]) for name in CSV_COLUMNS]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text

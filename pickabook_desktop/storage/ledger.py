"""The ledger: what calls of paid services cost, one line for each, and the limit of the month.

A line is written before its call is made and never deleted. One that has no end yet, because its
call runs or the program died, counts with its estimate. Months and days are those of the person's
own clock and time zone. The monthly limit is in US dollars and counts lines in that currency alone;
sums keep currencies apart.
"""

import logging
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

import msgspec

from pickabook_desktop.domain.calls import Call, CallPlan, Outcome, Usage
from pickabook_desktop.domain.errors import InputError, SpendingLimitError, StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.money import money_text
from pickabook_desktop.storage.database import Connection, Database, Row
from pickabook_desktop.storage.ids import IdMaker

LIMIT_CURRENCY = "USD"
LIMIT_REASON = "monthly_limit"

SumKey = Literal["day", "month", "book", "engine", "model"]

# Money is summed in whole millionths: SQLite's floats would drift over thousands of lines.
_MICROS = "CAST(round(coalesce(amount, estimate) * 1000000) AS INTEGER)"
_KEYS: dict[SumKey, str] = {
    "day": "strftime('%Y-%m-%d', started, 'localtime')",
    "month": "strftime('%Y-%m', started, 'localtime')",
    "book": "book",
    "engine": "engine",
    "model": "model",
}
_COLUMNS = (
    "id, started, engine, model, book, pictures, batch, estimate, amount, currency, outcome,"
    " reason, input_tokens, output_tokens, image_tokens"
)
_BEYOND = "~"  # sorts behind every identifier and every time
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
# A comma before three digits might part thousands; nobody's limit is guessed.
_MONEY = re.compile(r"[0-9]{1,9}(\.[0-9]*|,[0-9]{1,2})?")

_log = logging.getLogger(__name__)


class LedgerSum(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of one day, month, book, engine or model in one currency.

    ``key`` is ``2026-11-22``, ``2026-11``, or a name; empty for pages of no book. ``pictures`` are
    those that were drawn, ``calls`` all lines; ``open`` ones count with their estimate.
    """

    key: str
    currency: str
    calls: int
    pictures: int
    amount: float
    refused: int = 0
    failed: int = 0
    open: int = 0


class Ledger:
    """Implements :class:`~pickabook_desktop.domain.calls.Meter` on the table ``calls``.

    ``monthly_limit`` is asked before each call: US dollars, or None for no limit; it may raise
    InputError. Any thread and several processes may use one ledger at once. All methods but
    :meth:`end` raise StorageError where the disk does not do its part.
    """

    def __init__(
        self,
        database: Database,
        monthly_limit: Callable[[], float | None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._monthly_limit = monthly_limit
        self._now = now
        self._ids = IdMaker()
        self._own: list[str] = []

    def start(self, plan: CallPlan) -> str:
        """Write down a call before it is made; returns its id.

        Looks at the limit and writes in one transaction, so that calls started at once, also by
        several processes, cannot pass it together. Raises SpendingLimitError, after a refused line
        that costs nothing, where the limit would be passed; InputError for a price that is none.
        """
        return self._weighed(plan, begin=True)

    def check(self, plan: CallPlan) -> None:
        """Raise SpendingLimitError, after a refused line, where calls that ``plan`` sums up would
        pass the limit together. Otherwise nothing is written: :meth:`start` looks again each time.
        """
        self._weighed(plan, begin=False)

    def _weighed(self, plan: CallPlan, *, begin: bool) -> str:
        price = _micros(plan.estimate)
        limit = self.limit if plan.currency == LIMIT_CURRENCY else None
        refusal: SpendingLimitError | None = None
        with self._database.writing() as connection:
            # Others may have been waited for: it is the time of writing that counts.
            now = self._now()
            call = Call(id=self._ids.next(), started=_utc(now), plan=plan)
            if limit is not None:
                spent = _spent(connection, month_of(now))
                if spent + price > _micros(limit):
                    refusal = _limit_error(spent / 1e6, limit, plan)
                    call = msgspec.structs.replace(
                        call, outcome="refused", amount=0.0, reason=LIMIT_REASON
                    )
            if begin or refusal:
                _insert(connection, call)
                self._own.append(call.id)
        if refusal is not None:
            raise refusal
        return call.id

    def end(
        self,
        call_id: str,
        outcome: Outcome,
        *,
        amount: float | None = None,
        reason: str = "",
        usage: Usage = Usage(),  # noqa: B008 frozen
    ) -> None:
        """Write down how a call ended; the first word on it stands.

        Raises nothing: what the call has brought must not be lost with it. Where it cannot be
        written, the line stays open and its estimate counts.
        """
        if amount is not None and not (math.isfinite(amount) and amount >= 0):
            amount = None
        values = (outcome, amount, reason, *msgspec.structs.astuple(usage), call_id)
        try:
            with self._database.writing() as connection:
                changed = connection.execute(
                    "UPDATE calls SET outcome=?, amount=?, reason=?, input_tokens=?,"
                    " output_tokens=?, image_tokens=? WHERE id=? AND outcome='open' RETURNING id",
                    values,
                )
                if not list(changed):
                    _log.debug("Call %s has ended before", call_id)
        except StorageError as error:
            _log.warning("How call %s ended could not be written down: %s", call_id, error)

    @property
    def limit(self) -> float | None:
        """The limit of a month in US dollars, None where there is none. Raises InputError."""
        return self._monthly_limit()

    @property
    def this_month(self) -> str:
        """The present month, as ``2026-11``."""
        return month_of(self._now())

    def spent(self, month: str = "") -> float:
        """US dollars of one month, this one by default."""
        query, values = _spent_query(month or self.this_month)
        rows = self._database.rows(query, values)
        return int(str(rows[0][0])) / 1e6 if rows else 0.0

    def calls(
        self, limit: int = 100, before: str | None = None, month: str = ""
    ) -> tuple[Call, ...]:
        """Lines, newest first; ``before`` is the id of the last one already seen.

        Raises InputError for a month that is none.
        """
        start, end = month_bounds(month) if month else ("", _BEYOND)
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM calls"  # noqa: S608 constants
            " WHERE id < ? AND started >= ? AND started < ? ORDER BY id DESC LIMIT ?",
            (before or _BEYOND, start, end, limit),
        )
        return tuple(_call(row) for row in rows)

    def own_calls(self) -> tuple[Call, ...]:
        """The lines that were written through this object, as they are now, oldest first."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM calls"  # noqa: S608 constants
            " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (msgspec.json.encode(self._own).decode(),),
        )
        return tuple(_call(row) for row in rows)

    def sums(self, by: SumKey, month: str = "") -> tuple[LedgerSum, ...]:
        """Sums of all lines or of one month's: days and months newest first, others dearest first.

        Raises InputError for a month that is none.
        """
        start, end = month_bounds(month) if month else ("", _BEYOND)
        order = "key DESC, currency" if by in ("day", "month") else "spent DESC, key, currency"
        rows = self._database.rows(
            f"SELECT {_KEYS[by]} AS key, currency, count(*),"  # noqa: S608 constants
            " total(pictures) FILTER (WHERE outcome='drawn'),"
            f" sum({_MICROS}) AS spent,"
            " count(*) FILTER (WHERE outcome='refused'),"
            " count(*) FILTER (WHERE outcome='failed'),"
            " count(*) FILTER (WHERE outcome='open')"
            f" FROM calls WHERE started >= ? AND started < ? GROUP BY 1, 2 ORDER BY {order}",
            (start, end),
        )
        return tuple(_sum(row) for row in rows)


def parse_limit(text: str) -> float | None:
    """The limit in the setting ``spending.monthly_limit``: a number in US dollars; None where it
    is empty. Raises InputError for anything else, so that no call is made by mistake.
    """
    text = text.strip()
    if not text:
        return None
    if not _MONEY.fullmatch(text):
        raise InputError(
            tr("“{text}” is not an amount of money.", text=text),
            tr("Give the monthly limit in US dollars, for example 10, or leave it empty."),
            remedies=("raise_limit",),
        )
    return float(text.replace(",", "."))


def month_of(moment: datetime) -> str:
    """The month of a moment on the person's clock, as ``2026-11``."""
    return moment.astimezone().strftime("%Y-%m")


def month_bounds(month: str) -> tuple[str, str]:
    """The first moment of a month of the person's clock and of the next, in UTC as lines have it.

    Raises InputError unless ``month`` is like ``2026-11``.
    """
    try:
        year, number = map(int, month.split("-")) if _MONTH.fullmatch(month) else (0, 0)
        first = datetime(year, number, 1)
        after = first.replace(year=year + number // 12, month=number % 12 + 1)
        return _utc(_here(first)), _utc(_here(after))
    except (ValueError, OverflowError) as error:
        raise InputError(
            tr("“{text}” is not a month.", text=month),
            tr("Give year and month, for example 2026-11."),
        ) from error


def _here(clock: datetime) -> datetime:
    """That time on the person's clock. Windows knows its zone in these years alone; nobody has
    bought anything in others, so UTC does.
    """
    return clock.astimezone() if 1970 < clock.year < 3000 else clock.replace(tzinfo=UTC)


def _spent(connection: Connection, month: str) -> int:
    ((micros,),) = connection.execute(*_spent_query(month))
    return int(str(micros))


def _spent_query(month: str) -> tuple[str, tuple[str, ...]]:
    query = (
        f"SELECT coalesce(sum({_MICROS}), 0) FROM calls"  # noqa: S608 constants
        " WHERE started >= ? AND started < ? AND currency = ?"
    )
    return query, (*month_bounds(month), LIMIT_CURRENCY)


def _insert(connection: Connection, call: Call) -> None:
    plan = call.plan
    connection.execute(
        f"INSERT INTO calls ({_COLUMNS}) VALUES ({', '.join('?' * 15)})",  # noqa: S608 constants
        (
            *(call.id, call.started, plan.engine_id, plan.model, plan.book, plan.pictures),
            *(int(plan.batch), float(plan.estimate), call.amount, plan.currency),
            *(call.outcome, call.reason, *msgspec.structs.astuple(call.usage)),
        ),
    )


class _CallRow(msgspec.Struct, frozen=True, array_like=True):
    """One row, in the order of ``_COLUMNS``."""

    id: str
    started: str
    engine: str
    model: str
    book: str
    pictures: int
    batch: bool
    estimate: float
    amount: float | None
    currency: str
    outcome: Outcome
    reason: str
    input_tokens: int | None
    output_tokens: int | None
    image_tokens: int | None


def _call(values: Row) -> Call:
    row = msgspec.convert(values, _CallRow, strict=False)
    return Call(
        id=row.id,
        started=row.started,
        plan=CallPlan(
            engine_id=row.engine,
            model=row.model,
            estimate=row.estimate,
            currency=row.currency,
            book=row.book,
            pictures=row.pictures,
            batch=row.batch,
        ),
        outcome=row.outcome,
        amount=row.amount,
        reason=row.reason,
        usage=Usage(
            input_tokens=row.input_tokens,
            output_tokens=row.output_tokens,
            image_tokens=row.image_tokens,
        ),
    )


def _sum(row: Row) -> LedgerSum:
    key, currency = str(row[0]), str(row[1])
    calls, pictures, micros, refused, failed, still_open = (int(float(str(v))) for v in row[2:])
    return LedgerSum(
        key=key,
        currency=currency,
        calls=calls,
        pictures=pictures,
        amount=micros / 1e6,
        refused=refused,
        failed=failed,
        open=still_open,
    )


def _micros(amount: float) -> int:
    if not (math.isfinite(amount) and amount >= 0):
        raise InputError(
            tr("The price of this picture is not known."),
            tr("Choose another model or engine."),
            remedies=("other_model", "other_engine"),
        )
    return round(amount * 1e6)


def _utc(moment: datetime) -> str:
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _limit_error(spent: float, limit: float, plan: CallPlan) -> SpendingLimitError:
    said = {
        "spent": money_text(spent),
        "limit": money_text(limit),
        "price": money_text(plan.estimate),
    }
    next_step = tr("Raise the limit in the settings, wait for the next month, or draw offline.")
    if plan.pictures > 1 and spent < limit:
        left = tr("{left} is left, for fewer pictures.", left=money_text(limit - spent))
        next_step = f"{left} {next_step}"
    return SpendingLimitError(
        tr(
            "Spent this month: {spent}. The limit is {limit}; this job would cost about {price}.",
            **said,
        ),
        next_step,
        code=LIMIT_REASON,
        remedies=("raise_limit", "other_engine"),
    )

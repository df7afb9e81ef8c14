"""What Google's error bodies say about keys and limits (google.rpc error details)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from pickabook_desktop.net.failures import retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.genai.errors import APIError


@dataclass(frozen=True)
class Limit:
    """Which limit a 429 speaks of. ``unpaid``: a limit of 0, which is the absence of billing;
    ``per_day``: used up until midnight Pacific; ``wait``: seconds to wait, where it says so.
    """

    unpaid: bool
    per_day: bool
    wait: float | None


class _Violation(msgspec.Struct, rename="camel"):
    quota_id: str = ""


class _Detail(msgspec.Struct, rename="camel"):
    """QuotaFailure, RetryInfo or ErrorInfo; told apart by what they hold."""

    violations: list[_Violation] = []
    retry_delay: str = ""
    reason: str = ""


class _Error(msgspec.Struct):
    details: list[Any] = []


class _Body(msgspec.Struct):
    error: _Error


def limit_of(error: "APIError", now: datetime) -> Limit:
    """What a 429 says; ``now`` is for a Retry-After that is a date."""
    details = _details(error)
    quotas = [each.quota_id.lower() for detail in details for each in detail.violations]
    return Limit(
        unpaid=re.search(r"\blimit:\s*0(?![\d.])", error.message or "") is not None,
        per_day=any("perday" in quota for quota in quotas),
        wait=_wait(details, error, now),
    )


def blames_key(error: "APIError") -> bool:
    """Whether a 400 means that the key is wrong."""
    said = re.search(r"(?i)api key (?:not valid|expired|not found)", error.message or "")
    return said is not None or any(each.reason == "API_KEY_INVALID" for each in _details(error))


def midnight_pacific(now: datetime) -> datetime:
    """The next midnight in California, where Google's days begin, in UTC.

    Summer time there lasts from the second Sunday in March to the first in November (15 U.S.C.
    260a); computed because Windows has no list of time zones.
    """
    day = now.astimezone(UTC).date() - timedelta(days=1)
    while (midnight := _start_there(day)) <= now:
        day += timedelta(days=1)
    return midnight


def _start_there(day: date) -> datetime:
    begins = _sunday_from(date(day.year, 3, 8))
    ends = _sunday_from(date(day.year, 11, 1))
    behind = 7 if begins < day <= ends else 8
    return datetime(day.year, day.month, day.day, behind, tzinfo=UTC)


def _sunday_from(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())


def _details(error: "APIError") -> list[_Detail]:
    """``error.details`` of the body; nothing where a gateway gives it another shape."""
    try:
        found = msgspec.convert(getattr(error, "details", None), type=_Body).error.details
    except msgspec.ValidationError:
        return []
    details: list[_Detail] = []
    for each in found:
        try:
            details.append(msgspec.convert(each, type=_Detail))
        except msgspec.ValidationError:
            continue
    return details


def _wait(details: list[_Detail], error: "APIError", now: datetime) -> float | None:
    """Seconds from RetryInfo, else from the header Retry-After; None where neither says."""
    for each in details:
        found = re.fullmatch(r"(\d+(?:\.\d+)?)s", each.retry_delay)
        if found:
            return float(found[1])
    response: object = getattr(error, "response", None)
    headers: Mapping[str, str] = getattr(response, "headers", None) or {}
    return retry_after(headers, now)

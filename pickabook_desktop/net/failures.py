"""What exceptions of HTTP clients and the headers of answers say, whatever service it is.

httpx and httpx2 are two packages with the same names, so exceptions are told apart by those.
"""

import math
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Literal

from pickabook_desktop.net.redact import redact

Kind = Literal["tls", "dns", "proxy", "connect", "late", "broken", "garbled"]

LONGEST_QUOTE = 240

_PACKAGES = ("httpx", "httpx2")
_UNSENT = frozenset({"ConnectError", "ConnectTimeout", "ProxyError"})
_LATE = frozenset({"ReadTimeout", "WriteTimeout", "PoolTimeout"})


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """``error`` and what led to it, nearest first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def kind_of(error: BaseException) -> Kind | None:
    """How a call has failed on its way, None where it has not, or nobody knows.

    Nothing was sent where it is ``tls``, ``dns``, ``proxy`` or ``connect``. ``late`` was not
    answered in time, ``broken`` broke off, ``garbled`` was answered in no way that can be read.
    """
    for cause in causes(error):
        if isinstance(cause, TimeoutError):
            return "late"
        names = _names(cause)
        if names & _UNSENT:
            return _unsent(cause)
        if names & _LATE:
            return "late"
        if "TransportError" in names:
            return "broken"
        if "HTTPError" in names:
            return "garbled"
    return None


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that the header ``Retry-After`` asks to wait, as a number or a date (RFC 9110,
    10.2.3); None where it does not say.
    """
    from email.utils import parsedate_to_datetime

    text = (headers.get("retry-after") or headers.get("Retry-After") or "").strip()
    seconds = number(text)
    if seconds is not None:
        return seconds
    try:
        return max(0.0, (parsedate_to_datetime(text) - (now or datetime.now(UTC))).total_seconds())
    except (TypeError, ValueError):
        return None


def number(text: str | None, unit: float = 1.0) -> float | None:
    """A header's number times ``unit``; None for anything but a finite number from 0 on."""
    try:
        value = float(text or "") * unit
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def quoted(text: str | None, secrets: Iterable[str] = (), longest: int = LONGEST_QUOTE) -> str:
    """A service's words in one line, short enough for a message, without keys."""
    text = redact(" ".join((text or "").split()), secrets)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _names(error: BaseException) -> frozenset[str]:
    """The names of an exception's kinds that are of an HTTP client."""
    kinds = type(error).__mro__
    return frozenset(
        kind.__name__ for kind in kinds if kind.__module__.partition(".")[0] in _PACKAGES
    )


def _unsent(error: BaseException) -> Kind:
    for cause in causes(error):
        if isinstance(cause, ssl.SSLError):
            return "tls"
        if isinstance(cause, socket.gaierror):
            return "dns"
        if "ProxyError" in _names(cause):
            return "proxy"
    return "connect"

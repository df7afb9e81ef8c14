"""From the SDK's exceptions to errors that say what happened, what it cost, and what to do."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pickabook_desktop.domain.errors import (
    EngineError,
    InputError,
    NotConfiguredError,
    PickaBookError,
    UnreachableError,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.net.failures import Kind, kind_of, quoted
from pickabook_desktop.providers.gemini.quota import blames_key, limit_of, midnight_pacific
from pickabook_desktop.providers.gemini.record import KEY_VARIABLE

if TYPE_CHECKING:
    from google.genai.errors import APIError

DEADLINE = "DEADLINE"
# A service that asks for more is not waited for: the person decides.
LONGEST_WAIT = 300.0


@dataclass(frozen=True)
class Trouble:
    """A failed call. ``wait`` is how many seconds the service asks to wait before the same request
    is sent again, which it has not carried out; None where it does not ask. ``repeatable`` is
    whether another try may help where the person has agreed to perhaps paying twice. ``spent`` is
    0.0 where it certainly cost nothing, None where nobody knows. ``gone`` is a model that is no
    longer there, ``hopeless`` a failure that any other request would meet too.
    """

    error: PickaBookError
    wait: float | None = None
    repeatable: bool = False
    spent: float | None = 0.0
    gone: bool = False
    hopeless: bool = False


def trouble_of(
    error: Exception, *, host: str, seconds: float, now: datetime, secrets: Iterable[str] = ()
) -> Trouble | None:
    """What a call that raised ``error`` has come to; None for an error of this program's own.

    ``seconds`` was the deadline of the whole, ``now`` is the time here with its zone.
    """
    from google.genai.errors import APIError

    if isinstance(error, APIError):
        return _answered(error, host, now, secrets)
    kind = kind_of(error)
    if kind == "late":
        return _late(seconds)
    if kind == "broken":
        return _broken_off()
    if kind == "garbled" or (kind is None and isinstance(error, ValueError)):
        return _garbled()
    return None if kind is None else _unreached(kind, host)


def _answered(error: "APIError", host: str, now: datetime, secrets: Iterable[str]) -> Trouble:
    said = quoted(error.message, secrets)
    code = str(error.status or error.code)
    if error.code == 429:
        return _too_many(error, said, now)
    if error.code >= 500 or error.code == 408:
        return Trouble(
            error=EngineError(
                tr("Google's server has failed."),
                tr("Try again in a few minutes, or choose another model."),
                retryable=True,
                code=code,
                remedies=("retry", "other_model", "other_engine"),
            ),
            repeatable=True,
            spent=None,
        )
    if error.code in (401, 403) or blames_key(error):
        return Trouble(error=_bad_key(code, said), hopeless=True)
    if error.code == 404:
        return _missing(error, host)
    return Trouble(error=_not_accepted(error.code, code, said), hopeless=error.code < 400)


def _bad_key(code: str, said: str) -> NotConfiguredError:
    if code in ("PERMISSION_DENIED", "403"):
        return NotConfiguredError(
            tr("Google does not let this key draw: “{words}”", words=said or code),
            tr(
                "Check in Google AI Studio that the key may use the Gemini API, or replace it: in"
                " the settings, or in the environment variable {variable} where that is set.",
                variable=KEY_VARIABLE,
            ),
            code=code,
            remedies=("keys", "other_engine"),
        )
    return NotConfiguredError(
        tr("Google does not accept the Gemini key."),
        tr(
            "Copy it again from Google AI Studio and replace it: in the settings, or in the"
            " environment variable {variable} where that is set.",
            variable=KEY_VARIABLE,
        ),
        code=code,
        remedies=("keys", "other_engine"),
    )


def _not_accepted(status: int, code: str, said: str) -> PickaBookError:
    if status < 400:
        return NotConfiguredError(
            tr("Gemini's address leads elsewhere."),
            tr("Correct the address in the settings, or leave it empty."),
            code=code,
            remedies=("settings",),
        )
    if status == 413:
        return InputError(
            tr("The pictures that were sent are too large for Gemini."),
            tr("Send fewer photos."),
            code=code,
            remedies=("other_photo", "other_crop"),
        )
    if code == "FAILED_PRECONDITION":
        return NotConfiguredError(
            tr("Google asks for something first: “{words}”", words=said),
            tr("Gemini may need billing to be set up, or may not be offered in your region."),
            code=code,
            remedies=("keys", "other_engine"),
        )
    return EngineError(
        tr("Gemini did not understand the request: “{words}”", words=said or code),
        tr("Choose another size, photo or model; if it stays so, update the program."),
        code=code,
        remedies=("other_photo", "smaller_size", "other_model", "other_engine"),
    )


def _missing(error: "APIError", host: str) -> Trouble:
    """A model that is gone, or an address behind which there is something else."""
    if error.status == "NOT_FOUND":
        gone = EngineError(tr("Google no longer has this model."), code="NOT_FOUND")
        return Trouble(error=gone, gone=True, hopeless=True)
    wrong = NotConfiguredError(
        tr("{host} is there, but it is not Gemini.", host=host),
        tr("Correct Gemini's address in the settings, or leave it empty."),
        code="404",
        remedies=("settings",),
    )
    return Trouble(error=wrong, hopeless=True)


def _too_many(error: "APIError", said: str, now: datetime) -> Trouble:
    limit = limit_of(error, now)
    code = str(error.status or error.code)
    if limit.unpaid:
        unpaid = NotConfiguredError(
            tr("Billing is not set up for this Gemini key, and pictures are never free."),
            tr("Set up billing for its project in Google AI Studio, then try again."),
            code=code,
            remedies=("keys", "other_engine"),
        )
        return Trouble(error=unpaid, hopeless=True)
    if limit.per_day:
        return Trouble(error=_used_up(code, now), hopeless=True)
    wait = limit.wait
    busy = EngineError(
        tr("Gemini is asked too often for this key's limit: “{words}”", words=said or code),
        tr("Try again in a minute.")
        if wait is None
        else tr("Try again in {seconds} seconds.", seconds=math.ceil(wait)),
        retryable=True,
        retry_after=wait,
        code=code,
        remedies=("retry", "settings", "other_model"),
    )
    too_long = wait is not None and wait > LONGEST_WAIT
    return Trouble(error=busy, wait=None if too_long else wait)


def _used_up(code: str, now: datetime) -> EngineError:
    resets = midnight_pacific(now)
    return EngineError(
        tr("This key's limit of Gemini pictures a day is used up."),
        tr(
            "It starts anew at midnight Pacific time, {when} here. Until then choose another model"
            " or engine.",
            when=f"{resets.astimezone(now.tzinfo):%Y-%m-%d %H:%M}",
        ),
        retry_after=(resets - now).total_seconds(),
        code=code,
        remedies=("other_model", "other_engine"),
    )


def _late(seconds: float) -> Trouble:
    return Trouble(
        error=UnreachableError(
            tr("Gemini did not answer in full within {seconds} seconds.", seconds=f"{seconds:g}"),
            tr("Try again, or allow more time in the settings."),
            retryable=True,
            code=DEADLINE,
            remedies=("retry", "settings", "smaller_size"),
        ),
        repeatable=True,
        spent=None,
    )


def _unreached(kind: Kind, host: str) -> Trouble:
    """Nothing was sent."""
    if kind == "tls":
        message = tr("The connection to {host} is not trusted.", host=host)
        step = tr("If your network inspects connections, choose its certificate in the settings.")
        code = "TLS"
    elif kind == "dns":
        message = tr("{host} was not found.", host=host)
        step = tr("Check the connection to the internet, then try again.")
        code = "DNS"
    elif kind == "proxy":
        message = tr("The proxy did not connect to {host}.", host=host)
        step = tr("Check the proxy in the settings.")
        code = "PROXY"
    else:
        message = tr("{host} cannot be reached.", host=host)
        step = tr("Check the connection to the internet and the proxy in the settings.")
        code = "CONNECT"
    unreachable = UnreachableError(
        message, step, retryable=True, code=code, remedies=("retry", "settings", "other_engine")
    )
    return Trouble(error=unreachable, hopeless=True)


def _broken_off() -> Trouble:
    return Trouble(
        error=UnreachableError(
            tr("The connection to Gemini broke off before the answer was complete."),
            tr("Try again. The picture may have been charged all the same."),
            retryable=True,
            code="BROKEN_OFF",
            remedies=("retry", "settings"),
        ),
        repeatable=True,
        spent=None,
    )


def _garbled() -> Trouble:
    return Trouble(
        error=EngineError(
            tr("Gemini's answer cannot be read."),
            tr("Try again; if it stays so, check the address and the proxy in the settings."),
            retryable=True,
            code="UNREADABLE",
            remedies=("retry", "settings", "other_engine"),
        ),
        spent=None,
    )

"""What ImageKit and the way there can say, as errors of this program.

The package's exceptions hold the request with the key in it, so none of them is chained.
"""

from collections.abc import Iterable
from typing import Any, cast

from pickabook_desktop.domain.errors import (
    NOT_CONNECTED,
    STORE_FULL,
    NotConfiguredError,
    PickaBookError,
    StorageError,
    UnreachableError,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.net.failures import Kind, kind_of, number, quoted, retry_after

LONGEST_WAIT = 3600.0


def translated(error: Exception, secrets: Iterable[str]) -> PickaBookError:
    """The error for whatever imagekitio, httpx or the clock has raised; ``secrets`` never show.

    Faults of this program are raised again.
    """
    import imagekitio

    if isinstance(error, PickaBookError):
        return error
    if isinstance(error, imagekitio.APIStatusError):
        return _answered(error, quoted(_words(error), secrets))
    kind = kind_of(error)
    if kind == "late" or (kind is None and isinstance(error, imagekitio.APITimeoutError)):
        return UnreachableError(
            tr("ImageKit did not answer in time."),
            tr("Try again later, or give it more time in the settings."),
            retryable=True,
            code="timeout",
            remedies=("retry", "settings"),
        )
    if kind not in (None, "garbled") or isinstance(error, imagekitio.APIConnectionError):
        return _not_connected(kind)
    if isinstance(error, imagekitio.ImageKitError | ValueError):
        return unreadable()
    raise error


def unreadable() -> StorageError:
    """For an answer that says all went well and is not one of ImageKit's."""
    return StorageError(
        tr("What answered is not ImageKit, or it said nothing that can be understood."),
        tr("Check the address and the proxy in the settings, then try again."),
        retryable=True,
        code="unreadable",
        remedies=("retry", "settings"),
    )


def too_large(size: int, most: int) -> StorageError:
    """For a picture that is larger than the account takes, found before or after sending."""
    return StorageError(
        tr(
            "The picture has {size} MB, and ImageKit takes {most} MB at most.",
            size=_megabytes(size),
            most=_megabytes(most),
        )
        if size
        else tr("The picture is larger than what ImageKit takes."),
        tr("Draw it in a smaller size, or raise the limit in the settings if your plan has more."),
        code="too_large",
        remedies=("smaller_size", "settings"),
    )


def _megabytes(count: int) -> str:
    return f"{count / (1024 * 1024):.1f}".removesuffix(".0")


def _answered(error: Any, words: str) -> PickaBookError:
    status = int(error.status_code)
    if status in (401, 403):
        return _forbidden(status, words)
    if status == 413 or (status == 400 and _about_size(words)):
        return too_large(0, 0)
    if status == 429:
        return _too_many(error.response.headers)
    if status == 408 or status >= 500:
        return StorageError(
            tr("ImageKit has trouble of its own ({status}).", status=status),
            tr("Nothing is lost. Try again later."),
            retryable=True,
            code=str(status),
            remedies=("retry",),
        )
    if 300 <= status < 400:
        return unreadable()
    return StorageError(
        tr("ImageKit did not accept the request: {reason}", reason=_sentence(words, status)),
        tr("Check the folder, the tags and the address in the settings."),
        code=str(status),
        remedies=("settings",),
    )


def _forbidden(status: int, words: str) -> NotConfiguredError | StorageError:
    """403 stands for a wrong key, an account that is closed and one that is full alike."""
    said = words.lower()
    if any(word in said for word in ("storage", "quota", "space", "upgrade", "exceed")):
        return StorageError(
            tr("Your ImageKit account has no room left."),
            tr("Delete pictures there or choose a larger plan, then try again."),
            code=STORE_FULL,
            remedies=("retry",),
        )
    if any(word in said for word in ("disabled", "suspend", "blocked", "inactive", "deactivat")):
        return NotConfiguredError(
            tr("Your ImageKit account is disabled."),
            tr("Sign in at imagekit.io to see why; their support can help."),
            code="account_disabled",
            remedies=("keys",),
        )
    if any(word in said for word in ("permission", "not allowed", "restricted", "scope")):
        return NotConfiguredError(
            tr("The ImageKit key is right, but may not do this."),
            tr("Use a private key that may read and write the media library."),
            code="not_permitted",
            remedies=("keys",),
        )
    return NotConfiguredError(
        tr("ImageKit does not accept the key."),
        tr("Copy the private key again from imagekit.io, under Developer options, API keys."),
        code="no_key" if status == 401 else "wrong_key",
        remedies=("keys",),
    )


def _too_many(headers: Any) -> StorageError:
    """``X-RateLimit-Reset`` is in milliseconds (imagekit.io/docs/api-overview, rate limits)."""
    wait = number(headers.get("X-RateLimit-Reset"), 0.001)
    if wait is None:
        wait = retry_after(headers)
    return StorageError(
        tr("ImageKit has had too many requests in a short time."),
        tr("It is tried again by itself in a moment."),
        retryable=True,
        retry_after=1.0 if wait is None else min(wait, LONGEST_WAIT),
        code="429",
        remedies=("retry",),
    )


def _not_connected(kind: Kind | None) -> UnreachableError:
    if kind == "tls":
        return UnreachableError(
            tr("The connection to ImageKit is not safe: its certificate is not trusted."),
            tr(
                "Check the clock of this machine. Behind a company’s proxy, give its "
                "certificates in the settings."
            ),
            code="tls",
            remedies=("settings",),
        )
    if kind == "proxy":
        return UnreachableError(
            tr("The proxy on the way to ImageKit does not let the request through."),
            tr("Check the proxy in the settings."),
            retryable=True,
            code="proxy",
            remedies=("settings", "retry"),
        )
    return UnreachableError(
        tr("ImageKit cannot be reached."),
        tr("Check the connection; it is tried again once there is one."),
        retryable=True,
        code=NOT_CONNECTED if kind in ("dns", "connect") else "unreachable",
        remedies=("retry", "settings"),
    )


def _words(error: Any) -> str:
    """What ImageKit says of the failure: its ``message`` and ``help``; empty for a page."""
    body: object = error.body
    if not isinstance(body, dict):
        return ""
    body = cast("dict[str, object]", body)
    said = (body.get("message"), body.get("help"))
    return " ".join(str(part) for part in said if part)


def _sentence(words: str, status: int) -> str:
    words = words.strip() or str(status)
    return words if words.endswith(".") else f"{words}."


def _about_size(words: str) -> bool:
    said = words.lower()
    return "size" in said and any(word in said for word in ("exceed", "limit", "large", "maximum"))

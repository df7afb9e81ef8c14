"""Takes secrets and the person's folders out of text that is shown, logged or sent."""

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePath, PureWindowsPath
from urllib.parse import quote

HIDDEN = "***"
# Shorter ones would hide half of an innocent text.
_SHORTEST = 4

_SENSITIVE = r"(?:api[_-]?key|key|token|secret|password|passwd|authorization|signature)"
# Keys as services hand them out: Google, OpenAI and kin, Replicate, Hugging Face, ImageKit.
_KEY_SHAPES = re.compile(
    r"\b(?:AIza[\w-]{20,}|sk-[\w-]{16,}|r8_\w{16,}|hf_\w{16,}|(?:private|public)_[\w+/=-]{16,})"
)
_ASSIGNED = re.compile(
    rf"""(?ix) (\b[\w.-]*{_SENSITIVE}["']?\s*[=:]\s*["']?)
         (?:(?:bearer|basic)\s+)? [^\s"'&,;}}]+"""
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}")
_USER_INFO = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s/@]+@", re.IGNORECASE)


def redact(text: str, secrets: Iterable[str] = (), home: PurePath | None = None) -> str:
    """``text`` without keys, tokens and passwords, and with the home folder written as ``~``.

    ``secrets`` are known values that must not appear; ``home`` is the person's own when None.
    """
    text = hide(text, secrets)
    text = _USER_INFO.sub(rf"\1{HIDDEN}@", text)
    text = _KEY_SHAPES.sub(HIDDEN, text)
    text = _ASSIGNED.sub(rf"\1{HIDDEN}", text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    pattern = _folder_pattern(home or Path.home())
    return pattern.sub("~", text) if pattern else text


def hide(text: str, secrets: Iterable[str]) -> str:
    """``text`` without ``secrets``, in any of the ways they are written on their way to a service;
    whatever else it says stays.
    """
    written = {form for secret in secrets if len(secret) >= _SHORTEST for form in _forms(secret)}
    for form in sorted(written, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return text


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret, safe="")
    yield repr(secret)[1:-1]
    for plain in (secret, f"{secret}:"):  # as the name of Basic authentication, RFC 7617
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(plain.encode()).decode().rstrip("=")


class Hidden:
    """The secrets of a run, gathered from whoever comes to know some."""

    def __init__(self) -> None:
        self._sources: list[Callable[[], Iterable[str]]] = []

    def add(self, source: Callable[[], Iterable[str]]) -> None:
        """Ask ``source`` too from now on, each time anew."""
        self._sources.append(source)

    def values(self) -> tuple[str, ...]:
        return tuple(secret for source in self._sources for secret in source())


def _folder_pattern(folder: PurePath) -> re.Pattern[str] | None:
    """Finds ``folder`` on the boundaries of paths, with any run of slashes or backslashes between
    its parts, as in URLs and escaped text; None for the root.
    """
    parts = [part for part in re.split(r"[\\/]+", str(folder)) if part]
    if not parts or folder == PurePath(folder.anchor):
        return None
    start = r"(?<!\w)" if folder.drive else r"(?<![\w.~\\/-])[\\/]+"
    flags = re.IGNORECASE if isinstance(folder, PureWindowsPath) else 0
    name = r"[\\/]+".join(map(re.escape, parts))
    return re.compile(rf"{start}{name}(?![\w-]|\.\w)", flags)


def names_a_secret(key: str) -> bool:
    """Whether a setting's name says that its value is a secret."""
    return re.search(rf"(?i)(?:^|[._-]){_SENSITIVE}(?:$|[._-])", key) is not None

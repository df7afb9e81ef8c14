"""Takes secrets and the person's folders out of text that is shown, logged or sent."""

import re
from collections.abc import Iterable
from pathlib import Path

HIDDEN = "***"

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


def redact(text: str, secrets: Iterable[str] = (), home: Path | None = None) -> str:
    """``text`` without keys, tokens and passwords, and with the home folder written as ``~``.

    ``secrets`` are known values that must not appear; ``home`` is the person's own when None.
    """
    for secret in sorted((s for s in secrets if len(s) >= 4), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    text = _USER_INFO.sub(rf"\1{HIDDEN}@", text)
    text = _KEY_SHAPES.sub(HIDDEN, text)
    text = _ASSIGNED.sub(rf"\1{HIDDEN}", text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    folder = str(home or Path.home())
    return text.replace(folder, "~") if len(folder) > 1 else text


def names_a_secret(key: str) -> bool:
    """Whether a setting's name says that its value is a secret."""
    return re.search(rf"(?i)(?:^|[._-]){_SENSITIVE}(?:$|[._-])", key) is not None

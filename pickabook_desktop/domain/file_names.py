"""Names of files made from a pattern, such as ``{number:03} {title}``, that every system takes.

Windows has the narrowest rules (Microsoft, "Naming Files, Paths, and Namespaces"); they hold
everywhere, for files travel.
"""

import re
import string
import unicodedata

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr

PLACES = (
    *("number", "date", "time", "title", "template", "style", "engine", "seed"),
    *("child", "book", "id", "rating"),
)
# File systems take 255 bytes; archives, sync programs and copies in a folder need room too.
LONGEST_NAME = 120
EXAMPLE = "{number:03} {title}"

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(
    r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)", re.IGNORECASE
)
_WIDTH = re.compile(r"0?\d")
# Control, format and surrogate characters, and those for private use.
_UNSEEN = ("Cc", "Cf", "Cs", "Co")


def check_pattern(pattern: str) -> None:
    """Raise InputError, which says why, unless ``pattern`` makes names."""
    for _, place, form, conversion in _pieces(pattern):
        if place is None:
            continue
        numeric = place in ("number", "seed", "rating")
        if place not in PLACES or conversion:
            raise InputError(
                tr("There is no {{{place}}} in a name.", place=place),
                tr("Use {places}.", places=" ".join(f"{{{name}}}" for name in PLACES)),
            )
        if form and not (numeric and _WIDTH.fullmatch(form)):
            raise InputError(
                tr("“{form}” does not say how {{{place}}} is written.", form=form, place=place),
                tr("Write {example} for three digits.", example="{number:03}"),
            )
    if not any(letter.isalnum() for letter in pattern):
        raise InputError(
            tr("The pattern for names is empty."),
            tr("Write something like {example}.", example=EXAMPLE),
        )


def file_name(pattern: str, values: dict[str, str | int], ending: str) -> str:
    """The name of a file, with ``ending`` (without a dot); an unknown value leaves nothing. Raises
    InputError as :func:`check_pattern`.
    """
    check_pattern(pattern)
    parts: list[str] = []
    for text, place, form, _ in _pieces(pattern):
        parts.append(text)
        if place is not None:
            value = values.get(place, "")
            parts.append(format(value, form) if isinstance(value, int) and form else str(value))
    return f"{safe_stem(''.join(parts))}.{ending}"


def safe_stem(text: str) -> str:
    """``text`` as the name of a file without its ending, on any system; never empty."""
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))
    plain = "".join(letter for letter in plain if unicodedata.category(letter) not in _UNSEEN)
    plain = _FORBIDDEN.sub("_", plain).strip(" .")
    # What a value that was left out had on both sides: “003 -  - page” and “003__page”.
    plain = re.sub(r"([-_ ])(?:\s*\1)+", r"\1", plain).strip(" ._-")
    plain = _shortened(plain)
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    return plain or "page"


def numbered_name(name: str, number: int) -> str:
    """``page.png`` as ``page (2).png``."""
    stem, dot, ending = name.rpartition(".")
    return f"{_shortened(stem)} ({number}){dot}{ending}"


def _shortened(stem: str) -> str:
    """At most ``LONGEST_NAME`` bytes, cut between letters."""
    while len(stem.encode()) > LONGEST_NAME:
        stem = stem[:-1]
    return stem.rstrip(" .")


def _pieces(pattern: str) -> list[tuple[str, str | None, str, str | None]]:
    try:
        return [
            (text, place, form or "", conversion)
            for text, place, form, conversion in string.Formatter().parse(pattern)
        ]
    except ValueError as error:
        raise InputError(
            tr("The pattern “{pattern}” has a brace too many or too few.", pattern=pattern),
            tr("Write something like {example}.", example=EXAMPLE),
        ) from error

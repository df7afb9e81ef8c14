"""Names and folders of copies: the same for the same picture, and safe for every store."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from string import Formatter

from pickabook_desktop.domain.capabilities import OptionSpec
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.files import ENDINGS

PLACEHOLDERS = ("year", "month", "book", "template", "engine")
UNNAMED = "other"
LONGEST_PART = 60
# ImageKit's limit for all tags of a file together.
LONGEST_TAGS = 500

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


def file_name(sha256: str, media_type: str) -> str:
    """The name of a file with that content: half of the hash (128 bits) and an ending."""
    return f"{sha256[:32]}.{ENDINGS.get(media_type, 'bin')}"


def safe_part(text: str) -> str:
    """``text`` as the name of one folder: ASCII letters, digits, ``_`` and ``-``; may be empty.

    Accents are dropped; whatever else is not allowed becomes one ``-``.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _UNSAFE.sub("-", plain).strip("-")[:LONGEST_PART].rstrip("-")


def safe_folder(folder: str) -> str:
    """A path of safe parts with slashes between and none at the ends; no part leads upwards."""
    parts = (safe_part(part) for part in folder.replace("\\", "/").split("/"))
    return "/".join(part for part in parts if part)


def check_pattern(pattern: str) -> None:
    """Raise InputError unless every placeholder of a folder pattern is one that is known."""
    try:
        fields = [(field, more, kind) for _, field, more, kind in Formatter().parse(pattern)]
    except ValueError as error:
        raise InputError(
            tr("The folder “{pattern}” has a brace without its partner.", pattern=pattern),
            _advice(),
            remedies=("settings",),
        ) from error
    for field, more, kind in fields:
        if field is not None and (field not in PLACEHOLDERS or more or kind):
            raise InputError(
                tr(
                    "The folder “{pattern}” has a placeholder that is not known: {{{name}}}.",
                    pattern=pattern,
                    name=field,
                ),
                _advice(),
                remedies=("settings",),
            )


def folder_option(title: str, default: str) -> OptionSpec:
    """The setting of a store that :func:`folder_of` is given as its pattern."""
    return OptionSpec(
        id="folder",
        title=title,
        default=default,
        scope="connection",
        help=tr("May hold {year}, {month}, {book}, {template} and {engine}."),
    )


def folder_of(pattern: str, facts: Mapping[str, str], created: datetime) -> str:
    """The folder of a picture: ``pattern`` with its placeholders filled in, made safe.

    ``facts`` are those of :class:`~pickabook_desktop.domain.stored.UploadOrder`; one that is
    missing is called ``other``. ``created`` is when the picture was drawn, so that a later try
    finds the same folder. Raises InputError as :func:`check_pattern`.
    """
    check_pattern(pattern)
    values = {name: safe_part(facts.get(name, "")) or UNNAMED for name in PLACEHOLDERS}
    values |= {"year": f"{created:%Y}", "month": f"{created:%m}"}
    return safe_folder(pattern.format_map(values))


def tags_of(text: str) -> tuple[str, ...]:
    """The tags in a list with commas, each once. Raises InputError for what no store takes."""
    tags = tuple(dict.fromkeys(tag for tag in map(str.strip, text.split(",")) if tag))
    if "%" in text or sum(map(len, tags)) > LONGEST_TAGS:
        raise InputError(
            tr("These tags cannot be used: {tags}.", tags=", ".join(tags)),
            tr(
                "Write tags with commas between, without %, at most {count} letters in all.",
                count=LONGEST_TAGS,
            ),
            remedies=("settings",),
        )
    return tags


def _advice() -> str:
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    return tr(
        "Use {known} or plain words. The child’s name is never put into an address.", known=known
    )

"""The words of a search: ``pirate "red hat" engine:gemini rating:>=4 -tag:draft has:url``.

Plain words are sought in prompts, names, fields, notes and tags; the last one also as a beginning.
``field:value`` narrows, a minus in front turns either round, and quotation marks keep words
together (a doubled one stands for itself). A value is meant as a whole or, where there is none
such, as the beginning of a word in one; in quotation marks or behind an equals sign, as a whole
alone. An asterisk behind it asks for all that begin so. What cannot be understood is named in
:attr:`Search.problems`.
"""

import datetime
import math
import re
from typing import Literal

import msgspec

from pickabook_desktop.domain.i18n import tr

Operator = Literal["=", ">", ">=", "<", "<="]

TEXT_FIELDS = ("engine", "template", "style", "child", "book", "tag", "label", "seed", "id")
NUMBER_FIELDS = ("rating", "likeness", "seam", "cost")
DATE_FIELDS = ("date", "before", "after")
HAS = ("url", "note", "tag", "rating", "label", "likeness", "seam", "cost", "variations", "book")
IS = ("picked", "rejected", "unflagged", "rated", "uploaded", "queued", "failed", "trashed")
FIELDS = (*TEXT_FIELDS, *NUMBER_FIELDS, *DATE_FIELDS, "has", "is")

QUOTED = r'"(?:[^"]|"")*(?:"\*?)?'
"""A value in quotation marks, or the beginning of one, as a regular expression."""

_PIECE = re.compile(rf"(-?)(?:([A-Za-z]+):)?(=?{QUOTED}|\S+)")
_NUMBER = re.compile(
    r"(>=|<=|>|<|=)?\s*(\d{1,9}(?:[.,]\d{1,9})?)"
    r"(?:\.\.(\d{1,9}(?:[.,]\d{1,9})?))?$",
    re.ASCII,
)
_DATE = re.compile(r"(>=|<=|>|<|=)?(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?$", re.ASCII)
MOST_PIECES = 100
"""How many words and conditions a search may have."""
LONGEST_WORD = 1000
"""So many letters of a word, or of words kept together, are looked for."""
_MOST_OF = {"rating": 5, "likeness": 1}
_WITH_BEGINNINGS = ("engine", "template", "style", "child", "book", "tag")


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """Words to be found next to each other, or with ``prefix`` the beginning of one."""

    text: str
    negated: bool = False
    prefix: bool = False


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """``field`` is one of ``FIELDS``. ``value`` is a text, a number in digits with a point, a date
    as YYYY, YYYY-MM or YYYY-MM-DD, or one of ``HAS`` and ``IS``. A text is a whole one or, where
    there is none such, the beginning of a word in one; with ``exact`` a whole one alone, with
    ``prefix`` the beginning of a whole one, which may be empty.
    """

    field: str
    value: str
    operator: Operator = "="
    negated: bool = False
    prefix: bool = False
    exact: bool = False


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What is sought: everything in it must hold. ``problems`` are sentences on what was not
    understood and is left out, or is looked for as plain words.
    """

    words: tuple[Word, ...] = ()
    conditions: tuple[Condition, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing is sought, so everything is found."""
        return not (self.words or self.conditions)

    @property
    def in_trash(self) -> bool:
        """Whether deleted pictures are sought, and they alone."""
        return any(
            c.field == "is" and c.value == "trashed" and not c.negated for c in self.conditions
        )


def parse(text: str) -> Search:
    """Read what a person typed; never raises."""
    words: list[Word] = []
    conditions: list[Condition] = []
    problems: list[str] = []
    pieces = list(_PIECE.finditer(text))
    if len(pieces) > MOST_PIECES:
        problems.append(tr("Only the first {count} words are looked for.", count=MOST_PIECES))
    for piece in pieces[:MOST_PIECES]:
        minus, field, value = piece.groups()
        negated = minus == "-"
        typed = field.lower() if field else ""
        if typed not in FIELDS:
            # A colon within words, as in "scene: night", is no field.
            if typed and not value.startswith("//"):
                problems.append(_unknown(typed))
            whole = piece.group().removeprefix("-")
            last = piece is pieces[-1] and not text[-1:].isspace()
            words.extend(_word(whole, negated=negated, last=last))
            continue
        found = _conditions(typed, value, negated=negated)
        if found:
            conditions.extend(found)
        else:
            problems.append(_problem(typed, value))
    if any(len(word.text) > LONGEST_WORD for word in words):
        problems.append(
            tr("Only the first {count} letters of a word are looked for.", count=LONGEST_WORD)
        )
        words = [_shortened(word) for word in words]
    return Search(words=tuple(words), conditions=tuple(conditions), problems=tuple(problems))


def quoted(value: str) -> str:
    """``value`` as it is written behind a field's colon."""
    if value and not re.search(r'[\s"]|\*$', value):
        return value
    doubled = value.replace('"', '""')
    return f'"{doubled}"'


def unquoted(text: str) -> str:
    """The value that is written, or begun, as ``text`` behind a field's colon."""
    if not text.startswith('"'):
        return text
    # The mark at the end closes unless it is the second of two.
    inner = re.match(r'"((?:[^"]|"")*)', text)
    return inner[1].replace('""', '"') if inner else ""


def _shortened(word: Word) -> Word:
    if len(word.text) <= LONGEST_WORD:
        return word
    return msgspec.structs.replace(word, text=word.text[:LONGEST_WORD].rstrip(), prefix=True)


def _word(text: str, *, negated: bool, last: bool) -> list[Word]:
    is_quoted = '"' in text
    plain = text.replace('"', " ").strip()
    # As behind a field's colon.
    last = last or plain.endswith("*")
    if not any(letter.isalnum() for letter in plain):
        return []
    return [Word(text=plain, negated=negated, prefix=last and not is_quoted)]


def _conditions(field: str, written: str, *, negated: bool) -> list[Condition]:
    value = unquoted(written)
    if field in ("has", "is"):
        known = HAS if field == "has" else IS
        value = value.lower()
        return [Condition(field=field, value=value, negated=negated)] if value in known else []
    if field in NUMBER_FIELDS:
        return _numbers(field, value, negated=negated)
    if field in DATE_FIELDS:
        return _dates(field, value, negated=negated)
    exact = field in _WITH_BEGINNINGS and written.startswith(('"', "="))
    if exact and written.startswith("="):
        written = written[1:]
        value = unquoted(written)
    prefix = field in _WITH_BEGINNINGS and _asks_for_beginnings(written)
    value = value.removesuffix("*") if prefix and not written.startswith('"') else value
    if not (value or prefix):
        return []
    whole = exact and not prefix
    return [Condition(field=field, value=value, negated=negated, prefix=prefix, exact=whole)]


def _asks_for_beginnings(written: str) -> bool:
    in_marks = re.match(r'"(?:[^"]|"")*"', written)
    return written[in_marks.end() :] == "*" if in_marks else written.endswith("*")


def _numbers(field: str, value: str, *, negated: bool) -> list[Condition]:
    match = _NUMBER.match(value)
    if match is None:
        return []
    sign, first, last = match.groups()
    first = first.replace(",", ".")
    if max(float(first), float((last or first).replace(",", "."))) > _MOST_OF.get(field, math.inf):
        return []
    if last is None:
        operator: Operator = _operator(sign)
        return [Condition(field=field, value=first, operator=operator, negated=negated)]
    if sign or negated:
        return []
    last = last.replace(",", ".")
    return [
        Condition(field=field, value=first, operator=">="),
        Condition(field=field, value=last, operator="<="),
    ]


def _dates(field: str, value: str, *, negated: bool) -> list[Condition]:
    match = _DATE.match(value)
    if match is None:
        return []
    sign, *parts = match.groups()
    numbers = [int(part) for part in parts if part is not None]
    try:
        datetime.date(*(*numbers, 1, 1)[:3])
    except ValueError:
        return []
    day = "-".join((f"{numbers[0]:04}", *(f"{number:02}" for number in numbers[1:])))
    if field == "date":
        return [Condition(field="date", value=day, operator=_operator(sign), negated=negated)]
    if sign:
        return []
    operator: Operator = "<" if field == "before" else ">"
    return [Condition(field="date", value=day, operator=operator, negated=negated)]


def _operator(sign: str | None) -> Operator:
    match sign:
        case ">" | ">=" | "<" | "<=":
            return sign
        case _:
            return "="


def _unknown(field: str) -> str:
    return tr("There is no field {field}: but {fields}.", field=field, fields=", ".join(FIELDS))


def _problem(field: str, value: str) -> str:
    if field == "has":
        return tr("has: takes one of {words}.", words=", ".join(HAS))
    if field == "is":
        return tr("is: takes one of {words}.", words=", ".join(IS))
    if field in _MOST_OF and _NUMBER.match(unquoted(value)):
        most = _MOST_OF[field]
        return tr("{field}: goes from 0 to {most}.", field=field, most=most)
    if field in NUMBER_FIELDS:
        return tr("{field}: takes a number, as in {field}:>=4 or {field}:2..4.", field=field)
    if field in DATE_FIELDS:
        return tr("{field}: takes a date, as in {field}:2026-05.", field=field)
    return tr("{field}: needs a word behind it.", field=field)

"""What a search may go on with: fields, the values pictures have in them, and earlier searches."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

import msgspec

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.search import (
    DATE_FIELDS,
    FIELDS,
    QUOTED,
    quoted,
    unquoted,
)
from pickabook_desktop.ui.viewmodels.gallery_words import (
    day_title,
    field_words,
    label_titles,
    number,
    value_words,
)

MOST = 8
# Shorter beginnings are those of too many tags and names.
_LEAST = 2
_BY_BEGINNING = ("engine", "template", "style", "child", "book", "tag")
_PIECE = re.compile(rf"(-?)(?:([A-Za-z]+):)?({QUOTED}|\S*)")


class Value(msgspec.Struct, frozen=True):
    """A value that pictures have in a field, what it is called, and how many have it."""

    value: str
    title: str
    count: int = 0


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One way to go on: what it is called, a word on it, and what the field holds afterwards with
    the cursor behind ``cursor`` letters.
    """

    title: str
    note: str
    text: str
    cursor: int
    icon: str = "search"


ValuesOf = Callable[[str], Sequence[Value]]
"""The values of a field, the most used first."""


def offers(
    text: str, cursor: int, values_of: ValuesOf, today: date | None = None
) -> tuple[Offer, ...]:
    """Ways to go on from what is typed before ``cursor``; none within words that are no field's."""
    piece = _piece_at(text, cursor)
    if piece is None:
        return ()
    if piece.field:
        return tuple(_values(piece, values_of, today))[:MOST]
    return (*_fields(piece), *_anything(piece, values_of))[:MOST]


def unfinished(text: str, cursor: int, values_of: ValuesOf, today: date | None = None) -> bool:
    """Whether before ``cursor`` stands a field with but the beginning of one of its values."""
    piece = _piece_at(text, cursor)
    if piece is None or not piece.field:
        return False
    values = [
        value.value.casefold() for value in (*_fixed(piece.field, today), *values_of(piece.field))
    ]
    return piece.typed not in values and any(value.startswith(piece.typed) for value in values)


def meanwhile(text: str, cursor: int, values_of: ValuesOf, today: date | None = None) -> str | None:
    """What else is sought while a value is :func:`unfinished` that finds nothing by its beginning;
    None where all of it can be sought.
    """
    piece = _piece_at(text, cursor)
    if piece is None or (piece.typed and piece.field in _BY_BEGINNING):
        return None
    if not unfinished(text, cursor, values_of, today):
        return None
    return f"{piece.before.removesuffix('-')} {piece.behind}".strip()


def recent_offers(searches: Iterable[str]) -> tuple[Offer, ...]:
    """Earlier searches, to have again."""
    note = tr("Earlier search")
    found = (
        Offer(title=words, note=note, text=words, cursor=len(words), icon="history")
        for words in searches
    )
    return tuple(found)[:MOST]


class _Piece(msgspec.Struct, frozen=True):
    """What is being typed, in ``field`` or, where that is empty, by itself; and what stands before
    and behind.
    """

    field: str
    typed: str
    before: str
    behind: str

    def offer(self, piece: str, title: str, note: str, icon: str) -> Offer:
        gap = "" if piece.endswith(":") else " "
        begun = self.before + piece + gap
        text = begun + self.behind.removeprefix(gap)
        return Offer(title=title, note=note, text=text, cursor=len(begun), icon=icon)


def _piece_at(text: str, cursor: int) -> _Piece | None:
    pieces = (p for p in _PIECE.finditer(text) if p.group() and p.start() < cursor <= p.end())
    piece = next(pieces, None)
    if piece is None:
        return None
    minus, field, _ = piece.groups()
    begun = text[piece.start() + len(minus) : cursor]
    known = field.lower() if field else ""
    behind_colon = known in FIELDS and len(begun) > len(known)
    typed = unquoted(begun[len(known) + 1 :]) if behind_colon else begun
    before, behind = text[: piece.start()] + minus, text[piece.end() :]
    return _Piece(known if behind_colon else "", typed.casefold(), before, behind)


def _fields(piece: _Piece) -> Iterable[Offer]:
    for field, note in field_words().items():
        if field.startswith(piece.typed):
            yield piece.offer(f"{field}:", f"{field}:", note, "search")


def _anything(piece: _Piece, values_of: ValuesOf) -> Iterable[Offer]:
    """Tags, children and books that begin so."""
    kinds = (
        ("tag", tr("Tag"), "tag"),
        ("child", tr("Child"), "face"),
        ("book", tr("Book"), "book"),
    )
    for field, kind, icon in kinds if len(piece.typed) >= _LEAST else ():
        for value in values_of(field):
            if _begins(value, piece.typed):
                note = f"{kind} · {number(value.count)}"
                yield piece.offer(f"{field}:{quoted(value.value)}", value.title, note, icon)


def _values(piece: _Piece, values_of: ValuesOf, today: date | None) -> Iterable[Offer]:
    field, typed = piece.field, piece.typed
    for value in (*_fixed(field, today), *values_of(field)):
        if value.value and _begins(value, typed) and value.value.casefold() != typed:
            words = [value.title if value.title != value.value else ""]
            words.append(number(value.count) if value.count else "")
            note = " · ".join(word for word in words if word)
            written = f"{field}:{quoted(value.value)}"
            yield piece.offer(written, value.value, note, _ICONS.get(field, "search"))


def _fixed(field: str, today: date | None) -> Iterable[Value]:
    """The values of a field that are the same whatever there is."""
    if field == "label":
        return [Value(key, title) for key, title in label_titles().items() if key]
    if field in DATE_FIELDS:
        day = (today or date.today()).isoformat()
        month, year = day[: len("2026-10")], day[: len("2026")]
        titles = (day_title(day, today), tr("This month"), tr("This year"))
        return [Value(v, t) for v, t in zip((day, month, year), titles, strict=True)]
    return [Value(value, title) for value, title in value_words().get(field, {}).items()]


def _begins(value: Value, typed: str) -> bool:
    title = value.title.casefold()
    return (
        value.value.casefold().startswith(typed)
        or title.startswith(typed)
        # The words on values that are always there are not their names.
        or (value.count > 0 and any(word.startswith(typed) for word in title.split()))
    )


_ICONS = {"tag": "tag", "child": "face", "book": "book", "template": "photo", "engine": "engine"}

"""A search as conditions on the library's cards.

Words are looked up in the index, newest first, so that the first hits come without finding all;
those that some note or tag has too are the exception. Tags and the values of fields are compared
here and not by SQLite, which knows the cases of ASCII alone; there are few of them.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from pickabook_desktop.domain.names import folded
from pickabook_desktop.domain.search import Condition, Search, Word
from pickabook_desktop.storage.database import Value


class Index(Protocol):
    """What has to be known of the library to search it."""

    def values(self, field: str) -> Sequence[str]:
        """All values that cards have in a field, or all tags."""
        ...

    def in_notes(self, match: str) -> bool:
        """Whether some note has what FTS5 is to match."""
        ...


Clause = tuple[str, tuple[Value, ...]]
"""A condition and its values."""

_SHIFT = 20
# 1970 and 2240: what lies beyond does not fit into SQLite's integers, and nothing was drawn then.
_FIRST_YEAR, _LAST_YEAR = 1970, 2240
_MOST = 2**63 - 1
_INDEXED = ("engine", "template", "style", "child", "book")
_HITS = "SELECT rowid FROM words WHERE words MATCH ?"
_NOTES = "SELECT rowid FROM note_words WHERE note_words MATCH ?"
_TAGGED = "SELECT tags.n FROM tags WHERE tags.tag IN (SELECT value FROM json_each(?))"
_LIKE = " OR ".join(
    f"{column} LIKE ? ESCAPE '\\'" for column in ("prompt", "fields", "book", "about")
)
# Chinese, Japanese, Korean, Thai and other letters without spaces between words: the index takes a
# whole sentence of them for one word.
_UNPARTED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)

_UPLOAD = "SELECT 1 FROM outbox WHERE outbox.picture_id=cards.id AND outbox.kind='upload'"
_KNOWN = {
    "has:url": (
        "EXISTS (SELECT 1 FROM stored WHERE stored.picture_id=cards.id AND stored.url <> '')"
    ),
    "has:note": "cards.note <> ''",
    "has:tag": "EXISTS (SELECT 1 FROM tags WHERE tags.n=cards.n)",
    "has:rating": "cards.rating > 0",
    "has:label": "cards.label <> ''",
    "has:likeness": "cards.likeness IS NOT NULL",
    "has:seam": "cards.seam IS NOT NULL",
    "has:cost": "cards.cost IS NOT NULL",
    "has:variations": (
        "cards.stack IN (SELECT stack FROM cards WHERE trashed=0 AND stack <> ''"
        " GROUP BY stack HAVING count(*) > 1)"
    ),
    "has:book": "cards.book <> ''",
    "is:picked": "cards.flag = 1",
    "is:rejected": "cards.flag = -1",
    "is:unflagged": "cards.flag = 0",
    "is:rated": "cards.rating > 0",
    "is:uploaded": "EXISTS (SELECT 1 FROM stored WHERE stored.picture_id=cards.id)",
    "is:queued": f"EXISTS ({_UPLOAD} AND outbox.state <> 'failed')",
    "is:failed": f"EXISTS ({_UPLOAD} AND outbox.state = 'failed')",
    "is:trashed": "cards.trashed = 1",
}


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """``source`` are the tables that are looked through, with the values ``given`` to them, and
    ``condition`` what must hold, with its ``values``; ``by_words`` whether ``source`` begins with
    ``words``, which gives its hits in the order of ``rowid``.
    """

    source: str
    given: tuple[Value, ...] = ()
    condition: str
    values: tuple[Value, ...] = ()
    by_words: bool = False


def found_by(search: Search, index: Index) -> Found:
    """Where ``search`` finds pictures, and what must hold for them."""
    clauses: list[Clause] = [(f"cards.trashed={int(search.in_trash)}", ())]
    together: list[str] = []
    for word in search.words:
        clause = _word(word, index)
        if isinstance(clause, str):
            together.append(clause)
        else:
            clauses.append(clause)
    clauses += [_condition(condition, index) for condition in search.conditions]
    # The order of the tables is that of the hits.
    by_words = "words CROSS JOIN cards ON cards.n=words.rowid AND words MATCH ?"
    return Found(
        source=by_words if together else "cards",
        given=(" AND ".join(together),) if together else (),
        condition=" AND ".join(text for text, _ in clauses),
        values=tuple(value for _, values in clauses for value in values),
        by_words=bool(together),
    )


def place_in_time(moment: datetime) -> int:
    """The least ``n`` of a picture made at ``moment``, or of any after it; naive is local time."""
    return int(moment.timestamp() * 1000) << _SHIFT


def _word(word: Word, index: Index) -> Clause | str:
    """A condition, or for a word that is in no note and no tag what FTS5 is to match."""
    text = _clean(word.text)
    tags = [tag for tag in index.values("tag") if _has(tag, text, word.prefix)]
    tagged = msgspec.json.encode(tags).decode()
    if _UNPARTED.search(text):
        parts = [
            f"SELECT rowid FROM words WHERE {_LIKE}",  # noqa: S608 constants
            "SELECT rowid FROM note_words WHERE note LIKE ? ESCAPE '\\'",
        ]
        values: tuple[Value, ...] = (_contained(text),) * 5
    else:
        match = _match(text, word.prefix)
        noted = index.in_notes(match)
        if not (noted or tags or word.negated):
            return match
        parts, values = [_HITS, *[_NOTES] * noted], (match,) * (1 + noted)
    if tags:
        parts, values = [*parts, _TAGGED], (*values, tagged)
    return f"cards.n {'NOT ' * word.negated}IN ({' UNION ALL '.join(parts)})", values


def _has(tag: str, text: str, prefix: bool) -> bool:
    """Whether a tag, or the value of a field, has these words next to each other."""
    if _UNPARTED.search(text):
        return text.casefold() in tag.casefold()
    sought, own = " ".join(_bare_words(text)), " ".join(_bare_words(tag))
    return f" {sought}{'' if prefix else ' '}" in f" {own} "


def _bare_words(text: str) -> list[str]:
    """The words of a text as the index has them, without case and accents."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    return re.findall(r"[^\W_]+", "".join(p for p in parts if not unicodedata.combining(p)))


def _match(text: str, prefix: bool) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"{"*" if prefix else ""}'


def _contained(text: str) -> str:
    escaped = re.sub(r"([\\%_])", r"\\\1", text)
    return f"%{escaped}%"


def _clean(text: str) -> str:
    """Text without what SQLite cannot take: halves of letters, and an early end."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def _condition(condition: Condition, index: Index) -> Clause:
    text, values = _plain_condition(condition, index)
    # Where nothing is known the condition does not hold, so its contrary does.
    return (f"({text}) IS NOT TRUE" if condition.negated else text), values


def _plain_condition(condition: Condition, index: Index) -> Clause:
    field, value = condition.field, _clean(condition.value)
    match field:
        case "has" | "is":
            return _KNOWN[f"{field}:{value}"], ()
        case "rating" | "likeness" | "seam" | "cost":
            return _number(condition)
        case "date":
            return _date(condition)
        case "tag":
            text, values = _one_of("tags.tag", value, index.values(field), condition)
            return f"cards.n IN (SELECT tags.n FROM tags WHERE {text})", values  # noqa: S608
        case "label":
            return "cards.label = ?", (value.lower(),)
        case "stack":
            return "cards.stack = ?", (value,)
        case "seed":
            return "cards.seed = ?", (_seed(value),)
        case "id":
            beginning = value.upper()
            return "cards.id >= ? AND cards.id < ?", (beginning, f"{beginning}~")
        case _:
            return _one_of(f"cards.{field}", value, index.values(field), condition)


def _one_of(column: str, sought: str, values: Sequence[str], how: Condition) -> Clause:
    same = _meant(sought, values, how)
    if len(same) == 1:
        return f"{column} = ?", (same[0],)
    one_of = msgspec.json.encode(same).decode()
    return f"{column} IN (SELECT value FROM json_each(?))", (one_of,)  # noqa: S608 known columns


def _meant(sought: str, values: Sequence[str], how: Condition) -> list[str]:
    wanted = _compared(sought)
    if how.prefix:
        return [value for value in values if value and _compared(value).startswith(wanted)]
    same = [value for value in values if _compared(value) == wanted]
    if same or how.exact or not _bare_words(sought):
        return same
    return [value for value in values if _has(value, sought, prefix=True)]


def _compared(value: str) -> str:
    """A value as it is compared: “Moon Walk” is ``moon-walk``."""
    return re.sub(r"[-_\s]+", " ", folded(value)).strip()


def _seed(value: str) -> int:
    """The seed of that number; one that no picture has for anything else."""
    return (
        int(value) if value.isascii() and value.isdecimal() and len(value) < len(str(_MOST)) else -1
    )


def _number(condition: Condition) -> Clause:
    column, value = f"cards.{condition.field}", float(condition.value)
    if condition.operator != "=":
        return f"{column} {condition.operator} ?", (value,)
    # What is typed with two digits behind the point means whatever is rounded to them.
    _, _, digits = condition.value.partition(".")
    half = 0.5 / 10 ** len(digits) if digits else 1e-9
    return f"{column} >= ? AND {column} < ?", (value - half, value + half)


def _date(condition: Condition) -> Clause:
    start, end = _span(condition.value)
    match condition.operator:
        case "<":
            return "cards.n < ?", (start,)
        case "<=":
            return "cards.n < ?", (end,)
        case ">":
            return "cards.n >= ?", (end,)
        case ">=":
            return "cards.n >= ?", (start,)
        case _:
            return "cards.n >= ? AND cards.n < ?", (start, end)


def _span(day: str) -> tuple[int, int]:
    """The first ``n`` of a year, month or day in local time, and the first behind it."""
    year, month, date = (*(int(part) for part in day.split("-")), 0, 0)[:3]
    if not month:
        return _start(year, 1, 1), _start(year + 1, 1, 1)
    if not date:
        return _start(year, month, 1), _start(year + month // 12, month % 12 + 1, 1)
    if year >= _LAST_YEAR:
        return _MOST, _MOST
    following = datetime(year, month, date) + timedelta(days=1)
    return _start(year, month, date), _start(following.year, following.month, following.day)


def _start(year: int, month: int, day: int) -> int:
    if year <= _FIRST_YEAR:
        return 0
    if year >= _LAST_YEAR:
        return _MOST
    return place_in_time(datetime(year, month, day))

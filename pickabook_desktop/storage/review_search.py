"""A search as conditions on the library's cards.

Words are looked up in the index, newest first, so that the first hits come without finding all. The
values of fields are compared here and not by SQLite, which knows the cases of ASCII alone; there
are few of them.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from pickabook_desktop.domain.names import folded
from pickabook_desktop.domain.search import Condition, Search, Word
from pickabook_desktop.storage.database import Value

Values = Callable[[str], Sequence[str]]
"""All values that cards have in a field, or all tags."""

_SHIFT = 20
# 1970 and 2240: what lies beyond does not fit into SQLite's integers, and nothing was drawn then.
_FIRST_YEAR, _LAST_YEAR = 1970, 2240
_MOST = 2**63 - 1
_INDEXED = ("engine", "template", "style", "child", "book")
_HITS = "SELECT rowid FROM words WHERE words MATCH ?"
_COLUMNS = ("prompt", "fields", "book", "about", "note", "tags")
_LIKE = " OR ".join(f"{column} LIKE ? ESCAPE '\\'" for column in _COLUMNS)
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


def found_by(search: Search, values_of: Values) -> Found:
    """Where ``search`` finds pictures, and what must hold for them."""
    source, given, conditions = _words(search.words)
    trashed = 1 if search.in_trash else 0
    conditions.insert(0, (f"cards.trashed={trashed}", ()))
    conditions += [_condition(condition, values_of) for condition in search.conditions]
    return Found(
        source=source,
        given=given,
        condition=" AND ".join(text for text, _ in conditions),
        values=tuple(value for _, values in conditions for value in values),
        by_words=bool(given),
    )


def place_in_time(moment: datetime) -> int:
    """The least ``n`` of a picture made at ``moment``, or of any after it; naive is local time."""
    return int(moment.timestamp() * 1000) << _SHIFT


def _words(
    words: Sequence[Word],
) -> tuple[str, tuple[Value, ...], list[tuple[str, tuple[Value, ...]]]]:
    """The tables, their values, and the conditions beside them."""
    conditions: list[tuple[str, tuple[Value, ...]]] = []
    together: list[str] = []
    for word in words:
        text = _clean(word.text)
        if _UNPARTED.search(text):
            negation = "NOT " if word.negated else ""
            like = f"cards.n {negation}IN (SELECT rowid FROM words WHERE {_LIKE})"  # noqa: S608
            conditions.append((like, (_contained(text),) * len(_COLUMNS)))
        elif word.negated:
            conditions.append((f"cards.n NOT IN ({_HITS})", (_match(text, word.prefix),)))
        else:
            together.append(_match(text, word.prefix))
    if not together:
        return "cards", (), conditions
    # The order of the tables is that of the hits.
    source = "words CROSS JOIN cards ON cards.n=words.rowid AND words MATCH ?"
    return source, (" AND ".join(together),), conditions


def _match(text: str, prefix: bool) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"{"*" if prefix else ""}'


def _contained(text: str) -> str:
    escaped = re.sub(r"([\\%_])", r"\\\1", text)
    return f"%{escaped}%"


def _clean(text: str) -> str:
    """Text without what SQLite cannot take: halves of letters, and an early end."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def _condition(condition: Condition, values_of: Values) -> tuple[str, tuple[Value, ...]]:
    text, values = _plain_condition(condition, values_of)
    # Where nothing is known the condition does not hold, so its contrary does.
    return (f"({text}) IS NOT TRUE" if condition.negated else text), values


def _plain_condition(condition: Condition, values_of: Values) -> tuple[str, tuple[Value, ...]]:
    field, value = condition.field, _clean(condition.value)
    match field:
        case "has" | "is":
            return _KNOWN[f"{field}:{value}"], ()
        case "rating" | "likeness" | "seam" | "cost":
            return _number(condition)
        case "date":
            return _date(condition)
        case "tag":
            text, values = _one_of("tags.tag", value, values_of(field))
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
            return _one_of(f"cards.{field}", value, values_of(field))


def _one_of(column: str, sought: str, values: Sequence[str]) -> tuple[str, tuple[Value, ...]]:
    wanted = _compared(sought.removesuffix("*"))
    if sought.endswith("*"):
        same = [value for value in values if value and _compared(value).startswith(wanted)]
    else:
        same = [value for value in values if _compared(value) == wanted]
    if len(same) == 1:
        return f"{column} = ?", (same[0],)
    one_of = msgspec.json.encode(same).decode()
    return f"{column} IN (SELECT value FROM json_each(?))", (one_of,)  # noqa: S608 known columns


def _compared(value: str) -> str:
    """A value as it is compared: “Moon Walk” is ``moon-walk``."""
    return re.sub(r"[-_\s]+", " ", folded(value)).strip()


def _seed(value: str) -> int:
    """The seed of that number; one that no picture has for anything else."""
    return (
        int(value) if value.isascii() and value.isdecimal() and len(value) < len(str(_MOST)) else -1
    )


def _number(condition: Condition) -> tuple[str, tuple[Value, ...]]:
    column, value = f"cards.{condition.field}", float(condition.value)
    if condition.operator != "=":
        return f"{column} {condition.operator} ?", (value,)
    # What is typed with two digits behind the point means whatever is rounded to them.
    _, _, digits = condition.value.partition(".")
    half = 0.5 / 10 ** len(digits)
    return f"{column} >= ? AND {column} < ?", (value - half, value + half)


def _date(condition: Condition) -> tuple[str, tuple[Value, ...]]:
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
    following = datetime.fromordinal(datetime(year, month, date).toordinal() + 1)
    return _start(year, month, date), _start(following.year, following.month, following.day)


def _start(year: int, month: int, day: int) -> int:
    if year <= _FIRST_YEAR:
        return 0
    if year >= _LAST_YEAR:
        return _MOST
    return place_in_time(datetime(year, month, day))

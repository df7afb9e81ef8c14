"""Rows out of a list that may be damaged, into one that is whole."""

import contextlib
import re
from collections.abc import Callable, Collection, Generator, Iterator
from pathlib import Path
from typing import cast

import apsw
import msgspec

from pickabook_desktop.storage.database import Connection, Row, Value
from pickabook_desktop.storage.own_names import is_id, is_picture
from pickabook_desktop.storage.rows import PictureRow
from pickabook_desktop.storage.schema import COLUMNS
from pickabook_desktop.storage.unfinished import announced, insert

# What a list holds beside its pictures and what was decided about them.
BESIDES = ("outbox", "stored", "batches", "discards", "searches")
UNDER_WAY = ("pending", "doomed")

# More than anybody has pictures; a number beyond comes out of a damaged page.
_MOST_BETWEEN = 5_000_000
# Numbers of cards are beyond it: they are moments, with next to nothing between two of them.
_COUNTED = 1 << 40
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MOST_STARS = 5
_LABELS = ("", "red", "yellow", "green", "blue", "purple")


class Source:
    """A list to read from; whatever in it cannot be read is passed over. ``damaged`` holds the
    tables of which something was.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.damaged: set[str] = set()

    def rows(self, table: str, columns: Collection[str]) -> Iterator[Row]:
        """All rows that can be read, some perhaps twice. From the front up to the first damage,
        from the back down to the last, and what is between by its number.
        """
        ends: list[int] = []
        numbered = self._is_numbered(table)
        order = "rowid" if numbered else ", ".join(self._keys(table))
        what = ", ".join(("rowid" if numbered else "0", *columns))
        for direction in ("ASC", "DESC"):
            query = f"SELECT {what} FROM {table} ORDER BY {order} {direction}"  # noqa: S608 own words
            last: int | None = None
            try:
                for number, *values in self._connection.execute(query):
                    last = int(str(number))
                    if direction == "DESC" and numbered and ends and last <= ends[0]:
                        return
                    yield tuple(values)
            except (apsw.Error, UnicodeDecodeError):
                self.damaged.add(table)
            else:
                return
            if last is not None:
                ends.append(last)
            elif direction == "ASC":
                ends.append(0)
        if numbered:
            yield from self._between(table, what, ends)

    def columns(self, table: str) -> tuple[str, ...]:
        """The names of a table's columns; none where there is no such table."""
        try:
            return tuple(
                str(row[1]) for row in self._connection.execute(f"PRAGMA table_info({table})")
            )
        except apsw.Error:
            self.damaged.add(table)
            return ()

    def _between(self, table: str, what: str, ends: list[int]) -> Iterator[Row]:
        counted = len(ends) > 1 and ends[1] < _COUNTED
        if counted and 0 < ends[1] - ends[0] < _MOST_BETWEEN:
            numbers: Iterator[int] = iter(range(ends[0] + 1, ends[1]))
        else:
            numbers = iter(self._numbers_in_index(table))
        query = f"SELECT {what} FROM {table} WHERE rowid=?"  # noqa: S608 own words
        for number in numbers:
            with contextlib.suppress(apsw.Error, UnicodeDecodeError):
                for row in list(self._connection.execute(query, (number,))):
                    yield row[1:]

    def _numbers_in_index(self, table: str) -> set[int]:
        """Row numbers as the index of identifiers has them."""
        numbers: set[int] = set()
        for direction in ("ASC", "DESC"):
            query = f"SELECT rowid FROM {table} ORDER BY id {direction}"  # noqa: S608 own words
            with contextlib.suppress(apsw.Error):
                for row in self._connection.execute(query):
                    numbers.add(int(str(row[0])))
        return numbers

    def _is_numbered(self, table: str) -> bool:
        query = "SELECT sql FROM sqlite_schema WHERE type='table' AND name=?"
        try:
            return not any(
                "WITHOUT ROWID" in str(row[0]) for row in self._connection.execute(query, (table,))
            )
        except apsw.Error:
            return True

    def _keys(self, table: str) -> tuple[str, ...]:
        try:
            info = list(self._connection.execute(f"PRAGMA table_info({table})"))
        except apsw.Error:
            return ("1",)
        return tuple(str(row[1]) for row in info if row[5]) or ("1",)


@contextlib.contextmanager
def source_at(file: Path, *, immutable: bool) -> Generator[Source]:
    """A list to read from. Nobody may write to one that is ``immutable``; one that is not may have
    a log beside it. Raises ``apsw.Error`` where it is no list at all.
    """
    name = f"{file.absolute().as_uri()}?mode=ro{'&immutable=1' if immutable else ''}"
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = cast("Connection", apsw.Connection(name, flags))
    try:
        connection.execute("PRAGMA cell_size_check=ON")
        for _ in connection.execute("SELECT count(*) FROM sqlite_schema"):
            pass
        yield Source(connection)
    finally:
        connection.close()


def take_pictures(
    target: Connection, source: Source, wanted: Callable[[PictureRow], bool]
) -> set[str]:
    """Put the pictures of ``source`` that are ``wanted``, and that ``target`` has not, into its
    list; gives their ids.
    """
    had = source.columns("pictures")
    names = [name for name in COLUMNS.split(", ") if name in had]
    taken: set[str] = set()
    if not {"id", "path", "request"} <= set(names):
        return taken
    for *values, deleted_at in source.rows("pictures", (*names, "deleted_at")):
        row = _picture(dict(zip(names, values, strict=True)))
        if row is None or row.id in taken or _has(target, row) or not wanted(row):
            continue
        insert(target, row)
        if isinstance(deleted_at, str):
            target.execute("UPDATE pictures SET deleted_at=? WHERE id=?", (deleted_at, row.id))
        taken.add(row.id)
    return taken


def take_tables(
    target: Connection,
    source: Source,
    tables: Collection[str],
    ids: Collection[str] | None = None,
    *,
    newer: bool = False,
) -> None:
    """Put the rows of ``tables`` that ``target`` has not into it, also those that it has where
    ``source`` is ``newer``; with ``ids``, only those that speak of these pictures.
    """
    way = "REPLACE" if newer else "IGNORE"
    for table in tables:
        info = target.execute(f"PRAGMA table_info({table})")
        had = source.columns(table)
        names = [str(row[1]) for row in info if str(row[1]) in had]
        if not names:
            continue
        places = ", ".join("?" for _ in names)
        put = f"INSERT OR {way} INTO {table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608
        for row in source.rows(table, names):
            values = dict(zip(names, row, strict=True))
            if (ids is None or values["picture_id"] in ids) and _is_sound(table, values):
                with contextlib.suppress(apsw.ConstraintError):
                    target.execute(put, cast("tuple[Value, ...]", row))


def _is_sound(table: str, values: dict[str, object]) -> bool:
    """Whether what is to be done about a file speaks of a picture's."""
    if table in UNDER_WAY and not is_picture(str(values.get("path"))):
        return False
    return table != "pending" or announced(str(values.get("picture"))) is not None


def take_decisions(target: Connection, source: Source, ids: Collection[str]) -> set[str]:
    """Let ``target`` have what was decided about these pictures; gives those of which it is known.
    Their tags come to those that they have.
    """
    known = _cards(source, ids)
    for _, picture_id, *decided in known.values():
        if decided != [0, 0, "", ""]:
            target.execute(
                "UPDATE cards SET rating=?, flag=?, label=?, note=? WHERE id=?",
                (*cast("list[Value]", decided), cast("str", picture_id)),
            )
    take_tags(target, source, {str(row[1]) for row in known.values()}, known)
    return {str(row[1]) for row in known.values()}


def take_tags(
    target: Connection,
    source: Source,
    ids: Collection[str],
    cards: dict[object, list[object]] | None = None,
) -> None:
    """Put the tags of these pictures to those that they have."""
    known = _cards(source, ids) if cards is None else cards
    if not source.columns("tags"):
        source.damaged.add("tags")
        return
    for n, tag in source.rows("tags", ("n", "tag")):
        if n in known and isinstance(tag, str):
            target.execute(
                "INSERT OR IGNORE INTO tags SELECT n, ? FROM cards WHERE id=?",
                (tag, str(known[n][1])),
            )


def _cards(source: Source, ids: Collection[str]) -> dict[object, list[object]]:
    """The cards of these pictures that can be read, by their numbers."""
    columns = ("n", "id", "rating", "flag", "label", "note")
    if not source.columns("cards"):
        return {}
    return {
        n: [n, picture_id, *decided]
        for n, picture_id, *decided in source.rows("cards", columns)
        if picture_id in ids and _is_decision(decided)
    }


def _is_decision(values: list[object]) -> bool:
    rating, flag, label, note = values
    return (
        isinstance(rating, int)
        and 0 <= rating <= _MOST_STARS
        and flag in (-1, 0, 1)
        and label in _LABELS
        and isinstance(note, str)
    )


def _picture(values: dict[str, object]) -> PictureRow | None:
    """The row of a picture; None for what damage has made of one."""
    try:
        row = msgspec.convert(
            [values.get(name, _default(name, values)) for name in COLUMNS.split(", ")], PictureRow
        )
    except msgspec.ValidationError:
        return None
    whole = is_id(row.id) and is_picture(row.path) and _SHA256.fullmatch(row.sha256)
    return row if whole and _is_json(row) else None


def _default(name: str, values: dict[str, object]) -> object:
    """What bringing a list of an older version up to date would put there."""
    if name == "cost":
        return 0.0 if values.get("engine") == "storybook" else None
    return "" if name == "stack" else None


def _is_json(row: PictureRow) -> bool:
    try:
        for text in (row.request, row.used_words, row.unused_words, row.timings):
            msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True


def _has(target: Connection, row: PictureRow) -> bool:
    query = (
        "SELECT 1 FROM pictures WHERE id=? OR path=? UNION ALL SELECT 1 FROM doomed WHERE path=?"
    )
    return bool(list(target.execute(query, (row.id, row.path, row.path))))

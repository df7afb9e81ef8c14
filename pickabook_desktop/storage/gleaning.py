"""The rows of a list whose tables cannot be opened, gathered from its pages into tables again.

Which table a record is of, is told by how many values it has, of what types, and by what they say.
"""

import contextlib
from collections.abc import Callable, Generator
from pathlib import Path
from typing import cast

import apsw
import msgspec

from pickabook_desktop.storage.connection import Connection, Value
from pickabook_desktop.storage.entries import entry_from
from pickabook_desktop.storage.own_names import is_id, is_picture
from pickabook_desktop.storage.pages import Pages
from pickabook_desktop.storage.unfinished import announced

_Values = dict[str, Value]

_TYPES: dict[str, tuple[type, ...]] = {"TEXT": (str,), "INTEGER": (int,), "REAL": (float, int)}


class _Column(msgspec.Struct, frozen=True):
    name: str
    kind: str
    required: bool
    default: str | None
    in_key: bool

    def may_be(self, value: Value) -> bool:
        return not self.required if value is None else isinstance(value, _TYPES[self.kind])

    @property
    def sql(self) -> str:
        return f"{self.name} {self.kind} DEFAULT {self.default or 'NULL'}"


class _Table(msgspec.Struct, frozen=True):
    """A table as lists of this version have it; ``least`` is how many columns its rows had ever."""

    name: str
    columns: tuple[_Column, ...]
    numbered: bool
    number_at: int
    least: int

    def row(self, rowid: int | None, values: tuple[Value, ...]) -> _Values | None:
        """A record as a row of this table; None where it is none."""
        if self.numbered != (rowid is not None):
            return None
        if not self.least <= len(values) <= len(self.columns):
            return None
        if self.number_at >= 0 and values[self.number_at] is None:
            values = (*values[: self.number_at], rowid, *values[self.number_at + 1 :])
        pairs = list(zip(self.columns, values, strict=False))
        if not all(column.may_be(value) for column, value in pairs):
            return None
        row = {column.name: value for column, value in pairs}
        return row if _IS_ONE[self.name](row) else None


def _has_id(row: _Values) -> bool:
    return is_id(str(row["id"]))


def _is_page(row: _Values) -> bool:
    return _has_id(row) and is_picture(str(row["path"])) and str(row["id"]) in str(row["path"])


def _is_entry(row: _Values) -> bool:
    try:
        entry_from(tuple(row.values()))
    except (msgspec.MsgspecError, ValueError):
        return False
    return _has_id(row)


_IS_ONE: dict[str, Callable[[_Values], bool]] = {
    "pictures": _is_page,
    "cards": _has_id,
    "tags": lambda row: bool(row["tag"]),
    "searches": _has_id,
    "outbox": _is_entry,
    "stored": lambda row: is_id(str(row["picture_id"])),
    "batches": _has_id,
    "discards": _has_id,
    "pending": lambda row: announced(str(row["picture"])) is not None,
    "doomed": lambda row: "id" in row and _is_page(row),
}


@contextlib.contextmanager
def gleaned(damaged: Path, scratch: Path, like: Connection) -> Generator[Connection]:
    """Tables with all rows that can be read of the pages of a damaged list, in the file
    ``scratch``, which is gone at the end; they have the columns of those in ``like``. Raises
    OSError and ``apsw.Error`` for what is wrong with the disk.
    """
    tables = [_table(like, name) for name in _IS_ONE]
    connection = cast("Connection", apsw.Connection(str(scratch)))
    try:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        for table in tables:
            columns = ", ".join(column.sql for column in table.columns)
            keys = ", ".join(column.name for column in table.columns if column.in_key)
            connection.execute(f"CREATE TABLE {table.name} ({columns}, PRIMARY KEY ({keys}))")
        with Pages(damaged) as pages:
            for rowid, values in pages.records():
                for table in tables:
                    row = table.row(rowid, values)
                    if row is not None:
                        _put(connection, table.name, row)
        connection.execute("COMMIT")
        yield connection
    finally:
        connection.close()
        with contextlib.suppress(OSError):
            scratch.unlink()


def _put(connection: Connection, table: str, row: _Values) -> None:
    marks = ", ".join("?" for _ in row)
    put = f"INSERT OR IGNORE INTO {table} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608 own words
    connection.execute(put, tuple(row.values()))


def _table(like: Connection, name: str) -> _Table:
    info = list(like.execute(f"PRAGMA table_info({name})"))
    columns = tuple(
        _Column(
            name=str(column),
            kind=str(kind),
            required=bool(required or key),
            default=None if default is None else str(default),
            in_key=bool(key),
        )
        for _, column, kind, required, default, key in info
    )
    ((sql,),) = like.execute("SELECT sql FROM sqlite_schema WHERE type='table' AND name=?", (name,))
    numbers = [place for place, one in enumerate(columns) if one.in_key and one.kind == "INTEGER"]
    always = [place for place, one in enumerate(columns) if one.required and one.default is None]
    numbered = "WITHOUT ROWID" not in str(sql)
    return _Table(
        name=name,
        columns=columns,
        numbered=numbered,
        number_at=numbers[0] if numbered and numbers else -1,
        least=1 + max(always),
    )

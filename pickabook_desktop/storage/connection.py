"""SQLite's connections: what is used of them, as types, and how they end."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import apsw
import msgspec

BUSY_SECONDS = 30.0

Identity = tuple[int, int]
Value = str | int | float | bytes | None
Row = tuple[object, ...]


class Copying(Protocol):
    """What is used of ``apsw.Backup``."""

    @property
    def done(self) -> bool: ...

    def step(self, npages: int = -1) -> bool: ...

    def finish(self) -> None: ...


class Connection(Protocol):
    """What is used of ``apsw.Connection``, whose own types name a buffer newer than Python 3.11."""

    @property
    def in_transaction(self) -> bool: ...

    def execute(self, statements: str, bindings: Sequence[Value] = ()) -> Iterator[Row]: ...

    def executemany(
        self, statements: str, sequenceofbindings: Iterable[Sequence[Value]]
    ) -> Iterator[Row]: ...

    def create_scalar_function(
        self,
        name: str,
        callable: Callable[[str], str],  # noqa: A002 apsw's own name
        numargs: int = -1,
        *,
        deterministic: bool = False,
    ) -> None: ...

    def set_busy_timeout(self, milliseconds: int) -> None: ...

    def interrupt(self) -> None: ...

    def config(self, op: int, *args: int) -> int: ...

    def backup(
        self, databasename: str, sourceconnection: "Connection", sourcedatabasename: str
    ) -> "Copying": ...

    def close(self) -> None: ...


def json_list(values: Iterable[object]) -> str:
    """Any number of values as one, which SQLite's ``json_each`` takes apart."""
    return msgspec.json.encode(list(values)).decode()


def identity_of(file: Path) -> tuple[int, int] | None:
    """What tells a file from another one that is put in its place; None where there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def close(connection: Connection | None) -> None:
    """What cannot be tidied up in closing is tidied up by whoever opens the file next."""
    if connection is not None:
        with contextlib.suppress(apsw.Error):
            connection.close()


def let_go(connection: Connection) -> None:
    """Close a connection to a file that is there no more, and leave the log of the one that is."""
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    close(connection)


def roll_back(connection: Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")

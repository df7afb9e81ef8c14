"""What is used of SQLite's connections, as types."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

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

"""What waits in the outbox, as rows and as data."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, Self

import msgspec

from pickabook_desktop.domain.errors import (
    STORE_FULL,
    InputError,
    NotConfiguredError,
    PickaBookError,
    Remedy,
    StorageError,
    UnreachableError,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.stored import UploadOrder
from pickabook_desktop.storage import copies
from pickabook_desktop.storage.database import Connection, Row, Value

_COLUMNS = (
    "id, kind, store_id, picture_id, remote_id, state, due, attempts, offline, asked,"
    " claimed_by, claimed_at, tried, problem"
)
SELECT = f"SELECT {_COLUMNS} FROM outbox"  # noqa: S608 constants
# A page in the trash waits there.
FREE = (
    "(kind = 'deletion' OR picture_id NOT IN"
    " (SELECT id FROM pictures WHERE deleted_at IS NOT NULL))"
)
_CLOSED = (
    "state='failed' AND (json_extract(problem, '$.kind')='not_configured'"
    f" OR json_extract(problem, '$.code')='{STORE_FULL}')"
)
PAUSED = f"(state='waiting' AND asked=0 OR {_CLOSED})"
_FRESH = (
    "state='queued', due=0, attempts=0, offline=0, asked=0, claimed_by='', claimed_at=0, problem=''"
)

UNREACHABLE = "unreachable"
# The first that fits names the error, so that it can be raised again in another run.
_KINDS: tuple[tuple[type[PickaBookError], str], ...] = (
    (UnreachableError, UNREACHABLE),
    (NotConfiguredError, "not_configured"),
    (StorageError, "storage"),
    (InputError, "input"),
    (PickaBookError, "other"),
)


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An error of the tree, to be kept and told later."""

    kind: str
    message: str
    next_step: str = ""
    retryable: bool = False
    code: str = ""
    remedies: tuple[Remedy, ...] = ()

    @classmethod
    def of(cls, error: PickaBookError) -> Self:
        return cls(
            kind=next(word for known, word in _KINDS if isinstance(error, known)),
            message=error.message,
            next_step=error.next_step,
            retryable=error.retryable,
            code=error.code,
            remedies=error.remedies,
        )

    def error(self) -> PickaBookError:
        """The error again."""
        kind = next((known for known, word in _KINDS if word == self.kind), PickaBookError)
        return kind(
            self.message,
            self.next_step,
            retryable=self.retryable,
            code=self.code,
            remedies=self.remedies,
        )


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do: put picture ``picture_id`` into a store (``upload``), or take the file
    ``remote_id`` away (``deletion``), which may outlive its picture.

    ``waiting`` is until ``due`` (Unix time), because a try did not succeed or the store could not
    be reached (``offline`` times in a row), or has named a time itself (``asked`` times in a row).
    ``failed`` waits for the person. ``attempts`` counts the tries that failed by the entry's own
    fault or the service's. ``tried`` is what was sent without an answer, so that a file of that
    folder and name may be there; it has no data.
    """

    id: str
    kind: Literal["upload", "deletion"]
    store_id: str
    picture_id: str = ""
    remote_id: str = ""
    state: Literal["queued", "running", "waiting", "failed"] = "queued"
    due: float = 0.0
    attempts: int = 0
    offline: int = 0
    asked: int = 0
    claimed_by: str = ""
    claimed_at: float = 0.0
    tried: UploadOrder | None = None
    problem: Problem | None = None


def entry_from(row: Row) -> Entry:
    """The entry of a row as :data:`SELECT` gives it."""
    values: dict[str, Any] = dict(zip(Entry.__struct_fields__, row, strict=True))
    tried, problem = str(values["tried"]), str(values["problem"])
    values["tried"] = msgspec.json.decode(tried, type=UploadOrder) if tried else None
    values["problem"] = msgspec.json.decode(problem, type=Problem) if problem else None
    return msgspec.convert(values, Entry)


def tried_text(order: UploadOrder) -> str:
    """What has to be known of an order to find its file again, as JSON."""
    bare = UploadOrder(
        name=order.name,
        data=b"",
        media_type=order.media_type,
        sha256=order.sha256,
        folder=order.folder,
    )
    return msgspec.json.encode(bare).decode()


def problem_text(error: PickaBookError) -> str:
    return msgspec.json.encode(Problem.of(error)).decode()


def marks(values: Iterable[object]) -> str:
    """As many question marks as there are values, for SQL."""
    return ", ".join("?" for _ in values)


def put_upload(connection: Connection, entry_id: str, picture_id: str, store_id: str) -> str:
    """Put an upload down and give its id, ``entry_id`` or that of the one there is already. Raises
    InputError for a picture that is not in the library.
    """
    if not copies.in_library(connection, picture_id):
        raise InputError(
            tr("There is no picture {id} in the library.", id=picture_id),
            tr("“pickabook library list” shows what there is."),
        )
    connection.execute(
        "DELETE FROM outbox WHERE kind='deletion' AND store_id=? AND remote_id IN"
        " (SELECT remote_id FROM stored WHERE picture_id=? AND store_id=?)",
        (store_id, picture_id, store_id),
    )
    which, named = "picture_id=? AND store_id=?", (picture_id, store_id)
    refresh(connection, f"{which} AND (kind='deletion' OR state <> 'running')", named)
    connection.execute(f"UPDATE outbox SET kind='upload', remote_id='' WHERE {which}", named)  # noqa: S608 constants
    for row in connection.execute(f"SELECT id FROM outbox WHERE {which}", named):  # noqa: S608 constants
        return str(row[0])
    connection.execute(
        "INSERT INTO outbox (id, kind, picture_id, store_id) VALUES (?, 'upload', ?, ?)",
        (entry_id, *named),
    )
    return entry_id


def put_deletion(connection: Connection, entry_id: str, store_id: str, remote_id: str) -> str:
    """Put a deletion down and give its id, as :func:`put_upload`."""
    which, named = "store_id=? AND remote_id=?", (store_id, remote_id)
    refresh(connection, f"{which} AND state <> 'running'", named)
    for row in connection.execute(f"SELECT id FROM outbox WHERE {which}", named):  # noqa: S608 constants
        return str(row[0])
    connection.execute(
        "INSERT INTO outbox (id, kind, store_id, remote_id) VALUES (?, 'deletion', ?, ?)",
        (entry_id, *named),
    )
    return entry_id


def refresh(connection: Connection, which: str, named: Sequence[Value]) -> None:
    """Have entries tried as if for the first time."""
    connection.execute(f"UPDATE outbox SET {_FRESH} WHERE {which}", named)  # noqa: S608 constants


def withdraw(connection: Connection, which: str, named: Sequence[Value]) -> None:
    """Take entries out. An upload whose file may have arrived, where no copy is listed, becomes a
    deletion of that file.
    """
    unlisted = (
        "kind='upload' AND tried <> '' AND NOT EXISTS (SELECT 1 FROM stored WHERE"
        " stored.picture_id=outbox.picture_id AND stored.store_id=outbox.store_id)"
    )
    arrived = list(
        connection.execute(
            f"UPDATE outbox SET kind='deletion', {_FRESH} WHERE {unlisted} AND ({which})"  # noqa: S608 constants
            " RETURNING id",
            named,
        )
    )
    kept = ", ".join("?" for _ in arrived)
    connection.execute(
        f"DELETE FROM outbox WHERE ({which}) AND id NOT IN ({kept})",  # noqa: S608 constants
        (*named, *(str(row[0]) for row in arrived)),
    )


def withdraw_purged(connection: Connection) -> None:
    """Take out the uploads of pictures that have just been deleted. Their copies elsewhere stay
    where they are, and listed.
    """
    withdraw(connection, "kind='upload' AND picture_id NOT IN (SELECT id FROM pictures)", ())


def revive(connection: Connection, entry: Entry) -> None:
    """The entry's store has done its part: what only waited for that is due."""
    refresh(
        connection,
        f"store_id=? AND (state='waiting' AND offline > 0 AND asked=0 OR kind=? AND {_CLOSED})",
        (entry.store_id, entry.kind),
    )


def unknown(entry_id: str) -> InputError:
    return InputError(
        tr("There is no {id} in the outbox.", id=entry_id),
        tr("“pickabook outbox list” shows what there is."),
    )

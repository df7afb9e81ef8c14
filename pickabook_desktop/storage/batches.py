"""Batches: what services were asked to draw within a day, until every page of it is kept.

A row is written before its batch is sent. One whose sender has died in between is ``unknown``: the
service may have taken it, so it is never sent again by itself but looked for under its title. Its
identifiers of pictures are made before the first page is kept, so that a page that comes twice is
kept once. What a service has of one that has ended, or was dropped, stays noted until it is deleted
there (the triggers of the schema).
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import BatchState, BatchTicket
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.storage.database import Connection, Database, Row, Value
from pickabook_desktop.storage.ids import IdMaker
from pickabook_desktop.storage.presence import Presence

State = Literal[
    "sending",
    "unknown",
    "waiting",
    "running",
    "finished",
    "collected",
    "failed",
    "cancelled",
    "expired",
]
UNFINISHED: tuple[State, ...] = ("waiting", "running", "finished")

_COLUMNS = (
    "id, engine, name, call_id, request, state, submitted, polled, collected, reason, total, done,"
    " pictures, sender, title, uploads"
)
_NOT_ENDED = "state NOT IN ('collected', 'failed', 'cancelled', 'expired')"


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """One batch. Times are UTC in ISO 8601; ``polled`` is empty until it was first asked for.

    ``state`` ``sending`` is being handed over just now; ``unknown`` was, when its process died or
    no answer came: it is looked for under its title, or only the person's account says whether it
    is there where it has none. ``finished`` ones have
    pages to fetch; of ``collected`` ones all are kept that there are, and ``reason`` says why some
    are missing. ``done`` and ``total`` count the service's pictures, ``collected`` those kept.
    """

    id: str
    engine_id: str
    ticket: BatchTicket
    request: GenerationRequest
    state: State
    submitted: str
    polled: str = ""
    collected: int = 0
    reason: str = ""
    total: int = 0
    done: int = 0

    @property
    def unfinished(self) -> bool:
        """Whether asking the service can still bring something."""
        return self.state in UNFINISHED or self.lost

    @property
    def lost(self) -> bool:
        """Whether it has to be found at its service first."""
        return self.state == "unknown" and bool(self.ticket.title)


class Discard(msgspec.Struct, frozen=True, kw_only=True):
    """What a service is yet to delete. It has failed to for so many ``tries``."""

    id: str
    engine_id: str
    ticket: BatchTicket
    tries: int = 0


class Batches:
    """The table ``batches`` of a library. Any thread and several processes may use it at once.

    All methods raise StorageError where the disk does not do its part.
    """

    def __init__(
        self,
        database: Database,
        presence: Presence,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._presence = presence
        self._now = now
        self._ids = IdMaker()

    def begin(self, request: GenerationRequest) -> str:
        """Write down a batch that is about to be sent; returns its id."""
        batch_id = self._ids.next()
        sender = self._presence.token
        request = request.with_changes(
            photo=_writable(request.photo),
            further_photos=tuple(map(_writable, request.further_photos)),
        )
        with self._database.writing() as connection:
            connection.execute(
                f"INSERT INTO batches ({_COLUMNS}) VALUES ({', '.join('?' * 16)})",  # noqa: S608
                (
                    *(batch_id, request.engine_id, "", "", request.to_json(), "sending"),
                    *(_utc(self._now()), "", 0, "", request.count, 0, "[]", sender, "", 0),
                ),
            )
        return batch_id

    def announced(self, batch_id: str, ticket: BatchTicket) -> None:
        """It is about to leave this machine. Raises InputError where it was dropped meanwhile: then
        it may not.
        """
        self._change(
            batch_id,
            "call_id=?, title=?, uploads=?",
            (ticket.call_id, ticket.title, int(ticket.uploads)),
        )
        self.get(batch_id)

    def sent(self, batch_id: str, ticket: BatchTicket) -> None:
        """The service has taken it, as was said at once or has been found out."""
        self._change(
            batch_id,
            "state='waiting', reason='', name=?, call_id=?, sender=''",
            (ticket.name, ticket.call_id),
            "state IN ('sending', 'unknown')",
        )

    def not_sent(self, batch_id: str) -> None:
        """The service has certainly not taken it: there is nothing to remember, but for a file that
        was sent ahead.
        """
        self._change(batch_id, "title=''", (), "uploads=0")
        self.remove((batch_id,))

    def lost(self, batch_id: str, reason: str) -> None:
        """Nobody knows whether the service has taken it."""
        self._change(batch_id, "state='unknown', reason=?, sender=''", (reason,))

    def polled(self, batch_id: str, state: BatchState) -> None:
        """What the service said of it just now. A batch that has ended stays as it is."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE batches SET state=?, reason=?, polled=?, done=?, total=max(total, ?)"
                " WHERE id=? AND state IN ('waiting', 'running', 'finished')",
                (state.state, state.reason, _utc(self._now()), state.done, state.total, batch_id),
            )

    def picture_ids(self, batch_id: str, count: int) -> tuple[str, ...]:
        """Under which ids its pictures are kept, by index: always the same ones."""
        with self._database.writing() as connection:
            rows = list(connection.execute("SELECT pictures FROM batches WHERE id=?", (batch_id,)))
            if not rows:
                raise _unknown(batch_id)
            known = msgspec.json.decode(str(rows[0][0]), type=tuple[str, ...])
            if len(known) < count:
                known += tuple(self._ids.next() for _ in range(count - len(known)))
                text = msgspec.json.encode(known).decode()
                connection.execute("UPDATE batches SET pictures=? WHERE id=?", (text, batch_id))
        return known

    def kept(self, batch_id: str) -> int:
        """Count the pictures of it that are kept, and write that down."""
        with self._database.writing() as connection:
            changed = connection.execute(
                "UPDATE batches SET collected = (SELECT count(*) FROM json_each(batches.pictures)"
                " JOIN pictures ON pictures.id = json_each.value) WHERE id=? RETURNING collected",
                (batch_id,),
            )
            return sum(int(str(count)) for (count,) in changed)

    def close_one(
        self,
        batch_id: str,
        state: Literal["collected", "failed", "cancelled", "expired"],
        reason: str = "",
    ) -> None:
        """Nothing more will come of it; the first word on that stands. Of a collected one photo and
        prompt are forgotten: each picture has its own, and is to be the only place where they are.
        """
        request = self.get(batch_id).request
        if state == "collected":
            request = GenerationRequest(
                photo=PhotoRef(path=""),
                template_id=request.template_id,
                style_id=request.style_id,
                engine_id=request.engine_id,
                size=request.size,
                count=request.count,
            )
        self._change(
            batch_id,
            "state=?, reason=?, request=?",
            (state, reason, request.to_json()),
            _NOT_ENDED,
        )

    def remove(self, batch_ids: Sequence[str]) -> int:
        """Forget batches, their photos and prompts; returns how many there were."""
        with self._database.writing() as connection:
            return sum(_deleted(connection, batch_id) for batch_id in batch_ids)

    def all(self) -> tuple[Batch, ...]:
        """Every batch, newest first."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM batches ORDER BY id DESC"  # noqa: S608 constants
        )
        return tuple(self._batch(row) for row in rows)

    def unfinished(self) -> tuple[Batch, ...]:
        """Those that are worth asking for, oldest first."""
        return tuple(batch for batch in reversed(self.all()) if batch.unfinished)

    def get(self, batch_id: str) -> Batch:
        """One batch; raises InputError where there is none."""
        rows = self._database.rows(
            f"SELECT {_COLUMNS} FROM batches WHERE id=?",  # noqa: S608 constants
            (batch_id,),
        )
        if not rows:
            raise _unknown(batch_id)
        return self._batch(rows[0])

    def discards(self, now: float) -> tuple[Discard, ...]:
        """What services are to delete and is due (Unix time)."""
        rows = self._database.rows(
            "SELECT id, engine, name, title, uploads, tries, call_id FROM discards"
            " WHERE due <= ? ORDER BY id",
            (now,),
        )
        return tuple(_discard(row) for row in rows)

    @property
    def owing(self) -> bool:
        """Whether services have anything to delete, now or later."""
        return bool(self._database.rows("SELECT 1 FROM discards LIMIT 1"))

    def discarded(self, discard_id: str) -> None:
        """The service has nothing left of it."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM discards WHERE id=?", (discard_id,))

    def discard_later(self, discard_id: str, until: float) -> None:
        """Not now, but from ``until`` on (Unix time)."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE discards SET due=?, tries=tries+1 WHERE id=?", (until, discard_id)
            )

    def _change(
        self, batch_id: str, what: str, values: tuple[Value, ...], where: str = "1"
    ) -> None:
        with self._database.writing() as connection:
            connection.execute(
                f"UPDATE batches SET {what} WHERE id=? AND {where}",  # noqa: S608 our own words
                (*values, batch_id),
            )

    def _batch(self, values: Row) -> Batch:
        row = msgspec.convert(values, _BatchRow)
        state = row.state
        reason = row.reason
        if state == "sending" and not self._presence.alive(row.sender):
            state = "unknown"
        return Batch(
            id=row.id,
            engine_id=row.engine,
            ticket=BatchTicket(
                name=row.name, call_id=row.call_id, title=row.title, uploads=bool(row.uploads)
            ),
            request=GenerationRequest.from_json(row.request),
            state=state,
            submitted=row.submitted,
            polled=row.polled,
            collected=row.collected,
            reason=reason,
            total=row.total,
            done=row.done,
        )


class _BatchRow(msgspec.Struct, frozen=True, array_like=True):
    """One row, in the order of ``_COLUMNS``."""

    id: str
    engine: str
    name: str
    call_id: str
    request: str
    state: State
    submitted: str
    polled: str
    collected: int
    reason: str
    total: int
    done: int
    pictures: str
    sender: str
    title: str
    uploads: int


def _discard(row: Row) -> Discard:
    discard_id, engine, name, title, uploads, tries, call_id = row
    ticket = BatchTicket(
        name=str(name), call_id=str(call_id), title=str(title), uploads=bool(uploads)
    )
    return Discard(id=str(discard_id), engine_id=str(engine), ticket=ticket, tries=int(str(tries)))


def _deleted(connection: Connection, batch_id: str) -> int:
    return len(list(connection.execute("DELETE FROM batches WHERE id=? RETURNING id", (batch_id,))))


def _writable(photo: PhotoRef) -> PhotoRef:
    """A path that is no Unicode cannot be written as JSON; the hash finds the photo still."""
    return msgspec.structs.replace(photo, path=photo.path.encode("utf-8", "replace").decode())


def _unknown(batch_id: str) -> InputError:
    return InputError(
        tr("There is no batch {id}.", id=batch_id),
        tr("“pickabook batches list” shows what there is."),
    )


def _utc(moment: datetime) -> str:
    text = moment.astimezone(UTC).isoformat(timespec="seconds")
    return text.replace("+00:00", "Z")

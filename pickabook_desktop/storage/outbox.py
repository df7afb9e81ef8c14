"""The outbox: what stores have yet to be told, kept with the library until it is done.

An upload goes through these steps, and a process may die between any two of them: claimed; put
down as ``tried``, with folder and name; sent; answered; out of the outbox and into ``stored``, in
one transaction. What a dead process had claimed is due again, and where a file of that name may be
already, the store is asked for it before anything is sent a second time.

Withdrawing an upload that may have arrived turns it into a deletion, so that no copy is left of
which nobody knows. Only a person's second word leaves one there.
"""

import time
from collections.abc import Callable, Collection, Iterable, Sequence

from msgspec import structs

from pickabook_desktop.domain.errors import PickaBookError, UnreachableError
from pickabook_desktop.domain.stored import StoredPicture, UploadOrder
from pickabook_desktop.storage import copies
from pickabook_desktop.storage.claims import Claims
from pickabook_desktop.storage.connection import json_list
from pickabook_desktop.storage.copies import Copy
from pickabook_desktop.storage.database import Database, Row, Value
from pickabook_desktop.storage.entries import (
    FREE,
    PAUSED,
    SELECT,
    Entry,
    entry_from,
    marks,
    problem_text,
    put_deletion,
    put_upload,
    refresh,
    revive,
    tried_text,
    unknown,
    withdraw,
)
from pickabook_desktop.storage.ids import IdMaker
from pickabook_desktop.storage.presence import Presence

_IDLE = "state IN ('queued', 'waiting')"
# With two lists as JSON: of ids, and of kinds and stores.
_OTHERS = (
    "id NOT IN (SELECT value FROM json_each(?))"
    " AND kind || '/' || store_id NOT IN (SELECT value FROM json_each(?))"
)

Read = Callable[[str, Sequence[Value]], Iterable[Row]]


class Outbox:
    """Any thread of any process may call any method; all raise StorageError."""

    def __init__(self, database: Database, presence: Presence) -> None:
        self._database = database
        self._claims = Claims(presence)
        self._ids = IdMaker()

    def add(self, picture_id: str, store_id: str) -> str:
        """Put a picture's upload down and give the entry's id. Twice is once; what failed starts
        afresh, what was to be taken away stays. Raises InputError for an unknown picture.
        """
        return self.add_all((picture_id,), store_id)[0]

    def add_all(self, picture_ids: Sequence[str], store_id: str) -> tuple[str, ...]:
        """As :meth:`add` for each, all or none."""
        with self._database.writing() as connection:
            return tuple(
                put_upload(connection, self._ids.next(), one, store_id) for one in picture_ids
            )

    def add_deletion(self, store_id: str, remote_id: str) -> str:
        """Put down that a file is to be taken away, and give the entry's id. Twice is once. The
        copy is listed until it is gone.
        """
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM outbox WHERE kind='upload' AND store_id=? AND picture_id IN"
                " (SELECT picture_id FROM stored WHERE store_id=? AND remote_id=?)",
                (store_id, store_id, remote_id),
            )
            return put_deletion(connection, self._ids.next(), store_id, remote_id)

    def entries(self) -> tuple[Entry, ...]:
        """Everything there is to do, oldest first; what a dead process was at counts as queued."""
        now = time.time()
        found = map(entry_from, self._database.rows(f"{SELECT} ORDER BY id"))
        return tuple(
            structs.replace(entry, state="queued") if self._claims.abandoned(entry, now) else entry
            for entry in found
        )

    def claim(
        self,
        now: float,
        only: Collection[str] | None = None,
        *,
        tried: Collection[str] = (),
        closed: Collection[tuple[str, str]] = (),
    ) -> Entry | None:
        """The oldest entry that is due, now this process's to do; None where there is none.

        Of the entries ``only``, those that wait count as due. Never one of those ``tried``, nor one
        whose store and kind are ``closed``.
        """
        wish = _Wish(now, only, tried, closed)
        if self._next(self._database.rows, wish) is None:
            return None
        token = self._claims.token
        with self._database.writing(durable=False) as connection:
            entry = self._next(connection.execute, wish)
            if entry is None:
                return None
            connection.execute(
                "UPDATE outbox SET state='running', claimed_by=?, claimed_at=? WHERE id=?",
                (token, now, entry.id),
            )
            self._claims.begin(entry)
        return structs.replace(entry, state="running", claimed_by=token, claimed_at=now)

    def release(self, entry: Entry) -> None:
        """Give a claimed entry back; nothing is said of a try."""
        self._let_go(entry, "state='queued'", ())

    def sending(self, entry: Entry, order: UploadOrder) -> bool:
        """Put down, before it is sent, where a claimed entry's file may be from now on. False
        where the entry was withdrawn meanwhile: then nothing may be sent.
        """
        with self._database.writing() as connection:
            changed = connection.execute(
                "UPDATE outbox SET tried=? WHERE id=? AND claimed_by=? AND kind='upload'"
                " RETURNING id",
                (tried_text(order), entry.id, entry.claimed_by),
            )
            return bool(list(changed))

    def finish(self, entry: Entry, stored: StoredPicture) -> None:
        """An upload has arrived: the entry goes and the copy is listed. Where it was withdrawn
        meanwhile, the copy is to be taken away again.
        """
        self._claims.end(entry)
        with self._database.writing() as connection:
            left = list(connection.execute("SELECT kind FROM outbox WHERE id=?", (entry.id,)))
            if left == [("upload",)]:
                copies.put(connection, entry.picture_id, stored)
                connection.execute("DELETE FROM outbox WHERE id=?", (entry.id,))
            elif left or not copies.known(connection, entry.picture_id, stored):
                connection.execute("DELETE FROM outbox WHERE id=?", (entry.id,))
                put_deletion(connection, self._ids.next(), stored.store_id, stored.remote_id)
                if copies.in_library(connection, entry.picture_id):
                    copies.put(connection, entry.picture_id, stored)
            revive(connection, entry)

    def removed(self, entry: Entry, remote_id: str = "") -> None:
        """A deletion is done: entry and copy go. ``remote_id`` where the entry does not say it."""
        self._claims.end(entry)
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM outbox WHERE id=? AND claimed_by=? AND kind='deletion'",
                (entry.id, entry.claimed_by),
            )
            connection.execute(
                "DELETE FROM stored WHERE store_id=? AND remote_id=?",
                (entry.store_id, remote_id or entry.remote_id),
            )
            revive(connection, entry)

    def postpone(self, entry: Entry, error: PickaBookError, until: float) -> None:
        """A try has failed and another one, from ``until`` on, may not."""
        self._let_go(
            entry,
            "state='waiting', due=?, attempts=attempts+1, offline=0, asked=?, problem=?",
            (until, int(error.retry_after is not None), problem_text(error)),
        )

    def look_again(self, entry: Entry, until: float) -> None:
        """The file that a deletion is about is not there, or not yet."""
        self._let_go(entry, "state='waiting', due=?, attempts=attempts+1, problem=''", (until,))

    def postpone_store(self, entry: Entry, error: PickaBookError, until: float) -> None:
        """The entry's store cannot be reached, or has asked to be left alone: nothing of it is due
        before ``until``, and no entry has failed.
        """
        self._let_go(
            entry,
            "state='waiting', due=max(due, ?), offline=offline+?, asked=?, problem=?",
            (
                until,
                int(isinstance(error, UnreachableError)),
                0 if error.retry_after is None else entry.asked + 1,
                problem_text(error),
            ),
            beside=_IDLE,
        )

    def not_there(self, entry: Entry) -> None:
        """What was just sent has not arrived: the store has refused it, or was not reached."""
        with self._database.writing(durable=False) as connection:
            connection.execute(
                "UPDATE outbox SET tried='' WHERE id=? AND claimed_by=?",
                (entry.id, entry.claimed_by),
            )

    def fail(self, entry: Entry, error: PickaBookError) -> None:
        """An entry needs the person."""
        changes = "state='failed', attempts=attempts+1, problem=?"
        self._let_go(entry, changes, (problem_text(error),))

    def fail_store(self, entry: Entry, error: PickaBookError) -> None:
        """The entry's store needs the person, for a key or for room, and so does all of the same
        kind that is for it. It goes on by itself once one of that has succeeded.
        """
        alike = f"{_IDLE} AND kind='{entry.kind}'"
        self._let_go(entry, "state='failed', problem=?", (problem_text(error),), beside=alike)

    def cancel(self, entry_id: str) -> None:
        """Withdraw an entry. An upload that may have arrived becomes a deletion; withdrawing a
        deletion leaves the copy where it is. Raises InputError for an unknown id.
        """
        if not self._database.rows("SELECT 1 FROM outbox WHERE id=?", (entry_id,)):
            raise unknown(entry_id)
        with self._database.writing() as connection:
            withdraw(connection, "id=?", (entry_id,))

    def retry(self, entry_id: str) -> None:
        """Have an entry tried at once, as if for the first time. Raises InputError for an unknown
        id.
        """
        if not self._database.rows("SELECT 1 FROM outbox WHERE id=?", (entry_id,)):
            raise unknown(entry_id)
        with self._database.writing() as connection:
            refresh(connection, "id=? AND state <> 'running'", (entry_id,))

    def wake(self) -> None:
        """Have everything tried at once that waits, but for what a service has put off itself, and
        everything that lacked a key or room.
        """
        if self._database.rows(f"SELECT 1 FROM outbox WHERE {PAUSED} LIMIT 1"):  # noqa: S608
            with self._database.writing() as connection:
                connection.execute(f"UPDATE outbox SET state='queued', due=0 WHERE {PAUSED}")  # noqa: S608

    def next_due(self) -> float | None:
        """When there is something to do again (Unix time, also in the past); None where nothing is
        to be done, or only what somebody else is at, or needs the person.
        """
        query = f"SELECT min(due) FROM outbox WHERE {_IDLE} AND {FREE}"  # noqa: S608 constants
        times = [float(str(row[0])) for row in self._database.rows(query) if row[0] is not None]
        now = time.time()
        running = map(entry_from, self._database.rows(f"{SELECT} WHERE state='running'"))
        if any(self._claims.abandoned(entry, now) for entry in running):
            times.append(0.0)
        return min(times, default=None)

    def stored(self, picture_ids: Sequence[str]) -> dict[str, tuple[StoredPicture, ...]]:
        """The copies of each of these pictures that has any, oldest first."""
        return copies.by_picture(self._database, picture_ids)

    def left_behind(self) -> tuple[Copy, ...]:
        """Copies whose picture has been deleted here."""
        return copies.left_behind(self._database)

    def forget(self, picture_ids: Sequence[str]) -> int:
        """Take away all copies of these pictures: nothing is uploaded any more, every copy has a
        deletion, and nothing else here speaks of them. Gives the number of deletions there are.
        """
        if not self._database.file.exists():
            return 0
        with self._database.writing() as connection:
            for one in picture_ids:
                withdraw(connection, "picture_id=? AND kind='upload'", (one,))
                removed = connection.execute(
                    "DELETE FROM stored WHERE picture_id=? RETURNING store_id, remote_id", (one,)
                )
                for store_id, remote_id in list(removed):
                    put_deletion(connection, self._ids.next(), str(store_id), str(remote_id))
        return sum(entry.kind == "deletion" for entry in self.entries())

    def _let_go(
        self, entry: Entry, changes: str, values: Sequence[Value], *, beside: str = "0"
    ) -> None:
        """Change a claimed entry, and what is ``beside`` it for the same store; the claim ends even
        where that cannot be written. Nothing of an entry that was withdrawn meanwhile.
        """
        which = f"store_id=? AND (id=? AND claimed_by=? OR {beside})"
        named = (entry.store_id, entry.id, entry.claimed_by)
        self._claims.end(entry)
        with self._database.writing() as connection:
            statement = f"UPDATE outbox SET {changes}, claimed_by='' WHERE {which}"  # noqa: S608
            connection.execute(statement, (*values, *named))

    def _next(self, read: Read, wish: "_Wish") -> Entry | None:
        """The oldest entry that may be claimed."""
        running = (entry for entry in wish.running(read) if self._claims.abandoned(entry, wish.now))
        return min((*wish.idle(read), *running), key=lambda entry: entry.id, default=None)


class _Wish:
    """Which entries may be claimed, as in :meth:`Outbox.claim`."""

    def __init__(
        self,
        now: float,
        only: Collection[str] | None,
        tried: Collection[str],
        closed: Collection[tuple[str, str]],
    ) -> None:
        self.now = now
        self._only = only
        self._others = (
            json_list(tried),
            json_list(f"{kind}/{store}" for store, kind in closed),
        )

    def idle(self, read: Read) -> tuple[Entry, ...]:
        """The oldest of those that nobody is at, if there is one."""
        wished, values = "due <= ?", (self.now,)
        if self._only is not None:
            wished, values = f"id IN ({marks(self._only)})", tuple(self._only)
        query = f"{SELECT} WHERE {_IDLE} AND {FREE} AND {_OTHERS} AND {wished} ORDER BY id LIMIT 1"
        return tuple(map(entry_from, read(query, (*self._others, *values))))

    def running(self, read: Read) -> tuple[Entry, ...]:
        """Those that some process has claimed."""
        query = f"{SELECT} WHERE state='running' AND {FREE} AND {_OTHERS}"
        found = map(entry_from, read(query, self._others))
        return tuple(e for e in found if self._only is None or e.id in self._only)

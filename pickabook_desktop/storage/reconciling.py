"""What is between a library and its services, when its list is an older one again.

Going back to a copy of the list takes back nothing that stores and services were told meanwhile:
what is known of that is carried over. Where it is not known, no upload goes out by itself that may
have been sent already.
"""

import contextlib
from collections.abc import Collection, Generator, Iterable
from pathlib import Path

import apsw

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.connection import Connection, Row
from pickabook_desktop.storage.entries import problem_text
from pickabook_desktop.storage.gleaning import gleaned
from pickabook_desktop.storage.salvage import Source, source_at, take_tables

# Batches first: a trigger has what is left of them discarded.
_DEALINGS = ("batches", "discards", "outbox", "stored")
COPY = ("picture_id", "store_id", "remote_id")


def reconcile(target: Connection, before: Path | None, scratch: Path) -> int:
    """Let ``target``, a copy of the list, have what the list ``before`` it knows of services; None
    where that is gone. Uses the file ``scratch``. Gives how many uploads wait for the person now.
    """
    uploads = uploads_in(target)
    if before is None:
        return hold_uploads(target, uploads, ())
    with _read(before, scratch, target) as (source, whole):
        sent = sent_since(source.rows("stored", COPY), copies_in(target))
        if whole:
            for table in _DEALINGS:
                target.execute(f"DELETE FROM {table}")  # noqa: S608 own words
        take_tables(target, source, _DEALINGS, newer=True)
        # What waits for pages that are not in the list now comes back with them.
        target.execute(
            "DELETE FROM outbox WHERE kind='upload' AND tried=''"
            " AND picture_id NOT IN (SELECT id FROM pictures)"
        )
        known = {str(row[0]) for row in source.rows("outbox", ("id",))}
        return hold_uploads(target, uploads - known, sent)


def uploads_in(connection: Connection) -> set[str]:
    """The ids of all uploads in the outbox."""
    return {str(row[0]) for row in connection.execute("SELECT id FROM outbox WHERE kind='upload'")}


def copies_in(connection: Connection) -> list[Row]:
    """All copies in ``stored``, as :data:`COPY` names them."""
    return list(connection.execute(f"SELECT {', '.join(COPY)} FROM stored"))  # noqa: S608 own words


def sent_since(newer: Iterable[Row], older: Iterable[Row]) -> set[tuple[str, str]]:
    """Of which pictures which stores have copies that they had not before, of rows as in
    ``stored``.
    """
    return {(str(picture_id), str(store_id)) for picture_id, store_id, _ in {*newer} - {*older}}


def hold_uploads(
    target: Connection, uploads: Collection[str], sent: Collection[tuple[str, str]]
) -> int:
    """Of these uploads, by the ids of their entries, which an older list has brought back, drop
    what is known to be ``sent`` and have the others wait for the person; gives how many those are.
    """
    held = 0
    query = "SELECT id, picture_id, store_id, state FROM outbox WHERE kind='upload'"
    for entry_id, picture_id, store_id, state in list(target.execute(query)):
        one = (str(entry_id),)
        if entry_id not in uploads:
            continue
        if (picture_id, store_id) in sent:
            target.execute("DELETE FROM outbox WHERE id=?", one)
        elif state != "failed":
            change = "UPDATE outbox SET state='failed', due=0, claimed_by='', problem=? WHERE id=?"
            target.execute(change, (problem_text(_unsure()), *one))
            held += 1
    return held


def _unsure() -> PickaBookError:
    return PickaBookError(
        tr("This upload comes from a copy of the library's list. It may have been sent since."),
        tr("Try it again if the page is not in the store yet, or withdraw it."),
    )


@contextlib.contextmanager
def _read(file: Path, scratch: Path, like: Connection) -> Generator[tuple[Source, bool]]:
    """A list to read from, and whether all is there that it knows of services."""
    with contextlib.ExitStack() as stack:
        source: Source | None = None
        with contextlib.suppress(apsw.Error):
            source = stack.enter_context(source_at(file, immutable=False))
        if source is not None and all(_is_whole(source, table) for table in _DEALINGS):
            yield source, True
        else:
            yield Source(stack.enter_context(gleaned(file, scratch, like))), False


def _is_whole(source: Source, table: str) -> bool:
    columns = source.columns(table)
    for _ in source.rows(table, columns) if columns else ():
        pass
    return bool(columns) and table not in source.damaged

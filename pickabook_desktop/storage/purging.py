"""Pictures deleted for good: rows, words, thumbnails, files, and what SQLite leaves of rows.

The index of words deletes so that no word stays in its leaves, which takes milliseconds for each
picture; some stay above them, as signposts, until all leaves are written anew. For a good part of
the library it is faster to let it write down what has gone, and to have it made afresh. Rows that
SQLite has moved from page to page leave copies behind which nothing overwrites: the file is written
anew. All this may have to wait for others, or be cut short: what is owed is put down in the file
together with the deletion, as its ``application_id``.
"""

import logging
from collections.abc import Collection

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.storage.connection import BUSY_SECONDS, Connection, Value, json_list
from pickabook_desktop.storage.database import Database, is_damage
from pickabook_desktop.storage.entries import withdraw_purged
from pickabook_desktop.storage.holdings import Holdings
from pickabook_desktop.storage.unfinished import recover, remove_doomed

# Small enough that nobody who keeps a picture waits for long.
AT_ONCE = 150
PATIENCE_SECONDS = 5.0
# A picture that leaves the index takes as long as about sixty that are put into a new one.
A_GOOD_PART = 1 / 20
_NOTHING, _FILE, _WORDS = 0, 1, 2
_INDEXES = {"words": "prompt", "note_words": "note"}

_log = logging.getLogger(__name__)


class Purge:
    """One purge of a library."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._database, self._files = holdings.database, holdings.files
        self._backups = holdings.backups
        self._failure: StorageError | None = None

    def run(self, until: str, only: Collection[str] | None) -> int:
        """Delete what was put into the trash before ``until``, of it the pictures ``only``, and say
        how many that were; raises StorageError at the end for what could not be deleted.
        """
        copies = self._backups.all()
        going, how = self._going(until, only)
        with self._database.writing() as connection:
            recover(connection, self._files)
            withdraw_purged(connection)
            if going:
                self._forget_prompts(connection, until, only)
        self._finish()
        count = 0
        while gone := self._delete_some(until, only, how):
            count += gone
            self._finish()
        if count or owed(self._database):
            _leave_nothing_if_possible(self._database)
        if copies != self._backups.all():
            self._backups.make_quietly()
        if self._failure is not None:
            raise self._failure
        return count

    def _going(self, until: str, only: Collection[str] | None) -> tuple[int, int]:
        """How many are to go, and what is owed once they have gone."""
        which, values = _which(until, only)
        ((going,),) = self._database.rows(f"SELECT count(*) {which}", values)
        ((known,),) = self._database.rows("SELECT count(*) FROM pictures")
        count = int(str(going))
        many = count > max(AT_ONCE, A_GOOD_PART * int(str(known)))
        return count, _WORDS if many else _FILE

    def _forget_prompts(
        self, connection: Connection, until: str, only: Collection[str] | None
    ) -> None:
        # Before the first goes, for it takes a look at all pictures.
        which, values = _which(until, only)
        staying = f"SELECT prompt FROM pictures WHERE id NOT IN (SELECT id {which})"  # noqa: S608 constants
        connection.execute(f"DELETE FROM prompts WHERE text NOT IN ({staying})", values)  # noqa: S608 constants

    def _delete_some(self, until: str, only: Collection[str] | None, how: int) -> int:
        which, values = _which(until, only)
        with self._database.writing() as connection:
            query = f"SELECT id {which} LIMIT {AT_ONCE}"
            ids = [str(row[0]) for row in connection.execute(query, values)]
            if ids:
                _delete(connection, json_list(ids), how)
                withdraw_purged(connection)
        return len(ids)

    def _finish(self) -> None:
        with self._database.writing() as connection:
            failure = remove_doomed(
                connection, self._files, self._holdings.thumbnails, self._backups
            )
        self._failure = self._failure or failure


def owed(database: Database) -> int:
    """What is left to be done so that nothing is left of what was purged; 0 for nothing."""
    return max((int(str(row[0])) for row in database.rows("PRAGMA application_id")), default=0)


def leave_nothing(database: Database, patience: float = BUSY_SECONDS) -> None:
    """Have what is deleted gone from the index of words and from free space too. Raises
    StorageError where others read for longer than ``patience`` seconds; then it is owed still.
    """
    with database.writing() as connection:
        ((how,),) = connection.execute("PRAGMA application_id")
        for index, column in _INDEXES.items():
            if how == _WORDS:
                connection.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")  # noqa: S608 constants
            else:
                _write_anew(connection, index, column)
        connection.execute(f"PRAGMA application_id={_FILE}")
    database.rebuild(patience)
    with database.writing() as connection:
        connection.execute(f"PRAGMA application_id={_NOTHING}")


def _write_anew(connection: Connection, index: str, column: str) -> None:
    # Nothing is done where all is in one part already: so there is a second one for a moment.
    connection.execute(f"INSERT INTO {index} (rowid, {column}) VALUES (-1, 'a')")  # noqa: S608 constants
    connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")  # noqa: S608 constants
    connection.execute(f"DELETE FROM {index} WHERE rowid=-1")  # noqa: S608 constants


def _leave_nothing_if_possible(database: Database) -> None:
    try:
        leave_nothing(database, PATIENCE_SECONDS)
    except StorageError as error:
        if is_damage(error):
            raise
        _log.warning("The list is written anew the next time: %s", error)
        database.fold(PATIENCE_SECONDS)


def _which(until: str, only: Collection[str] | None) -> tuple[str, tuple[Value, ...]]:
    which = "FROM pictures WHERE deleted_at < ?"
    if only is None:
        return which, (until,)
    return which + " AND id IN (SELECT value FROM json_each(?))", (until, json_list(only))  # noqa: S608 constants


def _delete(connection: Connection, ids: str, how: int) -> None:
    these = "FROM pictures WHERE id IN (SELECT value FROM json_each(?))"
    connection.execute(f"INSERT OR REPLACE INTO doomed (path, id) SELECT path, id {these}", (ids,))
    ((before,),) = connection.execute("PRAGMA application_id")
    connection.execute(f"PRAGMA application_id={max(int(str(before)), how)}")
    _leave_no_word(connection, at_once=how == _FILE)
    connection.execute(f"DELETE {these}", (ids,))
    _leave_no_word(connection, at_once=True)


def _leave_no_word(connection: Connection, *, at_once: bool) -> None:
    for index in _INDEXES:
        connection.execute(
            f"INSERT INTO {index} ({index}, rank) VALUES ('secure-delete', ?)",  # noqa: S608 constants
            (int(at_once),),
        )

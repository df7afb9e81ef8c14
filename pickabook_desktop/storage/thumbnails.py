"""Small JPEGs of the pictures, in a database of their own; they can all be made again."""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.storage.connection import json_list
from pickabook_desktop.storage.database import Database, Row, is_damage
from pickabook_desktop.storage.schema import THUMBNAIL_STEPS

# Of the larger ones alone: of the small ones every picture has its own for good.
LARGE_BYTES = 256 << 20
# Who looks through pictures looks at the same ones again and again; not each look is written down.
LOOK_SECONDS = 600

_log = logging.getLogger(__name__)


class ThumbnailStore:
    """A damaged or unwritable file costs thumbnails, never a picture: :meth:`remove` and
    :meth:`rebuild` alone raise.
    """

    def __init__(self, file: Path, large_bytes: int = LARGE_BYTES) -> None:
        """``large_bytes`` is how much room there is for all of :meth:`put_large`."""
        self._database = Database(file, THUMBNAIL_STEPS, synchronous="NORMAL")
        self._large_bytes = large_bytes

    def get(self, picture_id: str) -> bytes | None:
        return self.get_many((picture_id,)).get(picture_id)

    def get_many(self, picture_ids: Sequence[str]) -> dict[str, bytes]:
        """The thumbnails of those that have one, in one query."""
        query = "SELECT id, jpeg FROM thumbnails WHERE id IN (SELECT value FROM json_each(?))"
        rows = self._rows(query, json_list(picture_ids))
        return {str(row[0]): row[1] for row in rows if isinstance(row[1], bytes)}

    def get_large(self, picture_id: str, edge: int) -> bytes | None:
        """One of ``edge`` pixels, as :meth:`put_large` got it, or None where it is not kept."""
        rows = self._rows("SELECT jpeg, used FROM large WHERE id=? AND edge=?", picture_id, edge)
        if not rows:
            return None
        jpeg, used = rows[0]
        now = int(time.time())
        if isinstance(used, int) and now - used > LOOK_SECONDS:
            looked = "UPDATE large SET used=? WHERE id=? AND edge=?"
            self._change(lambda: self._write(looked, now, picture_id, edge))
        return jpeg if isinstance(jpeg, bytes) else None

    def put(self, picture_id: str, jpeg: bytes) -> None:
        kept = "INSERT OR REPLACE INTO thumbnails VALUES (?, ?)"
        self._change(lambda: self._write(kept, picture_id, jpeg))

    def put_large(self, picture_id: str, edge: int, jpeg: bytes) -> None:
        """Keep one of ``edge`` pixels; where there is no room, what nobody has looked at for
        longest goes.
        """
        self._change(lambda: self._put_large(picture_id, edge, jpeg))

    def remove(self, picture_ids: tuple[str, ...]) -> None:
        """Delete thumbnails so that nothing of them is left in the file; raises StorageError."""
        if not self._database.file.exists():
            return
        try:
            with self._database.writing() as connection:
                for table in ("thumbnails", "large"):
                    connection.executemany(
                        f"DELETE FROM {table} WHERE id=?",  # noqa: S608 constants
                        [(i,) for i in picture_ids],
                    )
            self._database.fold()
        except StorageError as error:
            if not is_damage(error):
                raise
            self._database.discard()

    def ids(self) -> set[str]:
        """The pictures of which there is one of any size."""
        return {
            str(row[0])
            for row in self._rows("SELECT id FROM thumbnails UNION SELECT id FROM large")
        }

    def rebuild(self) -> None:
        """As :meth:`Database.rebuild`; a damaged file goes as a whole."""
        try:
            self._database.rebuild()
        except StorageError as error:
            if not is_damage(error):
                raise
            self._database.discard()

    def mend(self) -> None:
        """Start afresh where the file is damaged."""
        try:
            if self._database.check() == "ok":
                return
        except StorageError as error:
            if not is_damage(error):
                _log.warning("The thumbnails could not be checked: %s", error)
                return
        self._database.discard()

    def _put_large(self, picture_id: str, edge: int, jpeg: bytes) -> None:
        row = (picture_id, edge, len(jpeg), int(time.time()), jpeg)
        with self._database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO large VALUES (?, ?, ?, ?, ?)", row)
            ((total,),) = connection.execute("SELECT sum(bytes) FROM large")
            surplus = int(str(total)) - self._large_bytes
            if surplus <= 0:
                return
            # A good part more, so that not each one that comes has to make room.
            surplus += self._large_bytes // 16
            oldest = list(connection.execute("SELECT rowid, bytes FROM large ORDER BY used, rowid"))
            for number, size in oldest:
                if surplus <= 0:
                    break
                connection.execute("DELETE FROM large WHERE rowid=?", (int(str(number)),))
                surplus -= int(str(size))

    def _rows(self, query: str, *values: str | int) -> list[Row]:
        try:
            return self._database.rows(query, values)
        except StorageError as error:
            _log.warning("No thumbnails: %s", error)
            return []

    def _write(self, statement: str, *values: str | int | bytes) -> None:
        with self._database.writing() as connection:
            connection.execute(statement, values)

    def _change(self, change: Callable[[], None]) -> None:
        try:
            try:
                change()
            except StorageError as error:
                if not is_damage(error):
                    raise
                _log.warning("The thumbnails start afresh: %s", error)
                self._database.discard()
                change()
        except StorageError as error:
            _log.warning("A thumbnail was not kept: %s", error)

    def close(self) -> None:
        self._database.close()

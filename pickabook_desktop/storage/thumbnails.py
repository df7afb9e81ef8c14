"""Small JPEGs of the pictures, in a database of their own; they can all be made again."""

import logging
from pathlib import Path

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.storage.database import Database, is_damage
from pickabook_desktop.storage.schema import THUMBNAIL_STEPS

_log = logging.getLogger(__name__)


class ThumbnailStore:
    """A damaged or unwritable file costs thumbnails, never a picture: :meth:`remove` and
    :meth:`rebuild` alone raise.
    """

    def __init__(self, file: Path) -> None:
        self._database = Database(file, THUMBNAIL_STEPS, synchronous="NORMAL")

    def get(self, picture_id: str) -> bytes | None:
        try:
            rows = self._database.rows("SELECT jpeg FROM thumbnails WHERE id=?", (picture_id,))
        except StorageError as error:
            _log.warning("No thumbnails: %s", error)
            return None
        return bytes(rows[0][0]) if rows and isinstance(rows[0][0], bytes) else None

    def put(self, picture_id: str, jpeg: bytes) -> None:
        try:
            try:
                self._put(picture_id, jpeg)
            except StorageError as error:
                if not is_damage(error):
                    raise
                _log.warning("The thumbnails start afresh: %s", error)
                self._database.discard()
                self._put(picture_id, jpeg)
        except StorageError as error:
            _log.warning("A thumbnail was not kept: %s", error)

    def remove(self, picture_ids: tuple[str, ...]) -> None:
        """Delete thumbnails so that nothing of them is left in the file; raises StorageError."""
        if not self._database.file.exists():
            return
        try:
            with self._database.writing() as connection:
                connection.executemany(
                    "DELETE FROM thumbnails WHERE id=?", [(i,) for i in picture_ids]
                )
            self._database.fold()
        except StorageError as error:
            if not is_damage(error):
                raise
            self._database.discard()

    def rebuild(self) -> None:
        """As :meth:`Database.rebuild`; a damaged file goes as a whole."""
        try:
            self._database.rebuild()
        except StorageError as error:
            if not is_damage(error):
                raise
            self._database.discard()

    def _put(self, picture_id: str, jpeg: bytes) -> None:
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO thumbnails VALUES (?, ?)", (picture_id, jpeg)
            )

    def close(self) -> None:
        self._database.close()

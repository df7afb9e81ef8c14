"""Rows that come and go with their files, and what is to be finished when a run was cut short."""

import logging

import msgspec

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.storage.backups import Backups
from pickabook_desktop.storage.database import Connection
from pickabook_desktop.storage.files import Files
from pickabook_desktop.storage.own_names import is_id, is_picture
from pickabook_desktop.storage.rows import PictureRow, stack_of
from pickabook_desktop.storage.schema import COLUMNS
from pickabook_desktop.storage.thumbnails import ThumbnailStore

_INSERT = f"INSERT INTO pictures ({COLUMNS}) VALUES ({', '.join('?' * 24)})"  # noqa: S608 constants

_log = logging.getLogger(__name__)


def insert(connection: Connection, row: PictureRow) -> None:
    """Put a picture into the list, and its prompt among those used."""
    if not row.stack:
        # Announced by a version that knew no stacks.
        row = msgspec.structs.replace(row, stack=stack_of(row.request))
    connection.execute(_INSERT, msgspec.structs.astuple(row))
    if row.prompt:
        # A page that comes back may be old, and its prompt in use since.
        connection.execute(
            "INSERT INTO prompts VALUES (?, ?)"
            " ON CONFLICT (text) DO UPDATE SET last_used=max(last_used, excluded.last_used)",
            (row.prompt, row.created),
        )


def recover(connection: Connection, files: Files) -> None:
    """Finish what was cut short: keep what is whole, take away what is not."""
    for path, picture in list(connection.execute("SELECT path, picture FROM pending")):
        row = announced(str(picture))
        if row is None:
            # The file, if there is one, is as any other that the list does not know.
            _log.warning("What was announced of the picture %s is damaged", path)
        else:
            _finish(connection, files, row)
        connection.execute("DELETE FROM pending WHERE path=?", (str(path),))


def announced(picture: str) -> PictureRow | None:
    """The row of a ``pending`` picture; None for what damage has made of one."""
    try:
        row = msgspec.json.decode(picture, type=PictureRow)
    except msgspec.MsgspecError:
        return None
    return row if is_id(row.id) and is_picture(row.path) else None


def _finish(connection: Connection, files: Files, row: PictureRow) -> None:
    # A repaired list may have both from different times.
    known = "SELECT 1 FROM pictures WHERE id=? OR path=?"
    listed = list(connection.execute(known, (row.id, row.path)))
    if not listed and files.digest(row.path) == row.sha256:
        insert(connection, row)
        _log.info("Found the finished picture %s of a run that was cut short", row.id)
    files.remove_unfinished(row.path)


def remove_doomed(
    connection: Connection, files: Files, thumbnails: ThumbnailStore, backups: Backups
) -> StorageError | None:
    """Delete thumbnails and files of purged pictures, and the copies of the list that know them;
    gives the first failure, which leaves its picture doomed.
    """
    doomed = [(str(p), str(i)) for p, i in connection.execute("SELECT path, id FROM doomed")]
    if not doomed:
        return None
    failure: StorageError | None = None
    ids = tuple(picture_id for _, picture_id in doomed)
    for remove in (thumbnails.remove, backups.remove_knowing):
        try:
            remove(ids)
        except StorageError as error:
            _log.warning("Not all of purged pictures was deleted: %s", error)
            failure = failure or error
    rest_gone = failure is None
    for path, _ in doomed:
        try:
            files.remove(path)
        except StorageError as error:
            _log.warning("A purged picture could not be deleted: %s", error)
            failure = failure or error
        else:
            if rest_gone:
                connection.execute("DELETE FROM doomed WHERE path=?", (path,))
    return failure

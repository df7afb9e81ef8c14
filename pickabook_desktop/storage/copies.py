"""Where copies of pictures are besides the library: the table ``stored``.

A row outlives its picture. Deleting a page here takes no copy away elsewhere unless that is asked
for, and as long as there is a copy, its row is the only thing that still knows of it.
"""

from collections.abc import Sequence

import msgspec

from pickabook_desktop.domain.stored import StoredPicture
from pickabook_desktop.storage.database import Connection, Database, Row

_COLUMNS = "picture_id, store_id, remote_id, url, path, private, bytes, stored_on"
_SELECT = f"SELECT {_COLUMNS} FROM stored"  # noqa: S608 constants
# SQLite takes some thousands of values at once, older versions 999.
_CHUNK = 500


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A copy of the picture of that id, which may be in the library no more."""

    picture_id: str
    stored: StoredPicture


def by_picture(
    database: Database, picture_ids: Sequence[str]
) -> dict[str, tuple[StoredPicture, ...]]:
    """The copies of each of these pictures that has any, oldest first."""
    found: dict[str, tuple[StoredPicture, ...]] = {}
    for start in range(0, len(picture_ids), _CHUNK):
        chunk = tuple(picture_ids[start : start + _CHUNK])
        listed = ", ".join("?" for _ in chunk)
        order = f"WHERE picture_id IN ({listed}) ORDER BY stored_on"
        for copy in map(_copy, database.rows(f"{_SELECT} {order}", chunk)):
            found[copy.picture_id] = (*found.get(copy.picture_id, ()), copy.stored)
    return found


def left_behind(database: Database) -> tuple[Copy, ...]:
    """The copies whose picture is not in the library any more, nor in its trash."""
    query = f"{_SELECT} WHERE picture_id NOT IN (SELECT id FROM pictures) ORDER BY stored_on"  # noqa: S608 constants
    return tuple(_copy(row) for row in database.rows(query))


def put(connection: Connection, picture_id: str, stored: StoredPicture) -> None:
    """Say where a copy is. One at the same place before it was replaced, whatever its name was."""
    connection.execute(
        "DELETE FROM stored WHERE picture_id=? AND store_id=? AND path=? AND path <> ''",
        (picture_id, stored.store_id, stored.path),
    )
    connection.execute(
        f"INSERT OR REPLACE INTO stored ({_COLUMNS}, photo_sha256) VALUES"  # noqa: S608 constants
        " (?, ?, ?, ?, ?, ?, ?, ?,"
        " coalesce((SELECT photo_sha256 FROM pictures WHERE id=?), ''))",
        (
            picture_id,
            stored.store_id,
            stored.remote_id,
            stored.url,
            stored.path,
            int(stored.private),
            stored.bytes,
            stored.stored_on,
            picture_id,
        ),
    )


def known(connection: Connection, picture_id: str, stored: StoredPicture) -> bool:
    """Whether this very copy has been put down already."""
    query = "SELECT 1 FROM stored WHERE picture_id=? AND store_id=? AND remote_id=?"
    return bool(list(connection.execute(query, (picture_id, stored.store_id, stored.remote_id))))


def in_library(connection: Connection, picture_id: str) -> bool:
    """Whether there is a picture of that id, also in the trash."""
    return bool(list(connection.execute("SELECT 1 FROM pictures WHERE id=?", (picture_id,))))


def _copy(row: Row) -> Copy:
    picture_id, store_id, remote_id, url, path, private, size, stored_on = row
    return Copy(
        picture_id=str(picture_id),
        stored=StoredPicture(
            store_id=str(store_id),
            remote_id=str(remote_id),
            url=str(url),
            path=str(path),
            private=bool(private),
            bytes=int(str(size)),
            stored_on=str(stored_on),
        ),
    )

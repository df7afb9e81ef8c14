"""How pictures leave a library, so that nothing of them stays.

A row that goes puts its picture down as doomed, in one transaction; what is doomed is deleted by
:func:`~pickabook_desktop.storage.unfinished.remove_doomed`, thumbnails and copies of the list
first, then the file. A purge does so for many at a time. A picture without a row has thumbnails and
a file alone. Thumbnails are kept after the row and go after it: one without a row goes as well.
"""

from collections.abc import Collection

from pickabook_desktop.storage.database import Connection, Database
from pickabook_desktop.storage.entries import withdraw_purged
from pickabook_desktop.storage.files import id_in
from pickabook_desktop.storage.holdings import Holdings


def doom(connection: Connection, picture_ids: Collection[str]) -> None:
    """Take pictures off the list, and put them down for deletion."""
    for picture_id in picture_ids:
        connection.execute(
            "INSERT OR REPLACE INTO doomed (path, id) SELECT path, id FROM pictures WHERE id=?",
            (picture_id,),
        )
        connection.execute("DELETE FROM pictures WHERE id=?", (picture_id,))


def drop_missing(holdings: Holdings, picture_ids: Collection[str]) -> tuple[str, ...]:
    """Take those of the pictures off the list whose files are gone; gives their ids."""
    dropped: list[str] = []
    with holdings.database.writing() as connection:
        for one in picture_ids:
            paths = connection.execute("SELECT path FROM pictures WHERE id=?", (one,))
            if any(holdings.files.digest(str(row[0])) is None for row in list(paths)):
                connection.execute("DELETE FROM pictures WHERE id=?", (one,))
                dropped.append(one)
        withdraw_purged(connection)
    holdings.thumbnails.remove(tuple(dropped))
    return tuple(dropped)


def remove_unlisted(holdings: Holdings, picture_ids: Collection[str]) -> None:
    """Delete files and thumbnails of those of the pictures that have no row."""
    files, thumbnails = holdings.files, holdings.thumbnails
    going = set(picture_ids) - _listed(holdings.database)
    if not going:
        return
    if thumbnails.ids() & going:
        thumbnails.remove(tuple(going))
        thumbnails.rebuild()
    for path in files.all():
        if id_in(path) in going:
            files.remove(path)


def remove_stray_thumbnails(holdings: Holdings) -> None:
    """Delete thumbnails of pictures without a row: whoever kept one was perhaps ended before it
    could see that its picture had gone.
    """
    # Kept after the row, so that a row which is not there now is not about to be.
    known = holdings.thumbnails.ids()
    stray = known - _listed(holdings.database)
    if stray:
        holdings.thumbnails.remove(tuple(stray))


def _listed(database: Database) -> set[str]:
    return {str(row[0]) for row in database.rows("SELECT id FROM pictures")}

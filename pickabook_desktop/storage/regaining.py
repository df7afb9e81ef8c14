"""Pictures that a list has lost come back into it.

A list may have been lost and a new one begun, or an older one put back. What was decided about the
pictures that it does not know is in copies alone then; whoever deletes copies because of one
picture takes the others back from them before.
"""

import logging

from pickabook_desktop.storage.database import Database
from pickabook_desktop.storage.files import id_in
from pickabook_desktop.storage.holdings import Holdings
from pickabook_desktop.storage.own_names import is_half_written
from pickabook_desktop.storage.rows import PictureRow
from pickabook_desktop.storage.unfinished import insert

_log = logging.getLogger(__name__)


def regain(holdings: Holdings) -> None:
    """Take pictures that are there and not in the list out of its copies. Raises StorageError;
    no copy may be deleted then.
    """
    database, backups = holdings.database, holdings.backups
    if not backups.all():
        return
    lost = {id_in(path) for path in holdings.unlisted() if not is_half_written(path)}
    lost -= {str(row[0]) for row in database.rows("SELECT id FROM doomed")}
    if not lost or not backups.know(lost):
        return
    from pickabook_desktop.storage.repair import repair_list

    _log.warning("Pages that the list has lost are taken back from its copies")
    repair_list(holdings.folder)


def put_back(database: Database, row: PictureRow) -> bool:
    """Put a picture into the list; false where that knows it, or is about to delete its file."""
    known = (
        "SELECT 1 FROM pictures WHERE id=?2 OR path=?1"
        " UNION ALL SELECT 1 FROM pending WHERE path=?1"
        " UNION ALL SELECT 1 FROM doomed WHERE path=?1"
    )
    with database.writing() as connection:
        if list(connection.execute(known, (row.path, row.id))):
            return False
        insert(connection, row)
    return True

"""What :meth:`Library.verify` does: every file against the list."""

import msgspec

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.storage.checks import is_lost, problem_with
from pickabook_desktop.storage.database import Database
from pickabook_desktop.storage.holdings import Holdings


class LibraryReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of the library found: the ids of ``missing`` and ``torn`` pictures, the paths of
    files that belong to no picture (``orphans``), and what is wrong with the ``database``.
    """

    pictures: int
    missing: tuple[str, ...] = ()
    torn: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()
    database: str = "ok"

    @property
    def sound(self) -> bool:
        """Nothing is lost; orphans are leftovers that do no harm."""
        return self.database == "ok" and not (self.missing or self.torn)


def verified(holdings: Holdings, cancellation: Cancellation | None = None) -> LibraryReport:
    """Read every picture and compare it with what was kept; changes nothing."""
    database, files = holdings.database, holdings.files
    if is_lost(database.file) and (left := orphans(holdings)):
        return LibraryReport(pictures=0, orphans=left, database=tr("the list is gone"))
    found_wrong = problem_with(database)
    if found_wrong != "ok" and not _is_readable(database):
        return LibraryReport(pictures=0, database=found_wrong)
    missing: set[str] = set()
    torn: set[str] = set()
    rows = database.rows("SELECT id, path, sha256 FROM pictures ORDER BY id")
    for picture_id, path, sha256 in rows:
        if cancellation is not None:
            cancellation.raise_if_cancelled()
        found = files.digest(str(path))
        if found is None:
            missing.add(str(picture_id))
        elif found != sha256:
            torn.add(str(picture_id))
    # Others may have deleted pictures meanwhile.
    ids = {str(row[0]) for row in database.rows("SELECT id FROM pictures")}
    return LibraryReport(
        pictures=len(rows),
        missing=tuple(sorted(missing & ids)),
        torn=tuple(sorted(torn & ids)),
        orphans=orphans(holdings),
        database=found_wrong,
    )


def orphans(holdings: Holdings) -> tuple[str, ...]:
    """The paths of files that belong to no picture, as in :class:`LibraryReport`."""
    database, files = holdings.database, holdings.files
    if is_lost(database.file):
        return tuple(sorted(files.all()))
    if not holdings.unlisted():
        return ()
    # Somebody may be keeping a picture just now; in a transaction nobody is.
    with database.writing() as connection:
        listed = {str(row[0]) for row in connection.execute("SELECT path FROM pictures")}
        return tuple(sorted(files.all() - listed))


def _is_readable(database: Database) -> bool:
    try:
        database.rows("SELECT id, path, sha256 FROM pictures ORDER BY id")
    except StorageError:
        return False
    return True

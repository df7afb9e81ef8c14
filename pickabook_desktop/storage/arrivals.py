"""Whether a picture that comes from outside is in the library already."""

from datetime import datetime, timedelta

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.hand_over import Known
from pickabook_desktop.storage.database import Database, Row
from pickabook_desktop.storage.ids import id_at

# A page is kept soon after it is drawn; one that came in a batch got its identifier up to days
# before that.
BEFORE = timedelta(days=3)
AFTER = timedelta(hours=1)
LIKELY = 20


class Arrivals:
    """Looks among the pictures and those in the trash; raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def same_file(self, sha256: str, source: str) -> Known | None:
        """The picture with that very file."""
        rows = self._database.rows(
            "SELECT id, deleted_at IS NOT NULL FROM pictures WHERE sha256=? ORDER BY 2 LIMIT 1",
            (sha256,),
        )
        return _known(rows[0], source) if rows else None

    def likely_same(
        self, made: datetime, seed: int, size: Size, media_type: str, source: str
    ) -> tuple[Known, ...]:
        """Those that may show the same: of that kind, size and seed, kept when it was made."""
        rows = self._database.rows(
            "SELECT id, deleted_at IS NOT NULL FROM pictures WHERE id BETWEEN ? AND ? AND seed=?"
            " AND width=? AND height=? AND media_type=? ORDER BY id LIMIT ?",
            (
                *(id_at(made - BEFORE, b""), id_at(made + AFTER, b"\xff" * 10)),
                *(seed, size.width, size.height, media_type, LIKELY),
            ),
        )
        return tuple(_known(row, source) for row in rows)


def _known(row: Row, source: str) -> Known:
    return Known(id=str(row[0]), source=source, trashed=bool(row[1]))

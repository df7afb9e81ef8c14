"""A view of the library written down as a list of places, in temporary tables."""

from pickabook_desktop.domain.review import Group, View
from pickabook_desktop.storage.database import Connection
from pickabook_desktop.storage.review_view import Ordered, ordered

# Names and prompts are sorted here: in memory, not in the system's folder for temporary files.
SETUP = """
    PRAGMA temp_store=MEMORY;
    PRAGMA cache_size=-8192;
    CREATE TEMP TABLE shown (place INTEGER PRIMARY KEY, n INTEGER NOT NULL, grp);
    CREATE TEMP TABLE ranks (
        field TEXT NOT NULL, name TEXT NOT NULL, rank INTEGER NOT NULL, PRIMARY KEY (field, name)
    ) WITHOUT ROWID;
"""


def planned(connection: Connection, view: View) -> Ordered:
    """How to find what is in ``view``; asked for and used in one transaction."""
    plan = ordered(view, _Index(connection, trashed=view.search.in_trash))
    connection.execute("DELETE FROM temp.ranks")
    for field, ranks in plan.ranks.items():
        connection.execute(
            "INSERT INTO temp.ranks SELECT ?, value->>0, value->>1 FROM json_each(?)",
            (field, ranks),
        )
    return plan


def write_down(connection: Connection, view: View) -> Ordered:
    """Put the pictures of ``view`` into their places, in a transaction of the caller."""
    plan = planned(connection, view)
    connection.execute("DELETE FROM temp.shown")
    connection.execute(f"INSERT INTO temp.shown (n, grp) {plan.query}", plan.values)
    return plan


class _Index:
    """What a search has to know; asked for once for each view."""

    def __init__(self, connection: Connection, *, trashed: bool) -> None:
        self._connection = connection
        self._trashed = int(trashed)
        self._known: dict[str, list[str]] = {}

    def values(self, field: str) -> list[str]:
        if field not in self._known:
            self._known[field] = [str(row[0]) for row in self._connection.execute(self._all(field))]
        return self._known[field]

    def _all(self, field: str) -> str:
        if field == "style" or (self._trashed and field != "tag"):
            return f"SELECT DISTINCT {field} FROM cards WHERE trashed={self._trashed}"  # noqa: S608
        table = "tags WHERE" if field == "tag" else "cards WHERE trashed=0 AND"
        # From each value to the next by the index, not through all that have it.
        return (
            f"WITH RECURSIVE found (value) AS (SELECT min({field}) FROM {table} TRUE"  # noqa: S608
            f" UNION ALL SELECT (SELECT min({field}) FROM {table} {field} > found.value)"
            " FROM found WHERE found.value IS NOT NULL)"
            " SELECT value FROM found WHERE value IS NOT NULL"
        )

    def in_notes(self, match: str) -> bool:
        query = "SELECT 1 FROM note_words WHERE note_words MATCH ? LIMIT 1"
        return bool(list(self._connection.execute(query, (match,))))


def count_of(connection: Connection) -> int:
    """How many places there are."""
    ((count,),) = connection.execute("SELECT coalesce(max(place), 0) FROM shown")
    return int(str(count))


def groups_of(connection: Connection, plan: Ordered) -> tuple[Group, ...]:
    """The groups of what was written down by ``plan``, in their order."""
    rows = connection.execute("SELECT grp, count(*) FROM shown GROUP BY grp ORDER BY min(place)")
    return tuple(Group(plan.key_of(group), int(str(count))) for group, count in rows)


def place_in(connection: Connection, picture_id: str, *, stacked: bool) -> int:
    """The place of a picture, counted from 0, or with ``stacked`` that of the variation that stands
    for it; -1 where it has none.
    """
    if not picture_id:
        return -1
    same = "SELECT n FROM cards WHERE id=?1"
    if stacked:
        same += (
            " UNION SELECT n FROM cards WHERE stack <> ''"
            " AND stack=(SELECT stack FROM cards WHERE id=?1)"
        )
    query = f"SELECT coalesce(min(place), 0) - 1 FROM shown WHERE n IN ({same})"  # noqa: S608
    ((place,),) = connection.execute(query, (picture_id,))
    return int(str(place))

"""Searches that are kept under a title."""

import unicodedata

import msgspec

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import SavedSearch
from pickabook_desktop.storage.database import Database
from pickabook_desktop.storage.ids import IdMaker

LONGEST_TITLE = 100
LONGEST_WORDS = 2000
_COLUMNS = "id, title, words, sort, descending, grouping"


class SavedSearches:
    """Those of the library in ``database``, in the order a person gave them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ids = IdMaker()

    def all(self) -> tuple[SavedSearch, ...]:
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM searches ORDER BY place, id")  # noqa: S608
        names = SavedSearch.__struct_fields__
        return tuple(
            msgspec.convert(dict(zip(names, row, strict=True)), SavedSearch, strict=False)
            for row in rows
        )

    def save(self, search: SavedSearch) -> SavedSearch:
        """Keep a search, a new one where it has no id, and give it as it is kept."""
        title, words = _tidy(search.title), _tidy(search.words)
        if not title:
            raise InputError(tr("A saved search needs a title."), tr("Type one."))
        if len(title) > LONGEST_TITLE or len(words) > LONGEST_WORDS:
            raise InputError(
                tr("The search is too long to be kept."),
                tr(
                    "A title has at most {title} letters, a search {words}.",
                    title=LONGEST_TITLE,
                    words=LONGEST_WORDS,
                ),
            )
        kept = msgspec.structs.replace(
            search, id=search.id or self._ids.next(), title=title, words=words
        )
        values = (kept.title, kept.words, kept.sort, int(kept.descending), kept.grouping)
        with self._database.writing() as connection:
            connection.execute(
                f"INSERT INTO searches ({_COLUMNS}, place)"  # noqa: S608 constants
                " VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(place) + 1, 0) FROM searches))"
                " ON CONFLICT (id) DO UPDATE"
                " SET title=?, words=?, sort=?, descending=?, grouping=?",
                (kept.id, *values, *values),
            )
        return kept

    def remove(self, search_id: str) -> None:
        """Nothing where there is none of that id."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM searches WHERE id=?", (search_id,))

    def move(self, search_id: str, place: int) -> None:
        """Put a search at ``place``, counted from 0 without itself; the others make room."""
        with self._database.writing() as connection:
            query = "SELECT id FROM searches ORDER BY place, id"
            ids = [str(row[0]) for row in connection.execute(query)]
            if search_id not in ids:
                return
            ids.remove(search_id)
            ids.insert(max(0, place), search_id)
            connection.executemany(
                "UPDATE searches SET place=? WHERE id=?", [(p, i) for p, i in enumerate(ids)]
            )


def _tidy(text: str) -> str:
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    return " ".join(composed.replace("\0", "").split())

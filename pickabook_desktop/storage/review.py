"""Looking through the library, however large it is.

A view is written down once as a list of places in a temporary table, so that any page of it is
fetched by its key and a hundred thousand pictures cost no memory here. All that is proportional to
the library happens within SQLite, which lets other threads run meanwhile, on a connection of its
own, so that nobody who keeps or shows a picture waits for a search.
"""

import contextlib
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import Literal

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import folded
from pickabook_desktop.domain.review import Card, Facet, Shown, View
from pickabook_desktop.domain.search import Search
from pickabook_desktop.storage.connection import Connection, Row, Value, json_list
from pickabook_desktop.storage.database import Database
from pickabook_desktop.storage.interruption import Interruption, told
from pickabook_desktop.storage.reader import Reader
from pickabook_desktop.storage.review_cards import VARIATIONS, cards_numbered, cards_where
from pickabook_desktop.storage.review_changes import Decisions
from pickabook_desktop.storage.review_searches import SavedSearches
from pickabook_desktop.storage.review_shown import (
    SETUP,
    count_of,
    groups_of,
    place_in,
    planned,
    write_down,
)

FacetField = Literal["engine", "template", "style", "child", "book", "tag", "label", "flag"]

MOST_VARIATIONS = 1000


class Review:
    """The pictures of the library in ``folder`` as cards; ``decisions`` is for what a person thinks
    of them, ``searches`` for what is looked for again.

    Any thread may call any method; looking never waits for changing. Where there is no library
    there is nothing to see, and nothing is made by looking. All methods raise StorageError,
    and InputError for what cannot be.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self.decisions = Decisions(database)
        self.searches = SavedSearches(database)
        self._database = database
        self._reader = Reader(database, self._set_up)
        self._view: View | None = None
        self._foreign: tuple[str, object] | None = None
        self._interruption = Interruption()

    def first(self, view: View, limit: int = 200) -> tuple[Card, ...]:
        """The first cards of a view at once; leaves what :meth:`cards` speaks of as it is."""
        with self._reading() as connection:
            if connection is None:
                return ()
            with self._reader.moment(connection):
                plan = planned(connection, view)
                rows = connection.execute(f"{plan.query} LIMIT ?", (*plan.values, limit))
                cards = cards_numbered(connection, rows, self._folder)
        return tuple(card for card in cards if card is not None)

    def show(self, view: View, sought: str = "") -> Shown:
        """Look at ``view`` from now on, as it is at this moment, and find the picture ``sought``.

        Raises CancelledError where :meth:`interrupt` cut it short; then the last view stays.
        """
        with self._reading() as connection:
            if connection is None:
                self._view = view
                return Shown(sought=sought)
            with self._reader.moment(connection), self._interruption.watching(connection):
                plan = write_down(connection, view)
                shown = Shown(
                    count=count_of(connection),
                    groups=groups_of(connection, plan) if view.grouping else (),
                    sought=sought,
                    place=place_in(connection, sought, stacked=view.stacked),
                )
            self._view = view
            return shown

    def interrupt(self) -> None:
        """Cut a :meth:`show` short that runs in another thread; nothing where none does."""
        self._interruption.cut()

    def cards(self, start: int, stop: int) -> tuple[Card | None, ...]:
        """The cards at those places of the view shown last, as they are now; None where a picture
        has gone since. Fewer where the view ends before.
        """
        query = "SELECT n FROM shown WHERE place > ? AND place <= ? ORDER BY place"
        with self._reading() as connection:
            if connection is None:
                return ()
            rows = connection.execute(query, (max(start, 0), stop))
            return cards_numbered(connection, rows, self._folder)

    def ids(self, ranges: Sequence[tuple[int, int]]) -> tuple[str, ...]:
        """The ids of the pictures at those places, each range from its start up to its end."""
        # One text, for it is made and taken apart much faster than as many rows.
        query = (
            "SELECT group_concat(cards.id, ' ') FROM shown JOIN cards ON cards.n=shown.n"
            " WHERE shown.place > ? AND shown.place <= ?"
        )
        with self._reading() as connection:
            if connection is None:
                return ()
            return tuple(
                identity
                for start, stop in ranges
                for row in connection.execute(query, (start, stop))
                for identity in str(row[0] or "").split()
            )

    def place_of(self, picture_id: str) -> int:
        """The place of a picture in the view shown last, or of the variation that stands for it;
        -1 where it is not there.
        """
        with self._reading() as connection:
            if connection is None:
                return -1
            stacked = self._view is not None and self._view.stacked
            return place_in(connection, picture_id, stacked=stacked)

    def places_of(self, picture_ids: Iterable[str]) -> tuple[int, ...]:
        """The places of those among many pictures that are in the view shown last."""
        query = (
            "SELECT place - 1 FROM shown WHERE n IN"
            " (SELECT n FROM cards WHERE id IN (SELECT value FROM json_each(?)))"
        )
        rows = self._rows(query, (json_list(picture_ids),))
        return tuple(int(str(row[0])) for row in rows)

    def card(self, picture_id: str) -> Card:
        """The card of one picture, also from the trash; raises InputError for an unknown id."""
        for card in self._cards("cards.id=?", (picture_id,)):
            return card
        raise InputError(
            tr("There is no picture {id} in the library.", id=picture_id),
            tr("It may have been deleted. Look at the library again."),
        )

    def stack(self, picture_id: str, most: int = MOST_VARIATIONS) -> tuple[Card, ...]:
        """The variations of the request of a picture, oldest first, without those in the trash;
        where there are more than ``most``, those made about the same time.
        """
        return self._cards(VARIATIONS, (picture_id, most // 2))

    def facets(self, field: FacetField, limit: int = 200) -> tuple[Facet, ...]:
        """The values of a field and how many pictures have each, most frequent first, without the
        trash and what has no value.
        """
        if field == "tag":
            query = (
                "SELECT tags.tag, count(*) FROM tags CROSS JOIN cards ON cards.n=tags.n"
                " AND cards.trashed=0 GROUP BY 1"
            )
        else:
            empty = "0" if field == "flag" else "''"
            query = (
                f"SELECT {field}, count(*) FROM cards WHERE trashed=0 AND {field} <> {empty}"  # noqa: S608
                " GROUP BY 1"
            )
        rows = self._rows(f"{query} ORDER BY 2 DESC, 1 LIMIT ?", (limit,))
        return tuple(Facet(str(value), int(str(count))) for value, count in rows)

    def children(self, limit: int) -> tuple[str, ...]:
        """The names of the children, those of pages in the trash as well; most pages first."""
        query = "SELECT child FROM cards WHERE child <> '' GROUP BY 1 ORDER BY count(*) DESC, 1"
        rows = self._rows(f"{query} LIMIT ?", (limit,))
        return tuple(str(name) for (name,) in rows)

    def count(self, search: Search) -> int:
        """How many pictures a search finds; leaves what :meth:`cards` speaks of as it is."""
        with self._reading() as connection:
            if connection is None:
                return 0
            with self._reader.moment(connection):
                plan = planned(connection, View(search=search))
                query = f"SELECT count(*) FROM ({plan.query})"  # noqa: S608 made of known names
                ((count,),) = connection.execute(query, plan.values)
            return int(str(count))

    def tags_like(self, beginning: str, limit: int = 20) -> tuple[str, ...]:
        """Tags in use that begin so, in any case; those used most come first."""
        wanted = folded(beginning)
        rows = self._rows("SELECT tag FROM tags GROUP BY tag ORDER BY count(*) DESC, tag")
        tags = (str(row[0]) for row in rows)
        return tuple(tag for tag in tags if folded(tag).startswith(wanted))[:limit]

    def changed_elsewhere(self) -> bool:
        """Whether other processes have written to the library since this was last asked."""
        before, now = self._foreign, ("", self._database.foreign())
        if not self._database.changed:
            now = ("read", self._reader.foreign())
        if now[1] is None:
            return False
        self._foreign = now
        # What is asked of first reads and then writes: the two cannot be compared.
        return before is not None and before[0] == now[0] and before != now

    def close(self) -> None:
        """Let go of the file; a later call opens it again and remembers the view."""
        with self.held():
            pass

    @contextlib.contextmanager
    def held(self) -> Generator[None]:
        """Let go of the file; whoever looks waits until the end."""
        self.interrupt()
        with self._reader.held():
            yield

    def _rows(self, query: str, values: Sequence[Value] = ()) -> list[Row]:
        with self._reading() as connection:
            return list(connection.execute(query, values)) if connection is not None else []

    def _cards(self, condition: str, values: Sequence[Value]) -> tuple[Card, ...]:
        with self._reading() as connection:
            if connection is None:
                return ()
            return tuple(cards_where(connection, condition, values, self._folder))

    @contextlib.contextmanager
    def _reading(self) -> Generator[Connection | None]:
        """The connection, or None where there is no library."""
        with self._reader.reading() as connection, told():
            yield connection

    def _set_up(self, connection: Connection) -> None:
        connection.execute(SETUP)
        if self._view is not None:
            with self._reader.moment(connection):
                write_down(connection, self._view)

"""Looking through the library, however large it is.

A view is written down once as a list of places in a temporary table, so that any page of it is
fetched by its key and a hundred thousand pictures cost no memory here. All that is proportional to
the library happens within SQLite, which lets other threads run meanwhile, on a connection of its
own, so that nobody who keeps or shows a picture waits for a search.
"""

import contextlib
import threading
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import Literal

import apsw
import msgspec

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import folded
from pickabook_desktop.domain.review import (
    Before,
    Card,
    Facet,
    Marks,
    SavedSearch,
    Shown,
    View,
)
from pickabook_desktop.domain.search import Search
from pickabook_desktop.storage.database import (
    Connection,
    Database,
    Row,
    Value,
    identity_of,
    let_go,
    translated,
)
from pickabook_desktop.storage.interruption import Interruption, told
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
    """The pictures of the library in ``folder`` as cards, and what a person decides about them.

    Any thread may call any method; looking never waits for changing. Where there is no library
    there is nothing to see, and nothing is made by looking. All methods raise StorageError,
    and InputError for what cannot be.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self._database = database
        self._decisions = Decisions(database)
        self._searches = SavedSearches(database)
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._opened: tuple[int, int] | None = None
        self._view: View | None = None
        self._foreign: tuple[str, object] | None = None
        self._interruption = Interruption()

    def first(self, view: View, limit: int = 200) -> tuple[Card, ...]:
        """The first cards of a view at once; leaves what :meth:`cards` speaks of as it is."""
        with self._reading() as connection:
            if connection is None:
                return ()
            with self._moment(connection):
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
            with self._moment(connection), self._interruption.watching(connection):
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
        ids = msgspec.json.encode(list(picture_ids)).decode()
        return tuple(int(str(row[0])) for row in self._rows(query, (ids,)))

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

    def count(self, search: Search) -> int:
        """How many pictures a search finds; leaves what :meth:`cards` speaks of as it is."""
        with self._reading() as connection:
            if connection is None:
                return 0
            with self._moment(connection):
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

    def mark(self, ids: Iterable[str], marks: Marks) -> Before:
        """As :meth:`Decisions.mark`, which tells of all changes."""
        return self._decisions.mark(ids, marks)

    def tag(
        self, ids: Iterable[str], add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Before:
        return self._decisions.tag(ids, add, remove)

    def annotate(self, picture_id: str, note: str) -> Before:
        return self._decisions.annotate(picture_id, note)

    def put_back(self, before: Before) -> None:
        self._decisions.put_back(before)

    def trash(self, ids: Iterable[str]) -> int:
        return self._decisions.trash(ids)

    def restore(self, ids: Iterable[str]) -> int:
        return self._decisions.restore(ids)

    def changed_elsewhere(self) -> bool:
        """Whether other processes have written to the library since this was last asked."""
        before, now = self._foreign, ("", self._database.foreign())
        if not self._database.changed:
            with self._reading() as connection:
                read = list(connection.execute("PRAGMA data_version")) if connection else None
            now = ("read", (self._opened, read))
        if now[1] is None:
            return False
        self._foreign = now
        # What is asked of first reads and then writes: the two cannot be compared.
        return before is not None and before[0] == now[0] and before != now

    def trashed_since(self, ids: Iterable[str]) -> dict[str, str]:
        """When each of these pictures was put into the trash, UTC in ISO 8601; without those that
        are not there.
        """
        rows = self._rows(
            "SELECT id, deleted_at FROM pictures WHERE deleted_at IS NOT NULL"
            " AND id IN (SELECT value FROM json_each(?))",
            (msgspec.json.encode(list(ids)).decode(),),
        )
        return {str(identity): str(when) for identity, when in rows}

    def searches(self) -> tuple[SavedSearch, ...]:
        """Saved searches, in the order a person gave them."""
        return self._searches.all()

    def save_search(self, search: SavedSearch) -> SavedSearch:
        """Keep a search, a new one where it has no id, and give it as it is kept."""
        return self._searches.save(search)

    def remove_search(self, search_id: str) -> None:
        self._searches.remove(search_id)

    def move_search(self, search_id: str, place: int) -> None:
        self._searches.move(search_id, place)

    def close(self) -> None:
        """Let go of the file; a later call opens it again and remembers the view."""
        with self.held():
            pass

    @contextlib.contextmanager
    def held(self) -> Generator[None]:
        """Let go of the file; whoever looks waits until the end."""
        self.interrupt()
        with self._lock:
            self._let_go()
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
        with self._lock, translated(self._database.file), told():
            yield self._present()

    def _present(self) -> Connection | None:
        """A connection to the file that has the name now: another may have been put in its place,
        or the whole library on another disk.
        """
        here = identity_of(self._database.file)
        if here != self._opened:
            self._let_go()
        if self._connection is None and here is not None:
            self._connection, self._opened = self._database.open_to_read(), here
            try:
                self._set_up(self._connection)
            except BaseException:
                self._let_go()
                raise
        return self._connection

    def _set_up(self, connection: Connection) -> None:
        connection.execute(SETUP)
        if self._view is not None:
            with self._moment(connection):
                write_down(connection, self._view)

    @contextlib.contextmanager
    def _moment(self, connection: Connection) -> Generator[None]:
        """A transaction: all that is looked at is of one moment, and of what is written down in it
        nothing stays where it fails.
        """
        connection.execute("BEGIN")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            try:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            except apsw.Error:
                # The next one begins with a new connection.
                self._let_go()
            raise

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            same = identity_of(self._database.file) == self._opened
            connection.close() if same else let_go(connection)

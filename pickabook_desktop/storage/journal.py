"""What is being forgotten, from the first step to the last, and the steps within the records.

An entry says whom until nobody can be found by it any more. From then on it only says that the
databases are still to be rebuilt; it has no name, hash or path then.
"""

import msgspec

from pickabook_desktop.storage.database import Connection, Database
from pickabook_desktop.storage.leftovers import Clues
from pickabook_desktop.storage.traces import Wish


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How much there was of what goes; see :class:`pickabook_desktop.jobs.forget.Receipt`."""

    pages: int = 0
    texts: int = 0
    prompts: int = 0
    batches: int = 0
    uploads: int = 0
    photos: int = 0
    photo_copies: int = 0
    consents: int = 0
    books: int = 0
    settings: int = 0
    log_records: int = 0
    remote: dict[str, int] = {}
    originals: int = 0
    files_with_name: int = 0
    addresses: int = 0


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One child being forgotten. ``id`` is the child's, ``started`` UTC in ISO 8601; ``nameless``
    once all but the rebuilding is done. ``libraries`` are the folders concerned.
    """

    id: str
    started: str
    wish: Wish
    clues: Clues
    counts: Counts
    libraries: tuple[str, ...] = ()
    nameless: bool = False


class Journal:
    """The table ``forgetting`` of the records. All methods raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(self) -> tuple[Entry, ...]:
        """What was begun and is not finished."""
        rows = self._database.rows("SELECT wish FROM forgetting ORDER BY id")
        return tuple(msgspec.json.decode(str(row[0]), type=Entry) for row in rows)

    def begin(self, entry: Entry) -> None:
        """Put down that this is to be done; from now on it will be, sooner or later."""
        with self._database.writing() as connection:
            _put(connection, entry)

    def counts(self, wish: Wish) -> tuple[int, int]:
        """How many consents to sending the child's photos there are, and how many lines of the
        ledger have its name in the book's title.
        """
        query = "SELECT photo_sha256 FROM consents"
        consents = sum(str(row[0]) in wish.photos for row in self._database.rows(query))
        mentions = wish.mentions
        books = self._database.rows("SELECT book FROM calls WHERE book <> ''")
        return consents, sum(mentions.found_in(str(row[0])) for row in books)

    def forget_records(self, entry: Entry) -> Entry:
        """Delete the child and the consents, and take the name out of the rest, the entry itself
        included; gives what is left of it.
        """
        bare = msgspec.structs.replace(entry, wish=Wish(), clues=Clues(), nameless=True)
        with self._database.writing() as connection:
            connection.execute("DELETE FROM child_photos WHERE child_id=?", (entry.id,))
            connection.execute("DELETE FROM children WHERE id=?", (entry.id,))
            for photo in entry.wish.photos:
                connection.execute("DELETE FROM consents WHERE photo_sha256=?", (photo,))
            _lose_the_name(connection, entry.wish)
            _put(connection, bare)
        return bare

    def rebuild(self) -> None:
        """Leave nothing in the records' free pages."""
        self._database.rebuild()

    def end(self, entry: Entry) -> None:
        """Put down that it is done."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM forgetting WHERE id=?", (entry.id,))
        self._database.fold()


def _put(connection: Connection, entry: Entry) -> None:
    text = msgspec.json.encode(entry).decode()
    connection.execute("INSERT OR REPLACE INTO forgetting VALUES (?, ?)", (entry.id, text))


def _lose_the_name(connection: Connection, wish: Wish) -> None:
    mentions = wish.mentions

    def texts(query: str) -> list[str]:
        return [str(row[0]) for row in connection.execute(query) if mentions.found_in(str(row[0]))]

    for book in texts("SELECT DISTINCT book FROM calls"):
        connection.execute("UPDATE calls SET book='' WHERE book=?", (book,))
    for reason in texts("SELECT DISTINCT reason FROM calls"):
        connection.execute("UPDATE calls SET reason='' WHERE reason=?", (reason,))
    for path in texts("SELECT DISTINCT path FROM child_photos"):
        connection.execute("UPDATE child_photos SET path='' WHERE path=?", (path,))
    for by in texts("SELECT DISTINCT given_by FROM consents"):
        lost = mentions.without(by)
        connection.execute("UPDATE consents SET given_by=? WHERE given_by=?", (lost, by))

"""What is being forgotten, from the first step to the last, and the steps within the records.

An entry says whom until nothing is found of it any more. From then on it has no name, hash or path,
and says that the databases are still to be rebuilt, and then, for some days, that the child of this
id was forgotten: whoever had begun to draw it before learns from that not to keep what comes.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.consents import timestamp
from pickabook_desktop.storage.database import Connection, Database, Row
from pickabook_desktop.storage.leftovers import Clues
from pickabook_desktop.storage.traces import Wish, texts_of

FORGOTTEN = "forgotten"
# Nothing that was begun before is still under way then.
REMEMBERED = timedelta(days=3)


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


class Errands(msgspec.Struct, frozen=True, kw_only=True):
    """What others have of a child, by what they are told to delete it: ``copies`` are stores and
    the stores' identifiers, ``entries`` uploads in the outbox that may have arrived, ``batches``
    the ids of those that a service has or may have.
    """

    copies: tuple[tuple[str, str], ...] = ()
    entries: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.copies or self.entries or self.batches)

    def with_those(self, others: "Errands") -> "Errands":
        """These and others, each once."""
        return Errands(
            copies=tuple(dict.fromkeys((*self.copies, *others.copies))),
            entries=tuple(dict.fromkeys((*self.entries, *others.entries))),
            batches=tuple(dict.fromkeys((*self.batches, *others.batches))),
        )


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One child being forgotten. ``id`` is the child's, ``started`` UTC in ISO 8601; ``nameless``
    once all but the rebuilding is done, ``done`` once that is as well. ``libraries`` are the
    folders concerned, ``errands`` what others have to be told, by these folders.
    """

    id: str
    started: str
    wish: Wish
    clues: Clues
    counts: Counts
    libraries: tuple[str, ...] = ()
    errands: dict[str, Errands] = {}
    nameless: bool = False
    done: bool = False


class Journal:
    """The table ``forgetting`` of the records. All methods raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(self) -> tuple[Entry, ...]:
        """What was begun and is not finished."""
        return tuple(entry for entry in self._all() if not entry.done)

    def owing(self) -> tuple[Entry, ...]:
        """What is finished here, while others have still to be told."""
        return tuple(entry for entry in self._all() if entry.done and entry.errands)

    def begin(self, entry: Entry) -> None:
        """Put down that this is to be done; from now on it will be, sooner or later."""
        with self._database.writing() as connection:
            _put(connection, entry)

    def add_errands(self, entry: Entry, folder: str, errands: Errands) -> Entry:
        """Put down what others are to be told, before that goes from the library in ``folder``."""
        known = entry.errands.get(folder, Errands())
        more = known.with_those(errands)
        if more == known:
            return entry
        entry = msgspec.structs.replace(entry, errands=entry.errands | {folder: more})
        self.begin(entry)
        return entry

    def settle(self, entry: Entry, left: dict[str, Errands]) -> None:
        """Put down what others have still to be told."""
        if left != entry.errands:
            self.begin(msgspec.structs.replace(entry, errands=left))
            self._database.fold()

    def counts(self, wish: Wish) -> tuple[int, int]:
        """How many consents to sending the child's photos there are, and how many lines of the
        ledger have its name in the book's title.
        """
        query = "SELECT photo_sha256 FROM consents"
        consents = sum(str(row[0]) in wish.photos for row in self._database.rows(query))
        mentions = wish.mentions
        books = self._database.rows("SELECT book FROM calls WHERE book <> ''")
        return consents, sum(mentions.found_in(str(row[0])) for row in books)

    def forget_records(self, entry: Entry) -> None:
        """Delete the child and the consents, and take the name out of the rest but the entry."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM child_photos WHERE child_id=?", (entry.id,))
            connection.execute("DELETE FROM children WHERE id=?", (entry.id,))
            for photo in entry.wish.photos:
                connection.execute("DELETE FROM consents WHERE photo_sha256=?", (photo,))
            _lose_the_name(connection, entry.wish)

    def lose_whom(self, entry: Entry) -> Entry:
        """Take out of the entry whom it is about; gives what is left of it."""
        bare = msgspec.structs.replace(
            entry, wish=Wish(), clues=Clues(), libraries=(), nameless=True
        )
        self.begin(bare)
        return bare

    def rebuild(self) -> None:
        """Leave nothing in the records' free pages."""
        self._database.rebuild()

    def end(self, entry: Entry) -> Entry:
        """Put down that it is done; gives what is remembered of it for now."""
        done = msgspec.structs.replace(entry, counts=Counts(), done=True)
        until = timestamp(datetime.now(UTC) - REMEMBERED)
        with self._database.writing() as connection:
            for old in self._all():
                if old.done and not old.errands and old.started < until:
                    connection.execute("DELETE FROM forgetting WHERE id=?", (old.id,))
            _put(connection, done)
        self._database.fold()
        return done

    def _all(self) -> tuple[Entry, ...]:
        return tuple(entries_in(self._database.rows(SELECT)))


SELECT = "SELECT wish FROM forgetting ORDER BY id"


def entries_in(rows: Iterable[Row]) -> Iterable[Entry]:
    """The entries in the answer to :data:`SELECT`."""
    return (msgspec.json.decode(str(row[0]), type=Entry) for row in rows)


def refuse_forgotten(
    rows: Iterable[Row], name: str, photos: Iterable[str], ids: Iterable[str] = ()
) -> None:
    """Raise InputError where, by the answer to :data:`SELECT`, the child called ``name`` or in
    ``photos`` is being forgotten, or one of ``ids`` was.
    """
    known, shown = set(ids), set(photos)
    if any(entry.id in known or entry.wish.means(name, shown) for entry in entries_in(rows)):
        raise InputError(
            tr("This child is being forgotten, or has just been."),
            tr("What was still being drawn of it is not kept. Draw it again if that is wished."),
            code=FORGOTTEN,
        )


def _put(connection: Connection, entry: Entry) -> None:
    text = msgspec.json.encode(entry).decode()
    connection.execute("INSERT OR REPLACE INTO forgetting VALUES (?, ?)", (entry.id, text))


def _lose_the_name(connection: Connection, wish: Wish) -> None:
    mentions, query = wish.mentions, connection.execute
    for book in filter(mentions.found_in, texts_of(query, "SELECT DISTINCT book FROM calls")):
        query("UPDATE calls SET book='' WHERE book=?", (book,))
    for reason in filter(mentions.quoted_in, texts_of(query, "SELECT DISTINCT reason FROM calls")):
        query("UPDATE calls SET reason='' WHERE reason=?", (reason,))
    for path in filter(mentions.found_in, texts_of(query, "SELECT path FROM child_photos")):
        query("UPDATE child_photos SET path='' WHERE path=?", (path,))
    for by in filter(mentions.found_in, texts_of(query, "SELECT given_by FROM consents")):
        query("UPDATE consents SET given_by=? WHERE given_by=?", (mentions.without(by), by))

"""How a library loses all it knows of one child.

Texts of pages that stay lose the name: prompt, words, book, further fields, who agreed, paths, and
notes. Tags and saved searches that have it go as a whole.
Their files stay as they are, byte for byte.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from pickabook_desktop.domain.names import Mentions
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.storage.database import Connection, Row, Value
from pickabook_desktop.storage.holdings import Holdings
from pickabook_desktop.storage.journal import Errands
from pickabook_desktop.storage.outbox import Outbox
from pickabook_desktop.storage.purging import leave_nothing
from pickabook_desktop.storage.regaining import regain
from pickabook_desktop.storage.removing import doom, remove_stray_thumbnails, remove_unlisted
from pickabook_desktop.storage.rows import stack_of
from pickabook_desktop.storage.traces import (
    Traces,
    Wish,
    batches_for,
    left_behind,
    mentioned_in,
    page_rows,
    request_of_row,
    request_without,
    row_without,
    texts_of,
    traces_of,
)
from pickabook_desktop.storage.unfinished import recover, remove_doomed


class LibraryMemory:
    """The library in a folder, beside whoever else uses it. :meth:`close` when done.

    All methods raise StorageError; none makes a library where there is none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._holdings = holdings = Holdings(folder)
        self._database, self._files = holdings.database, holdings.files
        self._backups = holdings.backups
        self._outbox = Outbox(holdings.database, holdings.presence)

    def requests(self) -> Iterator[GenerationRequest]:
        """The requests of all pages, those in the trash too."""
        for row in page_rows(self._query):
            yield request_of_row(row)

    def traces(self, wish: Wish) -> Traces:
        """What is known of the child; changes nothing."""
        return traces_of(self._query, wish)

    def forget(self, wish: Wish) -> None:
        """Lose all of it. Cut short at any point, it is finished by doing it again.

        First the copies elsewhere are put down for deletion, then the rows go, then the files and
        thumbnails, and last what all that left in free pages of the databases and in copies of the
        list. A new copy takes their place. What only copies know of other pages is taken back
        before.
        """
        self.regain()
        if not self._database.file.exists():
            self._backups.remove()
            return
        copied = bool(self._backups.all())
        self._take_in_what_was_cut_short()
        while ids := self._copied_or_going(wish):
            self._outbox.forget(tuple(ids))
            self._forget_rows(ids)
        with self._database.writing() as connection:
            _lose_the_name(connection, wish)
        self._leave_nothing_behind(copied)

    def forget_page(self, picture_id: str) -> None:
        """Lose one page, as :meth:`forget` loses all of a child; also what is left of it where its
        row has gone.
        """
        self.regain()
        if self._database.file.exists():
            copied = bool(self._backups.all())
            self._outbox.forget((picture_id,))
            self._forget_rows({picture_id})
            self._leave_nothing_behind(copied)
        self.remove_orphans((picture_id,))

    def regain(self) -> None:
        """Take back into the list what only its copies know."""
        regain(self._holdings)

    def errands(self, wish: Wish) -> Errands:
        """What others have of the child, as long as it is not forgotten here."""
        ids = self._copied_or_going(wish)
        copies = self._query(
            "SELECT picture_id, store_id, remote_id FROM stored ORDER BY store_id, remote_id", ()
        )
        entries = self._query("SELECT picture_id, id FROM outbox ORDER BY id", ())
        return Errands(
            copies=tuple((str(s), str(r)) for picture, s, r in copies if str(picture) in ids),
            entries=tuple(str(entry) for picture, entry in entries if str(picture) in ids),
            batches=batches_for(self._query, wish),
        )

    def waiting(self, errands: Errands) -> Errands:
        """What of ``errands`` others have still to be told; ``entries`` are all those deletions in
        the outbox.
        """
        entries: list[str] = []
        copies: list[tuple[str, str]] = []
        words = "SELECT id, store_id, remote_id FROM outbox WHERE kind='deletion' ORDER BY id"
        for entry_id, store_id, remote_id in self._query(words, ()):
            copy = (str(store_id), str(remote_id))
            if str(entry_id) in errands.entries or copy in errands.copies:
                entries.append(str(entry_id))
                copies += [copy] * bool(remote_id)
        owed = {str(row[0]) for row in self._query("SELECT id FROM discards", ())}
        batches = tuple(batch for batch in errands.batches if batch in owed)
        return Errands(copies=tuple(copies), entries=tuple(entries), batches=batches)

    def batch_names(self, batch_ids: Collection[str]) -> tuple[str, ...]:
        """What services call batches that they are to delete, or were asked to call them."""
        rows = self._query("SELECT id, name, title FROM discards ORDER BY id", ())
        return tuple(str(name or title) for batch, name, title in rows if str(batch) in batch_ids)

    def orphans(self) -> tuple[str, ...]:
        """The paths of pictures that no row knows."""
        return tuple(sorted(self._holdings.unlisted()))

    def remove_orphans(self, picture_ids: Collection[str]) -> None:
        """Delete those of :meth:`orphans` that are files of these pictures, with thumbnails."""
        remove_unlisted(self._holdings, picture_ids)

    def read(self, path: str) -> bytes:
        """A picture's file; raises StorageError."""
        return self._files.read(self.folder / path)

    def close(self) -> None:
        self._holdings.close()

    def _leave_nothing_behind(self, copied: bool) -> None:
        """Rows that are gone are gone with file and thumbnails, and from free pages and copies of
        the list too.
        """
        thumbnails = self._holdings.thumbnails
        with self._database.writing() as connection:
            failure = remove_doomed(connection, self._files, thumbnails, self._backups)
        remove_stray_thumbnails(self._holdings)
        thumbnails.rebuild()
        leave_nothing(self._database)
        self._backups.remove()
        if copied:
            self._backups.make_quietly()
        if failure is not None:
            raise failure

    def _query(self, query: str, values: Sequence[Value]) -> list[Row]:
        return self._database.rows(query, values)

    def _take_in_what_was_cut_short(self) -> None:
        with self._database.writing() as connection:
            recover(connection, self._files)

    def _copied_or_going(self, wish: Wish) -> set[str]:
        """The pages that go, and deleted ones of which there are copies elsewhere."""
        traces = self.traces(wish)
        return {page.id for page in traces.going} | set(left_behind(self._query, wish))

    def _forget_rows(self, ids: set[str]) -> None:
        with self._database.writing() as connection:
            doom(connection, ids)
            connection.execute(
                "DELETE FROM prompts WHERE text NOT IN (SELECT prompt FROM pictures)"
            )


def _lose_the_name(connection: Connection, wish: Wish) -> None:
    """Take the name out of the texts of all that stays, and batches of the child away."""
    mentions = wish.mentions
    query = connection.execute
    for batch_id in batches_for(query, wish):
        connection.execute("DELETE FROM batches WHERE id=?", (batch_id,))
    for text in texts_of(query, "SELECT text FROM prompts"):
        if mentions.found_in(text):
            connection.execute("DELETE FROM prompts WHERE text=?", (text,))
    for row in page_rows(lambda words, values: list(query(words, values))):
        if mentioned_in(row, mentions):
            prompt, request, used, unused = row_without(row, mentions)
            connection.execute(
                "UPDATE pictures SET prompt=?, request=?, used_words=?, unused_words=?, stack=?"
                " WHERE id=?",
                (prompt, request, used, unused, stack_of(request), row.id),
            )
            connection.execute(
                "UPDATE cards SET note=? WHERE id=?", (mentions.without(row.note), row.id)
            )
    for batch_id, text in list(query("SELECT id, request FROM batches")):
        lost = request_without(str(text), mentions)
        connection.execute("UPDATE batches SET request=? WHERE id=?", (lost, str(batch_id)))
    for table, complaint in (("batches", "reason"), ("outbox", "problem")):
        told = texts_of(query, f"SELECT DISTINCT {complaint} FROM {table}")  # noqa: S608 constants
        for text in filter(mentions.quoted_in, told):
            words = f"UPDATE {table} SET {complaint}='' WHERE {complaint}=?"  # noqa: S608 constants
            connection.execute(words, (text,))
    _lose_tags_and_searches(connection, mentions)


def _lose_tags_and_searches(connection: Connection, mentions: Mentions) -> None:
    query = connection.execute
    for tag in texts_of(query, "SELECT DISTINCT tag FROM tags"):
        if mentions.found_in(tag):
            connection.execute("DELETE FROM tags WHERE tag=?", (tag,))
    for search_id, title, words in list(query("SELECT id, title, words FROM searches")):
        if mentions.found_in(f"{title} {words}"):
            connection.execute("DELETE FROM searches WHERE id=?", (str(search_id),))

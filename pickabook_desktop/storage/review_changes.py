"""What a person decides about pictures: stars, flags, labels, tags, notes, and the trash.

Each change is one transaction, however many pictures it is for. Ids travel as one JSON text, so
that a hundred thousand of them are one statement. Pictures that have gone are passed over.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import folded
from pickabook_desktop.domain.review import LABELS, MOST_STARS, Before, Made, Marks
from pickabook_desktop.storage.connection import Connection, json_list
from pickabook_desktop.storage.database import Database
from pickabook_desktop.storage.review_cards import DECIDED

LONGEST_TAG = 100
LONGEST_NOTE = 20_000
_THESE = "id IN (SELECT value FROM json_each(?))"


class Decisions:
    """Changes to the library in ``database``. All raise StorageError, and InputError for what
    cannot be: six stars, or a tag without letters. What was before is given back, for undoing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self, ids: Iterable[str], marks: Marks) -> Before:
        """Give stars, a flag or a label."""
        _check(marks)
        wanted = json_list(ids)
        with self._database.writing() as connection:
            before = _decided(connection, wanted, Made(marks=marks))
            connection.execute(
                "UPDATE cards SET rating=coalesce(?, rating), flag=coalesce(?, flag),"  # noqa: S608 constants
                f" label=coalesce(?, label) WHERE {_THESE}",
                (marks.rating, marks.flag, marks.label, wanted),
            )
        return before

    def tag(
        self, ids: Iterable[str], add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Before:
        """Put tags on and take tags off. A tag is spelled as it was when it was first used."""
        wanted, new = json_list(ids), [tidy_tag(tag) for tag in add]
        gone = {folded(tag) for tag in remove}
        with self._database.writing() as connection:
            known = {folded(tag): tag for tag in all_tags(connection)}
            off = [known[tag] for tag in gone if tag in known]
            on = list(dict.fromkeys(known.setdefault(folded(tag), tag) for tag in new))
            made = Made(added=tuple(on), removed=tuple(off))
            before = _decided(connection, wanted, made)
            connection.execute(
                f"DELETE FROM tags WHERE n IN (SELECT n FROM cards WHERE {_THESE})"  # noqa: S608
                " AND tag IN (SELECT value FROM json_each(?))",
                (wanted, json_list(off)),
            )
            connection.execute(
                "INSERT OR IGNORE INTO tags (n, tag) SELECT cards.n, new.value"  # noqa: S608 constants
                f" FROM cards CROSS JOIN json_each(?) AS new WHERE cards.{_THESE}",
                (json_list(on), wanted),
            )
        return before

    def annotate(self, picture_id: str, note: str) -> Before:
        """Write a note on a picture; an empty one takes it away."""
        text = tidy_note(note)
        wanted = json_list((picture_id,))
        with self._database.writing() as connection:
            before = _decided(connection, wanted, Made(note=text))
            connection.execute("UPDATE cards SET note=? WHERE id=?", (text, picture_id))
        return before

    def put_back(self, before: Before) -> None:
        """Have what a change made as it was before, where it still is as that change made it."""
        made = before.made
        values = {**msgspec.structs.asdict(made.marks), "note": made.note}
        with self._database.writing() as connection:
            for field, value in values.items():
                if value is not None:
                    connection.execute(_PUT_BACK[field], (before.text, value))
            if made.added:
                connection.execute(_TAGS_OFF, (before.text, json_list(made.added)))
            if made.removed:
                connection.execute(_TAGS_ON, (before.text, json_list(made.removed)))

    def trash(self, ids: Iterable[str]) -> int:
        """Hide pictures until they are restored or purged; say how many."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return self._delete("deleted_at IS NULL", now, ids)

    def restore(self, ids: Iterable[str]) -> int:
        """Take pictures out of the trash; say how many."""
        return self._delete("deleted_at IS NOT NULL", None, ids)

    def trashed_since(self, ids: Iterable[str]) -> dict[str, str]:
        """When each of these pictures was put into the trash, UTC in ISO 8601; without those that
        are not there.
        """
        query = f"SELECT id, deleted_at FROM pictures WHERE deleted_at IS NOT NULL AND {_THESE}"  # noqa: S608
        return {
            str(identity): str(when)
            for identity, when in self._database.rows(query, (json_list(ids),))
        }

    def _delete(self, condition: str, when: str | None, ids: Iterable[str]) -> int:
        with self._database.writing() as connection:
            connection.execute(
                f"UPDATE pictures SET deleted_at=? WHERE {condition} AND {_THESE}",  # noqa: S608
                (when, json_list(ids)),
            )
            ((count,),) = connection.execute("SELECT changes()")
        return int(str(count))


_BEFORE = (
    "(SELECT cards.n, was.value->>'rating' AS rating, was.value->>'flag' AS flag,"
    " was.value->>'label' AS label, was.value->>'note' AS note, was.value->'tags' AS tags"
    " FROM json_each(?1) AS was JOIN cards ON cards.id=was.value->>'id')"
)
_PUT_BACK = {
    field: (
        f"UPDATE cards SET {field}=was.{field} FROM {_BEFORE} AS was"  # noqa: S608 constants
        f" WHERE cards.n=was.n AND cards.{field}=?2 AND was.{field} <> ?2"
    )
    for field in ("rating", "flag", "label", "note")
}
_TAGS_OFF = (
    f"DELETE FROM tags WHERE (n, tag) IN (SELECT was.n, added.value FROM {_BEFORE} AS was,"  # noqa: S608
    " json_each(?2) AS added WHERE added.value COLLATE NOCASE"
    " NOT IN (SELECT value FROM json_each(was.tags)))"
)
_TAGS_ON = (
    f"INSERT OR IGNORE INTO tags (n, tag) SELECT was.n, tag.value FROM {_BEFORE} AS was,"  # noqa: S608
    " json_each(was.tags) AS tag"
    " WHERE tag.value COLLATE NOCASE IN (SELECT value FROM json_each(?2))"
)


def all_tags(connection: Connection) -> list[str]:
    """Every tag that some picture has, each once."""
    return [str(row[0]) for row in connection.execute("SELECT DISTINCT tag FROM tags")]


def tidy_tag(tag: str) -> str:
    """A tag as it is kept: composed, with single spaces. Raises InputError."""
    tidy = " ".join(unicodedata.normalize("NFC", tag).split())
    if not tidy.isprintable() or not any(letter.isalnum() for letter in tidy):
        raise InputError(
            tr("A tag needs a letter or a digit."), tr("Type a word, as in “cover” or “for print”.")
        )
    if len(tidy) > LONGEST_TAG:
        raise InputError(
            tr("A tag has at most {count} letters.", count=LONGEST_TAG),
            tr("Take a shorter one, and write the rest into the note."),
        )
    return tidy


def tidy_note(note: str) -> str:
    """A note as it is kept. Raises InputError."""
    tidy = unicodedata.normalize("NFC", note).strip().replace("\0", "")
    if len(tidy) > LONGEST_NOTE:
        raise InputError(
            tr("A note has at most {count} letters.", count=LONGEST_NOTE),
            tr("Shorten it."),
        )
    return tidy.encode("utf-8", "replace").decode()


def _check(marks: Marks) -> None:
    if marks.rating is not None and not 0 <= marks.rating <= MOST_STARS:
        raise InputError(
            tr("A picture has no more than {count} stars.", count=MOST_STARS),
            tr("Give it none to {count}.", count=MOST_STARS),
        )
    if marks.flag not in (None, -1, 0, 1):
        raise InputError(
            tr("A picture is picked, rejected or neither."), tr("Choose one of the three.")
        )
    if marks.label not in (None, *LABELS):
        raise InputError(
            tr("There is no label {label}.", label=marks.label),
            tr("Choose one of {labels}.", labels=", ".join(filter(None, LABELS))),
        )


def _decided(connection: Connection, wanted: str, made: Made) -> Before:
    query = f"SELECT count(*), json_group_array({DECIDED}) FROM cards WHERE {_THESE}"  # noqa: S608
    ((count, text),) = connection.execute(query, (wanted,))
    return Before(int(str(count)), str(text), made)

"""Whether a library's list is whole: the file, and its tables among each other."""

import logging
from pathlib import Path

import apsw

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.backups import problem_of
from pickabook_desktop.storage.database import Database, is_damage, translated

_log = logging.getLogger(__name__)

# As the triggers of the schema have it.
_CHILD = """CASE WHEN json_valid(request)
    THEN trim(coalesce(json_extract(request, '$.fields.name'), '')) ELSE '' END"""
_BOOK = """CASE WHEN json_valid(request)
    THEN coalesce(json_extract(request, '$.book'), '') ELSE '' END"""
_FIELDS = """CASE WHEN json_valid(request) THEN
    coalesce((SELECT group_concat(value, ' ') FROM json_each(request, '$.fields')), '')
    ELSE '' END"""

# Each counts what does not fit together.
_MISFITS = (
    """SELECT count(*) FROM pictures LEFT JOIN cards USING (id)
        WHERE cards.n IS NULL OR trashed <> (deleted_at IS NOT NULL)""",
    "SELECT count(*) FROM cards WHERE id NOT IN (SELECT id FROM pictures)",
    f"""SELECT count(*) FROM cards JOIN pictures AS p USING (id)
        WHERE (cards.engine, cards.template, cards.style, cards.stack, cards.seed, cards.cost,
            cards.likeness, cards.seam, cards.child, cards.book)
        IS NOT (p.engine, p.template, p.style, p.stack, p.seed, p.cost, p.likeness, p.seam,
            {_CHILD}, {_BOOK})""",  # noqa: S608 constants
    f"""SELECT count(*) FROM cards JOIN pictures AS p USING (id)
        LEFT JOIN words ON words.rowid=cards.n
        WHERE (words.prompt, words.fields, words.book, words.about)
        IS NOT (p.prompt, {_FIELDS}, {_BOOK},
            p.template || ' ' || p.style || ' ' || p.engine || ' ' || p.palette)""",  # noqa: S608
    """SELECT count(*) FROM pictures WHERE NOT
        (json_valid(used_words) AND json_valid(unused_words) AND json_valid(timings))""",
    """SELECT count(*) FROM cards LEFT JOIN note_words ON note_words.rowid=cards.n
        WHERE coalesce(note_words.note, '') <> cards.note""",
    "SELECT count(*) FROM words WHERE rowid NOT IN (SELECT n FROM cards)",
    "SELECT count(*) FROM tags WHERE n NOT IN (SELECT n FROM cards)",
)

# All that have texts in them.
_TABLES = (
    *("pictures", "cards", "tags", "prompts", "searches", "pending", "doomed"),
    *("outbox", "stored", "batches", "discards"),
)


def is_lost(file: Path) -> bool:
    """Whether there is no list, or nothing in it."""
    try:
        return file.stat().st_size == 0
    except OSError:
        return True


def problem_with(database: Database) -> str:
    """``ok``, or what is wrong with the list, the index of words included. Raises StorageError
    where it cannot be read for another reason than being damaged.
    """
    try:
        found = database.check()
        if found != "ok":
            _log.warning("The list is damaged: %s", found)
            return tr("it is damaged")
        if not database.rows("SELECT 1 FROM sqlite_schema LIMIT 1"):
            return "ok"
        _read_all(database)
        misfits = sum(int(str(database.rows(query)[0][0])) for query in _MISFITS)
    except StorageError as error:
        # A list without its log may lack whole tables.
        if not is_damage(error) and not isinstance(error.__cause__, apsw.SQLError):
            raise
        return tr("it is damaged") if is_damage(error) else tr("parts of it are gone")
    if misfits:
        return tr("{count} entries do not fit together", count=misfits)
    return "ok"


def check_whole(new: Path) -> None:
    """Raise StorageError where a new list is not all in its file, as on a disk that is full."""
    log = Path(f"{new}-wal")
    if (log.exists() and log.stat().st_size) or problem_of(new):
        raise StorageError(
            tr("The new list could not be written."),
            tr("Free some space in {folder}, then repair the library again.", folder=new.parent),
            retryable=True,
        )


def _read_all(database: Database) -> None:
    """Read every row once: SQLite itself does not look whether a text is one."""
    with translated(database.file):
        connection = database.open_to_read()
        try:
            for table in _TABLES:
                for _ in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 constants
                    pass
        finally:
            connection.close()

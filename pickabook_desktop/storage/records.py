"""What the program writes down about people and money, apart from the pages: ``records.db``.

``children`` and ``child_photos`` say which photos show which child; ``folded`` is the name as it is
compared, empty for a child that has none. One photo may show several children. ``consents`` say who
agreed to sending a photo where. ``calls`` is the ledger, which names no child. ``forgetting`` holds
what is to be forgotten, as JSON, from before the first byte goes until the last one has gone.
"""

from pathlib import Path

from pickabook_desktop.storage.database import Database

RECORD_STEPS = (
    """
    CREATE TABLE children (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        folded TEXT NOT NULL,
        created TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX children_by_name ON children (folded) WHERE folded <> '';
    CREATE TABLE child_photos (
        photo_sha256 TEXT NOT NULL,
        child_id TEXT NOT NULL REFERENCES children (id),
        path TEXT NOT NULL,
        PRIMARY KEY (photo_sha256, child_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX child_photos_by_child ON child_photos (child_id);
    CREATE TABLE consents (
        id TEXT PRIMARY KEY,
        photo_sha256 TEXT NOT NULL,
        recipient TEXT NOT NULL,
        scope TEXT NOT NULL,
        given_by TEXT NOT NULL,
        given_on TEXT NOT NULL,
        expires_on TEXT NOT NULL,
        withdrawn_on TEXT
    ) STRICT;
    CREATE INDEX consents_by_photo ON consents (photo_sha256, recipient);
    CREATE TABLE calls (
        id TEXT PRIMARY KEY,
        started TEXT NOT NULL,
        engine TEXT NOT NULL,
        model TEXT NOT NULL,
        book TEXT NOT NULL,
        pictures INTEGER NOT NULL,
        batch INTEGER NOT NULL,
        estimate REAL NOT NULL,
        amount REAL,
        currency TEXT NOT NULL,
        outcome TEXT NOT NULL,
        reason TEXT NOT NULL,
        input_tokens INTEGER,
        output_tokens INTEGER,
        image_tokens INTEGER
    ) STRICT;
    CREATE INDEX calls_by_time ON calls (started);
    CREATE TABLE forgetting (id TEXT PRIMARY KEY, wish TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """,
)


def records_database(data_dir: Path) -> Database:
    """The records below ``data_dir``; opens nothing yet."""
    return Database(data_dir / "records.db", RECORD_STEPS)

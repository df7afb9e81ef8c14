"""The library's tables, as steps from version to version. A step that was released stays as it is.

``pictures.path`` is relative to the library's folder, with forward slashes. ``pending`` holds each
picture that is about to be kept, as JSON of its row, from before its file is made until its row is
in ``pictures``. ``doomed`` holds deleted pictures until file and thumbnail are gone from the disk.

``outbox`` holds what stores have yet to be told: to keep a picture, or to take a file away. ``due``
is Unix time, ``claimed_by`` the process that is at it, ``tried`` as JSON where a file may be that
was sent without an answer, ``problem`` as JSON why it was not done. ``stored`` says which store has
which picture; it outlives the picture, for the copy does, and ``photo_sha256`` still says whose.
``batches`` holds what services were asked to draw within a day: ``done`` of ``total`` pictures as
the service says, ``collected`` of them kept under the ids in ``pictures`` (a JSON list, made before
the first is kept), ``sender`` the process that hands it over, ``title`` what the service is to call
it, written down before anything of it is sent, ``uploads`` whether a file is sent ahead.
``discards`` holds what services have yet to delete: no batch ends or leaves its table without a row
there, but one of which certainly nothing has left this machine; ``call_id`` is its line in the
ledger, which may still be open.
"""

LIBRARY_STEPS = (
    """
    CREATE TABLE pictures (
        id TEXT PRIMARY KEY,
        created TEXT NOT NULL,
        path TEXT NOT NULL UNIQUE,
        media_type TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        engine TEXT NOT NULL,
        engine_version TEXT NOT NULL,
        template TEXT NOT NULL,
        style TEXT NOT NULL,
        palette TEXT NOT NULL,
        prompt TEXT NOT NULL,
        seed INTEGER NOT NULL,
        photo_sha256 TEXT NOT NULL,
        request TEXT NOT NULL,
        used_words TEXT NOT NULL,
        unused_words TEXT NOT NULL,
        timings TEXT NOT NULL,
        deleted_at TEXT
    ) STRICT;
    CREATE INDEX pictures_in_trash ON pictures (deleted_at) WHERE deleted_at IS NOT NULL;
    """,
    """
    CREATE TABLE prompts (text TEXT PRIMARY KEY, last_used TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX prompts_by_time ON prompts (last_used);
    INSERT INTO prompts
        SELECT prompt, max(created) FROM pictures WHERE prompt <> '' GROUP BY prompt;
    """,
    """
    CREATE TABLE doomed (path TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE pending (path TEXT PRIMARY KEY, picture TEXT NOT NULL) STRICT, WITHOUT ROWID;
    ALTER TABLE doomed ADD COLUMN id TEXT NOT NULL DEFAULT '';
    UPDATE doomed SET id = substr(path, length('pictures/YYYY/MM/') + 1, 26);
    DROP TABLE notes;
    """,
    """
    CREATE TABLE outbox (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        store_id TEXT NOT NULL,
        picture_id TEXT NOT NULL DEFAULT '',
        remote_id TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL DEFAULT 'queued',
        due REAL NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0,
        offline INTEGER NOT NULL DEFAULT 0,
        asked INTEGER NOT NULL DEFAULT 0,
        claimed_by TEXT NOT NULL DEFAULT '',
        claimed_at REAL NOT NULL DEFAULT 0,
        tried TEXT NOT NULL DEFAULT '',
        problem TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE UNIQUE INDEX outbox_uploads ON outbox (store_id, picture_id) WHERE kind = 'upload';
    CREATE INDEX outbox_pictures ON outbox (picture_id);
    CREATE UNIQUE INDEX outbox_deletions ON outbox (store_id, remote_id) WHERE remote_id <> '';
    CREATE TABLE stored (
        picture_id TEXT NOT NULL,
        store_id TEXT NOT NULL,
        remote_id TEXT NOT NULL,
        url TEXT NOT NULL,
        path TEXT NOT NULL,
        private INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        stored_on TEXT NOT NULL,
        photo_sha256 TEXT NOT NULL,
        PRIMARY KEY (picture_id, store_id, remote_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX stored_remotely ON stored (store_id, remote_id);
    CREATE TABLE batches (
        id TEXT PRIMARY KEY,
        engine TEXT NOT NULL,
        name TEXT NOT NULL,
        call_id TEXT NOT NULL,
        request TEXT NOT NULL,
        state TEXT NOT NULL,
        submitted TEXT NOT NULL,
        polled TEXT NOT NULL DEFAULT '',
        collected INTEGER NOT NULL DEFAULT 0,
        reason TEXT NOT NULL DEFAULT '',
        total INTEGER NOT NULL DEFAULT 0,
        done INTEGER NOT NULL DEFAULT 0,
        pictures TEXT NOT NULL DEFAULT '[]',
        sender TEXT NOT NULL DEFAULT ''
    ) STRICT;
    """,
    """
    ALTER TABLE batches ADD COLUMN title TEXT NOT NULL DEFAULT '';
    ALTER TABLE batches ADD COLUMN uploads INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE discards (
        id TEXT PRIMARY KEY,
        engine TEXT NOT NULL,
        name TEXT NOT NULL,
        title TEXT NOT NULL,
        uploads INTEGER NOT NULL,
        due REAL NOT NULL DEFAULT 0,
        tries INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER ended_batches AFTER UPDATE OF state ON batches
        WHEN new.state IN ('collected', 'failed', 'cancelled', 'expired')
            AND old.state NOT IN ('collected', 'failed', 'cancelled', 'expired')
            AND (new.name <> '' OR new.title <> '')
        BEGIN
            INSERT OR IGNORE INTO discards (id, engine, name, title, uploads)
                VALUES (new.id, new.engine, new.name, new.title, new.uploads);
        END;
    CREATE TRIGGER dropped_batches AFTER DELETE ON batches
        WHEN old.state NOT IN ('collected', 'failed', 'cancelled', 'expired')
            AND (old.name <> '' OR old.title <> '')
        BEGIN
            INSERT OR IGNORE INTO discards (id, engine, name, title, uploads)
                VALUES (old.id, old.engine, old.name, old.title, old.uploads);
        END;
    """,
    """
    ALTER TABLE discards ADD COLUMN call_id TEXT NOT NULL DEFAULT '';
    DROP TRIGGER ended_batches;
    DROP TRIGGER dropped_batches;
    CREATE TRIGGER ended_batches AFTER UPDATE OF state ON batches
        WHEN new.state IN ('collected', 'failed', 'cancelled', 'expired')
            AND old.state NOT IN ('collected', 'failed', 'cancelled', 'expired')
            AND (new.name <> '' OR new.title <> '')
        BEGIN
            INSERT OR IGNORE INTO discards (id, engine, name, title, uploads, call_id)
                VALUES (new.id, new.engine, new.name, new.title, new.uploads, new.call_id);
        END;
    CREATE TRIGGER dropped_batches AFTER DELETE ON batches
        WHEN old.state NOT IN ('collected', 'failed', 'cancelled', 'expired')
            AND (old.name <> '' OR old.title <> '')
        BEGIN
            INSERT OR IGNORE INTO discards (id, engine, name, title, uploads, call_id)
                VALUES (old.id, old.engine, old.name, old.title, old.uploads, old.call_id);
        END;
    """,
)

THUMBNAIL_STEPS = ("CREATE TABLE thumbnails (id TEXT PRIMARY KEY, jpeg BLOB NOT NULL) STRICT;",)

COLUMNS = (
    "id, created, path, media_type, width, height, bytes, sha256, engine, engine_version,"
    " template, style, palette, prompt, seed, photo_sha256, request, used_words, unused_words,"
    " timings"
)

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

``cards`` is what pictures are looked through by: one narrow row for each, kept in step by triggers,
with what the person decided. ``n`` is Unix milliseconds << 20 and a running number, so that it
orders by time. ``words`` and ``note_words`` are what is searched, by the same ``n``; they delete so
that words go from the leaves of their index, which takes milliseconds for each picture: so tags,
which are put on many at once, are not among them. :mod:`pickabook_desktop.storage.purging` sees to
what stays. ``stack_of`` is a function that
:mod:`pickabook_desktop.storage.rows` gives to SQLite for the migration: the same text for all
variations of one request.
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
    """
    ALTER TABLE pictures ADD COLUMN stack TEXT NOT NULL DEFAULT '';
    ALTER TABLE pictures ADD COLUMN cost REAL;
    ALTER TABLE pictures ADD COLUMN likeness REAL;
    ALTER TABLE pictures ADD COLUMN seam REAL;
    UPDATE pictures SET cost=0 WHERE engine='storybook';
    UPDATE pictures SET stack=stack_of(request);
    CREATE INDEX pictures_by_sha256 ON pictures (sha256);
    CREATE TABLE cards (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        trashed INTEGER NOT NULL DEFAULT 0,
        engine TEXT NOT NULL,
        template TEXT NOT NULL,
        style TEXT NOT NULL,
        child TEXT NOT NULL,
        book TEXT NOT NULL,
        stack TEXT NOT NULL,
        seed INTEGER NOT NULL,
        cost REAL,
        likeness REAL,
        seam REAL,
        rating INTEGER NOT NULL DEFAULT 0,
        flag INTEGER NOT NULL DEFAULT 0,
        label TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE INDEX cards_by_rating ON cards (rating, n) WHERE trashed=0;
    CREATE INDEX cards_by_template ON cards (template, n) WHERE trashed=0;
    CREATE INDEX cards_by_engine ON cards (engine, n) WHERE trashed=0;
    CREATE INDEX cards_by_child ON cards (child, n) WHERE trashed=0;
    CREATE INDEX cards_by_book ON cards (book, n) WHERE trashed=0;
    CREATE INDEX cards_by_flag ON cards (flag, n) WHERE trashed=0;
    CREATE INDEX cards_by_stack ON cards (stack, n) WHERE trashed=0;
    CREATE INDEX cards_in_trash ON cards (n) WHERE trashed=1;
    CREATE TABLE tags (
        n INTEGER NOT NULL,
        tag TEXT NOT NULL COLLATE NOCASE,
        PRIMARY KEY (n, tag)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX tags_by_word ON tags (tag, n);
    CREATE TABLE searches (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        words TEXT NOT NULL,
        sort TEXT NOT NULL,
        descending INTEGER NOT NULL,
        grouping TEXT NOT NULL,
        place INTEGER NOT NULL
    ) STRICT;
    CREATE VIRTUAL TABLE words USING fts5 (
        prompt, fields, book, about,
        prefix='2 3', tokenize="unicode61 remove_diacritics 2"
    );
    INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
    CREATE VIRTUAL TABLE note_words USING fts5 (
        note, tokenize="unicode61 remove_diacritics 2"
    );
    INSERT INTO note_words (note_words, rank) VALUES ('secure-delete', 1);
    INSERT INTO cards (n, id, trashed, engine, template, style, child, book, stack, seed, cost)
        SELECT
            (ms << 20) + row_number() OVER (PARTITION BY ms ORDER BY id) - 1,
            id, deleted_at IS NOT NULL, engine, template, style,
            CASE WHEN json_valid(request)
                THEN trim(coalesce(json_extract(request, '$.fields.name'), '')) ELSE '' END,
            CASE WHEN json_valid(request)
                THEN coalesce(json_extract(request, '$.book'), '') ELSE '' END,
            stack, seed, cost
        FROM (
            SELECT *, coalesce(CAST(round(unixepoch(created, 'subsec') * 1000) AS INTEGER), 0) AS ms
            FROM pictures
        );
    INSERT INTO words (rowid, prompt, fields, book, about)
        SELECT cards.n, pictures.prompt,
            CASE WHEN json_valid(request) THEN
                coalesce((SELECT group_concat(value, ' ') FROM json_each(request, '$.fields')), '')
                ELSE '' END,
            cards.book,
            cards.template || ' ' || cards.style || ' ' || cards.engine || ' ' || pictures.palette
        FROM cards JOIN pictures USING (id) ORDER BY cards.n;
    INSERT INTO words (words) VALUES ('optimize');
    CREATE TRIGGER card_of_new_picture AFTER INSERT ON pictures BEGIN
        INSERT INTO cards
            (n, id, trashed, engine, template, style, child, book, stack, seed,
            cost, likeness, seam)
        SELECT
            max(ms << 20, coalesce(
                (SELECT max(n) + 1 FROM cards WHERE n >= ms << 20 AND n < (ms + 1) << 20), 0)),
            new.id, new.deleted_at IS NOT NULL, new.engine, new.template, new.style,
            CASE WHEN json_valid(new.request)
                THEN trim(coalesce(json_extract(new.request, '$.fields.name'), '')) ELSE '' END,
            CASE WHEN json_valid(new.request)
                THEN coalesce(json_extract(new.request, '$.book'), '') ELSE '' END,
            new.stack, new.seed, new.cost, new.likeness, new.seam
        FROM (
            SELECT coalesce(CAST(round(unixepoch(new.created, 'subsec') * 1000) AS INTEGER), 0)
                AS ms
        );
        INSERT INTO words (rowid, prompt, fields, book, about)
            SELECT n, new.prompt,
                CASE WHEN json_valid(new.request) THEN coalesce(
                    (SELECT group_concat(value, ' ') FROM json_each(new.request, '$.fields')), '')
                    ELSE '' END,
                book, template || ' ' || style || ' ' || engine || ' ' || new.palette
            FROM cards WHERE id=new.id;
    END;
    CREATE TRIGGER card_of_gone_picture AFTER DELETE ON pictures BEGIN
        DELETE FROM words WHERE rowid=(SELECT n FROM cards WHERE id=old.id);
        DELETE FROM note_words WHERE rowid=(SELECT n FROM cards WHERE id=old.id);
        DELETE FROM tags WHERE n=(SELECT n FROM cards WHERE id=old.id);
        DELETE FROM cards WHERE id=old.id;
    END;
    CREATE TRIGGER card_in_trash AFTER UPDATE OF deleted_at ON pictures
        WHEN (old.deleted_at IS NULL) <> (new.deleted_at IS NULL) BEGIN
        UPDATE cards SET trashed=new.deleted_at IS NOT NULL WHERE id=new.id;
    END;
    CREATE TRIGGER card_of_measures AFTER UPDATE OF cost, likeness, seam, stack ON pictures BEGIN
        UPDATE cards
            SET cost=new.cost, likeness=new.likeness, seam=new.seam, stack=new.stack
            WHERE id=new.id;
    END;
    CREATE TRIGGER card_of_changed_words AFTER UPDATE OF prompt, request ON pictures BEGIN
        UPDATE cards SET
            child=CASE WHEN json_valid(new.request)
                THEN trim(coalesce(json_extract(new.request, '$.fields.name'), '')) ELSE '' END,
            book=CASE WHEN json_valid(new.request)
                THEN coalesce(json_extract(new.request, '$.book'), '') ELSE '' END
            WHERE id=new.id;
        UPDATE words SET prompt=new.prompt,
            fields=CASE WHEN json_valid(new.request) THEN coalesce(
                (SELECT group_concat(value, ' ') FROM json_each(new.request, '$.fields')), '')
                ELSE '' END,
            book=(SELECT book FROM cards WHERE id=new.id)
            WHERE rowid=(SELECT n FROM cards WHERE id=new.id);
    END;
    CREATE TRIGGER words_of_note AFTER UPDATE OF note ON cards WHEN old.note <> new.note BEGIN
        DELETE FROM note_words WHERE rowid=old.n AND old.note <> '';
        INSERT INTO note_words (rowid, note) SELECT new.n, new.note WHERE new.note <> '';
    END;
    """,
)

# ``used`` is Unix time, in seconds.
THUMBNAIL_STEPS = (
    "CREATE TABLE thumbnails (id TEXT PRIMARY KEY, jpeg BLOB NOT NULL) STRICT;",
    """
    CREATE TABLE large (
        id TEXT NOT NULL,
        edge INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        used INTEGER NOT NULL,
        jpeg BLOB NOT NULL,
        PRIMARY KEY (id, edge)
    ) STRICT;
    CREATE INDEX large_by_use ON large (used, bytes);
    """,
)

COLUMNS = (
    "id, created, path, media_type, width, height, bytes, sha256, engine, engine_version,"
    " template, style, palette, prompt, seed, photo_sha256, request, used_words, unused_words,"
    " timings, stack, cost, likeness, seam"
)

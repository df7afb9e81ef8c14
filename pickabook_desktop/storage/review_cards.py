"""Cards as rows of the library's tables, and as data."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import msgspec

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.review import Card, UploadState
from pickabook_desktop.storage.connection import Connection, Row, Value, json_list

TAGS = "(SELECT json_group_array(tag ORDER BY tag) FROM tags WHERE tags.n=cards.n)"
_COLUMNS = (
    "cards.n, cards.id, pictures.created, pictures.path, pictures.media_type,"
    " pictures.width, pictures.height, cards.engine, cards.template, cards.style, cards.child,"
    " cards.book, pictures.prompt, cards.seed, pictures.photo_sha256, cards.rating, cards.flag,"
    f" cards.label, {TAGS}, cards.note, cards.likeness, cards.seam, cards.cost, cards.stack,"
    " cards.trashed"
)
_CARDS = f"SELECT {_COLUMNS} FROM cards JOIN pictures ON pictures.id=cards.id"  # noqa: S608 constants
# Asked once for a page, not for each of its cards: all may be of one request.
_COUNTS = (
    "SELECT stack, count(*) FROM cards WHERE trashed=0 AND stack <> ''"
    " AND stack IN (SELECT value FROM json_each(?)) GROUP BY stack"
)
_STORED = "SELECT picture_id FROM stored WHERE picture_id IN (SELECT value FROM json_each(?))"
_UPLOADS = (
    "SELECT picture_id, max(state='failed') FROM outbox WHERE kind='upload'"
    " AND picture_id IN (SELECT value FROM json_each(?)) GROUP BY picture_id"
)
_SAME = (
    "SELECT other.n FROM cards AS own JOIN cards AS other"
    " ON other.trashed=0 AND other.stack=own.stack AND (own.stack <> '' OR other.n=own.n)"
    " WHERE own.id=?1 AND other.n"
)
VARIATIONS = (
    f"cards.n IN (SELECT n FROM ({_SAME} < own.n ORDER BY other.n DESC LIMIT ?2)"  # noqa: S608
    f" UNION ALL SELECT n FROM ({_SAME} >= own.n ORDER BY other.n LIMIT ?2)) ORDER BY cards.n"
)
"""Those of one picture's request, so many older and so many newer ones."""
# A Decided as JSON.
DECIDED = (
    "json_object('id', cards.id, 'rating', cards.rating, 'flag', cards.flag,"
    f" 'label', cards.label, 'tags', json({TAGS}), 'note', cards.note)"
)

_Tags = tuple[str, ...]
_ID, _STACK = 1, 23


def cards_where(
    connection: Connection, condition: str, values: Sequence[Value], folder: Path
) -> list[Card]:
    """The cards of the library in ``folder`` for which ``condition`` holds."""
    rows = list(connection.execute(f"{_CARDS} WHERE {condition}", values))
    ids, stacks = (json_list({str(row[place]) for row in rows}) for place in (_ID, _STACK))
    counts = {
        str(stack): int(str(count)) for stack, count in connection.execute(_COUNTS, (stacks,))
    }
    uploads: dict[str, UploadState] = {
        str(row[0]): "uploaded" for row in connection.execute(_STORED, (ids,))
    }
    for picture_id, failed in connection.execute(_UPLOADS, (ids,)):
        uploads[str(picture_id)] = "failed" if failed else "queued"
    return [
        _card_from(row, folder, counts.get(str(row[_STACK]), 1), uploads.get(str(row[_ID]), ""))
        for row in rows
    ]


def cards_numbered(
    connection: Connection, numbers: Iterable[Row], folder: Path
) -> tuple[Card | None, ...]:
    """The cards of the numbers that ``numbers`` begin with, None where there is none."""
    wanted = [int(str(row[0])) for row in numbers]
    condition = "cards.n IN (SELECT value FROM json_each(?))"
    found = cards_where(connection, condition, (json_list(wanted),), folder)
    cards = {card.n: card for card in found}
    return tuple(cards.get(number) for number in wanted)


def _card_from(row: Row, folder: Path, variations: int, upload: UploadState) -> Card:
    (n, identity, created, path, media_type, width, height, *more) = cast("tuple[Any, ...]", row)
    (engine, template, style, child, book, prompt, seed, photo, *more) = more
    (rating, flag, label, tags, note, likeness, seam, cost, stack, trashed) = more
    return Card(
        n=n,
        id=identity,
        created=created,
        path=str(folder / path),
        media_type=media_type,
        size=Size(width, height),
        engine=engine,
        template=template,
        style=style,
        child=child,
        book=book,
        prompt=prompt,
        seed=seed,
        photo_sha256=photo,
        rating=rating,
        flag=flag,
        label=label,
        tags=tags_from(tags),
        note=note,
        likeness=likeness,
        seam=seam,
        cost=cost,
        stack=stack,
        variations=variations,
        upload=upload,
        trashed=bool(trashed),
    )


def tags_from(text: str) -> tuple[str, ...]:
    """Tags from SQLite's JSON."""
    return () if text == "[]" else msgspec.json.decode(text, type=_Tags)

"""Cards as rows of the library's tables, and as data."""

from pathlib import Path
from typing import Any, cast

import msgspec

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.review import Card
from pickabook_desktop.storage.database import Row

TAGS = "(SELECT json_group_array(tag ORDER BY tag) FROM tags WHERE tags.n=cards.n)"
_UPLOADS = "SELECT 1 FROM outbox WHERE outbox.picture_id=cards.id AND outbox.kind='upload'"
COLUMNS = (
    "cards.n, cards.id, pictures.created, pictures.path, pictures.media_type,"  # noqa: S608 constants
    " pictures.width, pictures.height, cards.engine, cards.template, cards.style, cards.child,"
    " cards.book, pictures.prompt, cards.seed, pictures.photo_sha256, cards.rating, cards.flag,"
    f" cards.label, {TAGS}, cards.note, cards.likeness, cards.seam, cards.cost, cards.stack,"
    " CASE WHEN cards.stack='' THEN 1 ELSE max(1, (SELECT count(*) FROM cards AS same"
    " WHERE same.stack=cards.stack AND same.trashed=0)) END,"
    f" CASE WHEN EXISTS ({_UPLOADS} AND outbox.state='failed') THEN 'failed'"
    f" WHEN EXISTS ({_UPLOADS}) THEN 'queued'"
    " WHEN EXISTS (SELECT 1 FROM stored WHERE stored.picture_id=cards.id) THEN 'uploaded'"
    " ELSE '' END, cards.trashed"
)
PICTURES = "JOIN pictures ON pictures.id=cards.id"
# A Decided as JSON.
DECIDED = (
    "json_object('id', cards.id, 'rating', cards.rating, 'flag', cards.flag,"
    f" 'label', cards.label, 'tags', json({TAGS}), 'note', cards.note)"
)

_Tags = tuple[str, ...]


def card_from(row: Row, folder: Path) -> Card:
    """The card of a row of ``COLUMNS`` in the library in ``folder``."""
    (n, identity, created, path, media_type, width, height, *more) = cast("tuple[Any, ...]", row)
    (engine, template, style, child, book, prompt, seed, photo, *more) = more
    (rating, flag, label, tags, note, likeness, seam, cost, stack, variations, *more) = more
    (upload, trashed) = more
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

"""Libraries of very many pictures, made by SQL: their rows are real, their files are not there."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from PIL import Image

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.imaging.encode import encode_jpeg
from pickabook_desktop.storage.database import Connection
from pickabook_desktop.storage.ids import IdMaker
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.library_file import library_database
from pickabook_desktop.storage.rows import PictureRow, row_of
from pickabook_desktop.storage.schema import COLUMNS, THUMBNAIL_STEPS

TEMPLATES = ("astronaut", "pirate", "knight", "mermaid", "wizard", "explorer")
STYLES = ("storybook", "watercolour", "comic", "pencil", "papercut")
ENGINES = ("storybook", "storybook", "storybook", "gemini")
NAMES = ("Mira", "Jonas", "Ada", "Luca", "Nell", "Tariq", "Ines", "Oskar")
WORDS = (
    *("castle", "lantern", "harbour", "moonlight", "meadow", "dragon", "snow", "balloon"),
    *("lighthouse", "forest", "umbrella", "comet", "garden", "bridge", "kite", "island"),
)
TAGS = ("cover", "draft", "favourite", "print", "spread", "redo")
_YEARS = 10


def fill(folder: Path, count: int, *, thumbnails: bool = True, seed: int = 4) -> Path:
    """Make a library of ``count`` pictures in ``folder``, spread over ten years; one that is there
    already stays as it is.
    """
    if (folder / "library.db").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    database = library_database(folder)
    marks = ", ".join("?" * len(COLUMNS.split(",")))
    with database.writing() as connection:
        connection.executemany(
            f"INSERT INTO pictures ({COLUMNS}) VALUES ({marks})",  # noqa: S608 constants
            (msgspec.structs.astuple(row) for row in _rows(count, random.Random(seed))),
        )
        _decide(connection, random.Random(seed + 1))
    database.close()
    if thumbnails:
        _fill_thumbnails(folder)
    Library(folder).close()
    return folder


def _rows(count: int, dice: random.Random) -> Iterator[PictureRow]:
    ids = IdMaker()
    start = datetime(2016, 11, 1, tzinfo=UTC)
    step = timedelta(days=365 * _YEARS) / max(1, count)
    for number in range(count):
        when = start + step * number
        request = GenerationRequest(
            photo=PhotoRef(path="", sha256=f"{dice.randrange(200):064x}"),
            template_id=dice.choice(TEMPLATES),
            style_id=dice.choice(STYLES),
            engine_id=dice.choice(ENGINES),
            prompt=" ".join(dice.choices(WORDS, k=8)),
            fields={"name": dice.choice(NAMES)},
            book=f"Book {dice.randrange(40)}",
            seed=number,
        )
        drawn = DrawnPicture(
            data=b"", media_type="image/png", size=Size(2048, 2560), seed=number, cost=None
        )
        row = row_of(ids.next(), f"pictures/{number}.png", f"{number:064x}", drawn, request, "1")
        created = when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        cost = 0.04 if row.engine == "gemini" else None
        yield msgspec.structs.replace(row, created=created, cost=cost, likeness=dice.random())


def _decide(connection: Connection, dice: random.Random) -> None:
    rows = [int(str(row[0])) for row in connection.execute("SELECT n FROM cards")]
    some = [(dice.randrange(6), dice.choice((-1, 0, 0, 1)), n) for n in rows if dice.random() < 0.4]
    connection.executemany("UPDATE cards SET rating=?, flag=? WHERE n=?", some)
    tagged = [(n, dice.choice(TAGS)) for n in rows if dice.random() < 0.2]
    connection.executemany("INSERT INTO tags (n, tag) VALUES (?, ?)", tagged)


def _fill_thumbnails(folder: Path) -> None:
    import apsw

    made = [jpeg_thumbnail(number) for number in range(64)]
    library = Library(folder)
    library.close()
    ids = [row[0] for row in library_database(folder).rows("SELECT id FROM pictures")]
    connection = apsw.Connection(str(folder / "thumbnails.db"))
    connection.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF")
    for step in THUMBNAIL_STEPS:
        connection.execute(step)
    connection.execute(f"PRAGMA user_version={len(THUMBNAIL_STEPS)}")
    with connection:
        connection.executemany(
            "INSERT INTO thumbnails VALUES (?, ?)",
            ((str(name), made[number % len(made)]) for number, name in enumerate(ids)),
        )
    connection.close()


def jpeg_thumbnail(seed: int) -> bytes:
    """A picture of about 10 KiB with as much detail as drawn pages have."""
    import numpy as np

    dice = np.random.default_rng(seed)
    coarse = dice.integers(40, 230, (12, 10, 3), dtype=np.uint8)
    fine = dice.integers(0, 40, (128, 102, 3), dtype=np.uint8)
    large = Image.fromarray(coarse).resize((205, 256), Image.Resampling.BICUBIC)
    grain = Image.fromarray(fine).resize((205, 256), Image.Resampling.BILINEAR)
    return encode_jpeg(np.asarray(large) // 2 + np.asarray(grain), 85)

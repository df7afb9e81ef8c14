"""Libraries of any size, written as a version before the cards left them and brought up to date."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import apsw

from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.own_names import LIBRARY_FILE
from pickabook_desktop.storage.schema import LIBRARY_STEPS

BEFORE_CARDS = 7
TEN_YEARS = 10 * 365 * 86_400_000
RARE = "quokka"
_WORDS = (
    *("moon", "pirate", "castle", "dragon", "sea", "snow", "forest", "river"),
    *("bridge", "lantern", "kite", "balloon", "whale", "star", "garden", "rocket"),
    *("owl", "bear", "fox", "tower", "cloud", "island", "market", "violin"),
    *("robot", "penguin", "meadow", "harbour", "train"),
)
_TEMPLATES = ("balloon-ride", "deep-dive", "moon-walk", "pirate-deck", "reading-nook")
_ENGINES = ("storybook", "storybook", "storybook", "gemini", "replicate")
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def make(folder: Path, count: int) -> Library:
    """A library of ``count`` rows, made over ten years in requests of one to four pictures each;
    none has a file. One prompt in five hundred has the word ``RARE``.
    """
    folder.mkdir(parents=True)
    connection = apsw.Connection(str(folder / LIBRARY_FILE))
    connection.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF")
    for step in LIBRARY_STEPS[:BEFORE_CARDS]:
        connection.execute(step)
    connection.execute(f"PRAGMA user_version={BEFORE_CARDS}")
    with connection:
        marks = ", ".join("?" * 21)
        connection.executemany(f"INSERT INTO pictures VALUES ({marks})", _rows(count))  # noqa: S608
    connection.close()
    library = Library(folder)
    assert library.count() == count
    return library


def _rows(count: int) -> Iterator[tuple[str | int | None, ...]]:
    chance = random.Random(7)
    children = [f"Child number {number}" for number in range(300)]
    start = int(datetime(2016, 3, 1, tzinfo=UTC).timestamp() * 1000)
    made = 0
    while made < count:
        child = chance.choice(children)
        words = [*chance.choices(_WORDS, k=14), *[RARE] * (chance.random() < 0.002)]
        template, engine = chance.choice(_TEMPLATES), chance.choice(_ENGINES)
        for _ in range(min(chance.choice((1, 1, 1, 2, 4, 4)), count - made)):
            moment = start + made * TEN_YEARS // count
            yield _row(moment, chance, child, " ".join(words), template, engine)
            made += 1


def _row(
    moment: int, chance: random.Random, child: str, prompt: str, template: str, engine: str
) -> tuple[str | int | None, ...]:
    value = (moment << 80) | chance.getrandbits(80)
    picture_id = "".join(_LETTERS[(value >> shift) & 31] for shift in range(125, -1, -5))
    created = datetime.fromtimestamp(moment / 1000, UTC).isoformat(timespec="milliseconds")
    created = created.replace("+00:00", "Z")
    seed, sha256 = chance.randrange(2**31), f"{value:064x}"
    request = {
        "photo": {"path": f"/home/someone/Pictures/{sha256[:12]}.jpg", "sha256": sha256},
        "template_id": template,
        "style_id": "storybook",
        "engine_id": engine,
        "prompt": prompt,
        "fields": {"name": child, "title": "A long evening under the stars"},
        "size": {"width": 2048, "height": 2048},
        "seed": seed,
        "options": {"media_type": "image/png", "hint": "soft light, " * 24},
        "book": f"Book {value % 97}",
    }
    return (
        *(picture_id, created, f"pictures/{created[:4]}/{created[5:7]}/{picture_id}.png"),
        *("image/png", 2048, 2048, 7_000_000, sha256, engine, "7", template, "storybook", "dusk"),
        *(prompt, seed, sha256, json.dumps(request), "[]", "[]", '{"draw": 0.3}', None),
    )

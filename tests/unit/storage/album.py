"""Pictures of several children, books and requests, for the tests of looking through them."""

from datetime import datetime

import msgspec
from e2e.fake_engine import drawn

from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.review import Card, View
from pickabook_desktop.domain.search import parse
from pickabook_desktop.storage.library import Library

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def keep(
    library: Library,
    prompt: str,
    *,
    when: datetime | None = None,
    seed: int = 0,
    child: str = "",
    book: str = "",
    engine: str = "storybook",
    template: str = "moon-walk",
    **known: float,
) -> str:
    """Keep a picture, drawn ``when`` in local time, and give its id. ``known`` are its cost,
    likeness and seam.
    """
    request = GenerationRequest(
        photo=PhotoRef(path="/photos/portrait.jpg", sha256="f" * 64),
        engine_id=engine,
        prompt=prompt,
        fields={"name": child},
        book=book,
    )
    picture = msgspec.structs.replace(drawn(seed), template_id=template, **known)
    return library.add(picture, request, "7", picture_id=_id_of(when, seed) if when else "").id


def found(library: Library, words: str, **view: object) -> list[str]:
    """The prompts that a search finds, in their order."""
    wanted = View(search=parse(words), **view)  # type: ignore[arg-type] values of a view
    count = library.review.show(wanted).count
    shown = [card for card in library.review.cards(0, count) if card is not None]
    assert len(shown) == count
    assert list(library.review.first(wanted, count + 1)) == shown
    return [card.prompt for card in shown]


def cards_of(library: Library, **view: object) -> list[Card]:
    library.review.show(View(**view))  # type: ignore[arg-type] values of a view
    return [card for card in library.review.cards(0, 1000) if card is not None]


def _id_of(when: datetime, seed: int) -> str:
    value = (int(when.timestamp() * 1000) << 80) + seed
    return "".join(_LETTERS[(value >> shift) & 31] for shift in range(125, -1, -5))

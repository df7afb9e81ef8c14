"""What the command line says of what is known and thought of pages."""

from typing import Any

import msgspec

from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.review import Card
from pickabook_desktop.jobs import reports

_FLAGS = {1: "picked", -1: "rejected"}
_ALIKE = ("child", "book", "likeness", "seam", "cost", "stack", "variations", "upload", "trashed")


def marks_data(card: Card) -> dict[str, Any]:
    """What a person thinks of a page, as data."""
    return {
        "id": card.id,
        "rating": card.rating,
        "flag": _FLAGS.get(card.flag, ""),
        "label": card.label,
        "tags": list(card.tags),
        "note": card.note,
    }


def marks_line(card: Card) -> str:
    """What a person thinks of a page, in one line."""
    said = ["★" * card.rating, _FLAGS.get(card.flag, ""), card.label, ", ".join(card.tags)]
    return f"{card.id}  {' · '.join(filter(None, [*said, card.note]))}".rstrip()


def card_data(card: Card) -> dict[str, Any]:
    """What is thought of a page and what was measured, as data; None where nobody knows."""
    known = msgspec.to_builtins(card)
    return marks_data(card) | {name: known[name] for name in _ALIKE}


def card_lines(picture: KeptPicture, card: Card) -> list[str]:
    """Everything on a page, without what nobody knows of it."""
    data = {name: value for name, value in card_data(card).items() if value not in _UNKNOWN}
    return reports.picture_lines(picture, data)


_UNKNOWN: tuple[object, ...] = (None, "", [])

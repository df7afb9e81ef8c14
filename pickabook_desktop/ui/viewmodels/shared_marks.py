"""What is thought of several pictures at once."""

from collections.abc import Sequence
from typing import Self

import msgspec

from pickabook_desktop.domain.names import folded
from pickabook_desktop.domain.review import Card, Label


class SharedMarks(msgspec.Struct, frozen=True, kw_only=True):
    """What all of some pictures have; None where they differ. ``tags`` says of each tag whether all
    of them have it.
    """

    rating: int | None = None
    flag: int | None = None
    label: Label | None = None
    tags: dict[str, bool] = {}

    @classmethod
    def of(cls, cards: Sequence[Card], count: int) -> Self:
        """Of ``cards``; where they are not all of ``count`` pictures, nothing is sure to be the
        same.
        """
        if not cards:
            return cls()
        first, known = cards[0], len(cards) >= count

        def same(values: set[object]) -> bool:
            return known and len(values) == 1

        return cls(
            rating=first.rating if same({card.rating for card in cards}) else None,
            flag=first.flag if same({card.flag for card in cards}) else None,
            label=first.label if same({card.label for card in cards}) else None,
            tags=_tags(cards, count),
        )


def _tags(cards: Sequence[Card], count: int) -> dict[str, bool]:
    holders: dict[str, int] = {}
    words: dict[str, str] = {}
    for card in cards:
        for tag in card.tags:
            key = folded(tag)
            words.setdefault(key, tag)
            holders[key] = holders.get(key, 0) + 1
    return {words[key]: holders[key] == count for key in sorted(words)}

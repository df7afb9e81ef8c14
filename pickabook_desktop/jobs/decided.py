"""What somebody has decided about a picture, on its way out with a copy and back in."""

import contextlib
from functools import cached_property

import msgspec

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.names import Hints
from pickabook_desktop.domain.review import UNDECIDED, Decided, Marks
from pickabook_desktop.storage.library import Library

# One pattern finds the names of so many.
MOST_CHILDREN = 500


def children_of(library: Library) -> Hints:
    """Finds whatever tells a child of the library: a tag or a note on one child's page may well
    speak of a brother or sister.
    """
    return Hints(*library.review.children(MOST_CHILDREN))


class DecidedForOthers:
    """What was decided about pictures, as others may have it: stars, flag, label and tags, and the
    note only where ``notes`` are wished. Without ``names`` nothing of it tells a child.
    """

    def __init__(self, library: Library, *, names: bool = False, notes: bool = False) -> None:
        self._library = library
        self._names = names
        self._notes = notes

    def of(self, picture_id: str) -> Decided:
        """Raises InputError for an unknown picture."""
        card = self._library.review.card(picture_id)
        decided = Decided(
            id="",
            rating=card.rating,
            flag=card.flag,
            label=card.label,
            tags=card.tags,
            note=card.note if self._notes else "",
        )
        if self._names or not (decided.tags or decided.note):
            return decided
        own, all_children = Hints(card.child), self._children
        return msgspec.structs.replace(
            decided,
            tags=tuple(
                tag for tag in decided.tags if not (own.found_in(tag) or all_children.found_in(tag))
            ),
            note=all_children.without(own.without(decided.note)),
        )

    @cached_property
    def _children(self) -> Hints:
        return children_of(self._library)


def take_over(library: Library, picture_id: str, decided: Decided) -> None:
    """Decide about a picture as its file says, unless somebody has decided about it already."""
    if decided == UNDECIDED:
        return
    review = library.review
    card = review.card(picture_id)
    if card.rating or card.flag or card.label or card.tags or card.note:
        return
    marks = Marks(rating=decided.rating, flag=decided.flag, label=decided.label)
    if marks != Marks(rating=0, flag=0, label=""):
        review.decisions.mark((picture_id,), marks)
    # What another program wrote there need not be what this one would let in.
    with contextlib.suppress(InputError):
        if decided.tags:
            review.decisions.tag((picture_id,), decided.tags)
    with contextlib.suppress(InputError):
        if decided.note:
            review.decisions.annotate(picture_id, decided.note)

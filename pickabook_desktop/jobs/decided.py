"""What somebody has decided about a picture, on its way out with a copy and back in."""

import contextlib

import msgspec

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.names import Hints
from pickabook_desktop.domain.review import Decided, Marks
from pickabook_desktop.storage.library import Library

# One pattern finds the names of so many.
MOST_CHILDREN = 500


def decided_for_others(
    library: Library, picture_id: str, *, names: bool = False, notes: bool = False
) -> Decided:
    """Stars, flag, label and tags of a picture, with its note only where ``notes`` are wished.
    Without ``names`` nothing of it tells a child of the library: a tag on one child's page may well
    be the name of a brother or sister.
    """
    card = library.review.card(picture_id)
    decided = Decided(
        id="",
        rating=card.rating,
        flag=card.flag,
        label=card.label,
        tags=card.tags,
        note=card.note if notes else "",
    )
    if names or not (decided.tags or decided.note):
        return decided
    children = library.review.facets("child", MOST_CHILDREN)
    hints = Hints(card.child, *(child.value for child in children))
    return msgspec.structs.replace(
        decided,
        tags=tuple(tag for tag in decided.tags if not hints.found_in(tag)),
        note=hints.without(decided.note),
    )


def take_over(library: Library, picture_id: str, decided: Decided) -> None:
    """Decide about a picture as its file says, unless somebody has decided about it already."""
    if decided == Decided(id=""):
        return
    review = library.review
    card = review.card(picture_id)
    if card.rating or card.flag or card.label or card.tags or card.note:
        return
    marks = Marks(rating=decided.rating, flag=decided.flag, label=decided.label)
    if marks != Marks(rating=0, flag=0, label=""):
        review.mark((picture_id,), marks)
    # What another program wrote there need not be what this one would let in.
    with contextlib.suppress(InputError):
        if decided.tags:
            review.tag((picture_id,), decided.tags)
    with contextlib.suppress(InputError):
        if decided.note:
            review.annotate(picture_id, decided.note)

"""Where somebody stands in a view, and where that is once the library has been looked at again."""

from collections.abc import Iterator
from dataclasses import dataclass

from pickabook_desktop.domain.review import Card, View
from pickabook_desktop.ui.viewmodels.gallery_pages import PAGE, CardPages, Page, Seen, Wish, carried
from pickabook_desktop.ui.viewmodels.selection import Selection

FIRST = 60
"""So many pictures fill the view before anybody has scrolled."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is current, chosen and seen of a view, by places of the look number ``turn``. ``same``
    says that the next look is at the same view.
    """

    turn: int
    same: bool
    count: int
    current: int
    current_id: str
    selection: Selection
    pages: CardPages
    seen: range

    @property
    def anchor(self) -> int:
        """The place of the picture that should stay where it is seen, or -1."""
        if self.current in self.seen:
            return self.current
        # At its beginning a view stays there, whatever comes in front; another view begins anew.
        return self.seen.start if self.same and self.seen.start > 0 else -1

    def wish(self, turn: int, view: View, sought: str, anchor: int) -> Wish:
        """What is to be found again by the look number ``turn`` at ``view``."""
        card = self.pages.card(anchor)
        return Wish(
            turn=turn,
            view=view,
            sought=sought,
            anchor=card.id if card is not None else sought,
            before=max(len(self.seen), anchor - self.seen.start),
            behind=max(len(self.seen), FIRST),
            origin=self.turn,
            ranges=carried(self.selection),
        )

    def current_in(self, seen: Seen, *, changed: bool) -> int:
        """The place of what is current; its neighbour's where it is gone, -1 in another view.
        ``changed`` says that it is another one than was sought, or that others are chosen.
        """
        found = seen.shown.place
        if changed:
            found = _places(seen).get(self.current_id, found)
        if found < 0 <= self.current and self.same:
            return min(self.current, seen.shown.count - 1)
        return found

    def selection_in(self, seen: Seen, *, changed: bool) -> Selection:
        """The places of what is chosen, as far as it is found; all where it was all."""
        if self.same and self.count and len(self.selection) == self.count >= seen.shown.count:
            return Selection([(0, seen.shown.count)])
        if not changed:
            return Selection.of(seen.chosen)
        if len(self.selection) > PAGE:
            # A part of what was chosen would be worse than nothing.
            return Selection()
        places = _places(seen)
        cards = (self.pages.card(place) for place in self.selection.first(PAGE))
        return Selection.of(places[card.id] for card in cards if card and card.id in places)


def _places(seen: Seen) -> dict[str, int]:
    """The places of the pictures whose cards have come, by id."""
    return {card.id: page * PAGE + at for page, at, card in _cards(seen.pages)}


def _cards(pages: dict[int, Page]) -> Iterator[tuple[int, int, Card]]:
    for page, cards in pages.items():
        for at, card in enumerate(cards):
            if card is not None:
                yield page, at, card

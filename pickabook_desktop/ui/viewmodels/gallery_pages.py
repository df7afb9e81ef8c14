"""The cards that are at hand: a bounded number of pages, and how a view is looked at anew."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, cast

import msgspec

from pickabook_desktop.domain.errors import CancelledError
from pickabook_desktop.domain.review import Card, Shown, View
from pickabook_desktop.ui.viewmodels.selection import Range, Selection

if TYPE_CHECKING:
    from pickabook_desktop.storage.review import Review

PAGE = 200
PAGES_KEPT = 30
MOST_CARRIED = 2000
"""So many chosen pictures are found again by their ids; more would take longer than the view."""

MOST_WANTED = 4

Page = tuple[Card | None, ...]
Submit = Callable[[Callable[[], object], Callable[[object], None], Callable[[], None]], None]


class CardPages:
    """Pages of ``PAGE`` cards each; the ones used last are kept."""

    def __init__(self) -> None:
        self._pages: OrderedDict[int, Page] = OrderedDict()
        self._places: dict[str, int] = {}

    def __contains__(self, page: int) -> bool:
        return page in self._pages

    def card(self, place: int) -> Card | None:
        page = self._pages.get(place // PAGE)
        if page is None:
            return None
        self._pages.move_to_end(place // PAGE)
        at = place % PAGE
        return page[at] if at < len(page) else None

    def place_of(self, picture_id: str) -> int:
        """Its place where it is at hand, else -1."""
        return self._places.get(picture_id, -1)

    def put(self, page: int, cards: Page) -> None:
        self._forget(page)
        self._pages[page] = cards
        for at, card in enumerate(cards):
            if card is not None:
                self._places[card.id] = page * PAGE + at
        while len(self._pages) > PAGES_KEPT:
            self._forget(next(iter(self._pages)))

    def let_go(self, most: int) -> None:
        """Keep at most ``most`` cards: of the pages that were used last."""
        while len(self._pages) * PAGE > most:
            self._forget(next(iter(self._pages)))

    def at_hand(self) -> Iterator[Card]:
        """All cards that are at hand."""
        for cards in self._pages.values():
            yield from (card for card in cards if card is not None)

    def patch(self, cards: Iterable[Card]) -> list[int]:
        """Put changed cards in the place of what they were, and say where."""
        changed: dict[int, list[tuple[int, Card]]] = {}
        for card in cards:
            place = self._places.get(card.id, -1)
            if place >= 0:
                changed.setdefault(place // PAGE, []).append((place % PAGE, card))
        for page, new in changed.items():
            patched = list(self._pages[page])
            for at, card in new:
                patched[at] = card
            self._pages[page] = tuple(patched)
        return [page * PAGE + at for page, new in changed.items() for at, _ in new]

    def _forget(self, page: int) -> None:
        for card in self._pages.pop(page, ()):
            if card is not None:
                self._places.pop(card.id, None)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A look at ``view``, number ``turn``. ``sought`` is the current picture, ``anchor`` the one
    that should stay where it stands; both ids or empty. ``before`` and ``behind`` are how many
    pictures are seen around the anchor. ``ranges`` are chosen places of the look number ``origin``.
    """

    turn: int
    view: View
    sought: str = ""
    anchor: str = ""
    before: int = 0
    behind: int = PAGE
    origin: int = -1
    ranges: tuple[Range, ...] = ()


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a look has found: new places of what was current, of the anchor and of what was chosen,
    -1 or nothing where it is not there any more, and the pages that are seen first.
    """

    shown: Shown
    anchor: int
    chosen: tuple[int, ...]
    pages: dict[int, Page]


class Looker:
    """Looks at views, one after the other, in the one thread that asks the library."""

    def __init__(self, review: "Review") -> None:
        self._review = review
        self._turn = -1
        self._chosen_from: tuple[int, tuple[Range, ...]] = (-1, ())
        self._chosen: tuple[str, ...] = ()

    def look(self, wish: Wish) -> Seen:
        """Make the view anew. Raises StorageError."""
        chosen = self._ids_of(wish)
        before, self._turn = self._turn, -1
        try:
            shown = self._review.show(wish.view, wish.sought)
        except CancelledError:
            # Cut short, it has left the last one as it was.
            self._turn = before
            raise
        self._turn = wish.turn
        anchor = shown.place
        if wish.anchor != wish.sought:
            anchor = self._review.place_of(wish.anchor) if wish.anchor else -1
        middle = max(anchor, 0)
        seen = range(max(0, middle - wish.before), min(shown.count, middle + wish.behind))
        return Seen(
            shown=shown,
            anchor=anchor,
            chosen=self._review.places_of(chosen) if chosen else (),
            pages={page: self._page(page, shown.count) for page in pages_of(seen)},
        )

    def page(self, turn: int, page: int, count: int) -> Page | None:
        """One page of the look number ``turn``; None where another has taken its place."""
        return self._page(page, count) if turn == self._turn else None

    def ids(self, turn: int, ranges: tuple[Range, ...]) -> tuple[str, ...] | None:
        """The ids at places of the look number ``turn``; None as in :meth:`page`."""
        return self._review.ids(ranges) if turn == self._turn else None

    def _page(self, page: int, count: int) -> Page:
        return self._review.cards(page * PAGE, min((page + 1) * PAGE, count))

    def _ids_of(self, wish: Wish) -> tuple[str, ...]:
        if not wish.ranges:
            return ()
        key = (wish.origin, wish.ranges)
        if self._turn == wish.origin:
            self._chosen_from, self._chosen = key, self._review.ids(wish.ranges)
        # After a look that nobody waited for, what was chosen is known from there.
        return self._chosen if self._chosen_from == key else ()


class Fetching:
    """Fetches pages one at a time: the one that was asked for last, then the neighbours of those
    that are seen.

    ``submit`` runs a call beside the main thread and hands its result to the second function, or
    nothing where it failed.
    """

    def __init__(self, submit: Submit, on_page: Callable[[range], None]) -> None:
        self._submit = submit
        self._on_page = on_page
        self._wanted: list[int] = []
        self._under_way = False
        self._looker: Looker | None = None
        self._turn = -1
        self._count = 0
        self.pages = CardPages()
        self.seen = range(0)

    def begin(self, looker: Looker, turn: int, count: int, pages: dict[int, Page]) -> None:
        """Fetch from the look number ``turn`` from now on; some pages have come with it."""
        self._looker, self._turn, self._count = looker, turn, count
        self._wanted.clear()
        self.pages = CardPages()
        for page, cards in pages.items():
            self.pages.put(page, cards)

    def pause(self) -> None:
        """Fetch nothing until :meth:`begin`: another look will give all places another meaning."""
        self._looker = None

    def resume(self, looker: Looker) -> None:
        """The other look has failed: whatever is still known of the last one is fetched."""
        self._looker = looker

    def want(self, page: int) -> None:
        """Fetch a page before all others."""
        if page in self._wanted:
            self._wanted.remove(page)
        self._wanted.append(page)
        # Whoever drags over a thousand pages wants to see the last ones.
        del self._wanted[:-MOST_WANTED]
        self.go_on()

    def go_on(self) -> None:
        looker, turn, count = self._looker, self._turn, self._count
        page = None if self._under_way or looker is None else self._next()
        if looker is None or page is None:
            return

        def on_answer(answer: object) -> None:
            self._under_way = False
            if answer is not None and turn == self._turn:
                self.pages.put(page, cast("Page", answer))
                self._on_page(range(page * PAGE, min((page + 1) * PAGE, count)))
            self.go_on()

        def on_failure() -> None:
            self._under_way = False

        self._under_way = True
        self._submit(lambda: looker.page(turn, page, count), on_answer, on_failure)

    def _next(self) -> int | None:
        while self._wanted:
            page = self._wanted.pop()
            if page not in self.pages and page * PAGE < self._count:
                return page
        reach = len(self.seen)
        around = range(max(0, self.seen.start - reach), min(self._count, self.seen.stop + reach))
        return next((page for page in pages_of(around) if page not in self.pages), None)


def pages_of(places: range) -> Iterator[int]:
    """The numbers of the pages on which ``places`` are."""
    if places:
        yield from range(places[0] // PAGE, places[-1] // PAGE + 1)


def carried(selection: Selection) -> tuple[Range, ...]:
    """The ranges of a selection that is small enough to be found again."""
    return selection.ranges() if len(selection) <= MOST_CARRIED else ()

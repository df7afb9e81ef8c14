"""The pictures that are looked through: in which order, which is current, which are chosen.

What is proportional to the library stays in its database; here are a few pages of cards, the counts
of the groups, and ranges of places.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.review import Card, Group, Shown, View
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.viewmodels.choice import Choice
from pickabook_desktop.ui.viewmodels.gallery_pages import PAGE, Fetching, Looker, Seen, Wish
from pickabook_desktop.ui.viewmodels.selection import Selection
from pickabook_desktop.ui.viewmodels.shelf import job_of
from pickabook_desktop.ui.viewmodels.standing import FIRST, Standing

if TYPE_CHECKING:
    from pickabook_desktop.jobs.lanes import JobHandle

WithIds = Callable[[tuple[str, ...]], None]


class GalleryModel(Choice):
    """The library as one view of it. Nothing is asked of it before :meth:`open`."""

    reset = Signal()
    """Count, groups, order or view have changed: all places mean something else."""
    cards_changed = Signal(int, int)
    """First and last place of which a card has come or has changed."""
    counted = Signal(object)
    """A Shown, after each look."""
    failed = Signal(object)
    """A PickaBookError."""

    def __init__(self, library: Library, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._lanes = lanes
        self._looker: Looker | None = None
        self.view = View()
        self.shown = Shown()
        self.kept: tuple[int, int] | None = None
        """After ``reset``: the place of a picture that was seen, and where it stands now."""
        self.stays = False
        """After ``reset``: the same view was looked at again, and should not seem to move."""
        self._view_seen: View | None = None
        self._fetching = Fetching(self._submit, self._on_page)
        self._turn = 0
        self._at = -1
        self._looking: JobHandle | None = None
        self._again = False
        self._changed_meanwhile = False
        self._waiting: list[tuple[bool, WithIds]] = []

    @property
    def count(self) -> int:
        """How many places there are."""
        return self.shown.count

    @property
    def groups(self) -> tuple[Group, ...]:
        """In their order; empty where the view is not grouped."""
        return self.shown.groups

    @property
    def looking(self) -> bool:
        """A look has been asked for and has not come yet."""
        return self._looking is not None

    @property
    def opened(self) -> bool:
        """Something has been asked for."""
        return self._looker is not None

    def open(self) -> None:
        """Look for the first time: the first pictures come at once, then the count."""
        if self._looker is not None:
            return
        self._looker = Looker(self._library.review)
        view, turn = self.view, self._turn + 1
        if not view.grouping:

            def on_event(event: JobEvent) -> None:
                if isinstance(event, Done) and self._turn == turn and not self.count:
                    self._on_first(cast("tuple[Card, ...]", event.value))

            first = job_of(lambda: self._library.review.first(view, FIRST))
            self._lanes.submit("review", first, on_event)
        self._look()

    def set_view(self, view: View) -> None:
        """Look at something else, or in another order. The last one asked for is what counts."""
        if view != self.view:
            self.view = view
            if self._looker is not None:
                self._look()

    def refresh(self) -> None:
        """Look again at the same. What is current, chosen and seen stays so where it is found."""
        if self._looking is not None:
            self._again = True
        elif self._looker is not None:
            self._look()

    def seek(self, picture_id: str) -> None:
        """Make that picture current and chosen, if it is in the view."""
        if self._looker is not None:
            self._look(picture_id)

    def card(self, place: int) -> Card | None:
        """The card at ``place``, or None while it is fetched; ``cards_changed`` tells."""
        card = self._fetching.pages.card(place)
        if card is None and 0 <= place < self.count and place // PAGE not in self._fetching.pages:
            self._fetching.want(place // PAGE)
        return card

    def place_at_hand(self, picture_id: str) -> int:
        """The place of a picture whose card is at hand, else -1."""
        return self._fetching.pages.place_of(picture_id)

    def cards_at_hand(self, most: int) -> Iterator[Card]:
        """The cards of all pages that are at hand; lets go of others than the ``most`` that were
        used last.
        """
        self._fetching.pages.let_go(most)
        return self._fetching.pages.at_hand()

    def see(self, first: int, last: int) -> None:
        """The view shows these places; their neighbours are fetched when nothing else is."""
        self._fetching.seen = range(first, last + 1)
        self._fetching.go_on()

    def with_selected_ids(self, call: WithIds) -> None:
        """Call ``call`` with the ids of all chosen pictures, in their order; with the current one
        where nothing is chosen. At once where they are at hand; not at all where there are none.
        """
        cards = self.selected_cards(PAGE)
        if cards and len(cards) == max(1, len(self._meant)):
            call(tuple(card.id for card in cards))
        elif self._looking is not None:
            self._waiting.append((bool(self._meant), call))
        else:
            self._ask_ids(call)

    def patch(self, cards: Iterable[Card]) -> None:
        """Show cards as they are now, at once."""
        changed = self._fetching.pages.patch(cards)
        if changed:
            self.cards_changed.emit(min(changed), max(changed))

    def _ask_ids(self, call: WithIds) -> None:
        ranges, turn = self._meant.ranges(), self._at
        if not ranges and self.current >= 0:
            ranges = ((self.current, self.current + 1),)
        looker = self._looker
        if looker is None or not ranges:
            return

        def on_answer(ids: object) -> None:
            if ids:
                call(cast("tuple[str, ...]", ids))

        self._submit(lambda: looker.ids(turn, ranges), on_answer, lambda: None)

    def _told(self, *, current: bool = False, selection: bool = False) -> None:
        self._changed_meanwhile = self._changed_meanwhile or self._looking is not None
        super()._told(current=current, selection=selection)

    def _look(self, sought: str = "") -> None:
        looker = self._looker
        if looker is None:
            return
        if self._looking is not None:
            self._looking.cancel()
            self._library.review.interrupt()
        self._fetching.pause()
        self._turn += 1
        self._again = self._changed_meanwhile = False
        standing = self._standing()
        anchor = -1 if sought else standing.anchor
        wish = standing.wish(self._turn, self.view, sought or self._current_id, anchor)

        def on_event(event: JobEvent) -> None:
            if wish.turn != self._turn:
                return
            self._looking = None
            if isinstance(event, Done):
                self._on_seen(looker, wish, anchor, cast("Seen", event.value), chosen=bool(sought))
            elif isinstance(event, Failed):
                self._waiting.clear()
                self._fetching.resume(looker)
                self.failed.emit(event.error)

        self._looking = self._lanes.submit("review", job_of(lambda: looker.look(wish)), on_event)

    def _standing(self) -> Standing:
        return Standing(
            turn=self._at,
            same=self.view == self._view_seen,
            count=self.count,
            current=self.current,
            current_id=self._current_id,
            selection=self._selection,
            pages=self._fetching.pages,
            seen=self._fetching.seen,
        )

    def _on_first(self, cards: tuple[Card, ...]) -> None:
        self.shown = Shown(count=len(cards))
        self._fetching.pages.put(0, cards)
        self.reset.emit()

    def _on_seen(
        self, looker: Looker, wish: Wish, anchor: int, seen: Seen, *, chosen: bool
    ) -> None:
        had, standing = len(self._selection), self._standing()
        current = standing.current_in(seen, changed=self._changed_meanwhile)
        selection = standing.selection_in(seen, changed=self._changed_meanwhile)
        gone = bool(had) and not selection and standing.same and not self.alone
        if current >= 0 and (chosen or gone):
            # What is next after what was chosen must be seen to be next.
            selection = Selection([(current, current + 1)])
        self.stays = standing.same and not chosen
        self._at, self._view_seen = wish.turn, wish.view
        self.shown = seen.shown
        self._fetching.begin(looker, wish.turn, seen.shown.count, seen.pages)
        self.current = self._origin = current
        self._selection = selection
        self._note_current()
        self.kept = (anchor, seen.anchor) if anchor >= 0 and seen.anchor >= 0 else None
        self.reset.emit()
        self.counted.emit(seen.shown)
        self._told(current=True, selection=bool(had or selection))
        waiting, self._waiting = self._waiting, []
        for had_some, call in waiting:
            # Nobody meant the current picture alone who had chosen a thousand.
            if had_some == bool(self._meant):
                self.with_selected_ids(call)
        if self._again:
            self._look()

    def _submit(
        self,
        call: Callable[[], object],
        on_answer: Callable[[object], None],
        on_failure: Callable[[], None],
    ) -> None:
        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                on_answer(event.value)
                return
            on_failure()
            if isinstance(event, Failed):
                self.failed.emit(event.error)

        self._lanes.submit("review", job_of(call), on_event)

    def _on_page(self, places: range) -> None:
        self._note_current()
        self.cards_changed.emit(places.start, places.stop - 1)

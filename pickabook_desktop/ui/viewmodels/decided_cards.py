"""The cards that are at hand, kept in step with what is decided. Knows no widget."""

from collections.abc import Iterable, Sequence
from typing import cast

from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.domain.review import Card
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.viewmodels.decisions import MOST_COMPARED, Change, Step
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel
from pickabook_desktop.ui.viewmodels.shelf import job_of

# So many cards are read again after tags were given, for the library may spell them otherwise.
MOST_READ = 200


class DecidedCards:
    """Shows a decision before it is kept, what was there before it, and what became of it."""

    def __init__(self, model: GalleryModel, library: Library, lanes: Lanes) -> None:
        self._model = model
        self._library = library
        self._lanes = lanes

    def at_hand(self, ids: Sequence[str]) -> tuple[Card, ...]:
        """Those of the pictures of ``ids`` that need not be read."""
        if len(ids) > MOST_READ:
            wanted = set(ids)
            at_hand = self._model.cards_at_hand(MOST_COMPARED)
            return tuple(card for card in at_hand if card.id in wanted)
        return self._found(ids)

    def show(self, ids: Sequence[str], change: Change) -> None:
        """Show pictures as ``change`` makes them."""
        self._model.patch(change.on(card) for card in self.at_hand(ids))

    def show_before(self, step: Step) -> None:
        """Show what was there before ``step``, as far as that is known by now."""
        known = step.known()
        self._model.patch(step.change.off(card, known[card.id]) for card in self._found(known))

    def show_kept(self, step: Step, *, taken_back: bool) -> None:
        """Show again what is in the library by now: a page of cards that was read before it was
        kept may have come after.
        """
        few = len(step.ids) <= MOST_READ
        if taken_back:
            self.show_before(step)
        if few and (taken_back or step.change.add):
            self.read_again(step.ids)
        elif taken_back:
            known = step.known()
            self.read_again([card.id for card in self.at_hand(step.ids) if card.id not in known])
        else:
            self.show(step.ids, step.change)

    def read_again(self, ids: Sequence[str]) -> None:
        """Show pictures as the library has them."""
        if not ids:
            return
        library = self._library

        def cards() -> tuple[Card, ...]:
            return tuple(library.review.card(picture_id) for picture_id in ids)

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                self._model.patch(cast("tuple[Card, ...]", event.value))

        self._lanes.submit("review", job_of(cards), on_event)

    def _found(self, ids: Iterable[str]) -> tuple[Card, ...]:
        """Those of a few pictures that are at hand."""
        places = (self._model.place_at_hand(picture_id) for picture_id in ids)
        cards = (self._model.card(place) for place in places if place >= 0)
        return tuple(card for card in cards if card is not None)

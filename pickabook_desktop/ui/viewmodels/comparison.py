"""A few pictures that are compared: which, which of them is meant, and how they differ."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.domain.review import Card
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.viewmodels.differences import TitleOf, differences
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel
from pickabook_desktop.ui.viewmodels.shelf import job_of

if TYPE_CHECKING:
    from pickabook_desktop.domain.request import GenerationRequest

MOST = 4


class Comparison(QObject):
    """Up to four pictures of a view. The active one is the model's current picture, so that what is
    decided is decided of it.
    """

    changed = Signal()
    """Other pictures, or other marks on them."""
    active_changed = Signal()
    words_changed = Signal()
    """How they differ is known."""
    emptied = Signal()

    def __init__(
        self,
        model: GalleryModel,
        library: Library,
        lanes: Lanes,
        title_of: TitleOf,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._library = library
        self._lanes = lanes
        self._title_of = title_of
        self._places: list[int] = []
        self._words: dict[str, str] = {}
        self._leading = False
        self._running = False
        self.cards: list[Card] = []
        self.active = 0
        self.left_out = 0
        """How many more are chosen than are compared."""

    def begin(self) -> None:
        """Compare the first of what is chosen; of a single picture, it and the next."""
        model = self._model
        places = model.selected_places(MOST)
        self.left_out = max(0, len(model.selection) - MOST)
        if len(places) == 1:
            following = places[0] + 1 if places[0] + 1 < model.count else places[0] - 1
            places += [following] if following >= 0 else []
        self._places = places
        self.cards, self.active, self._running = [], 0, True
        model.set_alone(True)
        model.cards_changed.connect(self._on_cards_changed)
        model.reset.connect(self._on_reset)
        model.current_changed.connect(self._on_current_changed)
        self._gather()

    def finish(self) -> None:
        """Compare no more; the active picture stays current."""
        if not self._running:
            return
        self._running = False
        model = self._model
        model.cards_changed.disconnect(self._on_cards_changed)
        model.reset.disconnect(self._on_reset)
        model.current_changed.disconnect(self._on_current_changed)
        if model.current >= 0 and not model.is_selected(model.current):
            model.set_current(model.current, "only")
        model.set_alone(False)
        self.cards, self._places, self._words = [], [], {}

    @property
    def active_card(self) -> Card | None:
        return self.cards[self.active] if self.active < len(self.cards) else None

    def words(self, picture_id: str) -> str:
        """What is different about how that picture was asked for."""
        return self._words.get(picture_id, "")

    def set_active(self, number: int) -> None:
        """Let keys act upon that picture."""
        if 0 <= number < len(self.cards):
            self.active = number
            self._lead()
            self.active_changed.emit()

    def step(self, by: int) -> None:
        """Go round."""
        if self.cards:
            self.set_active((self.active + by) % len(self.cards))

    def remove(self, number: int) -> None:
        """Take a picture out of the comparison and out of what is chosen."""
        if not 0 <= number < len(self.cards):
            return
        card = self.cards.pop(number)
        place = self._model.place_at_hand(card.id)
        if place >= 0:
            chosen = self._model.selection
            chosen.remove(place, place + 1)
            self._model.choose(chosen)
        if number < self.active or self.active >= len(self.cards):
            self.active = max(0, self.active - 1)
        self._on_other_cards()

    def _gather(self) -> None:
        cards = [self._model.card(place) for place in self._places]
        if all(card is not None for card in cards):
            self._places = []
            self.cards = [card for card in cards if card is not None]
            here = [card.id for card in self.cards]
            current = self._model.current_card
            self.active = here.index(current.id) if current and current.id in here else 0
            self._on_other_cards()

    def _on_other_cards(self) -> None:
        if not self.cards:
            self.emptied.emit()
            return
        self._lead()
        self._tell(self.cards)
        self.changed.emit()
        self.active_changed.emit()

    def _lead(self) -> None:
        card = self.active_card
        place = self._model.place_at_hand(card.id) if card is not None else -1
        if place >= 0 and place != self._model.current:
            self._leading = True
            self._model.set_current(place, "move")
            self._leading = False

    def _tell(self, cards: Sequence[Card]) -> None:
        ids = [card.id for card in cards]

        def requests() -> "list[GenerationRequest]":
            return [self._library.get(picture_id).request for picture_id in ids]

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done) and ids == [card.id for card in self.cards]:
                found = differences(cast("list[GenerationRequest]", event.value), self._title_of)
                self._words = dict(zip(ids, found, strict=True))
                self.words_changed.emit()

        self._lanes.submit("review", job_of(requests), on_event)

    def _on_current_changed(self) -> None:
        """Whoever decides may go on to the next picture, and that may be one of these."""
        card = self._model.current_card
        if self._leading or card is None or not self.cards:
            return
        here = [each.id for each in self.cards]
        if card.id in here:
            self.set_active(here.index(card.id))
        else:
            self._lead()

    def _on_cards_changed(self, first: int, last: int) -> None:
        if self._places:
            self._gather()
            return
        places = [self._model.place_at_hand(card.id) for card in self.cards]
        now = [
            (self._model.card(place) if first <= place <= last else None) or card
            for place, card in zip(places, self.cards, strict=True)
        ]
        if now != self.cards:
            self.cards = now
            self.changed.emit()

    def _on_reset(self) -> None:
        """Some may have been deleted; the view may even have lost those that are still there."""
        ids = [card.id for card in self.cards]

        def read() -> list[Card | None]:
            return [self._read(picture_id) for picture_id in ids]

        def on_event(event: JobEvent) -> None:
            if not isinstance(event, Done) or ids != [card.id for card in self.cards]:
                return
            found = cast("list[Card | None]", event.value)
            was = dict(zip(ids, (card.trashed for card in self.cards), strict=True))
            self._keep([card for card in found if card and card.trashed == was[card.id]])

        if ids:
            self._lanes.submit("review", job_of(read), on_event)

    def _read(self, picture_id: str) -> Card | None:
        try:
            return self._library.review.card(picture_id)
        except InputError:
            return None

    def _keep(self, cards: list[Card]) -> None:
        active = self.active_card
        same = [card.id for card in cards] == [card.id for card in self.cards]
        self.cards = cards
        here = [card.id for card in cards]
        self.active = here.index(active.id) if active and active.id in here else 0
        if same:
            self._lead()
            self.changed.emit()
        else:
            self._on_other_cards()

"""Which picture of a view is current, and which are chosen."""

from typing import Literal

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.review import Card
from pickabook_desktop.ui.viewmodels.selection import Selection

Mode = Literal["only", "toggle", "extend", "extend_more", "move"]


class Choice(QObject):
    """Places count from 0 in the order of the view; what is at them its model knows."""

    selection_changed = Signal()
    current_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.current = -1
        """The place where the keyboard is, or -1."""
        self._current_id = ""
        self._selection = Selection()
        self._origin = -1
        self._alone = False

    @property
    def alone(self) -> bool:
        """One picture is looked at by itself, and what is done is done to it, whatever is chosen.
        The choice stays for later.
        """
        return self._alone

    def set_alone(self, alone: bool) -> None:
        if alone != self._alone:
            self._alone = alone
            self._told(selection=True)

    @property
    def count(self) -> int:
        raise NotImplementedError

    def card(self, place: int) -> Card | None:
        raise NotImplementedError

    @property
    def current_card(self) -> Card | None:
        return self.card(self.current) if self.current >= 0 else None

    def set_current(self, place: int, mode: Mode = "only") -> None:
        """Go to ``place``: choose it ``only``; ``toggle`` it; ``extend`` the choice from where it
        began (``extend_more`` keeps what else is chosen); or ``move`` and choose nothing.
        """
        if not 0 <= place < self.count:
            return
        if mode == "only":
            self._selection = Selection([(place, place + 1)])
        elif mode == "toggle":
            self._selection.toggle(place)
        elif mode != "move":
            if mode == "extend" or self._origin < 0:
                self._selection.clear()
            begin = self._origin if 0 <= self._origin < self.count else place
            self._selection.add(min(begin, place), max(begin, place) + 1)
        if mode in ("only", "toggle") or self._origin < 0:
            self._origin = place
        moved, self.current = self.current != place, place
        if moved:
            self._current_id = ""
            self._note_current()
        self._told(current=moved, selection=mode != "move")

    def select_all(self) -> None:
        self.choose(Selection([(0, self.count)]))

    def select_none(self) -> None:
        self.choose(Selection())

    def invert_selection(self) -> None:
        """Choose what is not chosen."""
        inverted = self._selection.copy()
        inverted.invert(self.count)
        self.choose(inverted)

    def choose(self, selection: Selection) -> None:
        """Choose exactly these places."""
        if selection != self._selection:
            self._selection = selection
            self._told(selection=True)

    @property
    def selection(self) -> Selection:
        """A copy."""
        return self._selection.copy()

    def is_selected(self, place: int) -> bool:
        return place in self._selection

    @property
    def selected_count(self) -> int:
        return len(self._meant)

    def selected_places(self, limit: int) -> list[int]:
        """The first chosen places; the current one where nothing is chosen."""
        places = self._meant.first(limit)
        return places or ([self.current] if self.current >= 0 else [])

    def selected_cards(self, limit: int = 4) -> tuple[Card, ...]:
        """The first of the chosen pictures, or the current one, as far as they are at hand."""
        cards = (self.card(place) for place in self.selected_places(limit))
        return tuple(card for card in cards if card is not None)

    @property
    def _meant(self) -> Selection:
        """What is to be acted upon; the current one where it is empty."""
        return Selection() if self._alone else self._selection

    def _note_current(self) -> None:
        card = self.card(self.current) if self.current >= 0 else None
        if self.current < 0:
            self._current_id = ""
        elif card is not None:
            self._current_id = card.id

    def _told(self, *, current: bool = False, selection: bool = False) -> None:
        if current:
            self.current_changed.emit()
        if selection:
            self.selection_changed.emit()

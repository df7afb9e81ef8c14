"""A slideshow without its screen: which picture is on, which comes next, and when."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from pickabook_desktop.domain.review import Card
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel
from pickabook_desktop.ui.viewmodels.picture_preloader import PicturePreloader
from pickabook_desktop.ui.viewmodels.selection import Range

if TYPE_CHECKING:
    from pickabook_desktop.ui.result.pyramid import Pyramid

SHORTEST, LONGEST = 2, 30
FIRST_INTERVAL = 5


class Deck:
    """The places of a show, in order, however many there are."""

    def __init__(self, ranges: Sequence[Range]) -> None:
        self._starts = [start for start, _ in ranges]
        ends = accumulate(stop - start for start, stop in ranges)
        self._before = [0, *ends]

    def __len__(self) -> int:
        return self._before[-1]

    def place(self, number: int) -> int:
        """The place of a picture, by its number in the show."""
        part = bisect_right(self._before, number) - 1
        return self._starts[part] + number - self._before[part]

    def number(self, place: int) -> int:
        """The number of the picture at ``place``, or of the first one behind it; the last where
        there is none.
        """
        part = bisect_right(self._starts, place) - 1
        if part < 0:
            return 0
        inside = min(place - self._starts[part], self._before[part + 1] - self._before[part])
        return max(0, min(self._before[part] + inside, len(self) - 1))


class Slides(QObject):
    """Shows one picture after another. The next one is decoded before the change, and the change
    waits where that takes longer than the interval. The picture that is on is the model's current
    one, so that what is decided of pictures is decided of it.
    """

    shown = Signal()
    """``card`` with ``picture`` or ``problem`` is another one."""
    changed = Signal()
    """Whether it plays or loops, and how long each picture stays."""
    ended = Signal()
    """The last picture has been on for its time, or there is none left."""

    def __init__(self, model: GalleryModel, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._preloader = PicturePreloader(lanes, self)
        self._deck = Deck(())
        self._all = True
        self._wanted = -1
        self._leading = False
        self.number = -1
        self.card: Card | None = None
        self.picture: Pyramid | None = None
        self.problem = ""
        self.playing = False
        self.loops = False
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(FIRST_INTERVAL * 1000)
        self.timer.timeout.connect(self._on_time_up)
        self._preloader.ready.connect(self._on_settled)
        self._preloader.failed.connect(self._on_settled)

    @property
    def count(self) -> int:
        """How many pictures the show has."""
        return len(self._deck)

    @property
    def seconds(self) -> int:
        """How long each picture stays."""
        return self.timer.interval() // 1000

    @property
    def held(self) -> tuple[str, ...]:
        """The ids of the pictures in memory, but for the one that is on."""
        return self._preloader.held

    def begin(self) -> None:
        """Show what is chosen, if that is several pictures, or else the whole view, from the
        current picture on.
        """
        model = self._model
        self._all = len(model.selection) < 2
        self._deal()
        model.set_alone(True)
        model.reset.connect(self._on_reset)
        model.cards_changed.connect(self._on_cards_changed)
        model.current_changed.connect(self._on_current_changed)
        self.playing = True
        self.go(self._deck.number(max(0, model.current)))

    def finish(self) -> None:
        """Show no more; the last picture stays current."""
        model = self._model
        self.timer.stop()
        self.playing = False
        model.reset.disconnect(self._on_reset)
        model.cards_changed.disconnect(self._on_cards_changed)
        model.current_changed.disconnect(self._on_current_changed)
        self._preloader.clear()
        self.picture = None
        if model.current >= 0 and not model.is_selected(model.current):
            model.set_current(model.current, "only")
        model.set_alone(False)

    def go(self, number: int) -> None:
        """Show a picture by its number, as soon as it is decoded."""
        if not self.count:
            self.ended.emit()
            return
        self.timer.stop()
        self._wanted = max(0, min(number, self.count - 1))
        self._prepare()

    def step(self, by: int) -> None:
        """Go on or back; round the ends where the show loops."""
        origin = self._wanted if self._wanted >= 0 else self.number
        number = origin + by
        if self.loops and self.count:
            number %= self.count
        if 0 <= number < self.count:
            self.go(number)

    def set_playing(self, playing: bool) -> None:
        """Go on by itself, or wait."""
        self.playing = playing
        self.timer.stop()
        if playing and self._wanted < 0:
            self.timer.start()
        self.changed.emit()

    def set_loops(self, loops: bool) -> None:
        self.loops = loops
        self.changed.emit()

    def set_seconds(self, seconds: int) -> None:
        """How long each picture stays, as far as that is allowed."""
        self.timer.setInterval(max(SHORTEST, min(seconds, LONGEST)) * 1000)
        self.changed.emit()

    def _deal(self) -> None:
        model = self._model
        whole = ((0, model.count),) if model.count else ()
        self._deck = Deck(whole if self._all else model.selection.ranges())

    def _on_time_up(self) -> None:
        if self.number + 1 < self.count or self.loops:
            self.step(1)
        else:
            self.ended.emit()

    def _prepare(self) -> None:
        card = self._card(self._wanted)
        if card is not None:
            self._want(card, self._card(self.number), self._after(self._wanted))
            self._on_settled(card.id)

    def _after(self, number: int) -> Card | None:
        following = number + 1
        return self._card(following % self.count if self.loops else following)

    def _want(self, *cards: Card | None) -> None:
        self._preloader.want([card for card in cards if card is not None])

    def _card(self, number: int) -> Card | None:
        if not 0 <= number < self.count:
            return None
        return self._model.card(self._deck.place(number))

    def _on_settled(self, picture_id: str) -> None:
        card = self._card(self._wanted)
        if card is None or card.id != picture_id or not self._preloader.settled(picture_id):
            return
        self.number, self._wanted = self._wanted, -1
        self.card = card
        self.picture = self._preloader.get(picture_id)
        self.problem = self._preloader.problem(picture_id)
        self._leading = True
        self._model.set_current(self._deck.place(self.number), "move")
        self._leading = False
        self._want(card, self._after(self.number), self._card(self.number - 1))
        if self.playing:
            self.timer.start()
        self.shown.emit()

    def _on_cards_changed(self, first: int, last: int) -> None:
        if self._wanted >= 0:
            self._prepare()
        elif self.card is not None and first <= self._deck.place(self.number) <= last:
            card = self._card(self.number)
            if card is not None and card.id == self.card.id and card != self.card:
                self.card = card
                self.changed.emit()

    def _on_current_changed(self) -> None:
        """Whoever decides may go on to the next picture."""
        place = self._model.current
        if self._leading or place < 0 or not self.count:
            return
        number = self._deck.number(place)
        if self._deck.place(number) == place and number != self.number:
            self.go(number)

    def _on_reset(self) -> None:
        """Places mean something else; the picture that is on stays on if it is still there."""
        self._deal()
        if not self.count:
            self.ended.emit()
            return
        place = self._model.place_at_hand(self.card.id) if self.card is not None else -1
        if place >= 0:
            self.number = self._deck.number(place)
        if self._wanted >= 0 or place < 0:
            self.go(max(0, self.number))

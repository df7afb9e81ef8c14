"""Full pictures decoded ahead of being looked at, one after the other, and only a few kept."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.errors import PickaBookError, StorageError
from pickabook_desktop.domain.events import Cancelled, Done, Failed, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Card
from pickabook_desktop.jobs.threads import JobHandle, Lanes
from pickabook_desktop.ui.result.pyramid import Pyramid, decode_job

PICTURES = 3
BYTES = 384e6
# Four bytes a pixel, and a third more for the halves of halves.
BYTES_PER_PIXEL = 4 * 4 / 3


class PicturePreloader(QObject):
    """Keeps what was wanted last: at most ``pictures`` of them, in at most ``budget`` bytes, and
    the first one in any case.
    """

    ready = Signal(str)
    """The id of a picture that is there now."""
    failed = Signal(str)
    """The id of one that cannot be shown; :meth:`problem` says why."""

    def __init__(
        self,
        lanes: Lanes,
        parent: QObject | None = None,
        pictures: int = PICTURES,
        budget: float = BYTES,
    ) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._most = pictures
        self._budget = budget
        self._wanted: list[Card] = []
        self._held: dict[str, Pyramid] = {}
        self._problems: dict[str, str] = {}
        self._decoding = ""
        self._handle: JobHandle | None = None

    @property
    def held(self) -> tuple[str, ...]:
        """The ids of the pictures in memory."""
        return tuple(self._held)

    def get(self, picture_id: str) -> Pyramid | None:
        """The picture, or None while it comes or where it is not wanted or cannot be read."""
        return self._held.get(picture_id)

    def problem(self, picture_id: str) -> str:
        """Why a picture that is wanted cannot be shown; empty where it can, or is being read."""
        return self._problems.get(picture_id, "")

    def settled(self, picture_id: str) -> bool:
        """Whether it is clear what can be shown of a picture: it, or why it cannot be."""
        return picture_id in self._held or picture_id in self._problems

    def want(self, cards: Sequence[Card]) -> None:
        """Have these, the most urgent first, and let go of all others. A picture that could not be
        read is tried again once it has not been wanted for a while.
        """
        self._wanted = self._affordable(cards)
        ids = {card.id for card in self._wanted}
        self._held = {key: held for key, held in self._held.items() if key in ids}
        self._problems = {key: said for key, said in self._problems.items() if key in ids}
        if self._decoding and self._decoding not in ids:
            self._drop()
        self._next()

    def clear(self) -> None:
        """Let go of everything."""
        self.want(())

    def _affordable(self, cards: Sequence[Card]) -> list[Card]:
        chosen: dict[str, Card] = {}
        cost = 0.0
        for card in cards:
            if card.id in chosen:
                continue
            cost += card.size.width * card.size.height * BYTES_PER_PIXEL
            if chosen and (cost > self._budget or len(chosen) >= self._most):
                break
            chosen[card.id] = card
        return list(chosen.values())

    def _drop(self) -> None:
        handle, self._handle, self._decoding = self._handle, None, ""
        if handle is not None:
            handle.cancel()

    def _next(self) -> None:
        """Decode the most urgent picture that is missing, unless one is being decoded."""
        if self._decoding:
            return
        card = next((card for card in self._wanted if not self.settled(card.id)), None)
        if card is None:
            return

        def on_event(event: JobEvent) -> None:
            if handle is self._handle:
                self._on_event(card, event)

        self._decoding = card.id
        handle = self._lanes.submit("look", decode_job(Path(card.path)), on_event)
        self._handle = handle

    def _on_event(self, card: Card, event: JobEvent) -> None:
        if not isinstance(event, Done | Failed | Cancelled):
            return
        self._handle, self._decoding = None, ""
        if isinstance(event, Cancelled):
            # The lane is closing.
            return
        if isinstance(event, Done) and isinstance(event.value, Pyramid):
            self._held[card.id] = event.value
            self.ready.emit(card.id)
        elif isinstance(event, Failed):
            self._problems[card.id] = _sentence(card, event.error)
            self.failed.emit(card.id)
        self._next()


def _sentence(card: Card, error: PickaBookError) -> str:
    """What is wrong, in words for somebody who looks through many pictures."""
    if isinstance(error, StorageError):
        return tr(
            "This picture cannot be opened. Its file may be gone or damaged: {path}",
            path=card.path,
        )
    return str(error)

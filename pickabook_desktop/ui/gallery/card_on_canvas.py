"""Brings a kept picture onto a canvas: its thumbnail at once, itself when it is decoded."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Signal

from pickabook_desktop.domain.review import Card
from pickabook_desktop.ui.viewmodels.picture_preloader import PicturePreloader
from pickabook_desktop.ui.viewmodels.thumbnail_feed import ThumbnailFeed

if TYPE_CHECKING:
    from pickabook_desktop.ui.gallery.look_canvas import LookCanvas

SMALL = 256


class CardOnCanvas(QObject):
    """Shows one card at a time. Whoever owns the preloader says what it is to have."""

    arrived = Signal()
    """The picture itself, or the reason why there is none, is on the canvas."""

    def __init__(
        self, canvas: "LookCanvas", small: ThumbnailFeed, preloader: PicturePreloader
    ) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._small = small
        self._preloader = preloader
        self.card: Card | None = None
        small.loaded.connect(self._on_loaded)
        preloader.ready.connect(self._on_settled)
        preloader.failed.connect(self._on_settled)

    def show(self, card: Card) -> None:
        """Show ``card`` as well as it can be shown now; better later."""
        same = self.card is not None and self.card.id == card.id
        self.card = card
        if self._preloader.settled(card.id):
            self._settle(card)
        elif not same:
            self._canvas.show_small(self._small.image(card, SMALL), _size(card))

    def clear(self) -> None:
        """Show nothing, and hold nothing."""
        self.card = None
        self._canvas.set_picture(None)

    def _settle(self, card: Card) -> None:
        picture = self._preloader.get(card.id)
        if picture is not None:
            self._canvas.show_picture(picture)
        else:
            self._canvas.show_problem(self._preloader.problem(card.id), _size(card))
        self.arrived.emit()

    def _on_settled(self, picture_id: str) -> None:
        if self.card is not None and self.card.id == picture_id:
            self._settle(self.card)

    def _on_loaded(self, picture_id: str) -> None:
        card = self.card
        if card is not None and card.id == picture_id and not self._preloader.settled(card.id):
            self._canvas.show_small(self._small.image(card, SMALL), _size(card))


def _size(card: Card) -> QSize:
    return QSize(card.size.width, card.size.height)

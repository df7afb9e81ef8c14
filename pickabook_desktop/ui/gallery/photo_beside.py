"""The photo of the picture that is looked at: while a key is down, or beside it with an edge that
can be moved.
"""

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.review import Card
from pickabook_desktop.ui.gallery.look_canvas import LookCanvas
from pickabook_desktop.ui.viewmodels.before_photo import BeforePhoto, FoundPhoto


class PhotoBeside(QObject):
    """Looks for a photo only once it is wanted."""

    said = Signal(str)
    """Why there is no photo; empty where there is nothing to say any more."""

    def __init__(self, canvas: LookCanvas, before: BeforePhoto) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._before = before
        self._card: Card | None = None
        self._found_for = ""
        self._beside = False
        self._held = False

    @property
    def wanted(self) -> bool:
        """Whether the photo is to be seen."""
        return self._card is not None and (self._beside or self._held)

    def show_for(self, card: Card | None) -> None:
        """Another picture is looked at, or none."""
        old, self._card = self._card, card
        if old is not None and card is not None and old.id == card.id:
            return
        self.said.emit("")
        self._found_for = ""
        if not (old and card and _same_photo(old, card)):
            self._take_away()
        self._look()

    def set_beside(self, beside: bool) -> None:
        """Compare pictures with their photos from now on, or no more."""
        self._beside = beside
        if beside and self._canvas.has_photo:
            self._canvas.set_comparing(True)
        elif not beside:
            self._canvas.set_comparing(False)
            self.said.emit("")
        self._look()

    def hold(self, held: bool) -> None:
        """Show the photo alone for as long as it is held."""
        self._held = held
        self._canvas.set_photo_shown(held)
        if not held and not self._beside:
            self.said.emit("")
        self._look()

    def _look(self) -> None:
        card = self._card
        if card is None:
            self._before.drop()
            self._before.forget()
            return
        if not self.wanted or self._found_for == card.id:
            return
        self._found_for = card.id
        self._before.find(card.id, self._on_found, self._on_missing)

    def _on_found(self, photo: FoundPhoto) -> None:
        self._canvas.set_photo(photo.picture, photo.place)
        self._canvas.set_photo_shown(self._held)
        if self._beside:
            self._canvas.set_comparing(True)

    def _on_missing(self, sentence: str) -> None:
        self._found_for = ""
        self._take_away()
        self.said.emit(sentence)

    def _take_away(self) -> None:
        self._before.drop()
        self._canvas.set_photo_shown(False)
        self._canvas.set_photo(None)


def _same_photo(one: Card, other: Card) -> bool:
    """Whether the photo lies over both pictures alike."""
    return (
        bool(one.photo_sha256)
        and one.photo_sha256 == other.photo_sha256
        and (one.template, one.size) == (other.template, other.size)
    )

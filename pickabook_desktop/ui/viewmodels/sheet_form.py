"""How a contact sheet is to look: what is chosen, what comes of it, what is remembered."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.hand_over import (
    CAPTION_LINES,
    PAPERS,
    CaptionLine,
    SheetWish,
    check_sheet,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Card

MOST_ACROSS, MOST_DOWN = 12, 16
# What a preview draws; more of one page are never seen.
MOST_FRAMES = MOST_ACROSS * MOST_DOWN
SQUARE = 1.0


class SheetForm(QObject):
    """The choices for ``count`` pictures of which ``cards`` are the first."""

    changed = Signal()

    def __init__(
        self, cards: Sequence[Card], count: int, *, names: bool, parent: QObject | None = None
    ) -> None:
        """``names`` is what the settings say of the child's name; it is never remembered."""
        super().__init__(parent)
        self.cards = tuple(cards)
        self.count = count
        self._names = names
        self.wish = SheetWish(names=names)

    @property
    def paper(self) -> tuple[float, float]:
        """Width and height of the page in millimetres, as it lies."""
        width, height = PAPERS[self.wish.paper]
        return (height, width) if self.wish.landscape else (width, height)

    @property
    def pages(self) -> int:
        """How many sheets there will be."""
        return math.ceil(self.count / max(1, self.wish.columns * self.wish.rows))

    @property
    def on_first(self) -> int:
        """How many pictures are on the first sheet."""
        return min(self.count, self.wish.columns * self.wish.rows)

    def aspect(self, index: int) -> float:
        """The shape of the picture at ``index``, width by height; of those that are not at hand
        that of the last one is taken.
        """
        if not self.cards:
            return SQUARE
        return self.cards[min(index, len(self.cards) - 1)].size.aspect

    def change(self, **values: object) -> None:
        """Take ``values`` for fields of the wish."""
        wish = msgspec.structs.replace(self.wish, **values)
        if wish != self.wish:
            self.wish = wish
            self.changed.emit()

    def setter(
        self, field: str, convert: Callable[[Any], object] | None = None
    ) -> Callable[[Any], None]:
        """What takes the value of a field of the wish, by way of ``convert``."""
        return lambda value: self.change(**{field: convert(value) if convert else value})

    def tick(self, line: CaptionLine, ticked: bool) -> None:
        """Have ``line`` among the captions, or no more; they keep their usual order."""
        chosen = {*self.wish.captions, line} if ticked else {*self.wish.captions} - {line}
        captions = tuple(one for one in CAPTION_LINES if one in chosen)
        # Whoever ticks the child's name means it to be seen.
        names = self.wish.names or line == "child" if ticked else self.wish.names
        self.change(captions=captions, names=names)

    def set_names(self, names: bool) -> None:
        """Whether the child's name may be read; without it, its line is no caption."""
        captions = self.wish.captions
        if not names:
            captions = tuple(one for one in captions if one != "child")
        self.change(names=names, captions=captions)

    def problem(self) -> str:
        """Why there can be no such sheet, and what to do; empty where there can."""
        try:
            check_sheet(self.wish)
        except InputError as error:
            return str(error)
        return ""

    def summary(self) -> str:
        """What will come of it."""
        pages = self.pages
        if pages == 1:
            return tr("One sheet")
        return tr("{pages} sheets, {each} pages on each", pages=f"{pages:,}", each=self.on_first)

    def remembered(self) -> str:
        """As one line of JSON, for the settings; without its title, which may have a name."""
        captions = tuple(one for one in self.wish.captions if one != "child")
        kept = msgspec.structs.replace(self.wish, names=False, header="", captions=captions)
        return msgspec.json.encode(kept).decode()

    def recall(self, text: str) -> None:
        """Choose again what :meth:`remembered` wrote; what cannot be read is left as it is."""
        try:
            kept = msgspec.json.decode(text, type=SheetWish)
            check_sheet(kept)
        except (msgspec.DecodeError, InputError):
            return
        self.wish = msgspec.structs.replace(kept, names=self._names)
        self.changed.emit()


def caption_titles() -> dict[CaptionLine, str]:
    """What the lines below a picture are called, in their order."""
    titles: dict[CaptionLine, str] = {
        "number": tr("Number"),
        "title": tr("Title"),
        "date": tr("Date"),
        "template": tr("Template"),
        "style": tr("Style"),
        "engine": tr("Engine"),
        "rating": tr("Stars"),
        "tags": tr("Tags"),
        "note": tr("Note"),
        "book": tr("Book"),
        "child": tr("Child"),
        "seed": tr("Seed"),
        "id": tr("Identifier"),
    }
    return {line: titles[line] for line in CAPTION_LINES}

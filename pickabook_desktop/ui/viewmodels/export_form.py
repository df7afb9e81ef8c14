"""How selected pictures are to be exported: what is chosen, and what is remembered of it.

Knows no widget. Whether pictures say how they were made, and with the child's name, is taken from
the settings each time: an answer that was meant for one hand-over is none for the next.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.hand_over import (
    MILLIMETRES_AN_INCH,
    ExportWish,
    ProfileFacts,
)
from pickabook_desktop.domain.review import Card
from pickabook_desktop.ui.viewmodels.export_forecast import Forecast
from pickabook_desktop.ui.viewmodels.export_presets import (
    WEB_EDGE,
    NameValues,
    Preset,
    RememberedExport,
    SizeMode,
    Unit,
    built_in_presets,
    without_circumstances,
)

# ISO 216: A4 in millimetres, upright.
A4 = (210.0, 297.0)
USUAL_QUALITY = 90


class ExportForm(QObject):
    """The choices for pictures of which ``cards`` are the first and ``count`` is how many."""

    changed = Signal()

    def __init__(
        self,
        cards: Sequence[Card],
        count: int,
        usual: ExportWish,
        name_values: NameValues,
        parent: QObject | None = None,
    ) -> None:
        """``usual`` has the folder, and what the settings say of metadata and names."""
        super().__init__(parent)
        self.cards = tuple(cards)
        self.count = count
        self._name_values = name_values
        self._usual = usual
        self._wish = usual
        self.size_mode: SizeMode = "same"
        self.unit: Unit = "mm"
        self.preset = "original"
        self.own_presets: tuple[Preset, ...] = ()
        self.profile: ProfileFacts | None = None
        self._recalled = RememberedExport()

    @property
    def wish(self) -> ExportWish:
        """What is asked for, with nothing of a size that was not chosen."""
        unused: dict[str, float] = {}
        if self.size_mode != "edge":
            unused |= {"long_edge": 0, "enlarge": False}
        if self.size_mode != "print":
            unused |= {"print_width": 0.0, "print_height": 0.0}
        return msgspec.structs.replace(self._wish, **unused)

    @property
    def chosen(self) -> ExportWish:
        """What stands in the fields, also in those that are not in use."""
        return self._wish

    @property
    def presets(self) -> tuple[Preset, ...]:
        return (*built_in_presets(), *self.own_presets)

    @property
    def uses_quality(self) -> bool:
        """Whether the format has a quality."""
        return self._wish.format in ("jpeg", "webp")

    @property
    def uses_dpi(self) -> bool:
        """Whether dots per inch decide on the pixels."""
        return self.size_mode == "print" or self._wish.bleed > 0

    @property
    def fills(self) -> bool:
        """Whether there is a shape that pictures of other shapes may fill or go into."""
        both = self._wish.print_width > 0 and self._wish.print_height > 0
        return self.size_mode == "print" and both

    @property
    def forecast(self) -> Forecast:
        """What will come of it as it is chosen now."""
        return Forecast(
            cards=self.cards,
            wish=self.wish,
            profile=self.profile,
            name_values=self._name_values,
            dpi=self._wish.dpi if self.uses_dpi else 0,
            unit=self.unit,
        )

    def change(self, **values: object) -> None:
        """Take ``values`` for fields of the wish."""
        wish = msgspec.structs.replace(self._wish, **values)
        if wish != self._wish:
            self._wish = wish
            self._leave_preset()

    def setter(
        self, field: str, convert: Callable[[Any], object] | None = None
    ) -> Callable[[Any], None]:
        """What takes the value of a field of the wish, by way of ``convert``."""
        return lambda value: self.change(**{field: convert(value) if convert else value})

    def choose_size_mode(self, mode: SizeMode) -> None:
        """Choose which of the three ways to say a size counts; where nothing stands in its fields,
        something usual does from now on.
        """
        if mode == "edge" and not self._wish.long_edge:
            self._wish = msgspec.structs.replace(self._wish, long_edge=WEB_EDGE)
        if mode == "print" and not (self._wish.print_width or self._wish.print_height):
            lying = bool(self.cards) and self.cards[0].size.aspect > 1
            width, height = reversed(A4) if lying else A4
            self._wish = msgspec.structs.replace(self._wish, print_width=width, print_height=height)
        if mode != self.size_mode:
            self.size_mode = mode
            self._leave_preset()

    @property
    def may_enlarge(self) -> bool:
        """Whether there is, or may be, a picture shorter than the longest edge that is wished."""
        if self.size_mode != "edge":
            return False
        edge = self._wish.long_edge
        smaller = any(max(card.size.width, card.size.height) < edge for card in self.cards)
        return smaller or self._wish.enlarge or self.count > len(self.cards)

    def choose_unit(self, unit: Unit) -> None:
        """Say print sizes in ``unit`` from now on."""
        self.unit = unit
        self.changed.emit()

    def in_unit(self, millimetres: float) -> float:
        """A length as the person reads it."""
        return millimetres if self.unit == "mm" else millimetres / MILLIMETRES_AN_INCH

    def from_unit(self, length: float) -> float:
        """A length that the person has typed, in millimetres."""
        return length if self.unit == "mm" else length * MILLIMETRES_AN_INCH

    def set_profile(self, path: str, facts: ProfileFacts) -> None:
        """Convert colours into the profile at ``path``; another format is taken where the present
        one cannot hold its colours.
        """
        self.profile = facts
        fitting = self._wish.format
        if facts.formats and fitting not in facts.formats:
            fitting = facts.formats[0]
        self.change(icc=path, format=fitting)
        self.changed.emit()

    def choose_preset(self, preset_id: str) -> None:
        """Take all of a preset but the folder, metadata and names."""
        preset = next((one for one in self.presets if one.id == preset_id), None)
        if preset is None:
            return
        self._wish = msgspec.structs.replace(
            preset.wish,
            folder=self._wish.folder,
            metadata=self._wish.metadata,
            names=self._wish.names,
            notes=self._wish.notes,
        )
        self.size_mode = preset.size_mode
        self.preset = preset_id
        self.changed.emit()

    def save_preset(self, title: str) -> None:
        """Keep what is chosen under ``title``; one of that title is replaced."""
        title = " ".join(title.split())
        if not title:
            return
        wish = without_circumstances(self._wish)
        preset = Preset(
            id=f"own:{title}", title=title, wish=wish, size_mode=self.size_mode, own=True
        )
        others = tuple(one for one in self.own_presets if one.id != preset.id)
        self.own_presets = (*others, preset)
        self.preset = preset.id
        self.changed.emit()

    def remove_preset(self, preset_id: str) -> None:
        """Forget one of the person's own."""
        self.own_presets = tuple(one for one in self.own_presets if one.id != preset_id)
        if self.preset == preset_id:
            self.preset = ""
        self.changed.emit()

    def remembered(self) -> str:
        """As one line of JSON, for the settings."""
        kept = RememberedExport(
            wish=without_circumstances(self._wish),
            size_mode=self.size_mode,
            unit=self.unit,
            preset=self.preset,
            presets=self.own_presets,
        )
        return msgspec.json.encode(kept).decode()

    def remembered_presets(self) -> str:
        """What was remembered before, with the presets as they are now."""
        kept = msgspec.structs.replace(self._recalled, presets=self.own_presets)
        return msgspec.json.encode(kept).decode()

    def recall(self, text: str) -> None:
        """Choose again what :meth:`remembered` wrote; what cannot be read is left as it is."""
        try:
            kept = msgspec.json.decode(text, type=RememberedExport)
        except msgspec.DecodeError:
            return
        self._recalled = kept
        self._wish = msgspec.structs.replace(
            kept.wish,
            folder=self._usual.folder,
            metadata=self._usual.metadata,
            names=self._usual.names,
            notes=self._usual.notes,
        )
        self.size_mode, self.unit = kept.size_mode, kept.unit
        self.own_presets, self.preset = kept.presets, kept.preset
        self.changed.emit()

    def _leave_preset(self) -> None:
        """What was changed is the preset no more, unless it is again."""
        mine = without_circumstances(self.wish)
        same = (
            one.id
            for one in self.presets
            if one.size_mode == self.size_mode and without_circumstances(one.wish) == mine
        )
        self.preset = next(same, "")
        self.changed.emit()

"""Stars, flag and label of one picture in a line, there to be pressed."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pickabook_desktop.domain.review import Card
from pickabook_desktop.ui.gallery.stars import PICKED, REJECTED, FlagButtons, LabelDots, Stars
from pickabook_desktop.ui.theme import Space


class MarksLine(QWidget):
    """What is pressed triggers the action that its key does; ``pressed`` comes first, so that
    whoever shows several pictures can say which one is meant.
    """

    pressed = Signal()

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.stars = Stars()
        self.flags = FlagButtons()
        self.labels = LabelDots()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        for part in (self.stars, self.flags, self.labels):
            row.addWidget(part)
        self.labels.name_keys(actions)
        self.stars.rating_chosen.connect(self._on_rating)
        self.flags.flag_chosen.connect(self._on_flag)
        self.labels.label_chosen.connect(self._on_label)

    def show_card(self, card: Card | None) -> None:
        """What is thought of ``card``."""
        self.stars.set_rating(card.rating if card is not None else 0)
        self.flags.set_flag(card.flag if card is not None else 0)
        self.labels.set_label(card.label if card is not None else "")
        self.setEnabled(card is not None)

    def _on_rating(self, rating: int) -> None:
        self._trigger(f"lib_rate_{rating}")

    def _on_flag(self, flag: int) -> None:
        chosen = {PICKED: "lib_pick", REJECTED: "lib_reject"}.get(flag, "lib_unflag")
        self._trigger(chosen)

    def _on_label(self, label: str) -> None:
        self._trigger(f"lib_label_{label or 'none'}")

    def _trigger(self, action_id: str) -> None:
        self.pressed.emit()
        action = self._actions.get(action_id)
        if action is not None:
            action.trigger()

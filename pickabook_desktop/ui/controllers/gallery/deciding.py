"""Stars, flags, labels, tags and notes, by keys and in the panel, and all of it undone again.

A picture that no longer fits the view it is seen in stays where it is until the view is looked at
anew: who judges with one hand on the keys must find the next picture where it was.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar, cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import LABELS, MOST_STARS, Card, Label, Marks
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.viewmodels.decided_cards import MOST_READ, DecidedCards
from pickabook_desktop.ui.viewmodels.decision_words import (
    missing_words,
    pages,
    words_back,
    words_of,
)
from pickabook_desktop.ui.viewmodels.decisions import (
    FORGOTTEN,
    MOST_COMPARED,
    Change,
    Decisions,
    Step,
)
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel
from pickabook_desktop.ui.viewmodels.moves import Move
from pickabook_desktop.ui.viewmodels.shelf import job_of

ADVANCE_KEY = "window.library_advance"

T = TypeVar("T")

_FLAGS = {"lib_pick": 1, "lib_reject": -1, "lib_unflag": 0}
_LABELS: dict[str, Label] = {f"lib_label_{label or 'none'}": label for label in LABELS}


class Deciding(QObject):
    """Decides on the chosen pictures, or the current one where none is chosen. What is decided is
    seen at once and taken back where it cannot be kept. ``decisions`` are those of the window.
    """

    note_refused = Signal(str, str)
    """The id of a picture whose note could not be kept, and the note it has."""

    def __init__(
        self,
        actions: Mapping[str, QAction],
        model: GalleryModel,
        library: Library,
        lanes: Lanes,
        toast: Toast,
        keep: Callable[[str, str], None],
        *,
        decisions: Decisions,
        advances: bool = False,
        title_of: Callable[[Card], str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._model = model
        self._library = library
        self._lanes = lanes
        self._toast = toast
        self._keep = keep
        self._title_of = title_of
        self._hurries = False
        self._cards = DecidedCards(model, library, lanes)
        self.decisions = decisions
        self.decisions.changed.connect(self._on_history_changed)
        self.decisions.kept.connect(self._on_kept)
        self.decisions.failed.connect(self._on_failed)
        actions["lib_advance"].setChecked(advances)
        self._bind()
        self._on_history_changed()

    def rate(self, stars: int) -> None:
        """Give so many stars; none where all have just as many already."""
        cards = self._model.selected_cards(MOST_COMPARED)
        all_known = len(cards) >= self._model.selected_count
        if cards and all_known and all(card.rating == stars for card in cards):
            stars = 0
        self._mark(Marks(rating=stars))

    def flag(self, flag: int) -> None:
        """1 picks, -1 rejects, 0 does neither."""
        self._mark(Marks(flag=flag))

    def label(self, label: Label) -> None:
        """Give a colour; none where all have it already."""
        cards = self._model.selected_cards(MOST_COMPARED)
        all_known = len(cards) >= self._model.selected_count
        if cards and all_known and all(card.label == label for card in cards):
            label = ""
        self._mark(Marks(label=label))

    def add_tags(self, tags: tuple[str, ...]) -> None:
        self._on_chosen(Change(add=tags))

    def remove_tag(self, tag: str) -> None:
        self._on_chosen(Change(remove=(tag,)))

    def annotate(self, picture_id: str, note: str) -> None:
        """Keep a note on one picture, whichever is current by now."""
        self.decide((picture_id,), Change(note=note))

    def decide(self, ids: Sequence[str], change: Change) -> Step:
        """Make a change to any pictures."""
        cards = self._cards.at_hand(ids)
        step = Step(tuple(ids), change, words_of(change, len(ids)), cards)
        self._model.patch(change.on(card) for card in cards)
        self.decisions.decide(step)
        if len(ids) > 1:
            self._toast.show_message(f"{step.words}.", tr("Undo"), self.undo)
        return step

    def undo(self) -> None:
        """Take the last decision back, and go back where it went on from."""
        step = self.decisions.next_undo
        if step is None:
            return
        # Seen first: the disk would take its part of the time.
        self._cards.show_before(step)
        self.decisions.undo()
        if isinstance(step, Move):
            # Who moves pages says where they are, once they are there.
            return
        place = self._model.place_at_hand(step.ids[0])
        if step.went_on and place >= 0:
            self._model.set_current(place, "move" if self._model.alone else "only")
        words = words_back(step.change, self._name(step))
        self._toast.show_message(words, tr("Redo"), self.redo)

    def redo(self) -> None:
        """Make the decision again that was taken back last."""
        step = self.decisions.next_redo
        if isinstance(step, Move):
            self.decisions.redo()
        elif step is not None:
            self._cards.show(step.ids, step.change)
            self.decisions.redo()
            self._toast.show_message(f"{step.words}.", tr("Undo"), self.undo)

    def _name(self, step: Step) -> str:
        """What the pages of a step are called: the one by its title, as far as that is known."""
        if len(step.ids) == 1 and step.cards and self._title_of is not None:
            return f"“{self._title_of(step.cards[0])}”"
        return pages(len(step.ids))

    def _bind(self) -> None:
        calls: dict[str, Callable[[], None]] = {"lib_undo": self.undo, "lib_redo": self.redo}
        for stars in range(MOST_STARS + 1):
            calls[f"lib_rate_{stars}"] = _with(self.rate, stars)
        for action_id, flag in _FLAGS.items():
            calls[action_id] = _with(self.flag, flag)
        for action_id, label in _LABELS.items():
            calls[action_id] = _with(self.label, label)
        for action_id, call in calls.items():
            if call in (self.undo, self.redo):
                self._actions[action_id].triggered.connect(_plain(call))
            else:
                self._actions[action_id].triggered.connect(_plain(_with(self._hurry, call)))
                _add_shifted(self._actions[action_id])
        self._actions["lib_advance"].toggled.connect(self._on_advance_toggled)

    def _hurry(self, decide: Callable[[], None]) -> None:
        """Decide, and go on where that is wished for: with Shift for this time."""
        held = QGuiApplication.keyboardModifiers()
        self._hurries = bool(held & Qt.KeyboardModifier.ShiftModifier)
        decide()
        self._hurries = False

    def _mark(self, marks: Marks) -> None:
        hurries = self._hurries or self._actions["lib_advance"].isChecked()
        advances = hurries and self._model.selected_count <= 1
        current = self._model.current
        steps = self._on_chosen(Change(marks=marks))
        if advances and current + 1 < self._model.count:
            for step in steps:
                step.went_on = True
            self._model.set_current(current + 1, "move" if self._model.alone else "only")

    def _on_chosen(self, change: Change) -> list[Step]:
        """Make a change to what is chosen; gives the step where the ids were at hand."""
        steps: list[Step] = []
        self._model.with_selected_ids(lambda ids: steps.append(self.decide(ids, change)))
        return steps

    def _on_kept(self, step: Step, taken_back: bool) -> None:
        if isinstance(step, Move):
            return
        if not taken_back:
            self._tell_of_missing(step)
        if step is (self.decisions.next_redo if taken_back else self.decisions.next_undo):
            self._cards.show_kept(step, taken_back=taken_back)

    def _tell_of_missing(self, step: Step) -> None:
        """Another window may have deleted what is still seen in this one."""
        gone = len(set(step.ids)) - len(step.before)
        known = {card.id for card in step.cards if card.trashed}

        def on_event(event: JobEvent) -> None:
            found = cast("dict[str, str]", event.value) if isinstance(event, Done) else {}
            # What was deleted here a moment later is no news.
            ours = (one.ids for one in self.decisions.done if isinstance(one, Move))
            trashed = len(found.keys() - known.union(*ours))
            if gone or trashed:
                self._model.refresh()
                self._toast.show_message(missing_words(len(step.ids), trashed=trashed, gone=gone))

        if len(step.ids) <= MOST_READ:
            judge = self._library.review.decisions
            self._lanes.submit("review", job_of(lambda: judge.trashed_since(step.ids)), on_event)

    def _on_failed(self, step: Step, error: PickaBookError, taking_back: bool) -> None:
        if isinstance(step, Move):
            return
        if taking_back:
            self._cards.show(step.ids, step.change)
        else:
            if step.change.note is not None:
                # First of all: what was written must not be overwritten by what is shown then.
                self.note_refused.emit(step.ids[0], step.cards[0].note if step.cards else "")
            self._cards.show_before(step)
        if error.code == FORGOTTEN:
            self._cards.read_again(step.ids[:MOST_READ])
            self._toast.show_message(str(error))
            return

        def again() -> None:
            if taking_back:
                self.undo()
            else:
                self.decide(step.ids, step.change)

        self._toast.show_message(str(error), tr("Try again"), again)

    def _on_history_changed(self) -> None:
        undo, redo = self.decisions.next_undo, self.decisions.next_redo
        for action_id, step in (("lib_undo", undo), ("lib_redo", redo)):
            self._actions[action_id].setEnabled(step is not None)
            self._actions[action_id].setStatusTip(step.words if step is not None else "")

    def _on_advance_toggled(self, advances: bool) -> None:
        self._keep(ADVANCE_KEY, "on" if advances else "off")


def _with(call: Callable[[T], None], value: T) -> Callable[[], None]:
    def run() -> None:
        call(value)

    return run


def _plain(call: Callable[[], None]) -> Callable[..., None]:
    """``call`` without what a signal says."""

    def run(*_said: object) -> None:
        call()

    return run


def _add_shifted(action: QAction) -> None:
    """The key does the same with Shift held down, which :meth:`Deciding._hurry` looks at."""
    keys = action.shortcuts()
    shifted = [QKeySequence(f"Shift+{key.toString()}") for key in keys]
    action.setShortcuts([*keys, *shifted])

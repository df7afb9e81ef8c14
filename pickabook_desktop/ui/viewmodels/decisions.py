"""What is decided of pictures, step by step, and the way back. Knows no widget."""

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec
from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import folded
from pickabook_desktop.domain.review import Before, Card, Decided, Marks
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.viewmodels.shelf import job_of

MOST_STEPS = 200
# So many pictures are looked at one by one.
MOST_COMPARED = 2000
# Deciding on a whole library keeps what was there of each picture.
MOST_PICTURES = 300_000


Watch = Callable[[], Callable[[], bool]]
"""Gives what says whether any child has been forgotten since, in whichever window."""
FORGOTTEN = "forgotten_since"


class Judge(Protocol):
    """What is used of :class:`~pickabook_desktop.storage.review_changes.Decisions`."""

    def mark(self, ids: Sequence[str], marks: Marks) -> Before: ...

    def tag(self, ids: Sequence[str], add: tuple[str, ...], remove: tuple[str, ...]) -> Before: ...

    def annotate(self, picture_id: str, note: str) -> Before: ...

    def put_back(self, before: Before) -> None: ...

    def trash(self, ids: Sequence[str]) -> int: ...

    def restore(self, ids: Sequence[str]) -> int: ...

    def trashed_since(self, ids: Sequence[str]) -> dict[str, str]: ...


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be different: marks, tags that come and go, or the note of one picture; one of the
    three.
    """

    marks: Marks = Marks()
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    note: str | None = None

    def on(self, card: Card) -> Card:
        """``card`` as it is afterwards."""
        marks = self.marks
        return msgspec.structs.replace(
            card,
            rating=card.rating if marks.rating is None else marks.rating,
            flag=card.flag if marks.flag is None else marks.flag,
            label=card.label if marks.label is None else marks.label,
            tags=_retagged(card.tags, self.add, self.remove),
            note=card.note if self.note is None else self.note,
        )

    def off(self, card: Card, old: Card | Decided) -> Card:
        """``card`` as it is once this is taken back from what was ``old``: what it has not made, or
        what is another by now, stays.
        """
        marks = self.marks
        return msgspec.structs.replace(
            card,
            rating=old.rating if card.rating == marks.rating else card.rating,
            flag=old.flag if card.flag == marks.flag else card.flag,
            label=old.label if card.label == marks.label else card.label,
            tags=_untagged(card.tags, old.tags, self.add, self.remove),
            note=old.note if card.note == self.note else card.note,
        )

    def make(self, ids: tuple[str, ...], judge: Judge) -> Before:
        """Keep it for the pictures of ``ids``; gives what was thought of them before."""
        if self.note is not None:
            (picture,) = ids
            return judge.annotate(picture, self.note)
        if self.add or self.remove:
            return judge.tag(ids, self.add, self.remove)
        return judge.mark(ids, self.marks)


class Step:
    """One decision on any number of pictures. ``words`` say it, ``cards`` are those that were at
    hand, as they were; ``went_on`` says that the next picture was gone to.
    """

    def __init__(
        self, ids: tuple[str, ...], change: Change, words: str, cards: tuple[Card, ...]
    ) -> None:
        self.ids = ids
        self.change = change
        self.words = words
        self.cards = cards
        self.went_on = False
        self.before = Before()
        """What was thought of all of them, once the step has been kept."""
        self._forgotten: Callable[[], bool] | None = None

    def do(self, judge: Judge) -> None:
        """In the lane: keep it, and remember what was there."""
        self.before = self.change.make(self.ids, judge)

    def undo(self, judge: Judge) -> None:
        """In the lane, after :meth:`do`: put back what it has changed."""
        judge.put_back(self.before)

    def begin(self, watch: Watch) -> None:
        """In the lane, before either: raises InputError where a child was forgotten since it was
        made, for what it remembers may have the name.
        """
        if self._forgotten is None:
            self._forgotten = watch()
        elif self._forgotten():
            raise InputError(
                tr("A child was forgotten since."),
                tr("What was decided before that can neither be taken back nor made again."),
                code=FORGOTTEN,
            )

    def known(self) -> dict[str, Card | Decided]:
        """What was thought of them, by id, as far as that is known by now; of very many pictures
        only of those that were at hand.
        """
        known: dict[str, Card | Decided] = {card.id: card for card in self.cards}
        if len(self.before) <= MOST_COMPARED:
            known.update((old.id, old) for old in self.before)
        return known


class Decisions(QObject):
    """Keeps decisions one after another, in the order in which they were made, and takes them back
    in the opposite one. Nobody waits for the disk: what is taken back may still be on its way.
    """

    changed = Signal()
    """What can be taken back, or made again, is another."""
    kept = Signal(object, bool)
    """A :class:`Step` has reached the disk, and whether it was taken back."""
    failed = Signal(object, object, bool)
    """A :class:`Step` could not be kept, the PickaBookError, and whether it was being taken
    back.
    """

    def __init__(
        self,
        judge: Callable[[], Judge],
        lanes: Lanes,
        watch: Watch,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._judge = judge
        self._watch = watch
        self._lanes = lanes
        self._done: list[Step] = []
        self._undone: list[Step] = []

    @property
    def done(self) -> tuple[Step, ...]:
        """All that can be taken back, the last one last."""
        return tuple(self._done)

    @property
    def next_undo(self) -> Step | None:
        """What :meth:`undo` would take back."""
        return self._done[-1] if self._done else None

    @property
    def next_redo(self) -> Step | None:
        """What :meth:`redo` would make again."""
        return self._undone[-1] if self._undone else None

    def decide(self, step: Step) -> None:
        """Make ``step``; what was taken back before cannot be made again any more."""
        self._done.append(step)
        self._undone.clear()
        while len(self._done) > 1 and self._too_much():
            del self._done[0]
        self._submit(step, taking_back=False)

    def undo(self) -> Step | None:
        """Take the last step back."""
        if not self._done:
            return None
        step = self._done.pop()
        self._undone.append(step)
        self._submit(step, taking_back=True)
        return step

    def redo(self) -> Step | None:
        """Make the step again that was taken back last."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        self._submit(step, taking_back=False)
        return step

    def forget(self) -> None:
        """Let go of all steps: what they remember is to be kept nowhere any more."""
        self._done.clear()
        self._undone.clear()
        self.changed.emit()

    def _too_much(self) -> bool:
        pictures = sum(len(step.ids) for step in self._done)
        return len(self._done) > MOST_STEPS or pictures > MOST_PICTURES

    def _submit(self, step: Step, *, taking_back: bool) -> None:
        def work() -> None:
            judge = self._judge()
            step.begin(self._watch)
            if taking_back:
                step.undo(judge)
            else:
                step.do(judge)

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                self.kept.emit(step, taking_back)
            elif isinstance(event, Failed):
                if event.error.code == FORGOTTEN:
                    self.forget()
                self._settle(step, taking_back=taking_back)
                self.failed.emit(step, event.error, taking_back)

        self._lanes.submit("library", job_of(work), on_event, must_finish=True)
        self.changed.emit()

    def _settle(self, step: Step, *, taking_back: bool) -> None:
        """What could not be taken back can be tried again; what was never kept is forgotten."""
        if step in self._done and not taking_back:
            self._done.remove(step)
        elif step in self._undone and taking_back:
            self._undone.remove(step)
            self._done.append(step)
        self.changed.emit()


def _retagged(
    tags: tuple[str, ...], add: tuple[str, ...], remove: tuple[str, ...]
) -> tuple[str, ...]:
    """Tags are the same whatever their case, as the library compares them."""
    if not (add or remove):
        return tags
    gone = {folded(tag) for tag in remove}
    left = {folded(tag): tag for tag in tags if folded(tag) not in gone}
    for tag in add:
        left.setdefault(folded(tag), tag)
    return tuple(left[key] for key in sorted(left))


def _untagged(
    tags: tuple[str, ...], old: tuple[str, ...], added: tuple[str, ...], removed: tuple[str, ...]
) -> tuple[str, ...]:
    before = {folded(tag): tag for tag in old}
    put_on = tuple(tag for tag in added if folded(tag) not in before)
    taken_off = tuple(before[folded(tag)] for tag in removed if folded(tag) in before)
    return _retagged(tags, taken_off, put_on)

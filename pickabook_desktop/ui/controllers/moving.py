"""Pages into the trash and out of it, from wherever in the window, and back again."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.viewmodels.decision_words import words_of_move
from pickabook_desktop.ui.viewmodels.decisions import FORGOTTEN, Decisions, Step
from pickabook_desktop.ui.viewmodels.moves import Move

# From so many on, what is done is said before it is done.
MANY = 2000


class Moving(QObject):
    """Moves are steps among all that is decided. Beside the library, where nothing else that was
    decided is seen, ``actions`` take them alone back.
    """

    moved = Signal(object, bool, bool)
    """The ids of the pages that were moved, whether into the trash, and whether that took an
    earlier step back.
    """

    def __init__(self, decisions: Decisions, actions: Mapping[str, QAction], toast: Toast) -> None:
        super().__init__(toast)
        self._decisions = decisions
        self._undo, self._redo = actions["undo"], actions["redo"]
        self._toast = toast
        self._undo.triggered.connect(lambda: self._decisions.undo())
        self._redo.triggered.connect(lambda: self._decisions.redo())
        decisions.changed.connect(self._allow)
        decisions.kept.connect(self._on_kept)
        decisions.failed.connect(self._on_failed)
        self._allow()

    def speak_at(self, toast: Toast) -> None:
        """Say from now on there what was moved."""
        self._toast = toast

    def trash(self, ids: tuple[str, ...]) -> None:
        """Put these pages into the trash and offer to bring them back."""
        if len(ids) > MANY:
            words = tr("Moving {count} pages to the trash…", count=f"{len(ids):,}")
            self._toast.show_message(words)
        self._move(ids, into_trash=True)

    def bring_back(self, ids: tuple[str, ...]) -> None:
        """Take these pages out of the trash."""
        self._move(ids, into_trash=False)

    def _move(self, ids: tuple[str, ...], *, into_trash: bool) -> None:
        words = words_of_move(len(ids), into_trash=into_trash)
        self._decisions.decide(Move(ids, words, into_trash=into_trash))

    def _on_kept(self, step: Step, taken_back: bool) -> None:
        if not isinstance(step, Move):
            return
        into_trash = step.into_trash != taken_back
        self.moved.emit(step.moved, into_trash, taken_back)
        words = _said(len(step.moved), into_trash=into_trash)
        if not step.moved:
            self._toast.show_message(words)
        elif taken_back:
            self._toast.show_message(words, tr("Redo"), lambda: self._do_again(step))
        else:
            self._toast.show_message(words, tr("Undo"), lambda: self._take_back(step))

    def _on_failed(self, step: Step, error: PickaBookError, taking_back: bool) -> None:
        if not isinstance(step, Move):
            return
        if error.code == FORGOTTEN:
            self._toast.show_message(str(error))
            return

        def again() -> None:
            if taking_back:
                self._take_back(step)
            else:
                self._decisions.decide(step)

        self._toast.show_message(str(error), tr("Try again"), again)

    def _take_back(self, step: Move) -> None:
        """Take back what was said, also where something else was decided since."""
        if self._decisions.next_undo is step:
            self._decisions.undo()
        else:
            self._move(step.moved, into_trash=not step.into_trash)

    def _do_again(self, step: Move) -> None:
        if self._decisions.next_redo is step:
            self._decisions.redo()
        else:
            self._move(step.moved, into_trash=step.into_trash)

    def _allow(self) -> None:
        self._undo.setEnabled(isinstance(self._decisions.next_undo, Move))
        self._redo.setEnabled(isinstance(self._decisions.next_redo, Move))


def _said(count: int, *, into_trash: bool) -> str:
    """Where so many pages are now."""
    if not count:
        if into_trash:
            return tr("There is nothing to put into the trash any more.")
        return tr("There is nothing to take out of the trash any more.")
    if into_trash:
        several = tr("{count} pages are in the trash.", count=f"{count:,}")
        return tr("The page is in the trash.") if count == 1 else several
    several = tr("{count} pages are back in the library.", count=f"{count:,}")
    return tr("The page is back in the library.") if count == 1 else several

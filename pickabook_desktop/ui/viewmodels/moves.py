"""Pages that go into the trash and out of it, as steps among all that is decided."""

from pickabook_desktop.ui.viewmodels.decisions import Change, Judge, Step


class Move(Step):
    """Pages go into the trash, or come out of it."""

    def __init__(self, ids: tuple[str, ...], words: str, *, into_trash: bool) -> None:
        super().__init__(ids, Change(), words, ())
        self.into_trash = into_trash
        self.moved: tuple[str, ...] = ()
        """Those that were not there already, once the step has been kept or taken back."""

    def do(self, judge: Judge) -> None:
        self._go(judge, self.ids, into_trash=self.into_trash)

    def undo(self, judge: Judge) -> None:
        self._go(judge, self.moved, into_trash=not self.into_trash)

    def _go(self, judge: Judge, ids: tuple[str, ...], *, into_trash: bool) -> None:
        there = judge.trashed_since(ids)
        self.moved = tuple(one for one in ids if (one in there) != into_trash)
        move = judge.trash if into_trash else judge.restore
        move(self.moved)

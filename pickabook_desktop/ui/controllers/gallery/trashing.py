"""Pages into the trash and out of it again, and for good: any number at once."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox

from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Card
from pickabook_desktop.ui.controllers.gallery.common import Common
from pickabook_desktop.ui.controllers.moving import MANY
from pickabook_desktop.ui.controllers.trash import KEPT_FOR
from pickabook_desktop.ui.viewmodels.shelf import job_of


class Trashing(QObject):
    """In the trash, Delete means for good, after one question; elsewhere it asks nothing."""

    times_known = Signal()
    """It is known of more pictures how long they stay in the trash."""

    def __init__(self, common: Common) -> None:
        super().__init__(common.window)
        self._common = common
        self._judge = common.studio.library.review.decisions
        self._since: dict[str, str] = {}
        self._wanted: set[str] = set()
        self._looking = False
        common.on("lib_delete", self.delete)
        common.on("lib_restore", self.restore)
        common.moving.moved.connect(self._on_moved)
        model = common.model
        for signal in (model.reset, model.selection_changed, model.current_changed):
            signal.connect(self.allow)
        self.allow()

    @property
    def in_trash(self) -> bool:
        """Whether the trash is looked at."""
        return self._common.model.view.search.in_trash

    def allow(self) -> None:
        """Offer what makes sense for what is looked at and chosen."""
        model = self._common.model
        some = bool(model.selected_count) or model.current >= 0
        actions, here = self._common.actions, self.in_trash
        actions["lib_delete"].setEnabled(some)
        words = tr("&Delete for good…") if here else tr("&Delete")
        tip = tr("The pages go for good") if here else tr("Move the pages to the trash")
        actions["lib_delete"].setText(words)
        actions["lib_delete"].setToolTip(tip)
        actions["lib_restore"].setEnabled(some and here)

    def delete(self) -> None:
        """Put what is chosen into the trash; what is there already goes for good, after a
        question.
        """
        if self.in_trash:
            self.purge()
        else:
            self._common.model.with_selected_ids(self._common.moving.trash)

    def restore(self) -> None:
        """Take what is chosen out of the trash."""
        if self.in_trash:
            self._common.model.with_selected_ids(self._common.moving.bring_back)

    def purge(self) -> None:
        """Delete what is chosen in the trash for good, after a question."""
        if self.in_trash:
            self._common.model.with_selected_ids(self._ask)

    def restore_all(self) -> None:
        """Take everything out of the trash that is looked at there."""
        self._with_all(self._common.moving.bring_back)

    def purge_all(self) -> None:
        """Delete everything for good that is looked at in the trash, after a question."""
        self._with_all(self._ask)

    def _on_moved(self, ids: tuple[str, ...], into_trash: bool, taken_back: bool) -> None:
        # Whoever comes back and goes again has a new month.
        self._since.clear()
        if taken_back and not into_trash and len(ids) == 1:
            self._common.model.seek(ids[0])

    def _with_all(self, call: Callable[[tuple[str, ...]], None]) -> None:
        if self.in_trash:
            self._common.model.select_all()
            self._common.model.with_selected_ids(call)

    def time_left(self, card: Card) -> str:
        """How long a page stays in the trash, in words; empty while that is not known, and for
        pages that are not there. ``times_known`` tells when to ask again.
        """
        if not card.trashed:
            return ""
        since = self._since.get(card.id)
        if since is None:
            self._wanted.add(card.id)
            self._learn()
            return ""
        return time_left_text(days_left(since, datetime.now(UTC))) if since else ""

    def _learn(self) -> None:
        """Find out since when those that were asked for are in the trash, one look at a time."""
        if self._looking or not self._wanted:
            return
        ids, self._wanted = self._wanted, set()
        self._looking = True

        def on_event(event: JobEvent) -> None:
            self._looking = False
            if isinstance(event, Done):
                # What is not there any more is asked for no more.
                self._since |= dict.fromkeys(ids, "") | cast("dict[str, str]", event.value)
                self.times_known.emit()
            self._learn()

        job = job_of(lambda: self._judge.trashed_since(ids))
        self._common.lanes.submit("review", job, on_event)

    def _ask(self, ids: tuple[str, ...]) -> None:
        one = tr("One page goes for good. This cannot be undone.")
        several = tr("{count} pages go for good. This cannot be undone.", count=f"{len(ids):,}")
        box = QMessageBox(self._common.window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(tr("Trash"))
        box.setText(tr("Delete for good?"))
        box.setInformativeText(one if len(ids) == 1 else several)
        delete = box.addButton(tr("Delete for good"), QMessageBox.ButtonRole.DestructiveRole)
        delete.setProperty("kind", "danger")
        delete.style().polish(delete)
        delete.clicked.connect(_plain(lambda: self._purge(ids)))
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.open()

    def _purge(self, ids: tuple[str, ...]) -> None:
        if len(ids) > MANY:
            words = tr("Deleting {count} pages for good…", count=f"{len(ids):,}")
            self._common.toast.show_message(words)

        def done(count: object) -> None:
            self._common.library_changed()
            gone = cast("int", count)
            several = tr("{count} pages are gone for good.", count=f"{gone:,}")
            words = tr("One page is gone for good.") if gone == 1 else several
            self._common.toast.show_message(words)

        self._common.change(lambda: self._common.studio.library.purge(only=ids), done)


def days_left(since: str, now: datetime) -> int:
    """How many days a page that is in the trash ``since`` then has left, begun ones too; at least
    0.
    """
    try:
        gone = datetime.fromisoformat(since) + KEPT_FOR
    except ValueError:
        return KEPT_FOR.days
    return max(0, math.ceil((gone - now) / timedelta(days=1)))


def time_left_text(days: int) -> str:
    """So many days, as they are said of a page in the trash."""
    if days < 1:
        return tr("Goes today")
    return tr("One day left") if days == 1 else tr("{days} days left", days=days)


def _plain(call: Callable[[], None]) -> Callable[..., None]:
    def run(*_said: object) -> None:
        call()

    return run

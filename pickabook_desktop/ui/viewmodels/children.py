"""The children that the program knows, who agreed to what, and how a child is forgotten."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.viewmodels.inquiry import Inquiry
from pickabook_desktop.ui.viewmodels.shelf import job_of

if TYPE_CHECKING:
    from pickabook_desktop.storage.children import Child, Children
    from pickabook_desktop.storage.consents import Consents, KeptConsent

LANE = "library"


class ChildrenModel(QObject):
    """Reads children and consents off the main thread.

    ``plan_job`` and ``forget_job`` make the jobs that say what would go, and let it go.
    """

    changed = Signal()
    forgotten = Signal(str)
    """The id of a child of whom nothing is left here."""

    def __init__(
        self,
        lanes: Lanes,
        children: "Children",
        consents: "Consents",
        plan_job: Callable[[str], Job],
        forget_job: Callable[[str], Job],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._children = children
        self._consents = consents
        self._plan_job = plan_job
        self._forget_job = forget_job
        self.known: tuple[Child, ...] = ()
        self.consents: tuple[KeptConsent, ...] = ()
        self.reading = Inquiry(lanes, LANE, self)
        self.reading.changed.connect(self.changed)
        self.withdrawing = Inquiry(lanes, LANE, self)
        self.withdrawing.changed.connect(self.changed)
        self.planning = Inquiry(lanes, LANE, self)
        self.forgetting = Inquiry(lanes, LANE, self)

    def read(self) -> None:
        """Read who is known and what was agreed to."""

        def read() -> object:
            return self._children.all(), self._consents.all()

        def on_done(value: object) -> None:
            found = cast("tuple[tuple[Child, ...], tuple[KeptConsent, ...]]", value)
            self.known, self.consents = found

        self.reading.ask(job_of(read), on_done)

    def child(self, child_id: str) -> "Child | None":
        return next((child for child in self.known if child.id == child_id), None)

    def holding(self, now: datetime | None = None) -> "tuple[KeptConsent, ...]":
        """The consents that still hold."""
        from pickabook_desktop.storage.consents import timestamp

        moment = timestamp(now or datetime.now(UTC))
        return tuple(kept for kept in self.consents if kept.holds(moment))

    def shown_in(self, photo_sha256: str) -> str:
        """Whom a photo shows and what its file is called, as far as that is known."""
        for child in self.known:
            for photo in child.photos:
                if photo.sha256 == photo_sha256:
                    names = (child.name, PurePath(photo.path).name)
                    return " · ".join(name for name in names if name) or tr("A photo")
        return tr("A photo")

    def withdraw(self, consent_id: str) -> None:
        """From now on, what was agreed to does not hold."""
        job = job_of(lambda: self._consents.withdraw(consent_id))
        self.withdrawing.ask(job, lambda _none: self.read(), must_finish=True)

    def plan(self, child_id: str) -> None:
        """Find out what forgetting a child would take away; ``planning`` tells."""
        self.planning.ask(self._plan_job(child_id))

    def forget(self, child_id: str) -> None:
        """Let everything of a child go; ``forgetting`` tells. It cannot be undone."""

        def on_done(_receipt: object) -> None:
            self.forgotten.emit(child_id)
            self.read()

        self.forgetting.ask(self._forget_job(child_id), on_done, must_finish=True)


def child_title(child: "Child") -> str:
    """The child's name, or how many photos show one that has none."""
    if child.name:
        return child.name
    first = next((PurePath(photo.path).name for photo in child.photos if photo.path), "")
    return tr("A child without a name, in {photo}", photo=first) if first else tr("Without a name")

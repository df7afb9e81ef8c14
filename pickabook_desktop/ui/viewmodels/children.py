"""The children that the program knows, who agreed to what, and how a child is forgotten."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.viewmodels.dates import moment_text
from pickabook_desktop.ui.viewmodels.inquiry import Inquiry
from pickabook_desktop.ui.viewmodels.shelf import job_of

if TYPE_CHECKING:
    from pickabook_desktop.jobs.forget import ForgetPlan, KnownChild, Receipt
    from pickabook_desktop.storage.children import Child, Children
    from pickabook_desktop.storage.consents import Consents, KeptConsent

LANE = "library"
# Behind what is being drawn, so that no page is kept after its child was forgotten.
FORGET_LANE = "draw"


class ChildrenModel(QObject):
    """Reads children and consents off the main thread.

    ``known_job`` makes the job that lists the children, ``plan_job`` and ``forget_job`` those that
    say what would go, and let it go.
    """

    changed = Signal()
    forgetting_begun = Signal(object)
    """The :class:`KnownChild` of whom from now on nothing may be drawn or written down."""
    forgotten = Signal(object)
    """The :class:`KnownChild` of whom nothing is left here."""

    def __init__(
        self,
        lanes: Lanes,
        children: "Children",
        consents: "Consents",
        known_job: Callable[[], Job],
        plan_job: Callable[[str], Job],
        forget_job: Callable[[str], Job],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._children = children
        self._consents = consents
        self._known_job = known_job
        self._plan_job = plan_job
        self._forget_job = forget_job
        self._photos: dict[str, str] = {}
        self.known: tuple[KnownChild, ...] = ()
        self.consents: tuple[KeptConsent, ...] = ()
        self.listing = Inquiry(lanes, LANE, self)
        self.reading = Inquiry(lanes, LANE, self)
        self.withdrawing = Inquiry(lanes, LANE, self)
        for inquiry in (self.listing, self.reading, self.withdrawing):
            inquiry.changed.connect(self.changed)
        self.planning = Inquiry(lanes, LANE, self)
        self.forgetting = Inquiry(lanes, FORGET_LANE, self)
        self.saving = Inquiry(lanes, LANE, self)
        self.plan: ForgetPlan | None = None
        self.receipt: Receipt | None = None
        self.going: KnownChild | None = None

    def read(self) -> None:
        """Read who is known and what was agreed to."""

        def take_known(value: object) -> None:
            self.known = cast("tuple[KnownChild, ...]", value)

        def read() -> object:
            return self._children.all(), self._consents.all()

        def take(value: object) -> None:
            children, self.consents = cast(
                "tuple[tuple[Child, ...], tuple[KeptConsent, ...]]", value
            )
            self._photos = {p.sha256: _shown(c.name, p.path) for c in children for p in c.photos}

        self.listing.ask(self._known_job(), take_known)
        self.reading.ask(job_of(read), take)

    @property
    def under_way(self) -> "KnownChild | None":
        """The child that is being forgotten now."""
        return self.going if self.forgetting.asking else None

    def child(self, child_id: str) -> "KnownChild | None":
        return next((child for child in self.known if child.id == child_id), None)

    def holding(self, now: datetime | None = None) -> "tuple[KeptConsent, ...]":
        """The consents that still hold."""
        from pickabook_desktop.storage.consents import timestamp

        moment = timestamp(now or datetime.now(UTC))
        return tuple(kept for kept in self.consents if kept.holds(moment))

    def shown_in(self, photo_sha256: str) -> str:
        """Whom a photo shows and what its file is called, as far as that is known."""
        return self._photos.get(photo_sha256) or tr("A photo")

    def withdraw(self, consent_id: str) -> None:
        """From now on, what was agreed to does not hold."""
        job = job_of(lambda: self._consents.withdraw(consent_id))
        self.withdrawing.ask(job, lambda _none: self.read(), must_finish=True)

    def make_plan(self, child_id: str) -> None:
        """Find out what forgetting a child would take away; ``planning`` tells."""
        self.plan = self.receipt = None
        self.forgetting.clear()
        self.saving.clear()

        def take(value: object) -> None:
            self.plan = cast("ForgetPlan", value)

        self.planning.ask(self._plan_job(child_id), take)

    def forget(self, child: "KnownChild") -> None:
        """Let everything of a child go; ``forgetting`` tells. It cannot be undone."""

        def take(value: object) -> None:
            self.receipt = cast("Receipt", value)
            self.forgotten.emit(child)
            self.read()

        self.going = child
        self.forgetting_begun.emit(child)
        self.forgetting.ask(self._forget_job(child.id), take, must_finish=True)

    def save_receipt(self, file: Path) -> None:
        """Write the receipt to ``file``."""
        from pickabook_desktop.storage.atomic import write_atomic

        text = receipt_text(self.receipt) if self.receipt else ""
        self.saving.ask(job_of(lambda: write_atomic(file.absolute(), text.encode())))


def child_title(child: "KnownChild") -> str:
    """The child's name, or a photo that shows one that has none."""
    if child.name:
        return child.name
    first = next((PurePath(path).name for path in child.photos if path), "")
    return tr("A child without a name, in {photo}", photo=first) if first else child.title


def receipt_text(receipt: "Receipt") -> str:
    """What was forgotten and what was not, to be kept; it names nobody."""
    remote = {
        "none": tr("There were no copies at stores."),
        "queued": tr(
            "Copies at stores that are still to be deleted: {count}. They go as soon as the store "
            "can be reached.",
            count=receipt.remote_waiting,
        ),
        "done": tr("Copies at stores are deleted."),
    }[receipt.remote]
    begun, finished = moment_text(receipt.started), moment_text(receipt.finished)
    return "\n".join(
        (
            tr("PickaBook Desktop: a child was forgotten"),
            tr("Begun {begun}, finished {finished}.", begun=begun, finished=finished),
            "",
            tr("What went:"),
            *(f"- {line}" for line in receipt.went or (tr("nothing was found"),)),
            "",
            remote,
            "",
            tr("What stays, for it is not for this program to delete:"),
            *(f"- {line}" for line in receipt.stays),
            "",
        )
    )


def _shown(name: str, path: str) -> str:
    return " · ".join(part for part in (name, PurePath(path).name) if part)

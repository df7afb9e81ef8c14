"""The sockets between floors: what an engine must offer, and what it is given.

Engines, stores and pixel work are siblings that do not know each other. An engine that needs
pixels is handed a :class:`PagePainter`; the composition root decides which.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import msgspec

from pickabook_desktop.domain.calls import Meter
from pickabook_desktop.domain.capabilities import Capabilities
from pickabook_desktop.domain.events import EngineEvent
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.outgoing import Outgoing, OutgoingImage
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.stored import LinkWish, StoredPicture, StoreInfo, UploadOrder
from pickabook_desktop.domain.template import Style, Template


class Cancellation(Protocol):
    """How a job asks whether to stop."""

    @property
    def cancelled(self) -> bool: ...

    def raise_if_cancelled(self) -> None:
        """Raise :class:`~pickabook_desktop.domain.errors.CancelledError` once cancelled."""
        ...

    def on_cancel(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Call ``wake`` once cancelled, at once where that has happened, from the thread that
        cancels; it must be quick and raise nothing. Returns what takes it back.
        """
        ...


class PageOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One page to be painted: all choices made."""

    photo: PhotoRef
    template: Template
    style: Style
    size: Size
    seed: int = 0
    palette_id: str = ""
    media_type: str = "image/png"
    options: dict[str, str] = {}


class PaintedPage(msgspec.Struct, frozen=True, kw_only=True):
    """An encoded page and the seconds each stage took; ``thumbnail`` as in ``DrawnPicture``."""

    data: bytes
    media_type: str
    size: Size
    timings: dict[str, float]
    thumbnail: bytes = b""


class PaintStage(msgspec.Struct, frozen=True):
    """A stage begins: its translated name, and the fraction of the page done (0 to 1)."""

    title: str
    fraction: float


PaintEvent = PaintStage | PaintedPage


class PagePainter(Protocol):
    """Paints a page from a photo and a drawn scene, on this machine."""

    def paint(self, order: PageOrder, cancellation: Cancellation) -> Iterator[PaintEvent]:
        """Paint one page: yields each stage as it begins, and the page last.

        Raises PhotoError, NoFaceError, TemplateError, or CancelledError between two stages.
        """
        ...


def painted(events: Iterable[PaintEvent]) -> PaintedPage:
    """The page that ``events`` end with, for callers who do not show the stages."""
    *_, page = events
    if not isinstance(page, PaintedPage):
        raise TypeError("a painter must yield its page last")
    return page


class References(Protocol):
    """Makes the pictures that are sent to services, without any metadata, on this machine."""

    def face(self, photo: PhotoRef, *, longest: int) -> OutgoingImage:
        """The chosen face with a margin around the whole head, upright, as a JPEG at most
        ``longest`` pixels long, nobody else's face more in it than can be helped. Raises
        PhotoError, NoFaceError.
        """
        ...

    def whole(self, photo: PhotoRef, *, longest: int) -> OutgoingImage:
        """The whole photo, upright, as a JPEG. Raises PhotoError."""
        ...

    def scene(self, order: PageOrder, *, longest: int) -> OutgoingImage:
        """The template's scene in the order's style, with colours that are not the child's and
        without its face, as a JPEG. ``order.photo`` is not looked at. Raises TemplateError.
        """
        ...

    def measured(self, data: bytes, *, max_megapixels: float) -> tuple[str, Size]:
        """The media type and size of a picture that a service has sent, decoded to its end.

        Raises InputError for what is no whole picture of a kind the library keeps (PNG, JPEG,
        WebP), or is larger than that. Any thread may call it.
        """
        ...


class Secrets(Protocol):
    """Keys of services, by the names ``gemini``, ``imagekit``, ``replicate``, ``huggingface``."""

    def known(self, name: str) -> bool | None:
        """Whether there is one, from what has been looked up so far; None where nobody has looked.
        Never waits.
        """
        ...

    def get(self, name: str, cancellation: Cancellation | None = None) -> str:
        """The key; may wait for the keyring, so never on the main thread.

        Raises NotConfiguredError where there is none, or the keyring is locked, and CancelledError
        at once when cancelled.
        """
        ...


class EngineServices(msgspec.Struct, frozen=True, kw_only=True):
    """What an engine may use. ``setting`` answers ``engine.name`` keys, empty when unset.

    ``model_lists`` is the folder of the model catalogues that come with the program. ``allow`` is
    called with exactly what is about to be sent, right before; it raises ConsentError where nobody
    has agreed to that.
    """

    templates: Mapping[str, Template]
    styles: Mapping[str, Style]
    painter: PagePainter
    setting: Callable[[str], str]
    cache_dir: Path
    references: References
    secrets: Secrets
    meter: Meter
    allow: Callable[[Outgoing], None]
    model_lists: Path


class Engine(Protocol):
    """Draws pictures. Found by entry point ``pickabook_desktop.providers``, whose object is a
    function from :class:`EngineServices` to an engine.
    """

    @property
    def capabilities(self) -> Capabilities: ...

    def unavailable(self) -> str:
        """Why it cannot draw now (no key, no GPU), as a sentence; empty when it can.

        Answers at once: what only the keyring or a service knows is found out while drawing.
        """
        ...

    def check(self, cancellation: Cancellation) -> str:
        """Find out whether it can draw: key, connection, models. Returns a sentence that says what
        was found; raises as :meth:`generate`. Costs nothing.
        """
        ...

    def outgoing(self, request: GenerationRequest, cancellation: Cancellation) -> Outgoing:
        """What :meth:`generate` would send for ``request``, to the byte. Sends nothing."""
        ...

    def generate(
        self, request: GenerationRequest, cancellation: Cancellation
    ) -> Iterator[EngineEvent]:
        """Draw ``request.count`` pictures, yielding one :class:`Drawn` for each, in any order.

        Raises a PickaBookError on failure and CancelledError soon after cancellation.
        """
        ...


class BatchTicket(msgspec.Struct, frozen=True, kw_only=True):
    """A batch that a service has taken, or may have. ``name`` is what the service calls it, empty
    where that is not known; ``title`` what it was asked to call it, by which it is found then.
    ``call_id`` is its line in the ledger; ``uploads`` says whether a file is sent ahead of it.
    """

    name: str = ""
    call_id: str = ""
    title: str = ""
    uploads: bool = False


class BatchState(msgspec.Struct, frozen=True, kw_only=True):
    """How far a batch is: ``done`` of ``total`` pictures, as far as the service says."""

    state: Literal["waiting", "running", "finished", "failed", "cancelled", "expired"]
    done: int = 0
    total: int = 0
    reason: str = ""


@runtime_checkable
class BatchEngine(Protocol):
    """What an engine with a ``batch_price`` offers besides :class:`Engine`."""

    def submit(
        self,
        request: GenerationRequest,
        cancellation: Cancellation,
        announce: Callable[[BatchTicket], None],
    ) -> BatchTicket:
        """Hand over a request whose pictures may come within a day. Sent exactly once.

        Before anything is sent ``announce`` is told the ticket, as yet without a name.

        Raises as :meth:`Engine.generate` where the service has certainly not taken it, and an
        UnreachableError that is not ``retryable`` where nobody knows whether it has.
        """
        ...

    def find(self, ticket: BatchTicket, cancellation: Cancellation) -> BatchTicket | None:
        """The ticket with the name of the batch of its title; None where the service has none."""
        ...

    def poll(self, ticket: BatchTicket, cancellation: Cancellation) -> BatchState:
        """Ask how far it is."""
        ...

    def collect(
        self, ticket: BatchTicket, request: GenerationRequest, cancellation: Cancellation
    ) -> Iterator[EngineEvent]:
        """The pictures of a finished batch, as :meth:`Engine.generate` yields them; may be called
        again. Raises RefusedError or EngineError after the last one where some are missing.
        """
        ...

    def withdraw(self, ticket: BatchTicket, cancellation: Cancellation) -> None:
        """Ask the service to stop; nothing where it has ended. What was drawn is still there."""
        ...

    def discard(self, ticket: BatchTicket, cancellation: Cancellation) -> None:
        """Stop a batch, wherever it is, and delete all that the service has of it, also what was
        uploaded for one that came to nothing; nothing where there is nothing any more. Where its
        line in the ledger is open, and it is known what it has cost, that is written down.
        """
        ...


class StoreServices(msgspec.Struct, frozen=True, kw_only=True):
    """What a store may use, as in :class:`EngineServices`. ``data_dir`` is the program's."""

    setting: Callable[[str], str]
    secrets: Secrets
    data_dir: Path


class Store(Protocol):
    """Keeps pictures elsewhere. Found by entry point ``pickabook_desktop.stores``, whose object is
    a function from :class:`StoreServices` to a store.

    Its methods but for the first three may wait for a network. They raise UnreachableError where
    it cannot be reached, NotConfiguredError for a key that is missing or wrong, StorageError for
    anything else, and CancelledError soon after cancellation.
    """

    @property
    def info(self) -> StoreInfo: ...

    def unavailable(self) -> str:
        """Why it cannot be used now, as a sentence; empty when it can. Answers at once."""
        ...

    def link(self, stored: StoredPicture, wish: LinkWish) -> str:
        """An address of a picture that is there. May ask for the key, but for no network."""
        ...

    def check(self, cancellation: Cancellation) -> str:
        """Find out whether it can be used; a sentence that says what was found."""
        ...

    def upload(self, order: UploadOrder, cancellation: Cancellation) -> StoredPicture:
        """Put a file there, once. One of the same folder and name is the same file: it is replaced
        or left, never doubled.
        """
        ...

    def find(self, order: UploadOrder, cancellation: Cancellation) -> StoredPicture | None:
        """The file if it is there already, as after an answer that got lost. Where the order has no
        data, its name tells, which is made of the content.
        """
        ...

    def delete(self, remote_id: str, cancellation: Cancellation) -> None:
        """Take a file away for good; nothing where it is gone already."""
        ...

"""A service that does as it is told, beside the engine on this machine."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from ui.window_data import Engines, ObedientEngine, PlainStudio, encoded, make_studio

from pickabook_desktop.domain.capabilities import (
    Capabilities,
    EngineState,
    ModelSpec,
    OptionSpec,
    Terms,
)
from pickabook_desktop.domain.events import EngineEvent, Progress
from pickabook_desktop.domain.geometry import AspectRatio, Size
from pickabook_desktop.domain.outgoing import Outgoing, OutgoingImage
from pickabook_desktop.domain.ports import BatchState, BatchTicket, Cancellation
from pickabook_desktop.domain.request import GenerationRequest

SENT_COLOUR = "#20a060"
RECIPIENT = "Far Away Inc."
KEY = "replicate"
VARIABLE = "REPLICATE_API_TOKEN"
SECRET = "r8_0123456789abcdef0123456789abcdef"  # noqa: S105 of no service

SWIFT = ModelSpec(
    id="swift",
    title="Swift",
    state="recommended",
    sizes=("1K", "2K"),
    aspects=(AspectRatio(1, 1), AspectRatio(3, 4)),
    reference_limit=4,
    prices={"1K": 0.03, "2K": 0.05},
    read_on="2026-11",
)
GRAND = ModelSpec(
    id="grand",
    title="Grand",
    state="deprecated",
    until="2027-03-01",
    sizes=("4K",),
    aspects=(AspectRatio(1, 1),),
    reference_limit=2,
    prices={"4K": 0.24},
    read_on="2026-11",
)
OLD = ModelSpec(
    id="old", title="Old", state="retired", until="2026-10-02", sizes=("1K",), prices={"1K": 0.02}
)
FAR_AWAY = Capabilities(
    id="far",
    title="Far",
    version="2",
    summary="Draws elsewhere.",
    terms=Terms(summary="Pages are yours.", commercial_use="ask", url="https://far.example/terms"),
    max_count=4,
    seconds=20,
    uses_seed=False,
    needs_network=True,
    needs_key=True,
    key=KEY,
    free_size=False,
    models=(SWIFT, GRAND, OLD),
    further_photos=3,
    recipient=RECIPIENT,
    privacy=("The pictures leave this computer.", "The account holder is 18 or older."),
    batch_price=0.5,
    options=(
        OptionSpec(id="model", title="Model", kind="choice", choices=("swift", "grand")),
        OptionSpec(
            id="crop",
            title="What is sent",
            kind="choice",
            choices=("face", "whole"),
            choice_titles=("The face", "The whole photo"),
        ),
        OptionSpec(id="base_url", title="Address", scope="connection"),
    ),
)


class FarEngine(ObedientEngine):
    """Sends the photo, as a picture of one colour, and prompts. ``pause`` is how many seconds its
    service asks to wait before each picture; it then waits for ``gate``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reason = ""
        self.pause: float | None = None
        self.looked = threading.Event()
        self.batches: dict[str, BatchState] = {}
        self.withdrawn: list[str] = []
        self.submission: Exception | None = None

    @property
    def capabilities(self) -> Capabilities:
        return FAR_AWAY

    def unavailable(self) -> str:
        return self.reason

    def outgoing(self, request: GenerationRequest, cancellation: Cancellation) -> Outgoing:
        self.looked.set()
        photos = (request.photo, *request.further_photos)
        return Outgoing(
            recipient=RECIPIENT,
            prompt=f"A page. {request.prompt}".strip(),
            images=tuple(
                OutgoingImage(
                    role="face",
                    title="Face crop",
                    data=encoded(SENT_COLOUR, 640, 480, b"JPG"),
                    media_type="image/jpeg",
                    size=Size(640, 480),
                    photo_sha256=photo.sha256,
                )
                for photo in photos
            ),
            price=self.capabilities.chosen(request.options).price_for(request.size),
        )

    def generate(
        self, request: GenerationRequest, cancellation: Cancellation
    ) -> Iterator[EngineEvent]:
        if self.pause is not None:
            yield Progress(
                fraction=0.1, stage="The service asks to wait", attempt=2, waiting=self.pause
            )
            while not self.gate.wait(0.01):
                cancellation.raise_if_cancelled()
        yield from super().generate(request, cancellation)

    def submit(
        self,
        request: GenerationRequest,
        cancellation: Cancellation,
        announce: Callable[[BatchTicket], None],
    ) -> BatchTicket:
        if self.submission is not None:
            raise self.submission
        name = f"batch {len(self.batches) + 1}"
        self.batches[name] = BatchState(state="waiting", total=request.count)
        return BatchTicket(name=name)

    def find(self, ticket: BatchTicket, cancellation: Cancellation) -> BatchTicket | None:
        return None

    def poll(self, ticket: BatchTicket, cancellation: Cancellation) -> BatchState:
        return self.batches[ticket.name]

    def collect(
        self, ticket: BatchTicket, request: GenerationRequest, cancellation: Cancellation
    ) -> Iterator[EngineEvent]:
        return super().generate(request, cancellation)

    def withdraw(self, ticket: BatchTicket, cancellation: Cancellation) -> None:
        self.withdrawn.append(ticket.name)
        self.batches[ticket.name] = BatchState(state="cancelled")

    def discard(self, ticket: BatchTicket, cancellation: Cancellation) -> None:
        self.batches.pop(ticket.name, None)


class BothEngines(Engines):
    """The one on this machine, and the service."""

    def __init__(self, near: ObedientEngine, far: FarEngine) -> None:
        super().__init__(near)
        self.far = far

    def states(self) -> tuple[EngineState, ...]:
        can = self.far.capabilities
        far = EngineState(
            id=can.id, title=can.title, capabilities=can, unavailable=self.far.unavailable()
        )
        return (*super().states(), far)

    def at_hand(self) -> tuple[EngineState, ...]:
        return super().states()

    def get(self, engine_id: str) -> ObedientEngine:
        return self.far if engine_id == "far" else self.engine


def online_studio(folder: Path, near: ObedientEngine, far: FarEngine) -> PlainStudio:
    """A studio with both."""
    return msgspec.structs.replace(make_studio(folder, near), engines=BothEngines(near, far))

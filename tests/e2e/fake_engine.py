"""An engine whose behaviour the prompt decides, for tests of everything around engines."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from pickabook_desktop.domain.capabilities import Capabilities, OptionSpec, Terms
from pickabook_desktop.domain.errors import EngineError, RefusedError
from pickabook_desktop.domain.events import Drawn, EngineEvent, Preview, Progress
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.outgoing import Outgoing, OutgoingImage
from pickabook_desktop.domain.ports import Cancellation, EngineServices, StoreServices
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.domain.stored import LinkWish, StoredPicture, StoreInfo, UploadOrder


def create(services: EngineServices) -> "FakeEngine":
    return FakeEngine()


class FakeStore:
    """Takes one picture and has a fault with the second."""

    def __init__(self, services: StoreServices) -> None:
        self._kept: dict[str, StoredPicture] = {}
        self.info = StoreInfo(id="fake", title="Fake", summary="One picture.")

    def unavailable(self) -> str:
        return ""

    def check(self, cancellation: Cancellation) -> str:
        return "It is a fake."

    def link(self, stored: StoredPicture, wish: LinkWish) -> str:
        return stored.url

    def upload(self, order: UploadOrder, cancellation: Cancellation) -> StoredPicture:
        print("Uploading")  # noqa: T201 as libraries do
        if self._kept.keys() - {order.name}:
            raise ValueError("a fault in the library of the service")
        self._kept[order.name] = StoredPicture(
            store_id="fake", remote_id=order.name, url=f"https://fake.test/{order.name}"
        )
        return self._kept[order.name]

    def find(self, order: UploadOrder, cancellation: Cancellation) -> StoredPicture | None:
        return self._kept.get(order.name)

    def delete(self, remote_id: str, cancellation: Cancellation) -> None:
        self._kept.pop(remote_id, None)


class FakeEngine:
    """Draws plain pictures. The prompt may say: ``refuse``, ``boom``, ``fail at N``, ``wait at N``
    (until cancelled), ``nothing``, ``chat`` (print), ``leave at N`` (end the program).
    """

    def __init__(self, unavailable: str = "", needs_network: bool = False) -> None:
        self._unavailable = unavailable
        self.capabilities = Capabilities(
            id="fake",
            title="Fake",
            version="7",
            summary="Plain pictures.",
            terms=Terms(summary="None."),
            max_megapixels=20,
            needs_network=needs_network,
            options=(OptionSpec(id="shade", title="Shade"),),
        )

    def unavailable(self) -> str:
        return self._unavailable

    def check(self, cancellation: Cancellation) -> str:
        return "Ready to fake."

    def outgoing(self, request: GenerationRequest, cancellation: Cancellation) -> Outgoing:
        """The first bytes of the photo, as if they were a crop."""
        if not self.capabilities.needs_network:
            return Outgoing()
        crop = OutgoingImage(
            role="face",
            title="Face crop",
            data=Path(request.photo.path).read_bytes()[:16],
            media_type="image/png",
            size=Size(4, 4),
            photo_sha256=request.photo.sha256,
        )
        return Outgoing(recipient="Fakes Ltd", prompt=request.prompt, images=(crop,))

    def generate(
        self, request: GenerationRequest, cancellation: Cancellation
    ) -> Iterator[EngineEvent]:
        for index in range(request.count):
            cancellation.raise_if_cancelled()
            yield Progress(fraction=index / request.count, stage="Colouring", index=index)
            yield from self._obey(request.prompt, index, cancellation)
            if request.prompt != "nothing":
                yield Drawn(index=index, picture=drawn(request.seed + index, request.size))

    def _obey(self, prompt: str, index: int, cancellation: Cancellation) -> Iterator[EngineEvent]:
        if prompt == "refuse":
            raise RefusedError("The engine would rather not.", "Ask for something else.")
        if prompt == "boom":
            raise RuntimeError("a fault in the program")
        if prompt == f"leave at {index}":
            raise SystemExit(7)
        if prompt == "chat":
            print("Downloading weights")  # noqa: T201 as libraries do
        if prompt == f"fail at {index}":
            raise EngineError("The engine broke down.", "Try again.", retryable=True)
        if prompt == f"wait at {index}":
            yield Preview(data=b"", index=index)
            while True:
                cancellation.raise_if_cancelled()
                yield Progress(fraction=0.5, stage="Waiting", index=index)


def drawn(seed: int = 0, size: Size | None = None) -> DrawnPicture:
    """A picture of one colour, which ``seed`` decides."""
    size = size or Size(64, 64)
    return DrawnPicture(
        data=plain_png(size, seed),
        media_type="image/png",
        size=size,
        seed=seed,
        template_id="moon-walk",
        style_id="storybook",
        used_words=("moon",),
        unused_words=("cheese",),
    )


def plain_png(size: Size, seed: int) -> bytes:
    """A PNG in one colour."""
    colour = bytes((seed % 256, seed // 256 % 256, 90))
    pixels = zlib.compress((b"\0" + colour * size.width) * size.height, 1)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", size.width, size.height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    )

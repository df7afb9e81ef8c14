"""ImageKit: the store against the bare SDK and a bare HTTP call, and how soon it stops.

All of one round speak to the same server, which answers at once, so that what is measured is this
side alone.
"""

import base64
import hashlib
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from imagekitio import ImageKit
from services.imagekit import KEY, FakeImageKit
from services.wire import Answer

from pickabook_desktop.domain.errors import CancelledError
from pickabook_desktop.domain.ports import StoreServices
from pickabook_desktop.domain.stored import UploadOrder
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.stores.imagekit import ImageKitStore, create

TIMES_BARE = 1.2
CANCEL_MILLISECONDS = 100
ROUNDS = 9
DATA = bytes(range(256)) * 16_000
NAME = f"{hashlib.sha256(DATA).hexdigest()[:32]}.png"


class Keys:
    def known(self, name: str) -> bool | None:
        return True

    def get(self, name: str, cancellation: object = None) -> str:
        return KEY


@pytest.fixture(scope="module")
def service() -> Iterator[FakeImageKit]:
    with FakeImageKit() as service:
        yield service


@pytest.fixture
def store(service: FakeImageKit, tmp_path: Path) -> ImageKitStore:
    settings = {"imagekit.base_url": service.url, "imagekit.proxy": "none"}
    services = StoreServices(
        setting=lambda key: settings.get(key, ""), secrets=Keys(), data_dir=tmp_path
    )
    return create(services)


def order() -> UploadOrder:
    return UploadOrder(
        name=NAME,
        data=DATA,
        media_type="image/png",
        sha256=hashlib.sha256(DATA).hexdigest(),
        folder="pages",
        tags=("pickabook",),
        facts={"template": "moon-walk"},
    )


def by_sdk(service: FakeImageKit) -> None:
    """As the SDK's own documentation does it."""
    with ImageKit(private_key=KEY, base_url=service.url) as client:
        client.files.upload(
            file=(NAME, DATA, "image/png"),
            file_name=NAME,
            folder="/pages",
            use_unique_file_name=False,
        )


def by_http(service: FakeImageKit) -> None:
    """No SDK at all."""
    code = base64.b64encode(f"{KEY}:".encode()).decode()
    with httpx.Client(timeout=60) as client:
        client.post(
            f"{service.url}/api/v1/files/upload",
            headers={"Authorization": f"Basic {code}"},
            files={"file": (NAME, DATA, "image/png")},
            data={"fileName": NAME, "folder": "/pages", "useUniqueFileName": "false"},
        ).raise_for_status()


class Stopper(threading.Thread):
    """Cancels once so many requests have arrived."""

    def __init__(self, service: FakeImageKit, count: int) -> None:
        super().__init__()
        self.token = CancelToken()
        self.at = 0.0
        self._service, self._count = service, count

    def run(self) -> None:
        self._service.server.wait_for(self._count)
        self.at = time.perf_counter()
        self.token.cancel()


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def test_store_against_sdk_and_bare_http(service: FakeImageKit, store: ImageKitStore) -> None:
    ways: dict[str, Callable[[], object]] = {
        "store": lambda: store.upload(order(), CancelToken()),
        "SDK": lambda: by_sdk(service),
        "HTTP": lambda: by_http(service),
    }
    for way in ways.values():
        way()
    # In turns, so that whatever else the machine does troubles all alike.
    rounds = [[milliseconds(way) for way in ways.values()] for _ in range(ROUNDS)]
    own, sdk, http = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(
        f"\n{len(DATA) / 1e6:.1f} MB upload: store {own:.0f} ms, SDK {sdk:.0f} ms"
        f" ({own / sdk:.2f} x), HTTP {http:.0f} ms ({own / http:.2f} x)"
    )
    assert own <= TIMES_BARE * http
    assert len(service.files) == 1


def test_cancelling_an_upload_that_waits(service: FakeImageKit, store: ImageKitStore) -> None:
    times: list[float] = []
    store.upload(order(), CancelToken())
    for _ in range(ROUNDS):
        before = len(service.server.exchanges)
        service.server.say(Answer(hang_before=True))
        stopper = Stopper(service, before + 1)
        stopper.start()
        with pytest.raises(CancelledError):
            store.upload(order(), stopper.token)
        stopper.join()
        times.append(1000 * (time.perf_counter() - stopper.at))
        assert service.server.exchanges[before].closed_by_client.wait(5)
    print(f"\ncancelled after {statistics.median(times):.1f} ms, at most {max(times):.1f} ms")
    assert max(times) <= CANCEL_MILLISECONDS

"""An ImageKit that answers as it is told."""

from collections.abc import Iterator

import pytest
from services.imagekit import FakeImageKit
from unit.storage.stores.imagekit_desk import store_with

from pickabook_desktop.storage.stores.imagekit import ImageKitStore


@pytest.fixture
def service() -> Iterator[FakeImageKit]:
    with FakeImageKit() as running:
        yield running


@pytest.fixture
def settings(service: FakeImageKit) -> dict[str, str]:
    return {"imagekit.base_url": service.url}


@pytest.fixture
def store(settings: dict[str, str]) -> ImageKitStore:
    return store_with(settings)

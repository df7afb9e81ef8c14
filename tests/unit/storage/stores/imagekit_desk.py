"""A store at ImageKit as the tests need it, and an order for it."""

import hashlib
from pathlib import Path

import msgspec
from services.imagekit import KEY

from pickabook_desktop.domain.ports import StoreServices
from pickabook_desktop.domain.stored import UploadOrder
from pickabook_desktop.storage.stores.imagekit import ImageKitStore, create


class Keys:
    def __init__(self, key: str = KEY) -> None:
        self.key = key

    def known(self, name: str) -> bool | None:
        return bool(self.key)

    def get(self, name: str, cancellation: object = None) -> str:
        return self.key


def store_with(settings: dict[str, str], key: str = KEY) -> ImageKitStore:
    services = StoreServices(
        setting=lambda name: settings.get(name, ""), secrets=Keys(key), data_dir=Path("unused")
    )
    return create(services)


def order(data: bytes = b"a page", **changes: object) -> UploadOrder:
    usual = UploadOrder(
        name="0123abcd.png",
        data=data,
        media_type="image/png",
        sha256=hashlib.sha256(data).hexdigest(),
        folder="pages/2026",
        tags=("pickabook", "bedtime"),
    )
    return msgspec.structs.replace(usual, **changes)

"""Pictures kept at ImageKit.io, private unless the person says otherwise."""

from pickabook_desktop.domain.ports import StoreServices
from pickabook_desktop.storage.stores.imagekit.store import ImageKitStore


def create(services: StoreServices) -> ImageKitStore:
    return ImageKitStore(services)

"""Links to pictures at ImageKit open what they should, and nothing else."""

import msgspec
import pytest
from services.imagekit import KEY, FakeImageKit
from unit.storage.stores.imagekit_desk import order

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.stored import LinkWish, StoredPicture
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.stores.imagekit import ImageKitStore


def private_picture(service: FakeImageKit, store: ImageKitStore) -> StoredPicture:
    stored = store.upload(order(), CancelToken())
    assert stored.private
    return stored


def opens(address: str) -> int:
    import httpx

    return httpx.get(address, trust_env=False).status_code


def test_a_private_picture_opens_with_its_link_alone(store: ImageKitStore, service: FakeImageKit):
    stored = private_picture(service, store)
    assert opens(stored.url) == 401
    assert opens(store.link(stored, LinkWish())) == 200
    assert opens(store.link(stored, LinkWish(expires_in=600))) == 200
    assert KEY not in store.link(stored, LinkWish(expires_in=600))


def test_a_link_shows_the_picture_as_wished(store: ImageKitStore, service: FakeImageKit):
    stored = private_picture(service, store)
    wish = LinkWish(width=400, height=300, quality=80, format="webp", expires_in=600)
    address = store.link(stored, wish)
    assert "tr=w-400,h-300,q-80,f-webp&" in address
    assert opens(address) == 200
    assert opens(address.replace("w-400", "w-4000")) == 401


def test_an_address_of_ones_own_is_used_for_links(
    service: FakeImageKit, settings: dict[str, str], store: ImageKitStore
):
    stored = private_picture(service, store)
    settings["imagekit.url_endpoint"] = "https://pictures.example/shop/"
    address = store.link(stored, LinkWish())
    assert address.startswith(f"https://pictures.example/shop{stored.path}?ik-s=")


def test_a_link_of_what_was_listed_is_the_same_as_of_what_was_answered(
    store: ImageKitStore, service: FakeImageKit
):
    stored = private_picture(service, store)
    listed = msgspec.structs.replace(stored, url=f"{stored.url}?updatedAt=1700000000000")
    assert store.link(listed, LinkWish()) == store.link(stored, LinkWish())


@pytest.mark.parametrize(
    "wish",
    [LinkWish(width=-1), LinkWish(height=99_999), LinkWish(quality=101), LinkWish(format="x,l-y")],
)
def test_a_link_that_cannot_be_is_refused(store: ImageKitStore, wish: LinkWish):
    stored = StoredPicture(store_id="imagekit", remote_id="1", url="https://x/a.png", path="/a.png")
    with pytest.raises(InputError):
        store.link(stored, wish)

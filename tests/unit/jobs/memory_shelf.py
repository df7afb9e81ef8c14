"""A store in memory whose failures a test chooses."""

from typing import Any

from e2e.fake_engine import drawn
from msgspec.structs import replace

from pickabook_desktop.domain.capabilities import OptionSpec
from pickabook_desktop.domain.errors import (
    NOT_CONNECTED,
    NotConfiguredError,
    StorageError,
    UnreachableError,
)
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.stored import LinkWish, StoredPicture, StoreInfo, UploadOrder
from pickabook_desktop.imaging import metadata
from pickabook_desktop.jobs.upload_orders import UploadRules
from pickabook_desktop.storage.library import Library

REQUEST = GenerationRequest(
    photo=PhotoRef(path="/photos/ada.jpg", sha256="f" * 64),
    engine_id="fake",
    prompt="a fox",
    fields={"name": "Ada"},
    book="The long journey",
)


class Shelf:
    """A store in memory. ``troubles`` are raised by the next calls, one each, and after the file
    was stored where they come ``late``.
    """

    def __init__(self, store_id: str = "shelf", max_bytes: int = 0) -> None:
        self.info = StoreInfo(
            id=store_id,
            title="Shelf",
            summary="In memory.",
            max_bytes=max_bytes,
            options=(
                OptionSpec(id="folder", title="Folder", default="{year}/{book}"),
                OptionSpec(id="tags", title="Tags"),
            ),
        )
        self.files: dict[str, UploadOrder] = {}
        self.calls: list[str] = []
        self.troubles: list[Any] = []
        self.late = False

    def unavailable(self) -> str:
        return ""

    def check(self, cancellation: Cancellation) -> str:
        return "It is there."

    def link(self, stored: StoredPicture, wish: LinkWish) -> str:
        return stored.url

    def upload(self, order: UploadOrder, cancellation: Cancellation) -> StoredPicture:
        self.calls.append("upload")
        if not self.late:
            self._fail()
        self.files[f"{order.folder}/{order.name}"] = order
        if self.late:
            self._fail()
        return self._stored(order)

    def find(self, order: UploadOrder, cancellation: Cancellation) -> StoredPicture | None:
        self.calls.append("find")
        self._fail()
        return self._stored(order) if f"{order.folder}/{order.name}" in self.files else None

    def delete(self, remote_id: str, cancellation: Cancellation) -> None:
        self.calls.append("delete")
        self._fail()
        self.files.pop(remote_id, None)

    def _stored(self, order: UploadOrder) -> StoredPicture:
        path = f"{order.folder}/{order.name}"
        address = f"https://shelf.test/{path}"
        return StoredPicture(store_id=self.info.id, remote_id=path, url=address, path=path)

    def _fail(self) -> None:
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is not None:
            raise trouble


def trouble(retry_after: float | None = None) -> StorageError:
    return StorageError("Trouble.", "Later.", retryable=True, retry_after=retry_after, code="500")


def offline() -> UnreachableError:
    return UnreachableError("Not there.", "Connect.", retryable=True, code=NOT_CONNECTED)


def no_key() -> NotConfiguredError:
    return NotConfiguredError("There is no key.", "Add one.")


def ruled(metadata: bool = True, names: bool = False, **settings: str) -> UploadRules:
    known = {key.replace("_", "."): value for key, value in settings.items()}
    return UploadRules(setting=lambda key: known.get(key, ""), metadata=metadata, names=names)


def add(library: Library, seed: int = 0, request: GenerationRequest = REQUEST) -> KeptPicture:
    """Keep a page that says of itself how it was made, with the child's name."""
    picture = drawn(seed)
    said = metadata.Metadata(prompt=request.prompt, seed=seed, request_json=request.to_json())
    data = metadata.embed(picture.data, picture.media_type, said, names=True)
    return library.add(replace(picture, data=data), request, "7")

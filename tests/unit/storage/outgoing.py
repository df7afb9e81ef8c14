"""Orders, copies and entries for tests of the outbox."""

import time

from unit.storage.shelf import add

from pickabook_desktop.domain.errors import NotConfiguredError, StorageError, UnreachableError
from pickabook_desktop.domain.stored import StoredPicture, UploadOrder
from pickabook_desktop.storage.entries import Entry
from pickabook_desktop.storage.library import Library

NOW = time.time()
OFFLINE = UnreachableError("The store cannot be reached.", "Check the connection.", retryable=True)
TROUBLE = StorageError("The store has trouble.", "Try again later.", retryable=True, code="500")
NO_KEY = NotConfiguredError("There is no key.", "Add one.", remedies=("keys",))


def order(name: str = "abc.png", folder: str = "2026-11") -> UploadOrder:
    return UploadOrder(
        name=name, data=b"picture", media_type="image/png", sha256="abc", folder=folder
    )


def stored(remote_id: str = "file-1", store_id: str = "shelf", path: str = "") -> StoredPicture:
    return StoredPicture(
        store_id=store_id,
        remote_id=remote_id,
        url=f"https://shelf.test/{remote_id}",
        path=path or f"/{remote_id}.png",
        private=True,
        bytes=7,
        stored_on="2026-11-22T10:00:00+00:00",
    )


def claimed(library: Library, now: float = NOW) -> Entry:
    entry = library.outbox.claim(now)
    assert entry is not None
    return entry


def uploaded(library: Library, seed: int = 0, copy: StoredPicture | None = None) -> str:
    """A picture that has a copy."""
    picture_id = add(library, seed).id
    library.outbox.add(picture_id, "shelf")
    library.outbox.finish(claimed(library), copy or stored())
    return picture_id


def told(library: Library) -> list[tuple[str, str]]:
    return [(entry.kind, entry.state) for entry in library.outbox.entries()]

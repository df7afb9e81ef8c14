"""What the outbox, the stores and the copies of pictures are, read in one go."""

from collections.abc import Collection

import msgspec

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.stored import StoredPicture, StoreState
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.storage.entries import Entry

# More than are shown are only counted.
LINES = 60


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What one look at the library has found."""

    entries: tuple[Entry, ...]
    pictures: dict[str, KeptPicture]
    copies: dict[str, tuple[StoredPicture, ...]]
    stores: tuple[StoreState, ...]
    next_due: float | None


class OutboxReader:
    """Reads in whichever thread asks."""

    def __init__(self, studio: Studio) -> None:
        self._library = studio.library
        self._stores = studio.stores

    def read(self, wanted: tuple[str, ...], known: Collection[str]) -> Seen:
        """The outbox, the stores and the copies of the pictures ``wanted``; of the first entries
        also their pictures, without those that are ``known``.
        """
        outbox = self._library.outbox
        entries = outbox.entries()
        pictures: dict[str, KeptPicture] = {}
        for picture_id in {entry.picture_id for entry in entries[:LINES]}.difference(known):
            try:
                pictures[picture_id] = self._library.get(picture_id)
            except PickaBookError:
                continue  # deleted meanwhile; its copy may still have to go
        found = outbox.stored(wanted)
        return Seen(
            entries=entries,
            pictures=pictures,
            copies={picture_id: found.get(picture_id, ()) for picture_id in wanted},
            stores=self._stores.states(),
            next_due=outbox.next_due(),
        )

"""What the library tab remembers from one start to the next."""

import msgspec

from pickabook_desktop.domain.review import GroupKey, SortKey


class GalleryMemory(msgspec.Struct, frozen=True, kw_only=True):
    """``splitter`` is as Qt gives it, in base 64; ``mode`` and ``edge`` are how pages are shown,
    ``words`` what is sought, ``folded`` the sections of the side panel that are closed.
    """

    splitter: str = ""
    side: bool = True
    details: bool = True
    mode: str = "grid"
    edge: int = 0
    words: str = ""
    sort: SortKey = "date"
    descending: bool = True
    grouping: GroupKey = ""
    stacked: bool = False
    folded: tuple[str, ...] | None = None

    def to_json(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, text: str) -> "GalleryMemory":
        """Read what :meth:`to_json` wrote; what cannot be read is as if it was never written."""
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.DecodeError:
            return cls()

"""The library: every finished page, its request, and its thumbnail."""

from pathlib import Path

import msgspec

from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture, KeptPicture


class LibraryReport(msgspec.Struct, frozen=True, kw_only=True):
    """What :meth:`Library.verify` found: ids of ``missing`` and ``torn`` pictures, and files that
    belong to none (``orphans``).
    """

    pictures: int
    missing: tuple[str, ...] = ()
    torn: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()
    database: str = "ok"

    @property
    def sound(self) -> bool:
        return self.database == "ok" and not (self.missing or self.torn or self.orphans)


class Library:
    """Pages on disk. Making one touches nothing; the folder is made with the first use.

    Any thread may call any method, and several processes may use one library at once. All methods
    raise StorageError where the disk does not do its part, InputError for an id that is unknown.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(
        self,
        drawn: DrawnPicture,
        request: GenerationRequest,
        engine_version: str = "",
        thumbnail: bytes = b"",
    ) -> KeptPicture:
        """Keep a picture. When this returns, it survives a power cut."""
        raise NotImplementedError

    def recent(self, limit: int = 50, before: str | None = None) -> tuple[KeptPicture, ...]:
        """Newest first; ``before`` is the id of the last one already seen."""
        raise NotImplementedError

    def count(self) -> int:
        raise NotImplementedError

    def get(self, picture_id: str) -> KeptPicture:
        raise NotImplementedError

    def thumbnail(self, picture_id: str) -> bytes | None:
        """JPEG, at most 256 pixels long, or None where there is none."""
        raise NotImplementedError

    def trash(self, picture_id: str) -> None:
        """Hide a picture; :meth:`restore` brings it back until :meth:`purge`."""
        raise NotImplementedError

    def restore(self, picture_id: str) -> None:
        raise NotImplementedError

    def purge(self) -> int:
        """Delete everything in the trash for good: file, row, thumbnail and free database pages."""
        raise NotImplementedError

    def verify(self) -> LibraryReport:
        raise NotImplementedError

    def prompts(self, limit: int = 50) -> tuple[str, ...]:
        """Prompts that were used, latest first, each once."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

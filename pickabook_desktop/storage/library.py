"""The library: every finished page, its request, and its thumbnail.

Nothing is concluded from a missing row. The list may have been lost or an older one put back; a
file is deleted only where the list itself says so.
"""

import contextlib
import functools
from collections.abc import Collection, Generator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture, KeptPicture
from pickabook_desktop.storage.checks import is_lost, problem_with
from pickabook_desktop.storage.files import ENDINGS, id_in, sha256_of
from pickabook_desktop.storage.holdings import Holdings
from pickabook_desktop.storage.keeping import Keeping
from pickabook_desktop.storage.outbox import Outbox
from pickabook_desktop.storage.rows import kept_from, row_of
from pickabook_desktop.storage.schema import COLUMNS
from pickabook_desktop.storage.verifying import LibraryReport, orphans, verified

if TYPE_CHECKING:
    from pickabook_desktop.storage.arrivals import Arrivals
    from pickabook_desktop.storage.batches import Batches
    from pickabook_desktop.storage.review import Review

_SELECT = f"SELECT {COLUMNS} FROM pictures"  # noqa: S608 constants
_BEYOND = "~"  # sorts behind every identifier


class Library:
    """Pages on disk. Making one touches nothing; the folder is made with the first picture.

    Any thread may call any method, and several processes may use one library at once. All methods
    raise StorageError where the disk does not do its part, InputError for an id that is unknown.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._holdings = holdings = Holdings(folder)
        self._database, self._files = holdings.database, holdings.files
        self._thumbnails = holdings.thumbnails
        self._keeping = Keeping(holdings)
        self.backups = holdings.backups
        self.outbox = Outbox(holdings.database, holdings.presence)

    @functools.cached_property
    def batches(self) -> "Batches":
        """What services were asked to draw within a day."""
        from pickabook_desktop.storage.batches import Batches

        return Batches(self._database, self._holdings.presence)

    @functools.cached_property
    def review(self) -> "Review":
        """Looking through the pictures, and deciding about them."""
        from pickabook_desktop.storage.review import Review

        return Review(self.folder, self._database)

    @functools.cached_property
    def arrivals(self) -> "Arrivals":
        """Whether pictures that come from outside are here already."""
        from pickabook_desktop.storage.arrivals import Arrivals

        return Arrivals(self._database)

    def add(
        self,
        drawn: DrawnPicture,
        request: GenerationRequest,
        engine_version: str = "",
        thumbnail: bytes = b"",
        picture_id: str = "",
    ) -> KeptPicture:
        """Keep a picture as its bytes came. When this returns, it survives a power cut.

        ``thumbnail`` is a JPEG at most 256 pixels long, or empty. A picture with a ``picture_id``
        of its own is kept once, however often and by whomever it is added.
        """
        if drawn.media_type not in ENDINGS:
            raise StorageError(
                tr("Pictures of the kind {kind} cannot be kept.", kind=drawn.media_type),
                tr("Ask the maker of the engine for an update."),
            )
        row = self._keeping.add(drawn, request, engine_version, picture_id)
        if row is None:
            return self.get(picture_id)
        self._keep_thumbnail(row.id, thumbnail)
        return kept_from(msgspec.structs.astuple(row), self.folder)

    def recent(
        self, limit: int = 50, before: str | None = None, *, trashed: bool = False
    ) -> tuple[KeptPicture, ...]:
        """Newest first; ``before`` is the id of the last one already seen."""
        condition = "IS NOT NULL" if trashed else "IS NULL"
        rows = self._database.rows(
            f"{_SELECT} WHERE id < ? AND deleted_at {condition} ORDER BY id DESC LIMIT ?",
            (before or _BEYOND, limit),
        )
        return tuple(kept_from(row, self.folder) for row in rows)

    def count(self) -> int:
        """How many pictures there are, without those in the trash."""
        # Both counts come from small indexes; counting rows would read all requests.
        rows = self._database.rows(
            "SELECT (SELECT count(*) FROM pictures)"
            " - (SELECT count(*) FROM pictures WHERE deleted_at IS NOT NULL)"
        )
        return int(str(rows[0][0])) if rows else 0

    def count_trash(self) -> int:
        """How many pictures are in the trash."""
        rows = self._database.rows("SELECT count(*) FROM pictures WHERE deleted_at IS NOT NULL")
        return int(str(rows[0][0])) if rows else 0

    def get(self, picture_id: str) -> KeptPicture:
        """The picture of that id, also from the trash."""
        rows = self._database.rows(f"{_SELECT} WHERE id = ?", (picture_id,))
        if not rows:
            raise _unknown(picture_id)
        return kept_from(rows[0], self.folder)

    def read(self, picture_id: str) -> bytes:
        """The picture's file, byte for byte; raises StorageError where it is gone or torn."""
        kept = self.get(picture_id)
        data = self._files.read(Path(kept.path))
        if sha256_of(data) != kept.sha256:
            raise StorageError(
                tr("The file of picture {id} has been changed or damaged.", id=picture_id),
                tr("Draw the page again, or put a backup of {path} in its place.", path=kept.path),
            )
        return data

    def thumbnail(self, picture_id: str) -> bytes | None:
        """JPEG, at most 256 pixels long, or None where there is none."""
        return self._thumbnails.get(picture_id)

    def thumbnails(self, picture_ids: Sequence[str]) -> dict[str, bytes]:
        """As :meth:`thumbnail`, of those among ``picture_ids`` that have one."""
        return self._thumbnails.get_many(picture_ids)

    def large_thumbnail(self, picture_id: str, edge: int) -> bytes | None:
        """JPEG of ``edge`` pixels, or None where none is kept of that size."""
        return self._thumbnails.get_large(picture_id, edge)

    def keep_large_thumbnail(self, picture_id: str, edge: int, jpeg: bytes) -> None:
        """Keep one for :meth:`large_thumbnail`, as long as there is room and the picture is."""
        self._keep_thumbnail(picture_id, jpeg, edge)

    def trash(self, picture_id: str) -> None:
        """Hide a picture; :meth:`restore` brings it back until :meth:`purge`."""
        self._mark_deleted(picture_id, datetime.now(UTC).isoformat(timespec="seconds"))

    def restore(self, picture_id: str) -> None:
        """Take a picture out of the trash."""
        self._mark_deleted(picture_id, None)

    def purge(self, before: datetime | None = None, *, only: Collection[str] | None = None) -> int:
        """Delete for good what is in the trash, or what was put there ``before`` that time, or of
        it the pictures ``only``, and say how many pictures that were.

        File, row, thumbnail and prompt are gone afterwards, and so is what they left behind in
        free space of the list; where others read it for long, the next purge sees to that. One that
        is cut short, or that met a file which could not be deleted and raised StorageError for it,
        is finished by the next one; what of many it has not come to is still in the trash.
        Nothing of them is uploaded any more; copies elsewhere stay, and stay listed as such. Copies
        of the list in which they are go too, and a new one is made in their place.
        """
        if not self._database.file.exists():
            return 0
        from pickabook_desktop.storage.purging import Purge
        from pickabook_desktop.storage.regaining import regain

        until = before.astimezone(UTC).isoformat(timespec="seconds") if before else _BEYOND
        if self._database.rows("SELECT 1 FROM pictures WHERE deleted_at < ? LIMIT 1", (until,)):
            regain(self._holdings)
        return Purge(self._holdings).run(until, only)

    def prompts(self, limit: int = 50) -> tuple[str, ...]:
        """Prompts that were used, latest first, each once."""
        rows = self._database.rows(
            "SELECT text FROM prompts ORDER BY last_used DESC LIMIT ?", (limit,)
        )
        return tuple(str(row[0]) for row in rows)

    def verify(self, cancellation: Cancellation | None = None) -> LibraryReport:
        """Read every picture and compare it with what was kept; changes nothing."""
        return verified(self._holdings, cancellation)

    def orphans(self) -> tuple[str, ...]:
        """The paths of files that belong to no picture, as in :class:`LibraryReport`."""
        return orphans(self._holdings)

    def adopt(
        self, path: str, drawn: DrawnPicture, request: GenerationRequest, engine_version: str
    ) -> KeptPicture | None:
        """Take the whole picture ``path``, one of :meth:`orphans`, back into the list; None where
        it is none any more, is about to be deleted, or lies where no picture of that name does: it
        is a copy of one.
        """
        from pickabook_desktop.storage.regaining import put_back

        picture_id = id_in(path)
        if path != self._files.path_for(picture_id, drawn.media_type):
            return None
        row = row_of(picture_id, path, sha256_of(drawn.data), drawn, request, engine_version)
        if not put_back(self._database, row):
            return None
        self._keep_thumbnail(row.id, drawn.thumbnail)
        return kept_from(msgspec.structs.astuple(row), self.folder)

    def check_database(self) -> str:
        """``ok``, or what is wrong with the list."""
        return problem_with(self._database)

    @property
    def present(self) -> bool:
        """Whether there is a library: a list, pages, or copies of a list."""
        return not is_lost(self._database.file) or bool(
            self._files.all() or self.backups.all() or self.backups.lists_set_aside()
        )

    @property
    def lost(self) -> bool:
        """Whether there are pictures and no list of them."""
        return is_lost(self._database.file) and bool(self._files.all())

    @property
    def changed(self) -> bool:
        """Whether this has written to the list since it was opened."""
        return self._database.changed

    @property
    def changes(self) -> int:
        """How often this has changed something: kept a page, or what a person decides."""
        return self._database.changes

    @property
    def being_updated(self) -> bool:
        """Whether the list of an older version is being brought up to date at this moment, here."""
        return self._database.migrating

    def drop_missing(self, picture_ids: Collection[str]) -> tuple[str, ...]:
        """Take those of the pictures off the list whose files are gone; gives their ids."""
        from pickabook_desktop.storage.removing import drop_missing

        return drop_missing(self._holdings, picture_ids)

    @contextlib.contextmanager
    def held(self) -> Generator[None]:
        """Let go of all files; whoever asks this library for something waits until the end."""
        self.close()
        with self.review.held(), self._database.held():
            yield

    def close(self) -> None:
        """Let go of all files; a later call opens them again."""
        if "review" in vars(self):
            self.review.close()
        self._holdings.close()

    def _keep_thumbnail(self, picture_id: str, jpeg: bytes, large_edge: int = 0) -> None:
        if large_edge:
            self._thumbnails.put_large(picture_id, large_edge, jpeg)
        elif jpeg:
            self._thumbnails.put(picture_id, jpeg)
        # Somebody who deletes the picture takes its thumbnails after its row.
        if not self._database.rows("SELECT 1 FROM pictures WHERE id=?", (picture_id,)):
            self._thumbnails.remove((picture_id,))

    def _mark_deleted(self, picture_id: str, when: str | None) -> None:
        with self._database.writing() as connection:
            changed = list(
                connection.execute(
                    "UPDATE pictures SET deleted_at=? WHERE id=? RETURNING id", (when, picture_id)
                )
            )
        if not changed:
            raise _unknown(picture_id)


def _unknown(picture_id: str) -> InputError:
    return InputError(
        tr("There is no picture {id} in the library.", id=picture_id),
        tr("“pickabook library list” shows what there is."),
    )

"""The children that the program knows: a name, if one was given, and the photos that show them."""

import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.names import folded, name_in
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.storage.consents import timestamp
from pickabook_desktop.storage.database import Connection, Database
from pickabook_desktop.storage.ids import IdMaker

_log = logging.getLogger(__name__)


class ChildPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """A photo that shows a child; ``path`` is where it was last, empty where that is not known."""

    sha256: str
    path: str = ""


class Child(msgspec.Struct, frozen=True, kw_only=True):
    """``name`` is empty for a child that nobody has named; ``created`` is UTC in ISO 8601."""

    id: str
    name: str
    created: str
    photos: tuple[ChildPhoto, ...] = ()


class Children:
    """Children in the records. Any thread may call any method; all raise StorageError, and what
    notes somebody who is just being forgotten raises InputError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ids = IdMaker()

    def note(self, photo: PhotoRef, name: str = "") -> None:
        """``photo`` shows the child of that name. Without a name it shows a child of its own, until
        a name comes with the same photo; a photo that shows a named child already stays with it.
        """
        self._note((photo,), name)

    def note_request(self, request: GenerationRequest) -> None:
        """All photos of ``request`` show one child, as in :meth:`note`."""
        self._note((request.photo, *request.further_photos), name_in(request))

    def watch(self, request: GenerationRequest, *, new: bool = True) -> Callable[[], None]:
        """Gives what raises InputError once the child of ``request`` is being forgotten, or has
        been since now: whoever keeps a page of it asks before and after that. A child that is
        ``new`` is noted.

        Records that cannot be used now stop nobody from drawing.
        """
        ids: list[str] = []
        with _logged():
            if new:
                self.note_request(request)
            ids += self._shown_in(request)
        name, photos = name_in(request), (request.photo, *request.further_photos)
        hashes = [photo.sha256 for photo in photos if photo.sha256]

        def check() -> None:
            from pickabook_desktop.storage import journal

            with _logged():
                journal.refuse_forgotten(self._database.rows(journal.SELECT), name, hashes, ids)

        check()
        return check

    def watch_all(self) -> Callable[[], bool]:
        """Gives what says whether any child has been forgotten since now, or is being forgotten:
        what somebody remembers from before may have its name.
        """
        before = self._forgetting()

        def check() -> bool:
            now = self._forgetting()
            return now != before or not all(done for _, done in now)

        return check

    def all(self) -> tuple[Child, ...]:
        """Every child by name, those without one last."""
        query = (
            "SELECT c.id, name, created, photo_sha256, path FROM children c"
            " LEFT JOIN child_photos p ON p.child_id = c.id ORDER BY folded = '', folded, c.id"
        )
        found: dict[str, tuple[str, str, list[ChildPhoto]]] = {}
        for child_id, name, created, sha256, path in self._database.rows(query):
            _, _, photos = found.setdefault(str(child_id), (str(name), str(created), []))
            if sha256 is not None:
                photos.append(ChildPhoto(sha256=str(sha256), path=str(path)))
        return tuple(
            Child(id=child_id, name=name, created=created, photos=tuple(photos))
            for child_id, (name, created, photos) in found.items()
        )

    def _forgetting(self) -> list[tuple[str, bool]]:
        from pickabook_desktop.storage import journal

        with _logged():
            entries = journal.entries_in(self._database.rows(journal.SELECT))
            return [(entry.id, entry.done) for entry in entries]
        return []

    def _shown_in(self, request: GenerationRequest) -> list[str]:
        """The ids of whom a request is for: by the name, or without one by the photos."""
        name, photos = folded(name_in(request)), (request.photo, *request.further_photos)
        hashes = {photo.sha256 for photo in photos}
        return [
            child.id
            for child in self.all()
            if (name and name == folded(child.name))
            or (not name and any(photo.sha256 in hashes for photo in child.photos))
        ]

    def _note(self, photos: Sequence[PhotoRef], name: str) -> None:
        known = [photo for photo in photos if photo.sha256]
        if known and not self._says_nothing_new(known, name):
            from pickabook_desktop.storage import journal

            hashes = [photo.sha256 for photo in known]
            with self._database.writing() as connection:
                journal.refuse_forgotten(connection.execute(journal.SELECT), name, hashes)
                self._link(connection, known, name)

    def _says_nothing_new(self, photos: Sequence[PhotoRef], name: str) -> bool:
        """Most pages are drawn from a photo that is known; for these nothing is written."""
        query = (
            "SELECT path FROM child_photos p JOIN children c ON c.id = p.child_id"
            " WHERE photo_sha256=? AND (folded=? OR ?='')"
        )
        wanted = folded(name)
        return all(
            (_readable(photo.path),) in self._database.rows(query, (photo.sha256, wanted, wanted))
            for photo in photos
        )

    def _link(self, connection: Connection, photos: Sequence[PhotoRef], name: str) -> None:
        child_id = self._child_for(connection, photos, name)
        for photo in photos:
            path = _readable(photo.path)
            if path:
                connection.execute(
                    "UPDATE child_photos SET path=? WHERE photo_sha256=?", (path, photo.sha256)
                )
            shown = list(
                connection.execute(
                    "SELECT child_id FROM child_photos WHERE photo_sha256=?", (photo.sha256,)
                )
            )
            if (child_id,) in shown or (shown and not folded(name)):
                continue
            connection.execute(
                "INSERT INTO child_photos VALUES (?, ?, ?)", (photo.sha256, child_id, path)
            )

    def _child_for(self, connection: Connection, photos: Sequence[PhotoRef], name: str) -> str:
        """The child of that name, into which those without a name are merged whom ``photos`` show;
        without a name, one whom they show. Made where there is none.
        """
        wanted = folded(name)
        nameless = _showing(connection, photos, "folded = ''")
        if not wanted:
            found = nameless or _showing(connection, photos, "TRUE")
        else:
            named = connection.execute("SELECT id FROM children WHERE folded=?", (wanted,))
            found = [str(row[0]) for row in named]
        child_id = found[0] if found else self._ids.next()
        if not found:
            connection.execute(
                "INSERT INTO children VALUES (?, ?, ?, ?)",
                (child_id, name.strip(), wanted, timestamp(datetime.now(UTC))),
            )
        for other in nameless:
            if other != child_id:
                _merge(connection, other, child_id)
        return child_id


@contextmanager
def _logged() -> Generator[None]:
    """What the disk does wrong is noted in the log, and that is all."""
    try:
        yield
    except StorageError:
        _log.exception("The records could not be used")


def _showing(connection: Connection, photos: Sequence[PhotoRef], condition: str) -> list[str]:
    """The children whom ``photos`` show, oldest first."""
    marks = ", ".join("?" * len(photos))
    rows = connection.execute(
        "SELECT DISTINCT c.id FROM children c JOIN child_photos p ON p.child_id = c.id"  # noqa: S608 constants
        f" WHERE photo_sha256 IN ({marks}) AND {condition} ORDER BY c.id",
        [photo.sha256 for photo in photos],
    )
    return [str(row[0]) for row in rows]


def _merge(connection: Connection, other: str, child_id: str) -> None:
    connection.execute(
        "INSERT OR IGNORE INTO child_photos"
        " SELECT photo_sha256, ?, path FROM child_photos WHERE child_id=?",
        (child_id, other),
    )
    connection.execute("DELETE FROM child_photos WHERE child_id=?", (other,))
    connection.execute("DELETE FROM children WHERE id=?", (other,))


def _readable(path: str) -> str:
    """A path as text can hold it; one that is no Unicode loses what is not."""
    return path.encode("utf-8", "replace").decode()

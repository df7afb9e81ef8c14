"""More photos of the same child, for engines that make use of them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import PhotoRef


class FurtherPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """One of them. ``sha256`` is empty until it has been looked at; ``problem`` is a sentence."""

    path: Path
    sha256: str = ""
    preview: bytes = b""
    problem: str = ""

    @property
    def ready(self) -> bool:
        return bool(self.sha256) and not self.problem


class FurtherPhotos(QObject):
    """``wanted`` carries the path of a photo that wants to be looked at; whoever looks answers with
    :meth:`accept` or :meth:`fail`.
    """

    changed = Signal()
    wanted = Signal(Path)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._photos: dict[Path, FurtherPhoto] = {}

    @property
    def photos(self) -> tuple[FurtherPhoto, ...]:
        return tuple(self._photos.values())

    def add(self, paths: Iterable[Path], limit: int) -> str:
        """Take photos while there are fewer than ``limit``; answers what was not taken and why, as
        a sentence.
        """
        new = [path for path in dict.fromkeys(paths) if path not in self._photos]
        room = max(0, limit - len(self._photos))
        for path in new[:room]:
            self._photos[path] = FurtherPhoto(path=path)
        if new[:room]:
            self.changed.emit()
        for path in new[:room]:
            self.wanted.emit(path)
        if new[room:]:
            one = tr("This engine takes one more photo.")
            return one if limit == 1 else tr("This engine takes {count} more photos.", count=limit)
        return ""

    def accept(self, path: Path, sha256: str, preview: bytes, problem: str = "") -> None:
        """What was found; nothing where the photo has been taken away meanwhile."""
        self._put(path, FurtherPhoto(path=path, sha256=sha256, preview=preview, problem=problem))

    def fail(self, path: Path, problem: str) -> None:
        """The photo cannot be used."""
        self._put(path, FurtherPhoto(path=path, problem=problem))

    def remove(self, path: Path) -> None:
        if self._photos.pop(path, None) is not None:
            self.changed.emit()

    def clear(self) -> None:
        if self._photos:
            self._photos.clear()
            self.changed.emit()

    def load(self, photos: Sequence[PhotoRef]) -> None:
        """Take exactly these, as from an earlier request; all are looked at anew."""
        wished = [Path(photo.path) for photo in photos if photo.path]
        if wished == list(self._photos):
            return
        self._photos.clear()
        self.changed.emit()
        self.add(wished, len(wished))

    def references(self, limit: int) -> tuple[PhotoRef, ...]:
        """The photos for a request."""
        ready = [photo for photo in self.photos if photo.ready][:limit]
        return tuple(PhotoRef(path=str(photo.path), sha256=photo.sha256) for photo in ready)

    def blocker(self, limit: int) -> str:
        """Why they cannot be sent along yet, as a sentence."""
        for photo in self.photos[:limit]:
            if photo.problem:
                return tr("Take away the further photo that cannot be used.")
            if not photo.ready:
                return tr("Looking at the photo…")
        return ""

    def _put(self, path: Path, photo: FurtherPhoto) -> None:
        if path in self._photos:
            self._photos[path] = photo
            self.changed.emit()

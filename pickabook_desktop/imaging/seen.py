"""Photos that were looked at: read once and searched for faces once, whoever asks."""

import threading
from pathlib import Path

from pickabook_desktop.imaging.bounded import BoundedCache
from pickabook_desktop.imaging.faces import FaceFinder, FoundFaces
from pickabook_desktop.imaging.load import LoadedPhoto, load_photo

PHOTOS = 2
PHOTO_BYTES = 200e6


class SeenPhotos:
    """Remembers the last few photos and their faces. Share it between threads.

    Raises NotConfiguredError, with the first photo, when a face network is missing.
    """

    def __init__(self, models: Path) -> None:
        """``models`` holds the face networks; they are read when first needed."""
        self._models = models
        self._finder: FaceFinder | None = None
        self._lock = threading.Lock()
        self._photos: BoundedCache[LoadedPhoto] = BoundedCache(
            PHOTOS, PHOTO_BYTES, lambda photo: photo.rgb.nbytes
        )
        self._found: BoundedCache[FoundFaces] = BoundedCache(
            PHOTOS, PHOTO_BYTES, lambda found: found.rgb.nbytes
        )

    @property
    def finder(self) -> FaceFinder:
        """The face networks."""
        with self._lock:
            if self._finder is None:
                self._finder = FaceFinder(self._models)
            return self._finder

    def read(self, path: Path) -> LoadedPhoto:
        """As :func:`~pickabook_desktop.imaging.load.load_photo`; anew when the file has changed."""
        try:
            status = path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
        except (OSError, ValueError):
            # The loader says best what is wrong with it.
            return load_photo(path)
        return self._photos.get((path, stamp), lambda: load_photo(path))

    def faces(self, photo: LoadedPhoto) -> FoundFaces:
        """All faces of a photo, known by the hash of its file."""
        return self._found.get(photo.sha256, lambda: self.finder.find(photo.rgb))

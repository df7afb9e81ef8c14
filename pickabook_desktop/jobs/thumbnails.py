"""Thumbnails for pictures that have none of the size that is wanted."""

from pathlib import Path

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.library import Library

LARGE_EDGES = (512, 1024)


def kept_edge(edge: int) -> int:
    """The size in which a thumbnail is kept that is to be shown ``edge`` pixels long."""
    return next((kept for kept in LARGE_EDGES if kept >= edge), LARGE_EDGES[-1])


def made_thumbnail(library: Library, picture_id: str, path: Path, edge: int) -> bytes:
    """The JPEG of ``edge`` pixels that is kept, or else one made from the picture's file, and kept.

    Raises StorageError where the file cannot be read.
    """
    jpeg = library.large_thumbnail(picture_id, edge)
    if jpeg is None:
        from pickabook_desktop.imaging.thumbnail import thumbnail

        try:
            data = path.read_bytes()
        except OSError as error:
            raise StorageError(
                tr("The file of picture {id} cannot be read.", id=picture_id),
                tr("Put a backup of {path} in its place.", path=path),
            ) from error
        jpeg = thumbnail(data, edge)
        library.keep_large_thumbnail(picture_id, edge, jpeg)
    return jpeg

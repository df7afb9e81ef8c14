"""Thumbnails beyond the smallest size: made when they are first looked at, then kept for a while."""

from pathlib import Path

from pickabook_desktop.storage.library import Library

# Sizes that a few of serve all: a thumbnail is scaled down a little when it is painted.
EDGES = (384, 512, 768, 1024)


def large_thumbnail(library: Library, picture_id: str, edge: int) -> bytes:
    """JPEG of a picture, at least ``edge`` pixels long where the picture is and ``edge`` is at most
    the largest of ``EDGES``; at once where it is kept.

    Raises InputError for an id that is unknown, StorageError for a picture that cannot be read.
    """
    from pickabook_desktop.imaging.thumbnail import thumbnail
    from pickabook_desktop.storage.files import Files

    step = next((known for known in EDGES if known >= edge), EDGES[-1])
    kept = library.large_thumbnail(picture_id, step)
    if kept is not None:
        return kept
    path = Path(library.get(picture_id).path)
    jpeg = thumbnail(Files(library.folder).read(path), step)
    library.keep_large_thumbnail(picture_id, step, jpeg)
    return jpeg

"""What was dropped on the library."""

from pathlib import Path

from PySide6.QtCore import QMimeData

from pickabook_desktop.ui.create.photo_drop import OWN_PICTURE, path_here

IMPORT_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".zip")


def paths_in(mime: QMimeData) -> tuple[Path, ...]:
    """Files and folders on this machine; none of what comes from this program. No disk is asked:
    what of it holds pages is found out by the import.
    """
    if mime.hasFormat(OWN_PICTURE):
        return ()
    local = (path_here(url) for url in mime.urls() if url.isLocalFile())
    return tuple(path for path in local if path is not None)

"""What has been dropped or pasted: a file, a picture, or something that is no photo."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDropEvent, QImage

from pickabook_desktop.domain.i18n import tr

if TYPE_CHECKING:
    from PySide6.QtCore import QUrl

PHOTO_SUFFIXES = (
    ".jpg",
    ".jpeg",
    ".jfif",
    ".png",
    ".webp",
    ".heic",
    ".heif",
    ".avif",
    ".tif",
    ".tiff",
    ".bmp",
    ".gif",
)
# Marks what comes from this program, so that it is not taken for a photo to draw from.
OWN_PICTURE = "application/x-pickabook-picture"
THIS_MACHINE = ("", "localhost")


class PhotoOffer(msgspec.Struct, frozen=True):
    """Exactly one of the three is set: ``path``, ``has_image``, or why not (``refusal``).

    ``spare`` says how many files came beside the first.
    """

    path: Path | None = None
    has_image: bool = False
    refusal: str = ""
    spare: int = 0

    @property
    def usable(self) -> bool:
        return not self.refusal


def examine(mime: QMimeData) -> PhotoOffer:
    """Judge data by names alone: no file, folder or address is looked at, for one on a disk that
    does not answer would stop the window.

    A file on this machine goes before picture data, because it is the original; a picture goes
    before an address on the web, which is never fetched.
    """
    if mime.hasFormat(OWN_PICTURE):
        return PhotoOffer(refusal=tr("This is a page drawn here. Drop a photo instead."))
    files = [url for url in mime.urls() if url.isLocalFile()]
    local = [path for url in files if (path := path_here(url))]
    if local:
        return _examine_names(local)
    if mime.hasImage():
        return PhotoOffer(has_image=True)
    return PhotoOffer(refusal=_why_not(mime, files))


def photos_in(mime: QMimeData) -> list[Path]:
    """Every file on this machine whose name may be a photo's."""
    if mime.hasFormat(OWN_PICTURE):
        return []
    local = [path for url in mime.urls() if url.isLocalFile() and (path := path_here(url))]
    return _photo_names(local)


def accept_copy(event: QDropEvent) -> bool:
    """Accept a drag or drop as a copy, whatever it proposes, unless that is not offered or it
    comes from this program. Whoever hears that a file was moved would delete the original.
    """
    copy = Qt.DropAction.CopyAction
    if not event.possibleActions() & copy or event.mimeData().hasFormat(OWN_PICTURE):
        event.ignore()
        return False
    event.setDropAction(copy)
    event.accept()
    return True


def image_of(mime: QMimeData) -> QImage:
    """The picture that the data holds; null where there is none."""
    image = mime.imageData()
    return image if isinstance(image, QImage) else QImage()


def path_here(url: "QUrl") -> Path | None:
    """The file that ``url`` names on this machine; None for one in the network, since only asking
    for that opens a connection.
    """
    from PySide6.QtCore import QUrl

    here = QUrl(url)
    if url.host().lower() in THIS_MACHINE:
        here.setHost("")
    name = here.toLocalFile()
    # Windows takes strokes of both kinds for the start of a name in the network.
    return None if name.replace("\\", "/").startswith("//") else Path(name)


def _photo_names(paths: list[Path]) -> list[Path]:
    # A name without an ending says nothing of the content, so such a file is given a try.
    named = [p for p in paths if p.suffix.lower() in PHOTO_SUFFIXES]
    return named or [p for p in paths if not p.suffix]


def photo_patterns() -> str:
    """The kinds of files that a dialog offers."""
    patterns = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in PHOTO_SUFFIXES)
    return f"{tr('Photos')} ({patterns});;{tr('All files')} (*)"


def _examine_names(paths: list[Path]) -> PhotoOffer:
    photos = _photo_names(paths)
    if photos:
        return PhotoOffer(path=photos[0], spare=len(photos) - 1)
    return PhotoOffer(
        refusal=tr(
            "“{name}” is no photo. Drop a JPEG, PNG, HEIC, WebP, AVIF or TIFF file.",
            name=paths[0].name,
        )
    )


def _why_not(mime: QMimeData, files: "list[QUrl]") -> str:
    if files:
        return tr(
            "“{name}” is on another computer. Copy it to this one and drop it then.",
            name=files[0].fileName(),
        )
    if any(url.scheme().lower() in ("http", "https", "ftp") for url in mime.urls()):
        return tr(
            "This picture is on the web, and PickaBook fetches nothing from there. "
            "Copy the picture in the browser and paste it here."
        )
    if mime.hasText():
        return tr("This is text. Drop a photo here.")
    return tr("This is no photo. Drop a picture file here.")

"""What has been dropped or pasted: a file, a picture, or something that is no photo."""

from pathlib import Path

import msgspec
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from pickabook_desktop.domain.i18n import tr

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
    """Judge data without reading any file or address.

    A file on this machine goes before picture data, because it is the original; a picture goes
    before an address on the web, which is never fetched.
    """
    local = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if local:
        return _examine_files(local)
    if mime.hasImage():
        return PhotoOffer(has_image=True)
    if any(_is_web(url) for url in mime.urls()):
        return PhotoOffer(
            refusal=tr(
                "This picture is on the web, and PickaBook fetches nothing from there. "
                "Copy the picture in the browser and paste it here."
            )
        )
    if mime.hasText():
        return PhotoOffer(refusal=tr("This is text. Drop a photo here."))
    return PhotoOffer(refusal=tr("This is no photo. Drop a picture file here."))


def image_of(mime: QMimeData) -> QImage:
    """The picture that the data holds; null where there is none."""
    image = mime.imageData()
    return image if isinstance(image, QImage) else QImage()


def _examine_files(paths: list[Path]) -> PhotoOffer:
    # A name without an ending says nothing of the content, so such a file is given a try.
    photos = [
        p for p in paths if p.suffix.lower() in PHOTO_SUFFIXES or not (p.suffix or p.is_dir())
    ]
    if photos:
        return PhotoOffer(path=photos[0], spare=len(photos) - 1)
    first = paths[0]
    if first.is_dir():
        return PhotoOffer(refusal=tr("“{name}” is a folder. Drop one photo.", name=first.name))
    return PhotoOffer(
        refusal=tr(
            "“{name}” is no photo. Drop a JPEG, PNG, HEIC, WebP, AVIF or TIFF file.",
            name=first.name,
        )
    )


def _is_web(url: QUrl) -> bool:
    return url.scheme().lower() in ("http", "https", "ftp")

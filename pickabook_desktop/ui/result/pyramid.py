"""A picture at its own size and at halves of it, so that any zoom paints without a stall."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.jobs.lanes import Job

SMALLEST_EDGE = 256


class Pyramid:
    """Level 0 is the picture itself; each further level has half the edge of the one before."""

    def __init__(self, image: QImage) -> None:
        self._levels = [image]

    @property
    def size(self) -> QSize:
        """Pixels of the picture itself."""
        return self._levels[0].size()

    @property
    def image(self) -> QImage:
        return self._levels[0]

    def level_for(self, scale: float) -> QImage:
        """The smallest level with at least ``scale`` device pixels for each pixel of the picture.

        Levels that are still missing are made on the way; :meth:`build` makes them ahead.
        """
        wanted = 0
        while scale <= 0.5 and min(self.size.width(), self.size.height()) >> (wanted + 1) >= 1:
            edge = max(self.size.width(), self.size.height()) >> (wanted + 1)
            if edge < SMALLEST_EDGE:
                break
            scale *= 2
            wanted += 1
        while len(self._levels) <= wanted:
            self._levels.append(_half(self._levels[-1]))
        return self._levels[wanted]

    def build(self) -> None:
        """Make every level now; called off the main thread for large pictures."""
        self.level_for(0.001)


def decode_job(source: Path | bytes) -> Job:
    """A job that ends with ``Done(value=Pyramid)`` for a picture file or its bytes."""

    def run(cancellation: Cancellation) -> Iterator[JobEvent]:
        image = read_image(source)
        cancellation.raise_if_cancelled()
        pyramid = Pyramid(image)
        pyramid.build()
        yield Done(value=pyramid)

    return run


def thumbnail_job(source: Path | bytes, edge: int) -> Job:
    """A job that ends with ``Done(value=QImage)``, at most ``edge`` device pixels long."""

    def run(cancellation: Cancellation) -> Iterator[JobEvent]:
        cancellation.raise_if_cancelled()
        yield Done(value=read_image(source, edge))

    return run


def read_image(source: Path | bytes, longest_edge: int = 0) -> QImage:
    """Decode to a format that paints fast; raise StorageError where it cannot be read."""
    if isinstance(source, bytes):
        buffer = QBuffer()
        buffer.setData(QByteArray(source))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        reader = QImageReader(buffer)
    else:
        reader = QImageReader(str(source))
    reader.setAutoTransform(True)
    size = reader.size()
    if longest_edge and size.isValid() and max(size.width(), size.height()) > longest_edge:
        reader.setScaledSize(
            size.scaled(longest_edge, longest_edge, Qt.AspectRatioMode.KeepAspectRatio)
        )
    image = reader.read()
    if image.isNull():
        raise StorageError(
            tr("The picture could not be opened; its file may have been moved or deleted."),
            tr("Draw the page again, or put the file back where it was."),
        )
    alpha = image.hasAlphaChannel()
    return image.convertToFormat(
        QImage.Format.Format_ARGB32_Premultiplied if alpha else QImage.Format.Format_RGB32
    )


def _half(image: QImage) -> QImage:
    size = QSize(max(1, image.width() // 2), max(1, image.height() // 2))
    return image.scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )

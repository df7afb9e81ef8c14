"""Contact sheets as PDF, by Qt: it sets type in every script that the system has fonts for, and
embeds what is needed of them, so that the text can be found and copied.

Besides :mod:`pickabook_desktop.imaging.svg` the one module of this floor that knows Qt.
"""

from collections.abc import Sequence
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QFile, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
)

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.geometry import Rect
from pickabook_desktop.domain.hand_over import MILLIMETRES_AN_INCH, SHEET_LINE
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.sheet_layout import SheetLayout

DOTS = 1200
CAPTION_POINTS = 7.5
HEADER_POINTS = 11.0
INK, FAINT_INK, HAIRLINE = "#1b1b1b", "#666666", "#c8c8c8"
HAIRLINE_WIDTH = 0.1
FLAGS = Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip


class SheetWriter:
    """Writes one page after the other to ``file``, of which none stays in memory.

    Use it as a context. Where there is no application yet, and so none that has fonts, one without
    a screen is made for as long as this lives; that must be in the main thread. Methods raise
    StorageError where ``file`` takes no more.
    """

    def __init__(self, file: BinaryIO, layout: SheetLayout, title: str, *, pages: int) -> None:
        self._application = _application()
        self._layout = layout
        self._title = title
        self._pages = pages
        self._page = 0
        self._file = QFile()
        if not self._file.open(file.fileno(), QIODevice.OpenModeFlag.WriteOnly):
            raise _unwritable(self._file)
        self._writer = QPdfWriter(self._file)
        self._writer.setResolution(DOTS)
        self._writer.setTitle(title)
        self._writer.setCreator("PickaBook Desktop")
        size = QPageSize(QSizeF(layout.width, layout.height), QPageSize.Unit.Millimeter)
        self._writer.setPageLayout(
            QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
        )
        self._captions = _font(CAPTION_POINTS)
        self._header = _font(HEADER_POINTS, bold=True)
        self._painter = QPainter()

    def __enter__(self) -> Self:
        if not self._painter.begin(self._writer):
            raise _unwritable(self._file)
        return self

    def __exit__(self, *_: object) -> None:
        """End the file. Qt does not say that writing has failed, so :meth:`finish` asks."""
        if self._painter.isActive():
            self._painter.end()
        self._file.close()

    def next_page(self) -> None:
        """Begin a page, with its header and its number."""
        if self._page:
            self._writer.newPage()
            self._check()
        self._page += 1
        if self._layout.header is not None:
            self._line(self._layout.header, self._title, self._header, INK)
        if self._layout.footer is not None:
            words = tr("{page} / {pages}", page=self._page, pages=self._pages)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
            self._line(self._layout.footer, words, self._captions, FAINT_INK, flags)

    def picture(self, place: int, rgb: NDArray[np.uint8] | None, captions: Sequence[str]) -> None:
        """Put a picture (uint8 HxWx3 sRGB, None for an empty frame) and its lines at a place of the
        page. Its pixels go into the file as they are, so their number is the resolution.
        """
        box = self._layout.pictures[place]
        if rgb is None:
            self._frame(box)
        else:
            self._frame(self._draw(box, rgb))
        for number, words in enumerate(captions if self._layout.captions else ()):
            below = self._layout.captions[place]
            line = Rect(below.x, below.y + number * SHEET_LINE, below.width, SHEET_LINE)
            self._line(line, words, self._captions, FAINT_INK if number else INK)

    def finish(self) -> None:
        """Write all that is left; raises StorageError where that has failed, now or before."""
        self._painter.end()
        self._file.flush()
        self._check()

    def _draw(self, box: Rect, rgb: NDArray[np.uint8]) -> Rect:
        """Fit a picture into ``box``, at its foot and above where the words begin, and say where it
        is.
        """
        height, width = rgb.shape[:2]
        scale = min(box.width / width, box.height / height)
        across, down = width * scale, height * scale
        place = Rect(box.x, box.y + box.height - down, across, down)
        pixels = np.ascontiguousarray(rgb)
        image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        self._painter.drawImage(_dots(place), image)
        return place

    def _frame(self, place: Rect) -> None:
        """A hairline, for pages that end in white."""
        self._painter.setPen(QPen(QColor(HAIRLINE), HAIRLINE_WIDTH * DOTS / MILLIMETRES_AN_INCH))
        self._painter.drawRect(_dots(place))

    def _line(
        self,
        place: Rect,
        words: str,
        font: QFont,
        ink: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        """One line, with an ellipsis where it is too long."""
        rectangle = _dots(place)
        metrics = QFontMetricsF(font, self._writer)
        plain = " ".join(words.split())
        shown = metrics.elidedText(plain, Qt.TextElideMode.ElideRight, rectangle.width())
        self._painter.setFont(font)
        self._painter.setPen(QColor(ink))
        self._painter.drawText(rectangle, int(align | FLAGS), shown)

    def _check(self) -> None:
        if self._file.error() != QFile.FileError.NoError:
            raise _unwritable(self._file)


def _application() -> QCoreApplication:
    """The application, or one that only has fonts."""
    running = QCoreApplication.instance()
    return running or QGuiApplication(["pickabook", "-platform", "offscreen"])


def _font(points: float, *, bold: bool = False) -> QFont:
    font = QFont(QGuiApplication.font())
    font.setPointSizeF(points)
    font.setBold(bold)
    return font


def _dots(place: Rect) -> QRectF:
    scale = DOTS / MILLIMETRES_AN_INCH
    return QRectF(place.x * scale, place.y * scale, place.width * scale, place.height * scale)


def _unwritable(file: QFile) -> StorageError:
    return StorageError(
        tr("The contact sheet could not be written: {reason}.", reason=file.errorString()),
        tr("Free some space, or choose another folder."),
        retryable=True,
    )

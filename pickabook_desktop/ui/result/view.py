"""Where a picture lies in its viewport: zoom, pan and fit as plain arithmetic."""

from PySide6.QtCore import QPointF, QRectF, QSizeF

MAX_SCALE = 16.0
MIN_SCALE = 0.02


class View:
    """Maps a picture of ``picture`` pixels to a viewport of logical pixels.

    ``scale`` is logical pixels for each picture pixel; ``origin`` where the picture's top left
    corner lies. While ``fitted``, both follow the size of the viewport.
    """

    def __init__(self, margin: float) -> None:
        self._margin = margin
        self._foot = margin
        self._picture = QSizeF()
        self._viewport = QSizeF()
        self.scale = 1.0
        self.origin = QPointF()
        self.fitted = True

    @property
    def rect(self) -> QRectF:
        """The picture's rectangle in the viewport."""
        return QRectF(self.origin, self._picture * self.scale)

    def set_viewport(self, size: QSizeF) -> None:
        """Keep the picture's middle in the middle while the viewport changes."""
        moved = QPointF(
            (size.width() - self._viewport.width()) / 2,
            (size.height() - self._viewport.height()) / 2,
        )
        self._viewport = size
        if self.fitted:
            self.fit()
        else:
            self.origin += moved
            self._settle()

    def set_foot(self, height: float) -> None:
        """Keep ``height`` logical pixels free below the picture when it is fitted."""
        self._foot = max(self._margin, height)
        if self.fitted:
            self.fit()

    def set_margin(self, margin: float) -> None:
        """Keep ``margin`` logical pixels free around the picture when it is fitted."""
        self._margin, self._foot = margin, max(margin, self._foot - self._margin + margin)
        if self.fitted:
            self.fit()

    def set_picture(self, size: QSizeF) -> None:
        """Another picture; the zoom stays when it has the same shape, at the same place."""
        old = self._picture
        self._picture = size
        if self.fitted or old.isEmpty() or size.isEmpty():
            self.fit()
            return
        if abs(old.width() / old.height() - size.width() / size.height()) > 0.01:
            self.fit()
            return
        self.scale *= old.width() / size.width()
        self._settle()

    def fit(self) -> None:
        """The whole picture, centred, with a margin."""
        self.fitted = True
        if self._picture.isEmpty() or self._viewport.isEmpty():
            return
        self.scale = self.fit_scale()
        self._settle()

    def fit_scale(self) -> float:
        """The scale at which the picture just fits."""
        width = max(1.0, self._viewport.width() - 2 * self._margin)
        height = max(1.0, self._viewport.height() - self._margin - self._foot)
        return min(width / self._picture.width(), height / self._picture.height())

    def zoom(self, scale: float, about: QPointF) -> None:
        """Change the scale so that the picture's point under ``about`` stays there."""
        if self._picture.isEmpty():
            return
        smallest = min(MIN_SCALE, self.fit_scale())
        scale = min(MAX_SCALE, max(smallest, scale))
        point = (about - self.origin) / self.scale
        self.scale = scale
        self.origin = about - point * scale
        self.fitted = False
        self._settle()

    def pan(self, by: QPointF) -> None:
        self.origin += by
        self._settle()

    @property
    def centre(self) -> QPointF:
        """The middle of the viewport."""
        return QPointF(self._viewport.width() / 2, self._viewport.height() / 2)

    @property
    def can_pan(self) -> bool:
        """Whether the picture is larger than its viewport."""
        rect = self.rect
        return (
            rect.width() > self._viewport.width() + 1 or rect.height() > self._viewport.height() + 1
        )

    def _settle(self) -> None:
        rect = self.rect
        room = self._viewport.height() - (self._foot - self._margin if self.fitted else 0)
        self.origin = QPointF(
            _settled(rect.left(), rect.width(), self._viewport.width(), self._margin),
            _settled(rect.top(), rect.height(), room, self._margin),
        )


def _settled(start: float, length: float, room: float, margin: float) -> float:
    if length <= room:
        return (room - length) / 2
    return min(margin, max(room - margin - length, start))

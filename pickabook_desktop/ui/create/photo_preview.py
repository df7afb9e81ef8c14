"""The drop zone, which becomes the preview with the faces that were found."""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.palette import FACE_LINE, FACE_SHADOW
from pickabook_desktop.ui.theme import (
    Metric,
    Space,
    Type,
    draw_focus_ring,
    icon_pixmap,
    palette_now,
    sized_font,
)


class Hover(Enum):
    """What is held over the zone."""

    NOTHING = "nothing"
    WELCOME = "welcome"
    REFUSED = "refused"


class PhotoPreview(QWidget):
    """Shows a photo, or invites one. ``pressed`` asks for the dialog, ``face_pressed`` a face."""

    pressed = Signal()
    face_pressed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._faces: tuple[QRectF, ...] = ()
        self._chosen: int | None = None
        self._hover = Hover.NOTHING
        self._words = ""
        self._waiting_for = ""
        self._under: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._describe()

    def show_image(
        self, image: QImage, faces: Sequence[QRectF] = (), chosen: int | None = None
    ) -> None:
        """``faces`` are in pixels of ``image``; a null image shows the empty zone."""
        self._image, self._faces, self._chosen = image, tuple(faces), chosen
        self._under = None
        self._describe()
        self.updateGeometry()
        self.update()

    def show_waiting(self, name: str) -> None:
        """Say that the photo ``name`` is being read, while there is no picture of it."""
        self._waiting_for = name
        self.update()

    def show_hover(self, hover: Hover, words: str = "") -> None:
        """Answer to something held over the window."""
        self._hover, self._words = hover, words
        self.update()

    @property
    def hover(self) -> Hover:
        return self._hover

    def face_rect(self, index: int) -> QRectF:
        """Where a face is drawn, in this widget's coordinates."""
        place = self._image_rect()
        scale = place.width() / self._image.width()
        box = self._faces[index]
        return QRectF(
            place.x() + box.x() * scale,
            place.y() + box.y() * scale,
            box.width() * scale,
            box.height() * scale,
        ).intersected(place)

    def sizeHint(self) -> QSize:
        return QSize(Metric.PHOTO_COLUMN, self.heightForWidth(Metric.PHOTO_COLUMN))

    def heightForWidth(self, width: int, /) -> int:
        """As high as the photo wants, between a wide strip and an upright 4:5."""
        if self._image.isNull():
            return round(width * 0.82)
        shape = self._image.height() / self._image.width()
        return round(width * min(1.25, max(0.6, shape)))

    def minimumSizeHint(self) -> QSize:
        return QSize(Metric.HIT * 4, Metric.HIT * 4)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        if self._image.isNull() or self._hover is not Hover.NOTHING:
            self._paint_zone(painter)
        else:
            self._paint_photo(painter)
        if self.hasFocus():
            draw_focus_ring(painter, QRectF(self.rect()))

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        under = self._face_at(event.position())
        if under != self._under:
            self._under = under
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not inside:
            return
        face = self._face_at(event.position())
        if face is not None and len(self._faces) > 1:
            self.face_pressed.emit(face)
        elif self._image.isNull():
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Return and Space open the dialog; the arrows go from face to face."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step and len(self._faces) > 1:
            self.face_pressed.emit(((self._chosen or 0) + step) % len(self._faces))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def _describe(self) -> None:
        if self._image.isNull():
            self.setAccessibleName(tr("Photo: none yet"))
        else:
            count = len(self._faces)
            several = tr("Photo with {count} faces", count=count)
            self.setAccessibleName(tr("Photo with one face") if count == 1 else several)
        self.setAccessibleDescription(tr("Drop or paste a photo, or press Return to open one."))

    def _image_rect(self) -> QRectF:
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left = (self.width() - size.width()) / 2
        top = (self.height() - size.height()) / 2
        return QRectF(left, top, size.width(), size.height())

    def _face_at(self, point: QPointF) -> int | None:
        if self._image.isNull():
            return None
        hits = (i for i in range(len(self._faces)) if self.face_rect(i).contains(point))
        return next(hits, None)

    def _paint_photo(self, painter: QPainter) -> None:
        place = self._image_rect()
        whole = QPainterPath()
        whole.addRoundedRect(QRectF(self.rect()), Metric.CARD_RADIUS, Metric.CARD_RADIUS)
        painter.setClipPath(whole)
        painter.fillPath(whole, palette_now().colour("backdrop"))
        ratio = self.devicePixelRatioF()
        wanted = (place.size() * ratio).toSize()
        smooth = Qt.TransformationMode.SmoothTransformation
        scaled = self._image.scaled(wanted, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        painter.drawImage(place, scaled)
        order = sorted(range(len(self._faces)), key=lambda i: i == self._chosen)
        for index in order:
            self._paint_face(painter, index)
        painter.setClipping(False)

    def _paint_face(self, painter: QPainter, index: int) -> None:
        rect = self.face_rect(index)
        radius = min(rect.width(), rect.height()) * 0.24
        chosen = index == self._chosen
        bright = QColor(FACE_LINE)
        shade = QColor(FACE_SHADOW)
        shade.setAlphaF(0.35)
        bright.setAlphaF(0.95 if chosen or index == self._under else 0.55)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((shade, 4.0 if chosen else 3.0), (bright, 2.0 if chosen else 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawRoundedRect(rect, radius, radius)

    def _paint_zone(self, painter: QPainter) -> None:
        palette = palette_now()
        refused = self._hover is Hover.REFUSED
        welcome = self._hover is Hover.WELCOME
        fill = "bad_wash" if refused else "chosen" if welcome else "surface"
        line = "bad" if refused else "accent" if welcome else "edge"
        pen = QPen(palette.colour(line), 2 if welcome or refused else 1.5)
        if not (welcome or refused):
            pen.setStyle(Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([4, 4])
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(pen)
        painter.setBrush(palette.colour(fill))
        painter.drawRoundedRect(frame, Metric.CARD_RADIUS, Metric.CARD_RADIUS)
        self._paint_words(painter, frame.adjusted(Space.MEDIUM, 0, -Space.MEDIUM, 0))

    def _said(self) -> tuple[str, str]:
        """The zone's title and what stands below it."""
        if self._hover is Hover.WELCOME:
            return tr("Let go to use this"), self._words
        if self._hover is Hover.REFUSED:
            return tr("This will not do"), self._words
        if self._waiting_for:
            return tr("One moment…"), self._waiting_for
        return tr("Drop a photo"), tr("or click to open one")

    def _paint_words(self, painter: QPainter, frame: QRectF) -> None:
        palette = palette_now()
        refused = self._hover is Hover.REFUSED
        title, words = self._said()
        name, role = ("stop", "bad") if refused else ("photo", "quiet")
        small = sized_font(self.font(), Type.SMALL)
        strong = sized_font(self.font(), Type.STRONG, strong=True)
        option = QTextOption(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        painter.setFont(small)
        wrap = int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.TextFlag.TextWordWrap)
        body = painter.boundingRect(QRectF(0, 0, frame.width(), frame.height()), wrap, words)
        painter.setFont(strong)
        head = painter.boundingRect(QRectF(0, 0, frame.width(), frame.height()), wrap, title)
        total = Metric.BIG_ICON + Space.SMALL + head.height() + Space.TINY + body.height()
        top = frame.y() + max(Space.SMALL, (frame.height() - total) / 2)
        mark = icon_pixmap(name, Metric.BIG_ICON, role, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(frame.center().x() - Metric.BIG_ICON / 2, top), mark)
        top += Metric.BIG_ICON + Space.SMALL
        painter.setPen(palette.colour("text"))
        painter.drawText(QRectF(frame.x(), top, frame.width(), head.height() + 1), title, option)
        top += head.height() + Space.TINY
        painter.setFont(small)
        painter.setPen(palette.colour("text" if refused else "quiet"))
        painter.drawText(QRectF(frame.x(), top, frame.width(), body.height() + 1), words, option)

"""Pages on their way to other programs: by the clipboard, by dragging, and in the file manager."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec
from PySide6.QtCore import QByteArray, QMimeData, QObject, QPoint, QRect, QSize, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Card
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.scratch import Scratch
from pickabook_desktop.ui.controllers.gallery.common import Common
from pickabook_desktop.ui.controllers.gallery.revealing import MOST, reveal
from pickabook_desktop.ui.create.photo_drop import OWN_PICTURE
from pickabook_desktop.ui.theme import Metric, Space, Type, palette_now, sized_font

if TYPE_CHECKING:
    from pickabook_desktop.jobs.threads import JobHandle

DRAG_EDGE = 128
DRAG_DEPTH = 3


class Carried(msgspec.Struct, frozen=True):
    """Files, and the picture where there is one alone."""

    files: tuple[Path, ...]
    image: QImage | None = None

    def mime(self) -> QMimeData:
        """For the clipboard or a drag; marked as coming from here."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(file)) for file in self.files])
        if self.image is not None and not self.image.isNull():
            mime.setImageData(self.image)
        mime.setData(OWN_PICTURE, QByteArray())
        return mime


class Carrying(QObject):
    """Copies, drags and shows what is chosen. Where metadata is left out of copies, files of this
    run without any go out, else the library's own.
    """

    def __init__(
        self,
        common: Common,
        scratch: Scratch,
        source: QWidget,
        thumbnail: Callable[[Card], QImage | None],
    ) -> None:
        """``source`` is where drags come from; ``thumbnail`` gives what is at hand of a picture."""
        super().__init__(common.window)
        self._common = common
        self._scratch = scratch
        self._source = source
        self._thumbnail = thumbnail
        self._wanted: JobHandle | None = None
        common.on("lib_copy", self.copy)
        common.on("lib_reveal", self.reveal)

    def copy(self) -> None:
        """Put what is chosen into the clipboard."""
        self._common.model.with_selected_ids(lambda ids: self._prepare(ids, self._put))

    def drag(self) -> None:
        """Hand what is chosen to whatever program it is dropped on. To be called while the mouse
        button is held.
        """
        cards = self._common.model.selected_cards(DRAG_DEPTH)
        count = max(1, self._common.model.selected_count)

        def begin(carried: Carried) -> None:
            # The button may be up again when the files are ready.
            if QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
                self._drag(carried, cards, count)

        self._common.model.with_selected_ids(lambda ids: self._prepare(ids, begin))

    def reveal(self) -> None:
        """Show the files of what is chosen in the file manager."""
        cards = self._common.model.selected_cards(MOST)
        if cards:
            reveal(tuple(Path(card.path) for card in cards), self._common.toast)

    def _put(self, carried: Carried) -> None:
        QGuiApplication.clipboard().setMimeData(carried.mime())
        count = len(carried.files)
        one = tr("The picture is in the clipboard.")
        several = tr("{count} pictures are in the clipboard.", count=f"{count:,}")
        self._common.toast.show_message(one if count == 1 else several)

    def _prepare(self, ids: tuple[str, ...], use: Callable[[Carried], None]) -> None:
        """Call ``use`` when the files are ready, unless others are asked for meanwhile."""
        if self._wanted is not None:
            self._wanted.cancel()

        def on_event(event: JobEvent) -> None:
            if handle is not self._wanted:
                return
            if isinstance(event, Done) and isinstance(event.value, Carried):
                use(event.value)
            elif isinstance(event, Failed):
                self._common.explain(event.error)

        job = carrying_job(self._common.studio, self._scratch, ids)
        handle = self._wanted = self._common.lanes.submit("library", job, on_event)

    def _drag(self, carried: Carried, cards: Sequence[Card], count: int) -> None:
        drag = QDrag(self._source)
        drag.setMimeData(carried.mime())
        images = [image for card in cards if (image := self._thumbnail(card)) is not None]
        pixmap = drag_pixmap(images, count, self._source)
        if pixmap is not None:
            drag.setPixmap(pixmap)
            size = pixmap.deviceIndependentSize().toSize()
            drag.setHotSpot(QRect(QPoint(), size).center())
        drag.exec(Qt.DropAction.CopyAction)


def carrying_job(studio: Studio, scratch: Scratch, ids: tuple[str, ...]) -> Job:
    """A job that makes files ready for other programs and ends with ``Done(value=Carried)``."""

    def job(token: CancelToken) -> Iterator[JobEvent]:
        from pickabook_desktop.jobs.lending import lend_job
        from pickabook_desktop.ui.result.pyramid import read_image

        lending = lend_job(
            studio.library,
            ids,
            scratch.place,
            metadata=studio.exports_metadata,
            names=studio.exports_names,
        )
        for event in lending(token):
            if isinstance(event, Done):
                files = cast("tuple[Path, ...]", event.value)
                image = read_image(files[0]) if len(files) == 1 else None
                yield Done(value=Carried(files, image))
            else:
                yield event

    return job


def drag_pixmap(images: Sequence[QImage], count: int, host: QWidget) -> QPixmap | None:
    """A small pile of thumbnails with their number; None where none is at hand."""
    if not images:
        return None
    ratio = host.devicePixelRatioF()
    step = Space.SMALL
    edge = DRAG_EDGE + step * (len(images) - 1) + Metric.HIT // 2
    pixmap = QPixmap(round(edge * ratio), round(edge * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    top = QRect()
    for index, image in reversed(list(enumerate(images))):
        size = image.size().scaled(QSize(DRAG_EDGE, DRAG_EDGE), Qt.AspectRatioMode.KeepAspectRatio)
        top = QRect(QPoint(index * step, index * step), size)
        painter.drawImage(top, image)
    if count > 1:
        _draw_count(painter, top.bottomRight(), count)
    painter.end()
    return pixmap


def _draw_count(painter: QPainter, corner: QPoint, count: int) -> None:
    palette = palette_now()
    painter.setFont(sized_font(painter.font(), Type.SMALL, strong=True))
    words = f"{count:,}"
    width = max(Metric.ICON, painter.fontMetrics().horizontalAdvance(words) + Space.MEDIUM)
    badge = QRect(0, 0, width, Metric.ICON)
    badge.moveBottomRight(corner + QPoint(Space.TINY, Space.TINY))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.colour("accent"))
    painter.drawRoundedRect(badge, Metric.ICON / 2, Metric.ICON / 2)
    painter.setPen(palette.colour("on_accent"))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)

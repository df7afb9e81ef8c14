"""The photo: drop, paste or open one; see the faces, the advice and the child's name."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import QMimeData, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QIcon,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPixmap,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.photo import CoachNote, PhotoReport
from pickabook_desktop.ui.create.coach import Coach
from pickabook_desktop.ui.create.photo_drop import PhotoOffer, examine, image_of, photo_patterns
from pickabook_desktop.ui.create.photo_preview import Hover, PhotoPreview
from pickabook_desktop.ui.theme import Metric, Space, motion_wanted
from pickabook_desktop.ui.widgets.buttons import text_button, tool_button
from pickabook_desktop.ui.widgets.chips import ChoiceChips
from pickabook_desktop.ui.widgets.labels import ElidedLabel, heading, wrapped
from pickabook_desktop.ui.widgets.tab_order import tab_by_layout
from pickabook_desktop.ui.widgets.text import prepare_line

_NAMED_FACES = 2


class PhotoPanel(QWidget):
    """Knows nothing of files' contents: the report and the preview come from outside."""

    photo_dropped = Signal(Path)
    image_pasted = Signal(QImage)
    photo_removed = Signal()
    face_chosen = Signal(int)
    name_edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preview = PhotoPreview()
        self.coach = Coach()
        self._notes: tuple[CoachNote, ...] = ()
        self.faces = ChoiceChips()
        self.faces.setAccessibleName(tr("Which face"))
        self.name_edit = QLineEdit()
        self._file = ElidedLabel()
        self._file.setProperty("type", "quiet")
        self._file.elide_mode = Qt.TextElideMode.ElideMiddle
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setAccessibleName(tr("Looking for faces"))
        self._looking = wrapped(tr("Looking for faces…"), "quiet")
        self._hint = wrapped(tr("A face seen from the front, in even light, works best."), "quiet")
        self._which = wrapped(tr("Several faces. Which one is the hero?"))
        self._open = text_button(tr("Open…"), "folder")
        self._paste = text_button(tr("Paste"), "paste")
        self._remove = tool_button("close", tr("Take the photo away"))
        self._arrange()
        self._connect()
        tab_by_layout(self)
        self.show_empty()

    # States.

    def show_empty(self) -> None:
        """The invitation."""
        self._show(QImage(), "", busy=False)
        self._show_faces(None, QImage(), None)
        self._say(())

    def show_analysing(self, name: str, preview: QImage | None = None) -> None:
        """A photo has come and is being looked at."""
        self._show(preview or QImage(), name, busy=True)
        self._show_faces(None, QImage(), None)
        self._say(())

    def show_report(self, report: PhotoReport, preview: QImage, face_index: int | None) -> None:
        """``preview`` is upright as ``report``'s boxes are, at any size."""
        self._show(preview, Path(report.path).name, busy=False)
        chosen = report.largest_face if face_index is None else face_index
        boxes = _boxes(report, preview)
        self.preview.show_image(preview, boxes, chosen)
        self._show_faces(boxes, preview, chosen)
        # Several faces are told by the question above them.
        notes = tuple(n for n in report.notes_for(face_index) if n.code != "several_faces")
        if not notes and report.faces:
            clear = tr("The face is large and clear enough.")
            notes = (CoachNote(level="good", code="good", message=clear),)
        self._say(notes)

    def show_failure(self, name: str, message: str, next_step: str = "") -> None:
        """The file could not be read."""
        self._show(QImage(), name, busy=False)
        self._show_faces(None, QImage(), None)
        note = CoachNote(level="stop", code="unreadable", message=message, next_step=next_step)
        self._say((note,))

    def set_name(self, text: str) -> None:
        """Show the child's name, without a signal."""
        if self.name_edit.text() != text:
            self.name_edit.setText(text)

    def add_below_advice(self, widget: QWidget) -> None:
        """Put something more between the advice and the name."""
        self._layout.insertWidget(self._layout.indexOf(self.coach) + 1, widget)
        tab_by_layout(self)

    # Ways in; the window calls them for drops and pastes anywhere.

    def hold_over(self, mime: QMimeData) -> PhotoOffer:
        """Answer to data held over the window: show whether it will do."""
        offer = examine(mime)
        words = offer.refusal
        if offer.usable and offer.path:
            words = offer.path.name
        if offer.spare:
            words = tr("{name}, the first of {count}", name=words, count=offer.spare + 1)
        self.preview.show_hover(Hover.WELCOME if offer.usable else Hover.REFUSED, words)
        return offer

    def end_hold(self) -> None:
        self.preview.show_hover(Hover.NOTHING)

    def take(self, mime: QMimeData) -> bool:
        """Use dropped or pasted data; what cannot be used is explained and gives false."""
        self.end_hold()
        offer = examine(mime)
        if offer.path:
            self.photo_dropped.emit(offer.path)
        elif offer.has_image and not (image := image_of(mime)).isNull():
            self.image_pasted.emit(image)
        else:
            why = offer.refusal or tr(
                "This picture cannot be read. Save it as a file and drop that."
            )
            refusal = CoachNote(level="stop", code="refused", message=why)
            self.coach.show_notes([refusal, *self._notes])
            return False
        return True

    def paste(self) -> bool:
        """Use what the clipboard holds."""
        return self.take(_clipboard())

    def can_paste(self) -> bool:
        """Whether the clipboard holds a picture or a file, rather than words."""
        mime = _clipboard()
        return mime.hasImage() or any(url.isLocalFile() for url in mime.urls())

    def open_dialog(self) -> None:
        """Let a file be chosen."""
        from PySide6.QtWidgets import QFileDialog

        kinds = photo_patterns()
        name, _ = QFileDialog.getOpenFileName(self, tr("Open a photo"), "", kinds)
        if name:
            self.photo_dropped.emit(Path(name))

    # Events.

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        else:
            super().keyPressEvent(event)

    # Inside.

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.SMALL)
        buttons.addWidget(self._open, 1)
        buttons.addWidget(self._paste, 1)
        buttons.addWidget(self._remove)
        head = QHBoxLayout()
        head.setSpacing(Space.SMALL)
        head.addWidget(heading(tr("Photo")))
        self._file.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self._file, 1)
        self.name_edit.setPlaceholderText(tr("for example Mia"))
        self.name_edit.setAccessibleName(tr("Child’s name"))
        self.name_edit.setClearButtonEnabled(True)
        prepare_line(self.name_edit)
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.SMALL)
        layout.addLayout(head)
        layout.addWidget(self.preview)
        layout.addWidget(self._busy)
        layout.addWidget(self._looking)
        layout.addLayout(buttons)
        layout.addWidget(self._hint)
        layout.addWidget(self._which)
        layout.addWidget(self.faces)
        layout.addWidget(self.coach)
        layout.addSpacing(Space.SMALL)
        layout.addWidget(heading(tr("Child’s name"), self.name_edit))
        layout.addWidget(self.name_edit)
        layout.addStretch(1)

    def _connect(self) -> None:
        self._open.setToolTip(tr("Choose a photo from this computer"))
        self._paste.setToolTip(tr("Use the photo or file on the clipboard (Ctrl+V)"))
        self._open.clicked.connect(self.open_dialog)
        self._paste.clicked.connect(self.paste)
        self._remove.clicked.connect(self.photo_removed)
        self.preview.pressed.connect(self.open_dialog)
        self.preview.face_pressed.connect(self.face_chosen)
        self.faces.value_chosen.connect(self._on_face_chip)
        self.name_edit.textEdited.connect(self.name_edited)

    def _say(self, notes: tuple[CoachNote, ...]) -> None:
        self._notes = notes
        self.coach.show_notes(notes)

    def _on_face_chip(self, value: str) -> None:
        self.face_chosen.emit(int(value))

    def _show(self, image: QImage, name: str, *, busy: bool) -> None:
        self.preview.show_image(image)
        self.preview.show_hover(Hover.NOTHING)
        self.preview.show_waiting(name if busy else "")
        self._file.setText(name)
        self._remove.setVisible(bool(name))
        self._busy.setVisible(busy and motion_wanted())
        self._looking.setVisible(busy)
        self._hint.setVisible(not name)

    def _show_faces(self, boxes: list[QRectF] | None, preview: QImage, chosen: int | None) -> None:
        several = boxes is not None and len(boxes) > 1
        self._which.setVisible(several)
        self.faces.setVisible(several)
        if not several or boxes is None:
            self.faces.set_choices([])
            return
        names = [tr("Face {number}", number=index + 1) for index in range(len(boxes))]
        few = len(boxes) <= _NAMED_FACES
        titles = names if few else [str(index + 1) for index in range(len(boxes))]
        icons = [_portrait_icon(preview, box) for box in boxes]
        self.faces.set_choices([(str(i), titles[i], icons[i]) for i in range(len(boxes))])
        for chip, name in zip(self.faces.chips(), names, strict=True):
            chip.setAccessibleName(name)
        if chosen is not None:
            self.faces.choose(str(chosen))
        tab_by_layout(self)


def _clipboard() -> QMimeData:
    # Qt answers None where the clipboard is empty, which its type does not say.
    return cast("QMimeData | None", QGuiApplication.clipboard().mimeData()) or QMimeData()


def _boxes(report: PhotoReport, preview: QImage) -> list[QRectF]:
    """The faces' boxes in pixels of ``preview``."""
    longest = max(report.size.width, report.size.height)
    scale = max(preview.width(), preview.height()) / longest
    boxes = (face.box for face in report.faces)
    return [QRectF(b.x * scale, b.y * scale, b.width * scale, b.height * scale) for b in boxes]


def _portrait_icon(preview: QImage, box: QRectF) -> QIcon:
    """The face in a disc, twice as large as needed for screens of a high resolution."""
    edge = Metric.ICON * 2
    middle = box.center()
    side = max(box.width(), box.height()) * 1.2
    square = QRect(
        round(middle.x() - side / 2), round(middle.y() - side / 2), round(side), round(side)
    )
    face = preview.copy(square).scaled(
        edge, edge, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    pixmap = QPixmap(edge + 2 * Space.TINY, edge)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    disc = QPainterPath()
    disc.addEllipse(0, 0, edge, edge)
    painter.setClipPath(disc)
    painter.drawImage(0, 0, face)
    painter.end()
    return QIcon(pixmap)

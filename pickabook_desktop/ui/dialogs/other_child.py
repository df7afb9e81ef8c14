"""Choosing another child for pages: a photo and a name."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.create.photo_drop import photo_patterns
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.viewmodels.decision_words import pages
from pickabook_desktop.ui.viewmodels.other_child import KnownPhoto, OtherChildModel
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import heading, wrapped
from pickabook_desktop.ui.widgets.quiet_dialog import QuietDialog
from pickabook_desktop.ui.widgets.text import prepare_line

LONGEST_NAME = 60
PREVIEW = 176
LIST_HEIGHT = 176
SMALLEST = (560, 0)
_PATH = Qt.ItemDataRole.UserRole


class OtherChildDialog(QuietDialog):
    """Accepted where the pages are to be drawn; the model then has the requests. ``estimate`` is
    what they come to, in words.
    """

    chosen = Signal(tuple)
    """The requests."""

    def __init__(self, model: OtherChildModel, title: str, estimate: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.model = model
        model.setParent(self)
        self.setWindowTitle(tr("Same for another child"))
        self.setMinimumSize(*SMALLEST)
        self._estimate = estimate
        self.known = QListWidget()
        self.known.setAccessibleName(tr("Photos of children that are known here"))
        self.known.setFixedHeight(LIST_HEIGHT)
        self.known.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.file_button = text_button(tr("Choose a photo…"), "photo")
        self.preview = QLabel()
        self.preview.setFixedSize(PREVIEW, PREVIEW)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setFrameShape(QFrame.Shape.NoFrame)
        self.preview.setAccessibleName(tr("The photo that is chosen"))
        self.said = wrapped("", "small")
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setAccessibleName(tr("Name of the other child"))
        prepare_line(self.name)
        self.box = QDialogButtonBox()
        draw = tr("Draw the page") if model.count == 1 else tr("Draw the pages")
        self.draw = self.box.addButton(
            f"{draw} · {estimate}", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.box.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self._dress()
        self._lay_out(title)
        self.known.currentItemChanged.connect(self._on_known_chosen)
        self.file_button.clicked.connect(self._on_file_wanted)
        self.name.textChanged.connect(model.set_name)
        self.box.accepted.connect(self._on_accepted)
        self.box.rejected.connect(self.reject)
        model.known_read.connect(self._on_known_read)
        model.changed.connect(self._on_changed)
        self.finished.connect(model.close)
        model.read_known()
        self._on_changed()

    def _dress(self) -> None:
        self.draw.setProperty("kind", "primary")
        # The box has dressed it already, as a plain one.
        self.draw.style().unpolish(self.draw)
        self.draw.style().polish(self.draw)
        for button in self.box.buttons():
            button.setMinimumHeight(Metric.PRIMARY_HIT)

    def _lay_out(self, title: str) -> None:
        lead = wrapped(self._lead(title), "body")
        left = QVBoxLayout()
        left.setSpacing(Space.SMALL)
        left.addWidget(heading(tr("Photos that are known here"), self.known))
        left.addWidget(self.known)
        left.addWidget(self.file_button, 0, Qt.AlignmentFlag.AlignLeading)
        right = QVBoxLayout()
        right.setSpacing(Space.SMALL)
        right.addWidget(heading(tr("Photo")))
        right.addWidget(self.preview)
        right.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(Space.LARGE)
        columns.addLayout(left, 1)
        columns.addLayout(right)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.HUGE, Space.LARGE, Space.HUGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        column.addWidget(lead)
        column.addSpacing(Space.SMALL)
        column.addLayout(columns)
        column.addWidget(self.said)
        self._name_heading = heading(tr("Name"), self.name)
        column.addWidget(self._name_heading)
        column.addWidget(self.name)
        for part in (self._name_heading, self.name):
            part.setVisible(self.model.takes_name)
        column.addSpacing(Space.SMALL)
        column.addWidget(self.box)

    def _lead(self, title: str) -> str:
        if self.model.count > 1:
            title = pages(self.model.count)
        names = ", ".join(self.model.old_names)
        if not names:
            return tr("{title}: with another photo, all else as it is.", title=title)
        return tr(
            "{title}: with another photo, all else as it is. Where the words say {names}, the new"
            " name takes its place.",
            title=title,
            names=names,
        )

    def _on_known_read(self) -> None:
        self.known.clear()
        for photo in self.model.known:
            item = QListWidgetItem(_line(photo))
            item.setData(_PATH, photo)
            item.setToolTip(photo.path)
            item.setSizeHint(QSize(0, Metric.HIT))
            self.known.addItem(item)
        if not self.model.known:
            item = QListWidgetItem(tr("None yet. Choose a photo below."))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.known.addItem(item)

    def _on_known_chosen(self, item: QListWidgetItem | None) -> None:
        photo = item.data(_PATH) if item is not None else None
        if isinstance(photo, KnownPhoto):
            if photo.name:
                self.name.setText(photo.name)
            self.model.choose(Path(photo.path))

    def _on_file_wanted(self) -> None:
        dialog = QFileDialog(self, tr("Choose a photo"), str(Path.home()), photo_patterns())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.choose_file)
        dialog.open()

    def choose_file(self, name: str) -> None:
        """Take any photo."""
        self.known.setCurrentRow(-1)
        self.model.choose(Path(name))

    def _on_changed(self) -> None:
        model = self.model
        self._show_preview()
        blocker = model.blocker()
        self.said.setText(blocker or model.advice())
        level = "stop" if model.stage == "failed" else ""
        if self.said.property("level") != level:
            self.said.setProperty("level", level)
            self.said.style().unpolish(self.said)
            self.said.style().polish(self.said)
        self.draw.setEnabled(not blocker)
        self.draw.setToolTip(blocker)

    def _show_preview(self) -> None:
        photo = self.model.photo
        if photo is None:
            self.preview.clear()
            return
        image = QImage.fromData(photo.preview)
        ratio = self.devicePixelRatioF()
        edge = round(PREVIEW * ratio)
        small = image.scaled(
            QSize(edge, edge),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        small.setDevicePixelRatio(ratio)
        self.preview.setPixmap(QPixmap.fromImage(small))

    def _on_accepted(self) -> None:
        requests = self.model.requests()
        if requests:
            self.chosen.emit(requests)
            self.done(QDialog.DialogCode.Accepted.value)


def _line(photo: KnownPhoto) -> str:
    name = photo.name or tr("No name")
    return f"{name} · {Path(photo.path).name}"

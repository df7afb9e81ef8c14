"""Where pages come from that are to be taken into the library."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.create.photo_drop import accept_copy
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.viewmodels.dropped import IMPORT_SUFFIXES, paths_in
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import IconMark, wrapped

FIRST_SIZE = QSize(520, 320)


class ImportDialog(QDialog):
    """Files, or a folder with all in it; or both dropped onto it."""

    chosen = Signal(object)
    """A tuple of paths; the dialog has closed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Import pages"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self.files = text_button(tr("Choose files…"), "page")
        self.files.clicked.connect(self._choose_files)
        self.folder = text_button(tr("Choose a folder…"), "folder")
        self.folder.clicked.connect(self._choose_folder)
        self.leave = text_button(tr("Cancel"))
        self.leave.clicked.connect(self.reject)
        self.files.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.LARGE)
        column.setSpacing(Space.LARGE)
        column.addWidget(wrapped(tr("Import pages"), "title"))
        column.addWidget(
            wrapped(
                tr(
                    "Pages that this program has exported say in their files how they were made. "
                    "They come back with all of it; what is here already is left as it is."
                ),
                "",
            )
        )
        column.addWidget(self._zone(), 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.leave)
        column.addLayout(foot)
        self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if paths_in(event.mimeData()):
            accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        paths = paths_in(event.mimeData())
        if paths and accept_copy(event):
            self._end(paths)

    def _zone(self) -> QFrame:
        zone = QFrame()
        zone.setProperty("kind", "card")
        middle = Qt.AlignmentFlag.AlignHCenter
        words = wrapped(tr("Drop files, folders or ZIP archives here"), "strong")
        words.setAlignment(middle)
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addStretch(1)
        row.addWidget(self.files)
        row.addWidget(self.folder)
        row.addStretch(1)
        column = QVBoxLayout(zone)
        column.setContentsMargins(Space.HUGE, Space.LARGE, Space.HUGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addStretch(1)
        column.addWidget(IconMark("open", "quiet", Metric.BIG_ICON), 0, middle)
        column.addWidget(words)
        column.addLayout(row)
        column.addStretch(1)
        return zone

    def _choose_files(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in IMPORT_SUFFIXES)
        dialog = QFileDialog(self, tr("Import pages"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            [tr("Pictures and ZIP archives ({patterns})", patterns=patterns), tr("All files (*)")]
        )
        self._open(dialog)

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, tr("Import a folder of pages"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._open(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        dialog.filesSelected.connect(self._on_found)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_found(self, names: list[str]) -> None:
        self._end(tuple(Path(name) for name in names))

    def _end(self, paths: tuple[Path, ...]) -> None:
        self.accept()
        self.chosen.emit(paths)

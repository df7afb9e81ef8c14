"""What can be done with a picture: save, copy, drag, show in its folder, delete and bring back."""

from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDrag, QGuiApplication, QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.jobs.export import MEDIA_TYPES
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.controllers.appearance import keep_setting
from pickabook_desktop.ui.controllers.handing_out import HandingOut, Handout
from pickabook_desktop.ui.controllers.moving import Moving
from pickabook_desktop.ui.setting_keys import EXPORT_FOLDER_KEY
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.viewmodels.shelf import Shelf

DRAG_EDGE = 160


class PictureCommands(QObject):
    """Commands on kept pictures."""

    def __init__(
        self,
        handing_out: HandingOut,
        shelf: Shelf,
        moving: Moving,
        lanes: Lanes,
        studio: Studio,
        toast: Toast,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._handing_out = handing_out
        self._moving = moving
        self._lanes = lanes
        self._studio = studio
        self._settings = studio.settings
        self._toast = toast
        self._window = window
        shelf.failed.connect(self._on_failed)
        handing_out.failed.connect(self._on_failed)

    def save(self, picture: KeptPicture, suggestion: str) -> None:
        """Ask where to, and write a copy there."""
        name = f"{file_name(suggestion)}{Path(picture.path).suffix}"
        target = ask_target(self._window, self._settings.text(EXPORT_FOLDER_KEY), name)
        if target is not None:
            self.save_to(picture, target)

    def save_to(self, picture: KeptPicture, target: Path) -> None:
        """Write a copy of ``picture``; the suffix decides the format."""

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                self._on_saved(target)
            elif isinstance(event, Failed):
                self._on_failed(event.error)

        job = self._studio.hand_over.export_job(picture, target)
        self._lanes.submit("library", job, on_event, must_finish=True)

    def copy(self, picture: KeptPicture) -> None:
        """Put the picture and its file into the clipboard."""

        def use(handout: Handout) -> None:
            QGuiApplication.clipboard().setMimeData(handout.mime())
            self._toast.show_message(tr("The picture is in the clipboard."))

        self._handing_out.prepare(picture, use)

    def drag(self, picture: KeptPicture) -> None:
        """Hand the picture to whatever program it is dropped on."""

        def use(handout: Handout) -> None:
            # The button may be up again when the picture is ready.
            if QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
                _drag(handout, self._window)

        self._handing_out.prepare(picture, use)

    def reveal(self, picture: KeptPicture) -> None:
        """Open the folder that holds the file."""
        folder = Path(picture.path).parent
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._toast.show_message(tr("The file is in {folder}.", folder=folder))

    def delete(self, picture: KeptPicture) -> None:
        """Move ``picture`` to the library's trash, and offer to bring it back."""
        self._moving.trash((picture.id,))

    def _on_saved(self, target: Path) -> None:
        keep_setting(self._settings, self._lanes, EXPORT_FOLDER_KEY, str(target.parent))

        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(target.parent)))

        saved = tr("Saved as {name}.", name=target.name)
        self._toast.show_message(saved, tr("Show in folder"), show)

    def _on_failed(self, error: PickaBookError) -> None:
        self._toast.show_message(str(error))


def _drag(handout: Handout, source: QWidget) -> None:
    drag = QDrag(source)
    drag.setMimeData(handout.mime())
    pyramid = handout.pyramid
    small = pyramid.level_for(DRAG_EDGE / max(1, pyramid.size.width()))
    scaled = small.scaled(
        QSize(DRAG_EDGE, DRAG_EDGE),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    drag.setPixmap(QPixmap.fromImage(scaled))
    drag.setHotSpot(QRect(QPoint(), scaled.size()).center())
    drag.exec(Qt.DropAction.CopyAction)


def ask_target(window: QWidget, folder: str, name: str) -> Path | None:
    """Ask where a copy goes; ``folder`` is the one that was used last, if any."""
    start = Path(folder or Path.home()) / name
    chosen, chosen_filter = QFileDialog.getSaveFileName(
        window, tr("Save a copy"), str(start), ";;".join(_filters())
    )
    return _with_suffix(Path(chosen), chosen_filter) if chosen else None


def file_name(title: str) -> str:
    """``title`` as the stem of a file's name on any system."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in title)
    return " ".join(kept.split())[:80] or tr("Page")


def _filters() -> list[str]:
    return [
        tr("PNG picture (*.png)"),
        tr("JPEG picture (*.jpg *.jpeg)"),
        tr("WebP picture (*.webp)"),
        tr("TIFF picture, for printers (*.tif *.tiff)"),
    ]


def _with_suffix(target: Path, chosen_filter: str) -> Path:
    if target.suffix.lower() in MEDIA_TYPES:
        return target
    suffixes = (".png", ".jpg", ".webp", ".tif")
    place = _filters().index(chosen_filter) if chosen_filter in _filters() else 0
    return target.with_name(target.name + suffixes[place])

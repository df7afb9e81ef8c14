"""Take pictures of the real window in its states, for the eye and for the documentation.

Needs a display; without one run it under ``xvfb-run``. Each look is a process of its own, because
Qt reads the scale when it starts.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dialog_states import DIALOG_STATES, DialogStates, with_pretended_keys
from gallery_states import GALLERY_STATES, GalleryStates
from online_states import ONLINE_STATES, OnlineStates, with_pretended_service
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QMimeData, QSize, Qt, QUrl
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from pickabook_desktop.assembly import assemble
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.places import Places
from pickabook_desktop.ui.controllers.appearance import kept_scheme
from pickabook_desktop.ui.main_window import MainWindow
from pickabook_desktop.ui.theme import apply_theme
from pickabook_desktop.ui.viewmodels.pages import title_of

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "resources" / "screenshots"
PATIENCE_MS = 60_000
STATES = (
    "first-start",
    "empty",
    "drag-over",
    "analysing",
    "several-faces",
    "working",
    "result",
    "compare",
    "long-names",
    "options",
    "engines",
    "history-full",
    "error",
    *DIALOG_STATES,
    *ONLINE_STATES,
    *GALLERY_STATES,
)


# What the documentation shows, by look; the rest is for the eye: ``--all --target FOLDER``.
DOCUMENTED = {
    "light": (
        *("first-start", "empty", "working", "result", "compare", "error"),
        *("online", "privacy-gate", "countdown", "refusal", "drawn-later"),
        *("settings-keys", "settings-privacy", "ledger"),
        *("gallery", "gallery-loupe"),
    ),
    "dark": ("working", "result", "privacy-gate", "gallery-compare"),
    "light-2x": ("result",),
}
# Later states are reached through these.
WAY = tuple(dict.fromkeys(state for states in DOCUMENTED.values() for state in states))


@dataclass(frozen=True)
class Look:
    """One way to run the window; ``size`` is in device-independent pixels."""

    name: str
    scheme: str
    size: QSize
    scale: int = 1


LOOKS = (
    Look("light", "light", QSize(1280, 800)),
    Look("dark", "dark", QSize(1280, 800)),
    Look("light-2x", "light", QSize(1280, 720), 2),
    Look("dark-wide", "dark", QSize(1920, 1080)),
)


def main() -> int:
    """Take all pictures, or those of one look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--look", choices=[look.name for look in LOOKS])
    parser.add_argument("--only", choices=STATES, action="append")
    parser.add_argument("--all", action="store_true", help="every state in every look")
    options = parser.parse_args()
    options.target.mkdir(parents=True, exist_ok=True)
    if options.look:
        look = next(look for look in LOOKS if look.name == options.look)
        return _take(look, options.target, options.only or list(STATES))
    if options.all or options.only:
        return max(_in_a_process(look, options.target, options.only or []) for look in LOOKS)
    return _document(options.target)


def _document(target: Path) -> int:
    """Only what the documentation shows."""
    with tempfile.TemporaryDirectory() as folder:
        for look in LOOKS:
            wanted = DOCUMENTED.get(look.name, ())
            if wanted and (code := _in_a_process(look, Path(folder), list(WAY))):
                return code
            for state in wanted:
                name = f"{state}-{look.name}.png"
                shutil.copyfile(Path(folder, name), target / name)
                print(target / name)
    return 0


def _in_a_process(look: Look, target: Path, only: list[str]) -> int:
    words = [sys.executable, __file__, "--look", look.name, "--target", str(target)]
    words += [word for state in only for word in ("--only", state)]
    environment = {**os.environ, "QT_SCALE_FACTOR": str(look.scale)}
    environment["PYTHONPATH"] = str(ROOT)
    return subprocess.run(words, env=environment, check=False).returncode


def _take(look: Look, target: Path, states: list[str]) -> int:
    app = QApplication([sys.argv[0]])
    folder = Path(tempfile.mkdtemp(prefix="pickabook-shots-"))
    studio = with_pretended_service(
        with_pretended_keys(assemble(Places.under(folder), {"window.scheme": look.scheme}))
    )
    window = MainWindow(studio, Lanes(), apply_theme(app, kept_scheme(studio.settings)))
    window.resize(look.size)
    window.show()
    stage = _Stage(window, target, look.name, folder)
    dialogs = DialogStates(window, studio, stage.save, stage.settle)
    online = OnlineStates(window, studio, stage.save, stage.settle, stage.wait)
    gallery = GalleryStates(window, studio, stage.save, stage.settle, stage.wait)
    try:
        for state in states:
            if state in DIALOG_STATES:
                dialogs.take(state)
            elif state in ONLINE_STATES:
                online.take(state)
            elif state in GALLERY_STATES:
                gallery.take(state)
            else:
                getattr(stage, state.replace("-", "_"))()
    finally:
        window.close()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


class _Stage:
    """Brings the window into each state and takes its picture."""

    def __init__(self, window: MainWindow, target: Path, look: str, folder: Path) -> None:
        self._window = window
        self._target = target
        self._look = look
        self._folder = folder
        window.start()

    def first_start(self) -> None:
        self._wait_for_preview()
        self._grab("first-start")

    def empty(self) -> None:
        self._window.choices.remove_photo()
        self.wait(lambda: self._window.viewer.canvas.picture is None)
        self._grab("empty")
        self._choose_sample()

    def working(self) -> None:
        window = self._window
        window.choices.set_count(4)
        window.choices.choose_size("4K")
        self._wait_for_preview()
        window.workings.drawing.draw()
        window.choices.choose_size("2K")
        window.workings.drawing.draw()
        self.wait(lambda: window.draw_button.fraction > 0.2)
        self._grab("working")
        while window.session.busy:
            window.session.cancel_current()

    def result(self) -> None:
        window = self._window
        window.choices.choose_size("2K")
        window.choices.set_field("name", "Mia")
        window.choices.set_count(3)
        for template_id in list(window.choices.templates)[-3:]:
            window.choices.choose_template(template_id)
            window.workings.drawing.draw()
        self.wait(lambda: not window.session.busy)
        page = window.history.pictures[0]
        title = title_of(page.request, window.choices)
        self.wait(lambda: window.viewer.caption.startswith(title))
        self.settle()
        self._grab("result")

    def compare(self) -> None:
        self._window.actions_by_id["compare"].setChecked(True)
        self._grab("compare")
        self._window.actions_by_id["compare"].setChecked(False)

    def error(self) -> None:
        window = self._window
        photo = self._folder / "holiday.png"
        shutil.copy(window.choices.photo_path or photo, photo)
        window.choices.choose_photo(photo)
        self.wait(lambda: window.choices.photo_stage == "ready")
        self._wait_for_preview()
        photo.unlink()
        window.workings.drawing.draw()
        self.wait(lambda: window.viewer.error_shown)
        self._grab("error")

    def drag_over(self) -> None:
        panel = self._window.photo_column.panel
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(self._folder / "notes.txt"))])
        panel.hold_over(mime)
        self._grab("drag-over")
        panel.end_hold()

    def analysing(self) -> None:
        """The photo's report never comes here, so that the state can be seen."""
        choices = self._window.choices
        choices.blockSignals(True)
        choices.choose_photo(self._window.sample)
        choices.blockSignals(False)
        choices.photo_changed.emit()
        self._grab("analysing")
        self._choose_sample()

    def several_faces(self) -> None:
        photo = QImage(str(self._window.sample))
        row = QImage(photo.width() * 3, photo.height(), QImage.Format.Format_RGB32)
        painter = QPainter(row)
        for place in range(3):
            painter.drawImage(place * photo.width(), 0, photo)
        painter.end()
        path = self._folder / "several.png"
        row.save(str(path))
        self._window.choices.choose_photo(path)
        self.wait(lambda: self._window.choices.photo_stage == "ready")
        self._wait_for_preview()
        self._grab("several-faces")
        self._choose_sample()

    def long_names(self) -> None:
        choices = self._window.choices
        choices.set_field("name", "Maximiliana-Alexandra von und zu Hohenstein")
        choices.set_prompt("\u05d9\u05dc\u05d3\u05d4 \u05e2\u05dc \u05d4\u05d9\u05e8\u05d7 " * 9)
        QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._wait_for_preview()
        self._grab("long-names")
        QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        choices.set_field("name", "")
        choices.set_prompt("")

    def options(self) -> None:
        self._window.page_column.options.set_expanded(True)
        self._grab("options")
        self._window.page_column.options.set_expanded(False)

    def engines(self) -> None:
        popup = self._window.top_bar.engine.open_list()
        self.settle()
        self.save(popup, "engines")
        popup.close()

    def history_full(self) -> None:
        window = self._window
        for template_id in list(window.choices.templates)[:6]:
            window.choices.choose_template(template_id)
            self._wait_for_preview()
            before = len(window.history.pictures)
            window.workings.drawing.draw()
            self.wait(lambda before=before: len(window.history.pictures) > before)
        self.wait(lambda: not window.session.busy)
        self.settle()
        self._grab("history-full")

    def _choose_sample(self) -> None:
        self._window.choices.choose_photo(self._window.sample)
        self._wait_for_preview()

    def _wait_for_preview(self) -> None:
        self.wait(lambda: self._window.viewer.canvas.picture is not None)
        self.settle()

    def _grab(self, state: str) -> None:
        self.settle()
        self.save(self._window, state)

    def save(self, widget: QWidget, state: str) -> None:
        """Keep a picture of ``widget``."""
        path = self._target / f"{state}-{self._look}.png"
        widget.grab().save(str(path))
        print(path)

    def settle(self) -> None:
        """Let queued work and short animations end."""
        deadline = QDeadlineTimer(400)
        while not deadline.hasExpired():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)

    def wait(self, reached: Callable[[], bool]) -> None:
        """Go on once ``reached``; raises TimeoutError."""
        deadline = QDeadlineTimer(PATIENCE_MS)
        while not reached():
            if deadline.hasExpired():
                raise TimeoutError(f"the window did not reach its next state ({self._look})")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


if __name__ == "__main__":
    sys.exit(main())

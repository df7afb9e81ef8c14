"""The window's entry: builds the application, the studio and the window, and runs them.

Little is imported at module level, so that :func:`main` rules how the rest is.
"""

import builtins
import contextlib
import gc
import importlib
import os
import signal
import sys
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pickabook_desktop.domain.i18n import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from pickabook_desktop.jobs.studio import Studio
    from pickabook_desktop.ui.main_window import MainWindow

# Megabytes for one decoded picture; A3 at 600 dpi takes 280.
DECODED_LIMIT = 1024


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the window until it is closed; ``arguments`` are the program's name and perhaps a photo
    to begin with. Raises SystemExit for a question such as ``--help`` and for unknown words.
    """
    arguments = sys.argv if arguments is None else arguments
    photos = _photos(arguments[1:])
    if not _display_there():
        sys.stderr.write(
            tr("There is no screen to open a window on. “pickabook --help” works without.") + "\n"
        )
        return 1
    # Nothing that is made until the first painting becomes garbage; looking for some would delay
    # it by a tenth. The window switches the search on again.
    gc.disable()
    try:
        return _run(arguments[:1], photos)
    finally:
        gc.enable()


def _photos(words: Sequence[str]) -> list[Path]:
    if not words:
        # Almost always; what reads words would make the window wait.
        return []
    import argparse

    from pickabook_desktop import __version__

    parser = argparse.ArgumentParser(
        prog="pickabook-desktop",
        allow_abbrev=False,
        description=tr("Draw picture-book pages in which a particular child is the hero."),
        epilog=tr("“pickabook --help” shows the same without a window."),
    )
    parser.add_argument(
        "photo", nargs="?", type=Path, default=None, help=tr("a photo to begin with")
    )
    version = f"%(prog)s {__version__}"
    parser.add_argument("--version", action="version", version=version)
    photo: Path | None = parser.parse_args(words).photo
    return [photo] if photo is not None else []


def _run(name: Sequence[str], photos: list[Path]) -> int:
    from pickabook_desktop.assembly import assemble

    _import_qt()
    from pickabook_desktop.ui.first_steps import FirstSteps

    app = _application(name)
    studio = assemble()
    window = _window(app, studio)
    with contextlib.ExitStack() as running:
        running.enter_context(_closed_by_signals(window))
        FirstSteps(window, studio.places, running, photos, studio.keys.values)
        window.show()
        code = app.exec()
        # The session's end may quit without closing the window.
        window.shut_down()
        _keep_a_copy(studio)
    if not window.joined:
        # Qt aborts when a running thread is taken down; everything worth keeping is on the disk.
        os._exit(code)
    return code


def _keep_a_copy(studio: "Studio") -> None:
    """Copy the list where much was decided since the last time; nobody sees the window by now."""
    if studio.library.changes:
        from pickabook_desktop.jobs.backups import back_up

        back_up(studio.library, studio.settings)


def _import_qt() -> None:
    """Import PySide6 and take its import hook off again.

    The hook reads the source of every module that is imported from then on, to see whether it may
    ask for other names of Qt's methods (``__feature__``). None here does.
    """
    plain_import = builtins.__import__
    importlib.import_module("PySide6.QtCore")
    builtins.__import__ = plain_import


def _display_there() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _application(name: Sequence[str]) -> "QApplication":
    from PySide6.QtGui import QImageReader
    from PySide6.QtWidgets import QApplication

    from pickabook_desktop.ui.theme import STYLE

    # Setting the style later would make a Python object of it, which takes a while.
    app = QApplication([*name, "-style", STYLE])
    app.setApplicationName("pickabook")
    app.setApplicationDisplayName("PickaBook Desktop")
    app.setDesktopFileName("pickabook-desktop")
    QImageReader.setAllocationLimit(DECODED_LIMIT)
    return app


def _window(app: "QApplication", studio: "Studio") -> "MainWindow":
    """The window, dressed once it is whole."""
    from pickabook_desktop.jobs.threads import Lanes
    from pickabook_desktop.ui.controllers.appearance import kept_scheme
    from pickabook_desktop.ui.main_window import MainWindow
    from pickabook_desktop.ui.theme import Theme

    try:
        theme = Theme(app)
        window = MainWindow(studio, Lanes(), theme)
        theme.set_scheme(kept_scheme(studio.settings))
    except Exception:
        from pickabook_desktop.storage.logs import logging_to

        # The log begins after the first painting; what goes wrong before must be in it as well.
        with logging_to(studio.places.log_file, secrets=studio.keys.values) as log:
            log.exception("The window could not be made")
        raise
    return window


@contextlib.contextmanager
def _closed_by_signals(window: "MainWindow") -> Generator[None]:
    """Close the window on Ctrl+C in the terminal and on a polite kill."""
    from PySide6.QtCore import QTimer

    def close(number: int, frame: object) -> None:
        QTimer.singleShot(0, window, window.close_at_once)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, close)
    yield
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


if __name__ == "__main__":
    sys.exit(main())

"""The program as a process, and the window with the real engine."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from PySide6.QtCore import Qt
from unit.storage.shelf import add

from pickabook_desktop.assembly import assemble
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.places import Places
from pickabook_desktop.ui.main_window import MainWindow
from pickabook_desktop.ui.theme import apply_theme

HEAVY = (
    "numpy",
    "cv2",
    "PIL",
    "google.genai",
    "imagekitio",
    "replicate",
    "gradio_client",
    "torch",
    "sqlalchemy",
)

FIRST_PAINT = f"""
import sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QMainWindow
from pickabook_desktop import app

class Look(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
            print("loaded:", [name for name in {HEAVY!r} if name in sys.modules], flush=True)
            watched.removeEventFilter(self)
            {{action}}
        return False

def quit_past(window):
    # As at the end of a session.
    from PySide6.QtCore import QCoreApplication, QTimer

    if window.started:
        QCoreApplication.exit(0)
    else:
        QTimer.singleShot(1, lambda: quit_past(window))

look = Look()
shown = QMainWindow.show
def show(window):
    window.installEventFilter(look)
    shown(window)
QMainWindow.show = show
sys.exit(app.main(["pickabook-desktop"]))
"""


def run_window(action: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", FIRST_PAINT.format(action=action)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_first_painting_waits_for_nothing_heavy():
    action = "from PySide6.QtCore import QTimer; QTimer.singleShot(0, watched.close)"
    process = run_window(action)
    out, err = process.communicate(timeout=60)
    assert "loaded: []" in out, err
    assert process.returncode == 0, err


def test_leaving_past_the_window_ends_in_good_order():
    process = run_window("quit_past(watched)")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert err == ""


def test_what_was_decided_is_copied_when_the_program_ends():
    library = Library(Places.of_system().library)
    page = add(library)
    library.close()
    decide = (
        "from pickabook_desktop.domain.review import Marks;"
        f"watched._studio.library.review.decisions.mark(['{page.id}'], Marks(rating=5));"
        "from PySide6.QtCore import QTimer; QTimer.singleShot(0, watched.close)"
    )
    _, err = run_window(decide).communicate(timeout=60)
    (copy,) = library.backups.all()
    with closing(apsw.Connection(str(library.backups.path(copy)))) as connection:
        assert connection.execute("SELECT rating FROM cards").fetchall() == [(5,)], err


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent differently there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_in_good_order(number):
    process = run_window("pass")
    assert process.stdout is not None
    assert "loaded" in process.stdout.readline()
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Traceback" not in err


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a screen there")
def test_without_a_screen_it_says_so_instead_of_aborting():
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    done = subprocess.run(
        [sys.executable, "-m", "pickabook_desktop"],
        env={k: v for k, v in os.environ.items() if k not in hidden},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "There is no screen" in done.stderr


def started(*words: str) -> subprocess.CompletedProcess[str]:
    """The window's program with these words, which must end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "pickabook_desktop", *words],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_help_says_how_the_window_is_started():
    done = started("--help")
    assert done.returncode == 0
    assert done.stdout.startswith("usage: pickabook-desktop [")
    assert "photo" in done.stdout
    assert started("--version").stdout.strip().startswith("pickabook-desktop ")


@pytest.mark.parametrize("words", [("--fast",), ("one.jpg", "two.jpg")])
def test_what_the_window_does_not_know_is_refused(words):
    done = started(*words)
    assert done.returncode == 2
    assert words[-1] in done.stderr


@pytest.fixture
def real_window(tmp_path: Path, qapp, qtbot) -> Iterator[MainWindow]:
    studio = assemble(Places.under(tmp_path))
    window = MainWindow(studio, Lanes(), apply_theme(qapp, "light"))
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()
    assert window.joined


def test_from_a_photo_to_a_page_with_the_real_engine(real_window, tmp_path, qtbot):
    from PIL import Image
    from skimage import data

    photo = tmp_path / "astronaut.png"
    Image.fromarray(data.astronaut()).save(photo)
    window = real_window
    window.start()
    window.choices.choose_photo(photo)
    qtbot.waitUntil(lambda: window.choices.photo_stage == "ready", timeout=30_000)
    qtbot.waitUntil(lambda: window.viewer.caption == "Preview", timeout=30_000)
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(window.history.pictures) == 1, timeout=60_000)
    page = window.history.pictures[0]
    assert (page.size.width, page.size.height) == (2048, 2048)
    assert Path(page.path).is_file()
    qtbot.waitUntil(lambda: "2048 × 2048 px" in window.viewer.caption, timeout=10_000)

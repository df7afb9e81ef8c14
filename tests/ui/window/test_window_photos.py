"""Photos on their way into the window: dropped, pasted, refused."""

import stat
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
)
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPlainTextEdit,
)
from ui.window_data import encoded

from pickabook_desktop.ui.create.photo_preview import Hover
from pickabook_desktop.ui.main_window import MainWindow


def test_a_photo_dropped_anywhere_is_used(window, tmp_path, qtbot):
    photo = tmp_path / "holiday.png"
    photo.write_bytes(encoded("#808080"))
    drop(window, files(photo))
    assert window.choices.photo_path == photo
    qtbot.waitUntil(lambda: window.choices.photo_stage == "ready")
    assert window.viewer.hint == ""


def test_no_field_takes_a_dropped_photo_for_text(window):
    window.choices.choose_template("moon")
    fields = [*window.findChildren(QLineEdit), *window.findChildren(QPlainTextEdit)]
    assert fields
    assert not any(field.acceptDrops() for field in fields)


def test_a_photo_in_the_clipboard_is_pasted_from_within_a_field_too(window, tmp_path, qtbot):
    photo = tmp_path / "holiday.png"
    photo.write_bytes(encoded("#808080"))
    edit = window.photo_column.panel.name_edit
    edit.setFocus()
    QGuiApplication.clipboard().setMimeData(files(photo))
    qtbot.keyClick(edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert window.choices.photo_path == photo
    assert edit.text() == ""
    QGuiApplication.clipboard().setText("Mia")
    qtbot.keyClick(edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert edit.text() == "Mia"
    assert window.choices.photo_path == photo


def test_a_wrong_file_is_refused_before_it_is_dropped(window, tmp_path):
    hold(window, files(tmp_path / "notes.txt"))
    assert window.photo_column.panel.preview.hover is Hover.REFUSED
    hold(window, files(tmp_path / "holiday.jpg"))
    assert window.photo_column.panel.preview.hover is Hover.WELCOME


def test_a_pasted_picture_is_private_and_gone_afterwards(desk, window, qtbot):
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    QGuiApplication.clipboard().setImage(image)
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.choices.photo_path != window.sample)
    path = window.choices.photo_path
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    desk.close()
    assert not path.parent.exists()


def test_a_photo_pasted_before_a_crash_is_removed_at_the_next_start(desk, window, qtbot):
    left = desk.studio.places.cache / "scratch" / "1-crashed"
    left.mkdir(parents=True)
    (left / ".in-use").touch()
    (left / "Pasted picture 1.png").write_bytes(encoded("#808080"))
    desk.close()
    desk.open()
    qtbot.waitUntil(lambda: not left.exists())


def test_a_photo_that_is_gone_gives_way_to_the_sample(desk, window, tmp_path, qtbot):
    photo = tmp_path / "holiday.png"
    photo.write_bytes(encoded("#808080"))
    window.choices.choose_photo(photo)
    desk.close()
    again = desk.open()
    qtbot.waitUntil(lambda: again.choices.photo_path == photo)
    desk.close()
    photo.unlink()
    again = desk.open()
    qtbot.waitUntil(lambda: again.choices.photo_path == again.sample)


def test_an_unreadable_photo_is_explained(window, tmp_path, qtbot):
    window.choices.choose_photo(tmp_path / "gone.jpg")
    qtbot.waitUntil(lambda: window.choices.photo_stage == "failed")
    button = window.draw_button
    assert button.accessibleName() == "Choose another photo"
    assert button.accessibleDescription() == "There is no file gone.jpg. Choose another photo."
    opened: list[bool] = []
    window.actions_by_id["open_photo"].triggered.disconnect()
    window.actions_by_id["open_photo"].triggered.connect(lambda: opened.append(True))
    button.click()
    assert opened


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def hold(window: MainWindow, mime: QMimeData) -> None:
    event = QDragEnterEvent(
        QPoint(900, 400),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(window, event)


def drop(window: MainWindow, mime: QMimeData) -> None:
    hold(window, mime)
    event = QDropEvent(
        QPointF(900, 400),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(window, event)

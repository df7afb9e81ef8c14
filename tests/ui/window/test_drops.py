"""Drags over the window, handed to the widget that Qt would choose."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from ui.window_data import encoded

from pickabook_desktop.ui.create.photo_preview import Hover
from pickabook_desktop.ui.main_window import MainWindow

COPY, MOVE, LINK = Qt.DropAction.CopyAction, Qt.DropAction.MoveAction, Qt.DropAction.LinkAction
LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    photo = tmp_path / "holiday.png"
    photo.write_bytes(encoded("#808080"))
    return photo


@pytest.fixture(params=["viewer", "photo_column", "page_column", "history"])
def part(request, window) -> QWidget:
    """Any part of the window."""
    return getattr(window, request.param)


def test_a_photo_is_copied_and_never_moved_even_with_shift_held(window, part, photo):
    assert enter(window, part, files(photo), COPY | MOVE) == COPY
    assert drop(window, part, files(photo), COPY | MOVE) == COPY
    assert window.choices.photo_path == photo


@pytest.mark.parametrize("offered", [MOVE, LINK])
def test_what_may_only_be_moved_or_linked_is_left_alone(window, part, photo, offered):
    before = window.choices.photo_path
    assert enter(window, part, files(photo), offered) is None
    assert window.photo_column.panel.preview.hover is Hover.NOTHING
    assert drop(window, part, files(photo), offered) is None
    assert window.choices.photo_path == before


def test_a_page_drawn_here_is_no_photo_wherever_it_is_dropped(desk, window, part):
    desk.draw(window)
    window.actions_by_id["copy"].trigger()
    page = QGuiApplication.clipboard().mimeData()
    assert page.hasUrls()
    before = window.choices.photo_path
    assert enter(window, part, page, COPY) is None
    assert drop(window, part, page, COPY) is None
    assert window.choices.photo_path == before


def test_a_page_drawn_here_is_no_photo_when_pasted_either(desk, window):
    desk.draw(window)
    before = window.choices.photo_path
    window.actions_by_id["copy"].trigger()
    assert not window.photo_column.panel.paste()
    assert window.choices.photo_path == before


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def enter(
    window: MainWindow, part: QWidget, mime: QMimeData, offered: Qt.DropAction
) -> Qt.DropAction | None:
    return answer(window, part, QDragEnterEvent(middle(window, part), offered, mime, LEFT, SHIFT))


def drop(
    window: MainWindow, part: QWidget, mime: QMimeData, offered: Qt.DropAction
) -> Qt.DropAction | None:
    place = QPointF(middle(window, part))
    return answer(window, part, QDropEvent(place, offered, mime, LEFT, SHIFT))


def answer(window: MainWindow, part: QWidget, event: QDropEvent) -> Qt.DropAction | None:
    """What the innermost widget that takes drops there says; None where it declines."""
    widget = window.childAt(middle(window, part))
    while widget is not None and not widget.isWindow() and not widget.acceptDrops():
        widget = widget.parentWidget()
    assert widget is not None
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.dropAction() if event.isAccepted() else None


def middle(window: MainWindow, part: QWidget) -> QPoint:
    return part.mapTo(window, part.rect().center())

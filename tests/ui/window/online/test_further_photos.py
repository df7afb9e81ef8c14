"""Further photos of the same child, and the book."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from ui.online_steps import agree, draw_first, gate_of, view_of
from ui.window_data import encoded


def test_typing_the_name_of_a_book_draws_no_preview_anew(window, engine, qtbot):
    window.choices.choose_engine("storybook")
    qtbot.waitUntil(lambda: window.viewer.caption == "Preview")
    before = len(engine.requests)
    window.choices.set_book("Ada’s winter")
    with qtbot.waitSignal(window.session.preview_drawn):
        window.choices.choose_template("moon")
    assert len(engine.requests) == before + 1


def test_further_photos_are_dropped_shown_and_sent(window, far, qtbot, tmp_path):
    row = window.photo_column.further
    assert row.isVisible()
    paths = []
    for name, colour in (("one.png", "#111111"), ("two.png", "#222222"), ("three.png", "#333333")):
        path = tmp_path / name
        path.write_bytes(encoded(colour))
        paths.append(path)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in (*paths, tmp_path / "four.png")])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(row, QDragEnterEvent(QPoint(5, 5), copy, mime, left, keys))
    QApplication.sendEvent(row, QDropEvent(QPointF(5, 5), copy, mime, left, keys))
    assert row.words == "This engine takes 3 more photos."
    qtbot.waitUntil(lambda: window.choices.request() is not None)
    assert len(row.tiles()) == 3
    row.tiles()[1].click()
    window.draw_button.click()
    assert len(view_of(gate_of(window, qtbot)).pictures) == 3
    agree(window, qtbot)
    qtbot.waitUntil(lambda: len(far.requests) == 1)
    sent = far.requests[0].further_photos
    assert [Path(photo.path).name for photo in sent] == ["one.png", "three.png"]
    assert all(photo.sha256 for photo in sent)
    window.choices.choose_engine("storybook")
    assert not row.isVisible()


def test_a_further_photo_that_cannot_be_used_says_why_and_can_be_taken_away(
    window, tmp_path, qtbot
):
    window.choices.add_further([tmp_path / "gone.png"])
    row = window.photo_column.further
    qtbot.waitUntil(lambda: row.words == "There is no file gone.png.")
    assert window.choices.request() is None
    assert "further photo" in window.draw_button.toolTip()
    row.tiles()[0].click()
    assert window.choices.request() is not None


def test_another_child_takes_none_of_the_further_photos_along(window, tmp_path, qtbot):
    path = tmp_path / "one.png"
    path.write_bytes(encoded("#111111"))
    window.choices.add_further([path])
    qtbot.waitUntil(lambda: window.choices.request() is not None)
    other = tmp_path / "other.png"
    other.write_bytes(encoded("#444444"))
    window.choices.choose_photo(other)
    assert window.choices.further.photos == ()


def test_earlier_books_are_offered_at_the_next_start(window, open_window, qtbot):
    window.choices.set_book("Ada’s winter")
    draw_first(window, qtbot)
    again = open_window()
    assert again.choices.book == "Ada’s winter"
    qtbot.waitUntil(lambda: "Ada’s winter" in again.choices.books)
    completer = again.page_column.options.form.book.completer()
    completer.setCompletionPrefix("wint")
    assert completer.currentCompletion() == "Ada’s winter"

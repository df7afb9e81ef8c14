"""A page that was drawn and that the library cannot keep is not lost."""

import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.imaging.metadata import read
from pickabook_desktop.jobs.known_children import KnownChild
from pickabook_desktop.storage.library import Library


def test_a_page_that_cannot_be_kept_can_be_saved(window, qtbot, tmp_path, monkeypatch):
    drawn_into(window, qtbot, monkeypatch)
    panel = window.viewer.error_panel
    assert panel.button.text() == "Save a copy…"
    assert "save a copy before anything else" in panel.text
    asked = []

    def answer(*args: object) -> tuple[str, str]:
        asked.append(args)
        return (str(tmp_path / "page.jpg"), "") if len(asked) > 1 else ("", "")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    panel.button.click()
    assert window.viewer.error_shown
    panel.button.click()
    qtbot.waitUntil(lambda: not window.viewer.error_shown)
    data = (tmp_path / "page.jpg").read_bytes()
    with Image.open(tmp_path / "page.jpg") as image:
        assert image.size == (64, 64)
    said = read(data, "image/jpeg")
    assert said is not None
    assert said.template


def test_what_is_forgotten_is_saved_no_more(window, qtbot, tmp_path, monkeypatch):
    drawn_into(window, qtbot, monkeypatch)
    child = KnownChild(id="x", name="", title="A child")
    window.workings.window_actions.forgetting_begun.emit(child)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: pytest.fail("asked"))
    if window.viewer.error_shown:
        window.viewer.error_panel.button.click()
    assert list(tmp_path.glob("*.jpg")) == []


def drawn_into(window, qtbot, monkeypatch) -> None:
    """Draw a page on a disk that is full."""

    def refuse(*_args: object, **_rest: object) -> None:
        raise StorageError("The disk is full.", "Make some room.")

    monkeypatch.setattr(Library, "add", refuse)
    window.draw_button.draw_wanted.emit()
    qtbot.waitUntil(lambda: window.viewer.error_shown)

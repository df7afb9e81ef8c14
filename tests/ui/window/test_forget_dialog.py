"""Forgetting a child: nothing goes unasked, and afterwards neither file nor form has it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from ui.window.settings_data import Office
from ui.window_data import digest

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.storage.journal import Journal
from pickabook_desktop.ui.dialogs.forget import ForgetDialog
from pickabook_desktop.ui.dialogs.settings.dialog import SettingsDialog
from pickabook_desktop.ui.theme import apply_theme

NAME = "Xanthippe"


@pytest.fixture
def office(tmp_path: Path, qtbot, qapp: QApplication) -> Iterator[Office]:
    apply_theme(qapp, "light")
    office = Office(tmp_path, qtbot)
    office.studio.children.note(PhotoRef(path="/photos/beach.jpg", sha256="a" * 64), NAME)
    office.studio.children.note(PhotoRef(path="/photos/park.jpg", sha256="b" * 64))
    yield office
    office.close()


def opened(office: Office, place: int = 0) -> ForgetDialog:
    """The dialog for one of the children, opened from the page of privacy."""
    page = office.settings("privacy").page("privacy")
    buttons = [
        b for b in page.findChildren(QAbstractButton) if b.accessibleName().startswith("Forget ")
    ]
    buttons[place].click()
    office.settle()
    dialog = office.dialog(ForgetDialog)
    assert isinstance(dialog, ForgetDialog)
    return dialog


def said(dialog: ForgetDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def test_what_goes_and_what_stays_is_said_first_and_nothing_goes(office):
    dialog = opened(office)
    assert "This goes, and cannot be brought back" in said(dialog)
    assert "photos, not the photos themselves: 1" in said(dialog)
    assert "This stays" in said(dialog)
    assert "exported" in said(dialog)
    dialog.keep.click()
    office.settle()
    assert {child.name for child in office.studio.children.all()} == {NAME, ""}


def test_the_button_names_the_child_and_return_does_not_press_it(office, qtbot):
    dialog = opened(office)
    assert dialog.confirm.text() == f"Forget {NAME} for good"
    dialog.heading.setFocus()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    office.settle()
    assert {child.name for child in office.studio.children.all()} == {NAME, ""}


def test_a_child_without_a_name_is_told_by_its_photo(office):
    dialog = opened(office, 1)
    assert "park.jpg" in dialog.heading.text()
    assert dialog.confirm.text() == "Forget this child for good"


def test_afterwards_there_is_a_receipt_that_names_nobody(office, tmp_path):
    dialog = opened(office)
    dialog.confirm.click()
    office.settle()
    assert {child.name for child in office.studio.children.all()} == {""}
    text = dialog.receipt.toPlainText()
    assert dialog.receipt.isVisible()
    assert "What went" in text
    assert NAME not in text
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == text
    dialog.save_to(str(tmp_path / "receipt.txt"))
    office.settle()
    assert (tmp_path / "receipt.txt").read_text(encoding="utf-8") == text
    assert not dialog.confirm.isVisible()


def test_the_list_of_children_follows(office):
    dialog = opened(office)
    dialog.confirm.click()
    office.settle()
    dialog.reject()
    page = office.window.findChild(SettingsDialog).page("privacy")
    names = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert NAME not in names


def test_a_plan_that_cannot_be_made_is_explained_and_can_be_tried_again(office):
    page = office.settings("privacy").page("privacy")
    office.studio.children.note(PhotoRef(path="", sha256="c" * 64), "Gone")
    office.up.setup.children.read()
    office.settle()
    gone = next(child for child in office.up.setup.children.known if child.name == "Gone")
    receipts = office.up.setup.children
    receipts.forget(gone)
    office.settle()
    office.up.setup.children.known = (gone,)
    page.forget_wanted.emit(gone.id)
    office.settle()
    dialog = office.dialog(ForgetDialog)
    assert dialog.status.text
    assert dialog.confirm.isEnabled()


def holding(folder: Path, text: str) -> list[Path]:
    """Files below ``folder`` in which ``text`` can be found."""
    needles = (text.encode(), text.casefold().encode())
    files = (file for file in folder.rglob("*") if file.is_file())
    return [file for file in files if any(n in file.read_bytes() for n in needles)]


def known(desk, window, qtbot, photo: Path):
    """The child in ``photo``, by name."""
    desk.studio.children.note(PhotoRef(path=str(photo), sha256=digest(photo)), NAME)
    children = window.workings.window_actions.setting_up.setup.children
    children.read()
    qtbot.waitUntil(lambda: any(child.name == NAME for child in children.known))
    return children, next(child for child in children.known if child.name == NAME)


def test_the_whole_window_forgets(desk, window, tmp_path, qtbot):
    photo = tmp_path / "photos" / f"{NAME}.png"
    photo.parent.mkdir()
    photo.write_bytes(window.sample.read_bytes())
    window.choices.choose_photo(photo)
    window.choices.set_field("name", NAME)
    window.choices.set_prompt(f"{NAME} in the garden")
    qtbot.waitUntil(lambda: window.choices.photo_stage == "ready")
    desk.ready(window)
    desk.draw(window)
    assert window.history.pictures
    children, child = known(desk, window, qtbot, photo)
    window.workings.window_actions.setting_up.open_forget(child.id)
    dialog = next(d for d in window.findChildren(ForgetDialog))
    qtbot.waitUntil(lambda: dialog.confirm.isEnabled())
    dialog.confirm.click()
    qtbot.waitUntil(lambda: children.receipt is not None, timeout=15_000)
    qtbot.waitUntil(lambda: not window.history.pictures)
    dialog.reject()
    assert window.choices.photo_path is None
    assert window.choices.prompt == ""
    assert not any(window.choices.fields.values())
    desk.close()
    for part in ("data", "config", "cache"):
        assert not holding(tmp_path / part, NAME)


def test_a_page_that_is_being_drawn_of_the_child_is_stopped_first(desk, window, engine, qtbot):
    desk.draw(window)
    engine.gate.clear()
    window.workings.drawing.draw()
    qtbot.waitUntil(lambda: window.session.busy)
    children, child = known(desk, window, qtbot, window.sample)
    children.forget(child)
    assert not window.session.busy
    qtbot.waitUntil(lambda: children.receipt is not None, timeout=15_000)
    assert not desk.studio.library.recent(10)


def test_what_an_earlier_run_had_begun_is_finished_at_the_next_start(desk, qtbot, monkeypatch):
    begun = desk.open()
    desk.ready(begun)
    desk.draw(begun)
    children, child = known(desk, begun, qtbot, begun.sample)
    monkeypatch.setattr(Journal, "forget_records", _cut_short)
    children.forget(child)
    qtbot.waitUntil(lambda: children.forgetting.state == "failed", timeout=15_000)
    desk.close()
    monkeypatch.undo()
    again = desk.open()
    qtbot.waitUntil(lambda: not desk.studio.children.all(), timeout=15_000)
    qtbot.waitUntil(lambda: not again.history.pictures)


def _cut_short(*_arguments: object) -> None:
    raise StorageError("The disk is gone.")


def test_another_child_waits_until_the_first_is_forgotten(office):
    opened(office).reject()
    children = office.up.setup.children
    named = next(child for child in children.known if child.name == NAME)
    other = next(child for child in children.known if not child.name)
    children.forget(named)
    office.up.open_forget(other.id)
    dialog = office.dialog(ForgetDialog)
    assert NAME in dialog.heading.text()
    office.settle()
    assert dialog.receipt.isVisible()
    assert [child.id for child in office.studio.children.all()] == [other.id]

"""Contact sheets: what is asked, and what comes of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from ui.gallery.handing_data import THREE, HandingDesk

from pickabook_desktop.ui.dialogs.sheet import SheetDialog
from pickabook_desktop.ui.theme import apply_theme
from pickabook_desktop.ui.viewmodels.sheet_form import SheetForm


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[HandingDesk]:
    apply_theme(qapp, "light")
    desk = HandingDesk(tmp_path, qtbot)
    yield desk
    desk.close()


@pytest.fixture
def ids(desk: HandingDesk, qtbot: QtBot) -> list[str]:
    ids = desk.keep(*THREE)
    desk.begin()
    qtbot.waitUntil(lambda: desk.page.model.count == 3)
    desk.settled()
    desk.page.model.select_all()
    return ids


def saved_as(desk: HandingDesk, file: Path) -> None:
    chooser = desk.dialog(QFileDialog)
    chooser.fileSelected.emit(str(file))
    chooser.reject()


def test_a_sheet_of_what_is_chosen_is_saved_and_opened(desk, ids, tmp_path, qtbot, monkeypatch):
    seen: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: bool(seen.append(url.toLocalFile()) or 1)
    )
    desk.trigger("lib_sheet")
    dialog = desk.dialog(SheetDialog)
    dialog.rows.value_edited.emit(1)
    dialog.columns.value_edited.emit(2)
    assert dialog.said.text() == "2 sheets, 2 pages on each"
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    target = tmp_path / "sheet.pdf"
    saved_as(desk, target)
    desk.said("2 sheets saved as sheet.pdf.")
    assert target.read_bytes().startswith(b"%PDF-")
    desk.toast.action_button.click()
    assert seen == [str(target)]


def test_the_title_names_the_file_and_is_not_remembered(desk, ids, tmp_path, qtbot):
    desk.trigger("lib_sheet")
    dialog = desk.dialog(SheetDialog)
    dialog.header.setText("Spring: proofs")
    dialog.header.textEdited.emit("Spring: proofs")
    dialog.paper.button("A3").click()
    dialog.save.click()
    chooser = desk.dialog(QFileDialog)
    assert [Path(name).name for name in chooser.selectedFiles()] == ["Spring_ proofs.pdf"]
    chooser.reject()
    qtbot.waitUntil(lambda: not desk.lanes.busy("library"))
    desk.trigger("lib_sheet")
    again = desk.dialog(SheetDialog)
    assert again.form.wish.paper == "A3"
    assert again.header.text() == ""
    again.reject()


def test_what_does_not_fit_is_said_and_not_saved(desk, ids):
    desk.trigger("lib_sheet")
    dialog = desk.dialog(SheetDialog)
    dialog.margin.box.setValue(50.0)
    dialog.gap.box.setValue(30.0)
    dialog.columns.value_edited.emit(12)
    assert "would not fit" in dialog.said.text()
    assert not dialog.save.isEnabled()
    dialog.reject()


def test_a_page_that_cannot_be_read_leaves_an_empty_frame_and_is_named(desk, ids, tmp_path):
    Path(desk.studio.library.get(ids[0]).path).unlink()
    desk.trigger("lib_sheet")
    desk.dialog(SheetDialog).save.click()
    saved_as(desk, tmp_path / "sheet.pdf")
    report = desk.report()
    assert report.report.groups[0].title == "One page could not be read and has an empty frame"
    report.close()


def test_the_childs_line_and_the_permission_to_name_go_together():
    form = SheetForm((), 3, names=False)
    form.tick("child", True)
    assert form.wish.names
    assert form.wish.captions == ("title", "date", "child")
    form.set_names(False)
    assert form.wish.captions == ("title", "date")
    form.tick("child", True)
    again = SheetForm((), 3, names=False)
    again.recall(form.remembered())
    assert not again.wish.names
    assert "child" not in again.wish.captions

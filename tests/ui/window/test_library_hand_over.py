"""Handing over as it concerns the whole window: uploads, what is deleted, and closing it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMessageBox

from pickabook_desktop.domain.events import Done, JobEvent, Progress
from pickabook_desktop.domain.hand_over import ExportReport
from pickabook_desktop.jobs.hand_over import HandOver
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.ui.dialogs.export import ExportDialog
from pickabook_desktop.ui.gallery.workings import GalleryWorkings
from pickabook_desktop.ui.tabs import LIBRARY_TAB


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    folder = tmp_path / "copies"
    folder.mkdir()
    return folder


@pytest.fixture
def library(desk, qtbot, copies) -> GalleryWorkings:
    """The library tab with two pages, of which the newest is shown in the create tab."""
    window = desk.open()
    desk.ready(window)
    desk.studio.settings.hold({"folder.dir": str(copies)})
    for _ in range(2):
        desk.draw(window)
    window.workings.tabs.show(LIBRARY_TAB)
    library = window.workings.library.gallery
    qtbot.waitUntil(lambda: library.page.model.count == 2 and not library.page.model.looking)
    library.page.model.select_all()
    return library


def stores_offered(window) -> dict[str, QAction]:
    menus = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    return {action.text(): action for menu in menus for action in menu.actions()}


def test_what_is_uploaded_is_said_in_the_library_and_marked_there(library, desk, copies, qtbot):
    library.actions["lib_upload"].trigger()
    window = desk.open_window
    qtbot.waitUntil(lambda: bool(stores_offered(window)))
    stores_offered(window)["Upload to Folder"].trigger()
    qtbot.waitUntil(lambda: library.toast.text == "2 pictures are on their way to Folder.")
    model = library.page.model

    def marked() -> bool:
        cards = [model.card(place) for place in range(2)]
        return [card and card.upload for card in cards] == ["uploaded", "uploaded"]

    qtbot.waitUntil(marked)
    assert len(list(copies.rglob("*.png"))) == 2


def test_a_page_that_is_deleted_in_the_library_is_gone_from_the_create_tab(library, desk, qtbot):
    window = desk.open_window
    shown = window.workings.showing.current.id
    library.actions["lib_delete"].trigger()
    qtbot.waitUntil(lambda: not window.history.pictures)
    current = window.workings.showing.current
    assert current is None or current.id != shown
    library.toast.action_button.click()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 2)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """An export that goes on until it is let go."""
    gate = threading.Event()

    def job(token: CancelToken) -> Iterator[JobEvent]:
        yield Progress(fraction=0.5, stage="Writing copies")
        while not gate.wait(0.01):
            token.raise_if_cancelled()
        yield Done(value=ExportReport(target="/"))

    monkeypatch.setattr(HandOver, "export_many_job", lambda house, ids, wish: job)
    yield gate
    gate.set()


@pytest.fixture
def exporting(library, held, desk, qtbot) -> GalleryWorkings:
    library.actions["lib_export"].trigger()
    window = desk.open_window
    qtbot.waitUntil(lambda: bool(window.findChildren(ExportDialog)))
    window.findChild(ExportDialog).export.click()
    qtbot.waitUntil(lambda: "2 of 2" in library.handing_over.work.card.stage.text())
    return library


def test_closing_the_window_asks_about_an_export_that_is_not_finished(exporting, desk, qtbot):
    window = desk.open_window
    assert not window.close()
    box = window.findChild(QMessageBox)
    assert box.text() == "The export is not finished. Close and stop it?"
    stop = next(b for b in box.buttons() if b.text().replace("&", "") == "Close and stop")
    stop.click()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert window.joined


def test_the_question_goes_when_the_export_is_done(exporting, held, desk, qtbot):
    window = desk.open_window
    assert not window.close()
    held.set()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is None)
    assert window.isVisible()


def test_one_can_go_on_working_while_pages_are_exported(exporting, desk, qtbot):
    exporting.page.model.set_current(1)
    exporting.actions["lib_delete"].trigger()
    qtbot.waitUntil(lambda: exporting.page.model.count == 1)
    assert exporting.handing_over.work.busy

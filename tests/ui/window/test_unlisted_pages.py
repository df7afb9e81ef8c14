"""Pages that the library's list does not know are mentioned until they are taken back."""

from pathlib import Path

import msgspec
import pytest
from e2e.fake_engine import drawn
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.imaging.metadata import Metadata, embed
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.dialogs.repair import RepairDialog
from pickabook_desktop.ui.gallery.page import GalleryPage
from pickabook_desktop.ui.main_window import MainWindow
from pickabook_desktop.ui.widgets.unlisted_bar import UnlistedBar

COUNT = 3


@pytest.fixture
def lost(desk) -> Path:
    """The folder of a library of some pages that has lost its list, with a file of somebody."""
    desk.open()
    folder = desk.studio.library.folder
    desk.close()
    library = Library(folder)
    path = ""
    for seed in range(COUNT):
        request = GenerationRequest(photo=PhotoRef(path=""), prompt=f"page {seed}")
        plain = drawn(seed)
        said = Metadata(prompt=request.prompt, seed=seed, request_json=request.to_json())
        data = embed(plain.data, plain.media_type, said)
        path = library.add(msgspec.structs.replace(plain, data=data), request, "7", b"").path
    stray = Path(path).with_name("01ARZ3NDEKTSV4RRFFQ69G5FAV.png")
    stray.write_bytes(b"not made by this program")
    library.close()
    for file in folder.glob("library.db*"):
        file.unlink()
    return folder


def bars(widget: QWidget) -> list[str]:
    """What the bars in a widget say."""
    return [bar.words.text() for bar in widget.findChildren(UnlistedBar) if not bar.isHidden()]


def show_library(window: MainWindow) -> GalleryPage:
    window.workings.tabs.show("library")
    assert window.workings.library.gallery is not None
    return window.workings.library.gallery.page


def refuse(desk, window: MainWindow) -> None:
    desk.qtbot.waitUntil(lambda: window.findChildren(RepairDialog) != [])
    (dialog,) = window.findChildren(RepairDialog)
    dialog.leave.click()
    desk.qtbot.waitUntil(lambda: window.findChildren(RepairDialog) == [])


def test_an_offer_that_was_refused_is_not_forgotten(desk, lost: Path) -> None:
    window = desk.open()
    desk.ready(window)
    refuse(desk, window)
    expected = [f"{COUNT} pages are in the library's folder and not on its list."]
    desk.qtbot.waitUntil(lambda: bars(window.create_page) == expected)
    window.workings.tabs.show("library")
    gallery = window.workings.library.gallery
    assert gallery is not None
    desk.qtbot.waitUntil(lambda: bars(gallery.page) == expected)


def test_an_empty_library_with_a_lost_list_says_so_and_offers_the_repair_once(
    desk, lost: Path
) -> None:
    window = desk.open()
    desk.ready(window)
    refuse(desk, window)
    page = show_library(window)
    desk.qtbot.waitUntil(lambda: f"{COUNT} picture files" in page.empty.text)
    assert "no list of them" in page.empty.text
    assert "gather here" not in page.empty.text
    assert page.empty.button.isVisible()
    (bar,) = page.findChildren(UnlistedBar)
    assert not bar.isVisible(), "one button offers the repair"
    desk.qtbot.waitUntil(lambda: page.folders.total == 0)
    window.workings.library.gallery.searching.show("whale")
    desk.qtbot.waitUntil(lambda: bool(page.model.view.search.words) and not page.model.looking)
    assert f"{COUNT} picture files" in page.empty.text, "nothing could match"
    page.empty.button.click()
    (dialog,) = window.findChildren(RepairDialog)
    assert f"{COUNT} pages" in dialog.problem.text()
    dialog.repair.click()
    window.workings.library.gallery.searching.clear()
    desk.qtbot.waitUntil(lambda: page.model.count == COUNT)
    desk.qtbot.waitUntil(lambda: page.view.isVisible() and bars(page) == [])
    dialog.leave.click()


def test_beside_a_new_list_the_line_above_the_pages_offers_the_repair(desk, lost: Path) -> None:
    window = desk.open()
    desk.ready(window)
    refuse(desk, window)
    window.actions_by_id["draw"].trigger()
    desk.qtbot.waitUntil(lambda: len(window.history.pictures) == 1 and not window.session.busy)
    page = show_library(window)
    desk.qtbot.waitUntil(lambda: page.model.count == 1)
    (bar,) = page.findChildren(UnlistedBar)
    desk.qtbot.waitUntil(bar.isVisible)
    window.workings.library.gallery.searching.show("whale")
    desk.qtbot.waitUntil(lambda: "Nothing matches" in page.empty.text and page.model.count == 0)
    assert bar.isVisible()


def test_pages_beside_a_new_list_are_mentioned_and_taken_back(desk, lost: Path) -> None:
    window = desk.open()
    desk.ready(window)
    refuse(desk, window)
    window.actions_by_id["draw"].trigger()
    desk.qtbot.waitUntil(lambda: len(window.history.pictures) == 1 and not window.session.busy)
    desk.close()

    window = desk.open()
    desk.ready(window)
    desk.qtbot.waitUntil(lambda: len(bars(window.create_page)) == 1)
    assert window.findChildren(RepairDialog) == []
    (bar,) = window.create_page.findChildren(UnlistedBar)
    bar.repair.click()
    (dialog,) = window.findChildren(RepairDialog)
    assert f"{COUNT} pages" in dialog.problem.text()
    dialog.repair.click()
    desk.qtbot.waitUntil(lambda: len(window.history.pictures) == COUNT + 1)
    # What cannot be taken back is not mentioned for ever.
    desk.qtbot.waitUntil(lambda: bars(window) == [])
    dialog.leave.click()


def test_nothing_is_said_of_a_library_that_is_whole(desk, window: MainWindow) -> None:
    desk.draw(window)
    with desk.qtbot.waitSignal(window.workings.caretaking.repairing.unlisted):
        window.workings.caretaking.repairing.look_for_unlisted()
    assert bars(window) == []

"""Pages that come back: from files, folders and archives, by dialog and by dropping."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from ui.gallery.handing_data import PATIENCE, THREE, HandingDesk
from ui.window_data import encoded

from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.ui.create.photo_drop import OWN_PICTURE
from pickabook_desktop.ui.dialogs.importing import ImportDialog
from pickabook_desktop.ui.theme import apply_theme


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[HandingDesk]:
    apply_theme(qapp, "light")
    desk = HandingDesk(tmp_path / "here", qtbot)
    desk.begin()
    yield desk
    desk.close()


@pytest.fixture
def away(tmp_path: Path, qtbot: QtBot) -> Path:
    """A folder with three pages of another library, a picture of no library, and a text."""
    other = HandingDesk(tmp_path / "there", qtbot)
    folder = tmp_path / "away"
    folder.mkdir()
    for number, picture_id in enumerate(other.keep(*THREE)):
        data = Path(other.studio.library.get(picture_id).path).read_bytes()
        (folder / f"{number}.png").write_bytes(data)
    other.lanes.shutdown()
    other.studio.close()
    (folder / "holiday.png").write_bytes(encoded("#336699"))
    return folder


COPY, LEFT = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier


def held_over(desk: HandingDesk, mime: QMimeData) -> bool:
    """Drag over the library, and answer whether it would be taken."""
    enter = QDragEnterEvent(QPoint(300, 300), COPY, mime, LEFT, NO_KEY)
    QApplication.sendEvent(desk.page, enter)
    return enter.isAccepted()


def dropped(desk: HandingDesk, mime: QMimeData) -> None:
    """Drag over the library and let go."""
    assert held_over(desk, mime)
    drop = QDropEvent(QPointF(300, 300), COPY, mime, LEFT, NO_KEY)
    QApplication.sendEvent(desk.page, drop)


def urls(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def groups(desk: HandingDesk) -> dict[str, int]:
    report = desk.report()
    found = {group.title: len(group.lines) for group in report.report.groups}
    report.close()
    return found


def test_what_is_dropped_on_the_library_is_imported(desk, away, qtbot):
    dropped(desk, urls(away / "0.png", away / "1.png"))
    qtbot.waitUntil(lambda: desk.page.model.count == 2, timeout=PATIENCE)
    desk.said("2 pages imported.")
    assert desk.changes == 1
    assert {desk.page.model.card(place).prompt for place in range(2)} == {"a bear", "an owl"}


def test_where_it_goes_is_said_while_it_is_held_over_the_library(desk, away):
    mime = urls(away / "0.png")
    assert held_over(desk, mime)
    assert desk.handing.drops.hint.isVisible()
    QApplication.sendEvent(desk.page, QDragLeaveEvent())
    assert not desk.handing.drops.hint.isVisible()
    assert not desk.handing.work.busy


def test_pages_that_are_dragged_within_the_library_are_not_imported(desk, away):
    mime = urls(away / "0.png")
    mime.setData(OWN_PICTURE, b"")
    assert not held_over(desk, mime)
    assert not desk.handing.drops.hint.isVisible()


def test_what_is_no_file_is_explained(desk):
    mime = QMimeData()
    mime.setText("hello")
    dropped(desk, mime)
    desk.said("This is no file.")


def test_of_a_folder_all_that_is_ours_comes_and_the_rest_is_told(desk, away, qtbot):
    desk.trigger("lib_import_folder")
    chooser = desk.dialog(QFileDialog)
    chooser.fileSelected.emit(str(away))
    chooser.reject()
    desk.said("3 pages imported.")
    desk.toast.action_button.click()
    assert groups(desk) == {
        "One picture was not made by this program": 1,
        "3 pages imported": 3,
    }


def test_what_is_here_already_is_told_apart_from_what_is_in_the_trash(desk, away, qtbot):
    dropped(desk, urls(away / "0.png", away / "1.png"))
    qtbot.waitUntil(lambda: desk.page.model.count == 2, timeout=PATIENCE)
    desk.settled()
    desk.studio.library.review.decisions.trash((desk.page.model.card(0).id,))
    dropped(desk, urls(away / "0.png", away / "1.png"))
    found = groups(desk)
    assert found == {
        "One page is in the trash; take it out there": 1,
        "One page was in the library already": 1,
    }


def test_a_torn_file_is_named_with_the_reason(desk, away):
    whole = (away / "0.png").read_bytes()
    (away / "torn.png").write_bytes(whole[:-40])
    dropped(desk, urls(away / "torn.png"))
    report = desk.report()
    (bad,) = [group for group in report.report.groups if group.level == "bad"]
    assert "torn.png" in bad.lines[0].what
    assert bad.lines[0].why
    report.close()


def test_an_archive_comes_back_whole(desk, away, tmp_path, qtbot):
    dropped(desk, urls(away / "0.png", away / "1.png", away / "2.png"))
    qtbot.waitUntil(lambda: desk.page.model.count == 3, timeout=PATIENCE)
    desk.settled()
    house = desk.studio.hand_over
    ids = tuple(desk.page.model.card(place).id for place in range(3))
    job = house.zip_job(ids, house.usual_wish, tmp_path / "pages.zip")
    list(run_job(job, CancelToken()))
    desk.studio.library.review.decisions.trash(ids)
    desk.studio.library.purge()
    desk.page.refresh()
    qtbot.waitUntil(lambda: desk.page.model.count == 0, timeout=PATIENCE)
    desk.trigger("lib_import")
    dialog = desk.dialog(ImportDialog)
    dialog.files.click()
    chooser = desk.dialog(QFileDialog)
    chooser.filesSelected.emit([str(tmp_path / "pages.zip")])
    qtbot.waitUntil(lambda: desk.page.model.count == 3, timeout=PATIENCE)
    desk.said("3 pages imported.")

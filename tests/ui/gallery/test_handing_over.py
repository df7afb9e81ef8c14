"""Pages out of the library and back: copies, drags, uploads, the trash."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDrag, QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from ui.gallery.handing_data import THREE, HandingDesk
from ui.gallery.page_data import Drawn

from pickabook_desktop.domain.search import parse
from pickabook_desktop.imaging.metadata import read
from pickabook_desktop.ui.controllers.gallery.trashing import days_left, time_left_text
from pickabook_desktop.ui.create.photo_drop import OWN_PICTURE
from pickabook_desktop.ui.theme import apply_theme

NEWEST, MIDDLE, OLDEST = 0, 1, 2


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[HandingDesk]:
    apply_theme(qapp, "light")
    desk = HandingDesk(tmp_path, qtbot)
    yield desk
    desk.close()


@pytest.fixture
def ids(desk: HandingDesk, qtbot: QtBot) -> list[str]:
    """Three pages, newest first, in an open library."""
    ids = desk.keep(*THREE)
    desk.begin()
    qtbot.waitUntil(lambda: desk.page.model.count == 3)
    desk.settled()
    return ids


@pytest.fixture
def drags(monkeypatch: pytest.MonkeyPatch) -> list[QMimeData]:
    """What was dragged out; the mouse button counts as held."""
    seen: list[QMimeData] = []
    copies: list[QMimeData] = []

    def note(drag: QDrag, actions: Qt.DropAction) -> None:
        mime = drag.mimeData()
        copy = QMimeData()
        copy.setUrls(mime.urls())
        copy.setData(OWN_PICTURE, mime.data(OWN_PICTURE))
        copies.append(copy)
        seen.append(copy)

    monkeypatch.setattr(QDrag, "exec", note)
    held = Qt.MouseButton.LeftButton
    monkeypatch.setattr(QGuiApplication, "mouseButtons", lambda: held)
    return seen


def files(mime: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in mime.urls()]


def copied(desk: HandingDesk, qtbot: QtBot) -> list[Path]:
    QGuiApplication.clipboard().setText("before")
    desk.trigger("lib_copy")
    qtbot.waitUntil(lambda: bool(desk.clipboard().urls()))
    return files(desk.clipboard())


def in_trash(desk: HandingDesk, qtbot: QtBot, count: int) -> None:
    desk.page.search_bar.show_words("is:trashed")
    view = desk.page.model.view
    desk.page.model.set_view(type(view)(search=parse("is:trashed")))
    qtbot.waitUntil(lambda: desk.page.model.count == count)
    desk.settled()


def test_several_pages_are_copied_as_files_in_the_order_they_stand_in(desk, ids, qtbot):
    desk.choose(OLDEST, NEWEST)
    paths = [Path(desk.studio.library.get(one).path) for one in (ids[NEWEST], ids[OLDEST])]
    assert copied(desk, qtbot) == paths
    assert not desk.clipboard().hasImage()
    desk.said("2 pictures are in the clipboard.")


def test_one_page_is_copied_as_a_picture_too(desk, ids, qtbot):
    desk.choose(MIDDLE)
    assert len(copied(desk, qtbot)) == 1
    assert desk.clipboard().imageData().width() == 64


def test_all_that_is_chosen_is_dragged_out(desk, ids, drags, qtbot):
    desk.page.model.select_all()
    desk.page.view.drag_wanted.emit()
    qtbot.waitUntil(lambda: bool(drags))
    assert files(drags[0]) == [Path(desk.studio.library.get(one).path) for one in ids]
    assert drags[0].hasFormat(OWN_PICTURE)


def test_no_drag_begins_once_the_button_is_let_go(desk, ids, drags, qtbot, monkeypatch):
    loose = Qt.MouseButton.NoButton
    monkeypatch.setattr(QGuiApplication, "mouseButtons", lambda: loose)
    desk.page.model.select_all()
    desk.page.view.drag_wanted.emit()
    qtbot.waitUntil(lambda: not desk.lanes.busy("library"))
    assert drags == []


def test_where_metadata_is_left_out_no_file_says_how_it_was_made(desk, ids, qtbot):
    desk.studio.settings.hold({"export.metadata": "off"})
    desk.choose(NEWEST, OLDEST)
    handed = copied(desk, qtbot)
    assert [read(file.read_bytes(), "image/png") for file in handed] == [None, None]
    desk.scratch.close()
    assert not any(file.exists() for file in handed)


def test_a_file_that_was_made_with_the_name_is_handed_out_without_it(desk, qtbot):
    desk.keep(Drawn(prompt="Quentin and the fox", child="Quentin"), names=True)
    desk.begin()
    qtbot.waitUntil(lambda: desk.page.model.count == 1)
    desk.choose(0)
    (file,) = copied(desk, qtbot)
    said = read(file.read_bytes(), "image/png")
    assert said is not None
    assert "the fox" in said.prompt
    assert "Quentin" not in said.prompt + said.request_json


def test_too_many_pages_for_the_clipboard_are_explained(desk, ids, monkeypatch):
    monkeypatch.setattr("pickabook_desktop.jobs.lending.MOST_FILES", 2)
    desk.page.model.select_all()
    desk.trigger("lib_copy")
    desk.said("3 pages are too many for this. Choose at most 2, or export them.")


def test_all_that_is_chosen_is_uploaded(desk, ids, qtbot):
    desk.choose(NEWEST, MIDDLE)
    desk.trigger("lib_upload")
    qtbot.waitUntil(lambda: desk.sent == [(ids[NEWEST], ids[MIDDLE])])


def test_without_a_file_manager_on_the_bus_the_folder_is_opened(desk, ids, qtbot, monkeypatch):
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: bool(opened.append(url) or 1))
    desk.choose(NEWEST)
    desk.trigger("lib_reveal")
    qtbot.waitUntil(lambda: bool(opened))
    assert Path(opened[0].toLocalFile()) == Path(desk.studio.library.get(ids[0]).path).parent


def test_deleting_asks_nothing_and_can_be_taken_back(desk, ids, qtbot):
    desk.choose(NEWEST, OLDEST)
    desk.trigger("lib_delete")
    qtbot.waitUntil(lambda: desk.page.model.count == 1)
    assert desk.window.findChildren(QMessageBox) == []
    assert desk.toast.text == "2 pages are in the trash."
    assert desk.changes == 1
    desk.toast.action_button.click()
    qtbot.waitUntil(lambda: desk.page.model.count == 3)
    assert desk.studio.library.count_trash() == 0


def test_in_the_trash_delete_means_for_good_after_one_question(desk, ids, qtbot):
    gone = Path(desk.studio.library.get(ids[0]).path)
    desk.studio.library.review.decisions.trash(ids[:2])
    in_trash(desk, qtbot, 2)
    desk.choose(0)
    assert "for good" in desk.actions["lib_delete"].text()
    desk.trigger("lib_delete")
    qtbot.waitUntil(lambda: bool(desk.window.findChildren(QMessageBox)))
    (box,) = desk.window.findChildren(QMessageBox)
    assert box.informativeText() == "One page goes for good. This cannot be undone."
    assert gone.exists()
    desk.answer("Delete for good")
    qtbot.waitUntil(lambda: desk.page.model.count == 1)
    assert not gone.exists()
    assert desk.studio.library.count() == 1
    assert desk.studio.library.count_trash() == 1


def test_whoever_does_not_mean_it_keeps_the_page(desk, ids, qtbot):
    desk.studio.library.review.decisions.trash(ids[:1])
    in_trash(desk, qtbot, 1)
    desk.choose(0)
    desk.trigger("lib_delete")
    desk.answer("Cancel")
    qtbot.waitUntil(lambda: not desk.lanes.busy("library"))
    assert desk.studio.library.count_trash() == 1


def test_what_is_chosen_in_the_trash_comes_back(desk, ids, qtbot):
    desk.studio.library.review.decisions.trash(ids)
    in_trash(desk, qtbot, 3)
    desk.choose(0, 1)
    desk.trigger("lib_restore")
    qtbot.waitUntil(lambda: desk.page.model.count == 1)
    desk.said("2 pages are back in the library.")
    assert desk.studio.library.count() == 2


def test_only_what_makes_sense_in_the_trash_is_offered_there(desk, ids, qtbot):
    desk.choose(0)
    assert not desk.actions["lib_restore"].isEnabled()
    assert desk.actions["lib_upload"].isEnabled()
    desk.studio.library.review.decisions.trash(ids[:1])
    in_trash(desk, qtbot, 1)
    desk.choose(0)
    assert desk.actions["lib_restore"].isEnabled()
    assert not desk.actions["lib_upload"].isEnabled()


def test_a_page_in_the_trash_says_how_long_it_stays(desk, ids, qtbot):
    desk.studio.library.review.decisions.trash(ids[:1])
    in_trash(desk, qtbot, 1)
    desk.choose(0)
    trashing, card = desk.handing.trashing, desk.page.model.card(0)
    qtbot.waitUntil(lambda: trashing.time_left(card) == "30 days left")
    desk.said("")
    assert desk.page.titles.card(card).startswith("30 days left")


def test_days_are_counted_to_the_end_of_the_month():
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    since = (now - timedelta(days=29, hours=1)).isoformat()
    assert time_left_text(days_left(since, now)) == "One day left"
    since = (now - timedelta(days=28)).isoformat()
    assert time_left_text(days_left(since, now)) == "2 days left"
    since = (now - timedelta(days=90)).isoformat()
    assert time_left_text(days_left(since, now)) == "Goes today"


def test_what_is_said_while_another_tab_is_seen_is_read_later(desk, ids, qtbot):
    desk.page.hide()
    desk.toast.show_message("Done.")
    assert not desk.toast.isVisible()
    desk.page.show()
    assert desk.toast.isVisible()
    desk.toast.hide()

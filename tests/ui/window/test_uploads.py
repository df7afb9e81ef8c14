"""Copies of pages elsewhere: sent, waited for, linked to and taken away, with stores in memory."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QToolButton

from pickabook_desktop.domain.errors import (
    InputError,
    NotConfiguredError,
    PickaBookError,
    StorageError,
    UnreachableError,
)
from pickabook_desktop.domain.ports import Cancellation, StoreServices
from pickabook_desktop.domain.stored import LinkWish, StoredPicture, StoreInfo, UploadOrder
from pickabook_desktop.jobs import stores
from pickabook_desktop.ui.uploads.link_dialog import WEEK, LinkDialog

OFFLINE = UnreachableError("The shelf cannot be reached.", "Wait.", retryable=True)
FULL = StorageError("The shelf is full.", "Make room, then try again.", remedies=("retry",))
NO_KEY = NotConfiguredError("The shelf needs a key.", "Add one.", remedies=("keys",))
WEBP = "webp"


class Shelf:
    """Keeps what it is given in memory; ``failure`` is what an upload meets."""

    def __init__(self, store_id: str = "shelf", *, plain: bool = False) -> None:
        self.id = store_id
        self.plain = plain
        self.kept: dict[str, bytes] = {}
        self.failure: PickaBookError | None = None
        self.reason = ""
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()

    def __call__(self, services: StoreServices) -> "Shelf":
        return self

    @property
    def info(self) -> StoreInfo:
        return StoreInfo(
            id=self.id,
            title=self.id.title(),
            summary="In memory.",
            needs_network=not self.plain,
            recipient="" if self.plain else "Nobody",
            signs_links=not self.plain,
            transforms=not self.plain,
        )

    def unavailable(self) -> str:
        return self.reason

    def check(self, cancellation: Cancellation) -> str:
        return "It is there."

    def upload(self, order: UploadOrder, cancellation: Cancellation) -> StoredPicture:
        self.entered.set()
        while not self.gate.wait(0.01):
            cancellation.raise_if_cancelled()
        if self.failure is not None:
            raise self.failure
        self.kept[order.name] = order.data
        return self._stored(order.name)

    def find(self, order: UploadOrder, cancellation: Cancellation) -> StoredPicture | None:
        return self._stored(order.name) if order.name in self.kept else None

    def delete(self, remote_id: str, cancellation: Cancellation) -> None:
        self.kept.pop(remote_id, None)

    def link(self, stored: StoredPicture, wish: LinkWish) -> str:
        if wish.format == WEBP:
            raise InputError("No such pictures here.", "Choose another format.")
        words = f"until={wish.expires_in}&w={wish.width}&f={wish.format}"
        return f"{stored.url}?{words}"

    def _stored(self, name: str) -> StoredPicture:
        return StoredPicture(
            store_id=self.id,
            remote_id=name,
            url=f"https://{self.id}.test/{name}",
            path=f"/{name}",
            private=not self.plain,
        )


@dataclass
class Point:
    """An entry point."""

    name: str
    shelf: Shelf

    def load(self) -> Shelf:
        return self.shelf


@pytest.fixture(autouse=True)
def shelves(monkeypatch: pytest.MonkeyPatch) -> dict[str, Shelf]:
    """The stores that are installed; one, until a test adds another before the window opens."""
    installed = {"shelf": Shelf()}
    monkeypatch.setattr(stores, "BUILT_IN", {})

    def entry_points(*, group: str) -> list[Point]:
        ours = group == stores.GROUP
        return [Point(name, each) for name, each in installed.items()] if ours else []

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)
    return installed


@pytest.fixture
def shelf(shelves: dict[str, Shelf]) -> Iterator[Shelf]:
    yield shelves["shelf"]
    shelves["shelf"].gate.set()


@pytest.fixture
def page(shelf, desk, window, qtbot):
    """A page that was just drawn, shown in the window."""
    desk.draw(window)
    qtbot.waitUntil(lambda: bool(window.workings.uploads.model.stores))
    return window.workings.showing.current


def trigger(window, action_id: str) -> None:
    assert window.actions_by_id[action_id].isEnabled()
    window.actions_by_id[action_id].trigger()


def mark(window) -> str:
    """What is said of the newest page in the history, besides its name."""
    index = window.history.strip.row.index(0)
    return index.data(Qt.ItemDataRole.ToolTipRole).rpartition(" · ")[2]


@pytest.fixture
def uploaded(window, page, shelf, qtbot):
    trigger(window, "upload")
    qtbot.waitUntil(lambda: window.workings.toast.text == "The picture is at Shelf.")
    return page


def test_a_page_goes_where_it_is_sent_and_says_so(window, uploaded, shelf, qtbot):
    assert len(shelf.kept) == 1
    # Where its copies are is read after the toast has said that there is one.
    qtbot.waitUntil(lambda: mark(window) == "Kept at Shelf")
    qtbot.waitUntil(lambda: window.workings.uploads.button.isHidden())
    window.workings.toast.action_button.click()
    toast = window.workings.toast
    qtbot.waitUntil(lambda: "week" in toast.text or "7 days" in toast.text)
    (name,) = shelf.kept
    link = f"https://shelf.test/{name}?until={WEEK}&w=0&f="
    assert QGuiApplication.clipboard().text() == link


def test_nothing_can_be_done_with_a_copy_that_is_not_there(window, page):
    for action_id in ("copy_link", "make_link", "open_link", "delete_copy"):
        assert not window.actions_by_id[action_id].isEnabled()


def test_without_a_connection_uploads_wait_and_go_on_with_it(window, page, shelf, qtbot):
    shelf.failure = OFFLINE
    trigger(window, "upload")
    button = window.workings.uploads.button
    qtbot.waitUntil(lambda: window.workings.uploads.model.summary.level == "offline")
    assert not button.isHidden()
    assert button.text() == "1"
    assert "One waits for a connection" in button.toolTip()
    (line,) = window.workings.uploads.model.lines
    assert "out of reach" in line.words
    assert "cannot" not in window.workings.toast.text
    qtbot.waitUntil(lambda: "Shelf is out of reach." in window.workings.toast.text)
    shelf.failure = None
    button.open_list()
    button.upload_list.retry_all.click()
    qtbot.waitUntil(lambda: len(shelf.kept) == 1)
    qtbot.waitUntil(lambda: not window.workings.uploads.model.lines)
    button.upload_list.close()


@pytest.mark.parametrize("opened", ["before", "while", "after"])
def test_the_list_of_uploads_shows_words_in_full_that_need_a_second_line(
    shelves, desk, qtbot, opened
):
    shelves.clear()
    shelf = shelves["shelf-in-the-north"] = Shelf("shelf-in-the-north")
    shelf.gate.clear()
    window = desk.open()
    desk.ready(window)
    desk.draw(window)
    uploads = window.workings.uploads
    qtbot.waitUntil(lambda: bool(uploads.model.stores))
    trigger(window, "upload")
    qtbot.waitUntil(lambda: uploads.model.summary.level == "running")
    if opened != "after":
        uploads.button.open_list()
        QApplication.processEvents()
    if opened == "before":
        uploads.button.upload_list.close()
    shelf.failure = OFFLINE
    shelf.gate.set()
    qtbot.waitUntil(lambda: uploads.model.summary.level == "offline")
    if opened != "while":
        uploads.button.open_list()
    (line,) = uploads.model.lines
    words = uploads.button.upload_list.row(line.id).words
    QApplication.processEvents()
    assert "Next try:" in words.text()
    assert words.heightForWidth(words.width()) > words.fontMetrics().height() * 3 / 2
    assert words.height() >= words.heightForWidth(words.width())
    assert words.visibleRegion().boundingRect() == words.rect()
    uploads.button.upload_list.close()


def test_a_failure_is_explained_and_can_be_tried_again(window, page, shelf, qtbot):
    shelf.failure = FULL
    trigger(window, "upload")
    qtbot.waitUntil(lambda: window.workings.toast.text == str(FULL))
    qtbot.waitUntil(lambda: mark(window) == "The upload needs you")
    window.workings.toast.action_button.click()
    (line,) = window.workings.uploads.model.lines
    row = window.workings.uploads.button.upload_list.row(line.id)
    assert row.words.text() == str(FULL)
    shelf.failure = None
    row.retry.click()
    qtbot.waitUntil(lambda: mark(window) == "Kept at Shelf")
    window.workings.uploads.button.upload_list.close()


def test_a_missing_key_leads_to_the_keys(window, page, shelf, qtbot):
    shelf.failure = NO_KEY
    trigger(window, "upload")
    qtbot.waitUntil(lambda: window.workings.toast.text == str(NO_KEY))
    qtbot.waitUntil(lambda: bool(window.workings.uploads.model.lines[0].remedy))
    window.workings.uploads.button.open_list()
    (line,) = window.workings.uploads.model.lines
    row = window.workings.uploads.button.upload_list.row(line.id)
    with qtbot.waitSignal(window.workings.uploads.settings_wanted) as wanted:
        row.settings.click()
    assert wanted.args == ["keys"]


def test_an_upload_can_be_stopped_while_it_is_on_its_way(window, page, shelf, qtbot):
    shelf.gate.clear()
    trigger(window, "upload")
    qtbot.waitUntil(lambda: window.workings.uploads.model.summary.level == "running")
    (line,) = window.workings.uploads.model.lines
    window.workings.uploads.button.open_list()
    window.workings.uploads.button.upload_list.row(line.id).cancel.click()
    # It may have arrived all the same, so the store is asked for it later.
    qtbot.waitUntil(lambda: all(line.deletion for line in window.workings.uploads.model.lines))
    assert shelf.kept == {}
    window.workings.uploads.button.upload_list.close()


def test_pages_go_by_themselves_where_that_is_wished(desk, window, shelf, qtbot):
    window.memory.keep("upload.auto", "shelf")
    desk.draw(window)
    qtbot.waitUntil(lambda: len(shelf.kept) == 1)
    qtbot.waitUntil(lambda: mark(window) == "Kept at Shelf")
    assert "Shelf" not in window.workings.toast.text


def test_what_was_not_sent_when_the_window_closed_is_sent_at_the_next_start(
    desk, window, page, shelf, qtbot
):
    shelf.gate.clear()
    trigger(window, "upload")
    qtbot.waitUntil(shelf.entered.is_set)
    desk.close()
    assert shelf.kept == {}
    shelf.gate.set()
    again = desk.open()
    qtbot.waitUntil(lambda: len(shelf.kept) == 1)
    qtbot.waitUntil(lambda: bool(again.history.pictures) and mark(again) == "Kept at Shelf")


def test_of_several_stores_one_is_chosen(shelves, desk, qtbot):
    shelves["attic"] = Shelf("attic")
    window = desk.open()
    desk.ready(window)
    desk.draw(window)
    qtbot.waitUntil(lambda: len(window.workings.uploads.model.stores) == 2)
    action = window.actions_by_id["upload"]
    assert action.text() == "&Upload to…"
    assert action.toolTip() == "Choose where to upload the picture: Attic, Shelf (Ctrl+U)"
    trigger(window, "upload")

    def menus() -> list[QMenu]:
        return [menu for menu in window.findChildren(QMenu) if menu.isVisible()]

    qtbot.waitUntil(lambda: bool(menus()))
    (menu,) = menus()
    assert [action.text() for action in menu.actions()] == ["Upload to Attic", "Upload to Shelf"]
    menu.actions()[0].trigger()
    menu.close()
    qtbot.waitUntil(lambda: len(shelves["attic"].kept) == 1)
    assert shelves["shelf"].kept == {}


def test_where_no_store_is_set_up_the_way_to_the_settings_is_shown(shelf, desk, qtbot):
    shelf.reason = "The shelf needs an address."
    window = desk.open()
    desk.ready(window)
    desk.draw(window)
    qtbot.waitUntil(lambda: bool(window.workings.uploads.model.stores))
    trigger(window, "upload")
    qtbot.waitUntil(lambda: window.workings.toast.text == "The shelf needs an address.")
    with qtbot.waitSignal(window.workings.uploads.settings_wanted) as wanted:
        window.workings.toast.action_button.click()
    assert wanted.args == ["uploads"]
    assert window.actions_by_id["upload"].text() == "&Upload…"
    shelf.reason = ""
    window.workings.window_actions.setting_up.setup.keep("shelf.address", "here")
    qtbot.waitUntil(lambda: window.actions_by_id["upload"].text() == "&Upload to Shelf")
    tools = [b for b in window.viewer.findChildren(QToolButton) if b.toolTip().startswith("Upload")]
    assert [button.accessibleName() for button in tools] == ["Upload to Shelf"]
    assert tools[0].toolTip() == "Upload the picture to Shelf (Ctrl+U)"
    trigger(window, "upload")
    qtbot.waitUntil(lambda: len(shelf.kept) == 1)


@pytest.fixture
def dialog(window, uploaded, qtbot) -> LinkDialog:
    trigger(window, "make_link")
    dialog = window.findChild(LinkDialog)
    qtbot.waitUntil(lambda: bool(dialog.url.toPlainText()))
    return dialog


def test_a_link_follows_what_is_wished_of_it(dialog, qtbot):
    assert f"until={WEEK}&w=0" in dialog.url.toPlainText()
    dialog.expiry.setCurrentIndex(dialog.expiry.findData(0))
    dialog.width_field.setValue(400)
    dialog.format.setCurrentIndex(dialog.format.findData("png"))
    qtbot.waitUntil(lambda: dialog.url.toPlainText().endswith("?until=0&w=400&f=png"))
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == dialog.url.toPlainText()


def test_a_link_that_cannot_be_made_is_explained(dialog, qtbot):
    dialog.format.setCurrentIndex(dialog.format.findData(WEBP))
    qtbot.waitUntil(lambda: "No such pictures" in dialog.problem.text)
    assert not dialog.copy_button.isEnabled()
    dialog.format.setCurrentIndex(0)
    qtbot.waitUntil(dialog.copy_button.isEnabled)
    assert dialog.problem.text == ""


def test_a_store_that_can_do_less_offers_less(shelves, desk, qtbot):
    shelves["shelf"].plain = True
    window = desk.open()
    desk.ready(window)
    desk.draw(window)
    qtbot.waitUntil(lambda: bool(window.workings.uploads.model.stores))
    trigger(window, "upload")
    qtbot.waitUntil(lambda: window.workings.toast.text == "The picture is at Shelf.")
    trigger(window, "make_link")
    dialog = window.findChild(LinkDialog)
    assert not dialog.expiry.isVisible()
    assert not dialog.width_field.isVisible()
    assert dialog.copy_button.isVisible()
    assert (dialog.wish.expires_in, dialog.wish.width) == (0, 0)


def test_a_copy_opens_in_the_browser(window, uploaded, qtbot, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: bool(opened.append(QUrl(url).toString())) or True
    )
    trigger(window, "open_link")
    qtbot.waitUntil(lambda: bool(opened))
    assert opened[0].startswith("https://shelf.test/")


def test_a_copy_is_taken_away_once_that_is_confirmed(window, uploaded, shelf, qtbot):
    trigger(window, "delete_copy")
    box = window.findChild(QMessageBox)
    assert "Shelf" in box.text()
    assert len(shelf.kept) == 1
    (delete,) = [button for button in box.buttons() if button.text() == "Delete the copy"]
    delete.click()
    qtbot.waitUntil(lambda: shelf.kept == {})
    qtbot.waitUntil(lambda: not window.actions_by_id["copy_link"].isEnabled())
    assert mark(window) != "Kept at Shelf"
    assert len(window.history.pictures) == 1

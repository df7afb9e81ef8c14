"""A damaged list is repaired from the window, and what came of it is said."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from unit.storage.shelf import add

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.repair import calls_for_repair
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.dialogs.repair import RepairDialog
from pickabook_desktop.ui.theme import apply_theme


class Shop:
    """A damaged library and the dialog that repairs it."""

    def __init__(self, folder: Path, qtbot, host: QWidget) -> None:
        self.library = Library(folder)
        self.pages = [add(self.library, seed) for seed in range(3)]
        self.library.backups.make()
        self.library.close()
        (folder / "library.db").write_bytes(b"not a database at all" * 200)
        self.lanes = Lanes()
        with pytest.raises(StorageError) as caught:
            self.library.recent()
        self.error = caught.value
        self.dialog = RepairDialog(self.library, self.lanes, self.error.message, host)
        self.dialog.show()
        self._qtbot = qtbot

    def wait(self) -> None:
        self._qtbot.waitUntil(lambda: not self.dialog.repairing.asking, timeout=20000)


@pytest.fixture
def shop(tmp_path: Path, qtbot, qapp: QApplication):
    apply_theme(qapp, "light")
    host = QWidget()
    qtbot.addWidget(host)
    shop = Shop(tmp_path / "library", qtbot, host)
    yield shop
    assert shop.lanes.shutdown()
    shop.library.close()


def test_the_failure_leads_to_the_repair(shop: Shop) -> None:
    assert calls_for_repair(shop.error)
    assert not calls_for_repair(StorageError(tr("There is no room left.")))
    assert shop.error.message in shop.dialog.problem.text()
    assert shop.dialog.repair.isDefault()


def test_nothing_is_touched_before_the_button(shop: Shop) -> None:
    before = (shop.library.folder / "library.db").read_bytes()
    shop.dialog.leave.click()
    assert not shop.dialog.isVisible()
    assert (shop.library.folder / "library.db").read_bytes() == before


def test_the_list_is_made_whole_and_it_is_said_how(shop: Shop, qtbot) -> None:
    with qtbot.waitSignal(shop.dialog.repaired, timeout=20000):
        shop.dialog.repair.click()
        assert not shop.dialog.repair.isEnabled()
    shop.wait()
    assert "whole again" in shop.dialog.status.text
    assert "backups/library-" in shop.dialog.outcome.text()
    assert shop.dialog.leave.text() == "Close"
    assert not shop.dialog.repair.isVisible()
    assert {page.id for page in shop.library.recent()} == {page.id for page in shop.pages}


def test_pages_that_are_lost_for_good_are_told(shop: Shop, qtbot) -> None:
    Path(shop.pages[0].path).write_bytes(b"torn")
    with qtbot.waitSignal(shop.dialog.repaired, timeout=20000):
        shop.dialog.repair.click()
    shop.wait()
    assert "but not all pages" in shop.dialog.status.text
    assert "Files damaged: 1" in shop.dialog.status.text
    assert len(shop.library.recent()) == 3


def test_a_repair_that_fails_says_so_and_can_be_tried_again(
    shop: Shop, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("There is no room left.", "Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr("pickabook_desktop.jobs.repair.repair_list", full)
        shop.dialog.repair.click()
        shop.wait()
    assert shop.dialog.status.text == "There is no room left. Free some space."
    assert shop.dialog.repair.isEnabled()
    with qtbot.waitSignal(shop.dialog.repaired, timeout=20000):
        shop.dialog.repair.click()
    shop.wait()
    assert len(shop.library.recent()) == 3

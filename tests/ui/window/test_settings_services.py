"""The settings with the real engine and store, and servers in the places of theirs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QMainWindow
from services.gemini import KEY as GEMINI_KEY
from services.gemini import GeminiServer
from services.imagekit import KEY as IMAGEKIT_KEY
from services.imagekit import FakeImageKit

from pickabook_desktop.assembly import assemble
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.places import Places
from pickabook_desktop.ui.controllers.setting_up import SettingUp
from pickabook_desktop.ui.dialogs.settings.dialog import SettingsDialog
from pickabook_desktop.ui.theme import apply_theme
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.inquiry import Inquiry

WRONG = "AIzaSyThisIsNobodysKeyAtAll0123456789"


class Setting:
    """The dialogs of a whole program that has no other window."""

    def __init__(self, folder: Path, qtbot) -> None:
        self._qtbot = qtbot
        self.studio = assemble(Places.under(folder), {"net.proxy": "none"})
        self._lanes = Lanes()
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.window.show()
        engines = self.studio.engines.states()
        choices = CreateModel(self.studio.templates, self.studio.styles, engines, self.window)
        self._up = SettingUp(self.studio, self._lanes, choices, self._keep, self.window)

    def page(self, name: str) -> Any:
        self._up.open_settings(name)
        self.settle()
        dialog = self.window.findChild(SettingsDialog)
        assert dialog is not None
        return dialog.page(name)

    def enter(self, name: str, key: str) -> None:
        card = self.page("keys").rows[name]
        if not card.field.isVisible():
            card.replace.click()
        self._qtbot.keyClicks(card.field, key)
        card.save.click()
        self.settle()

    def test(self, name: str) -> str:
        card = self.page("keys").rows[name]
        card.test.click()
        self.settle()
        return card.status.text

    def settle(self) -> None:
        asked = self.window.findChildren(Inquiry)
        self._qtbot.waitUntil(lambda: not any(one.asking for one in asked), timeout=20_000)
        QApplication.processEvents()
        QApplication.processEvents()

    def close(self) -> None:
        for dialog in self.window.findChildren(SettingsDialog):
            dialog.close()
        assert self._lanes.shutdown()
        self.studio.close()

    def _keep(self, key: str, value: str) -> None:
        self.studio.settings.set(key, value)


@pytest.fixture
def setting(tmp_path: Path, qtbot, qapp: QApplication) -> Iterator[Setting]:
    apply_theme(qapp, "light")
    setting = Setting(tmp_path / "desk", qtbot)
    yield setting
    setting.close()


@pytest.fixture
def google() -> Iterator[GeminiServer]:
    with GeminiServer() as server:
        yield server


@pytest.fixture
def shelf() -> Iterator[FakeImageKit]:
    with FakeImageKit() as server:
        yield server


def write_address(setting: Setting, fields, option: str, url: str) -> None:
    fields.editor(option).setText(url)
    fields.editor(option).editingFinished.emit()
    setting.settle()


def test_a_wrong_key_is_told_and_the_right_one_works(setting, google, tmp_path):
    card = setting.page("engines").cards["gemini"]
    write_address(setting, card.connection.unfold(), "base_url", google.url)
    setting.enter("gemini", WRONG)
    wrong = setting.test("gemini")
    assert "key" in wrong.lower()
    assert WRONG not in wrong
    setting.enter("gemini", GEMINI_KEY)
    assert setting.test("gemini").startswith("The key is accepted.")
    kept = [file.read_bytes() for file in (tmp_path / "desk").rglob("*") if file.is_file()]
    assert kept
    assert not any(key.encode() in data for data in kept for key in (WRONG, GEMINI_KEY))


def test_models_that_the_service_no_longer_lists_are_shown_as_gone(setting, google):
    card = setting.page("engines").cards["gemini"]
    write_address(setting, card.connection.unfold(), "base_url", google.url)
    setting.enter("gemini", GEMINI_KEY)
    card = setting.page("engines").cards["gemini"]
    card.check.click()
    setting.settle()
    assert card.status.text.startswith("The key is accepted.")
    labels = [label.text() for label in card.models.findChildren(type(card.summary))]
    assert any(text.startswith("Shut down") for text in labels)


def test_a_service_that_cannot_be_reached_is_told_with_what_to_do(setting, google):
    card = setting.page("engines").cards["gemini"]
    write_address(setting, card.connection.unfold(), "base_url", "http://127.0.0.1:9")
    setting.enter("gemini", GEMINI_KEY)
    said = setting.test("gemini")
    assert "127.0.0.1" in said
    assert said.count(".") > 1


def test_the_connection_of_a_store_is_tested(setting, shelf):
    card = setting.page("uploads").cards["imagekit"]
    write_address(setting, card.connection.unfold(), "base_url", shelf.url)
    setting.enter("imagekit", IMAGEKIT_KEY)
    card = setting.page("uploads").cards["imagekit"]
    card.check.click()
    setting.settle()
    assert card.status.text
    assert card.status.property("kind") == "wash-good"


def test_a_folder_for_copies_is_chosen_and_tested(setting, tmp_path):
    card = setting.page("uploads").cards["folder"]
    assert card.reason.text
    (tmp_path / "copies").mkdir()
    write_address(setting, card.fields, "dir", str(tmp_path / "copies"))
    assert card.reason.text == ""
    card.check.click()
    setting.settle()
    assert card.status.property("kind") == "wash-good"

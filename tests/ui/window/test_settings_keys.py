"""The page of keys: each is kept where it belongs, never shown, and nobody waits for a keyring."""

from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget
from ui.window.settings_data import MODELS, Office

from pickabook_desktop.domain.errors import NotConfiguredError, UnreachableError
from pickabook_desktop.storage.vault import LOCKED, MISSING

KEY = "AIzaSyNobodysKey0123456789"
OTHER = "AIzaSyAnotherKey9876543210"


def key_card(office: Office, name: str = "gemini"):
    page: Any = office.settings("keys").page("keys")
    return page.rows[name]


def enter(office: Office, card, key: str) -> None:
    office.qtbot.keyClicks(card.field, key)
    card.save.click()


def test_a_key_goes_into_the_keyring_and_is_never_shown_again(office):
    card = key_card(office)
    assert "No key yet." in card.place.text()
    assert card.field.echoMode() == QLineEdit.EchoMode.Password
    enter(office, card, KEY)
    office.settle()
    assert office.ring.kept == {"gemini": KEY}
    assert "keyring" in card.place.text()
    assert not card.field.isVisible()
    assert card.field.text() == ""
    everything = [w.property("text") for w in office.window.findChildren(QWidget)]
    assert not any(KEY in str(text) for text in everything)


def test_a_new_key_asks_which_models_there_are_and_the_window_follows(office):
    gone = msgspec.structs.replace(MODELS[0], state="retired")
    office.brush.listed = (gone, *MODELS[1:])
    card = key_card(office)
    assert office.brush.checks == 0
    enter(office, card, KEY)
    office.settle()
    assert office.brush.checks == 1
    far = office.choices.engines[0].capabilities
    assert [model.state for model in far.models] == ["retired", "retired"]
    assert "The key works." in card.status.text
    card.remove.click()
    card.remove_really.click()
    office.settle()
    assert office.brush.checks == 1


def test_a_new_key_is_kept_where_the_service_cannot_be_asked(office):
    office.brush.trouble = UnreachableError("There is no network.", "Try again later.")
    card = key_card(office)
    enter(office, card, KEY)
    office.settle()
    assert office.ring.kept == {"gemini": KEY}
    assert "keyring" in card.place.text()
    assert card.test.isVisible()


def test_a_pasted_key_is_taken(office):
    card = key_card(office)
    QGuiApplication.clipboard().setText(f" {KEY}\n")
    paste = next(action for action in card.field.actions() if action.text() == "Paste")
    paste.trigger()
    card.save.click()
    office.settle()
    assert office.ring.kept == {"gemini": KEY}


def test_what_is_no_key_is_refused_with_a_reason(office):
    card = key_card(office)
    enter(office, card, "two words that are none")
    office.settle()
    assert office.ring.kept == {}
    assert "spaces" in card.status.text


def test_a_key_is_replaced_and_escape_keeps_the_old_one(office, qtbot):
    office.ring.kept["gemini"] = KEY
    card = key_card(office)
    card.replace.click()
    qtbot.keyClicks(card.field, "oops")
    qtbot.keyClick(card.field, Qt.Key.Key_Escape)
    assert office.settings("keys").isVisible()
    assert not card.field.isVisible()
    card.replace.click()
    enter(office, card, OTHER)
    office.settle()
    assert office.ring.kept["gemini"] == OTHER


def test_a_removed_key_is_gone(office):
    office.ring.kept["gemini"] = KEY
    card = key_card(office)
    card.remove.click()
    assert office.ring.kept == {"gemini": KEY}
    card.remove_really.click()
    office.settle()
    assert office.ring.kept == {}
    assert card.field.isVisible()


def test_a_key_that_was_nearly_removed_can_be_kept(office):
    office.ring.kept["gemini"] = KEY
    card = key_card(office)
    card.remove.click()
    assert not card.test.isVisible()
    card.keep_old.click()
    office.settle()
    assert card.test.isVisible()
    assert office.ring.kept == {"gemini": KEY}


def test_the_keyboard_goes_on_where_the_work_goes_on(office):
    card = key_card(office)
    dialog = office.settings("keys")
    card.field.setFocus()
    enter(office, card, KEY)
    office.settle()
    assert dialog.focusWidget() is card.test
    card.replace.click()
    assert dialog.focusWidget() is card.field


def test_a_key_from_the_environment_can_be_tested_and_nothing_else(office):
    office.environment["GEMINI_API_KEY"] = KEY
    card = key_card(office)
    assert "GEMINI_API_KEY" in card.place.text()
    shown = [b for b in (card.save, card.replace, card.remove, card.test) if b.isVisible()]
    assert shown == [card.test]


def test_without_a_keyring_the_page_says_that_keys_are_lost_and_how_to_get_one(office):
    office.ring.trouble = NotConfiguredError("None.", "Install a keyring.", code=MISSING)
    card = key_card(office)
    page = office.settings("keys").page("keys")
    assert "lost when the program ends" in page.notice.text
    assert "Install a keyring." in page.notice.text
    # Every key that is wanted is named, whichever was looked for first.
    assert "GEMINI_API_KEY or IMAGEKIT_PRIVATE_KEY" in page.notice.text
    enter(office, card, KEY)
    office.settle()
    assert "Only in memory" in card.place.text()
    assert "lost when the program ends" in page.notice.text


def test_a_locked_keyring_is_told_and_can_be_looked_at_again(office):
    office.ring.kept["gemini"] = KEY
    office.ring.trouble = NotConfiguredError("Locked.", "Unlock it.", code=LOCKED)
    card = key_card(office)
    page = office.settings("keys").page("keys")
    assert "locked" in page.notice.text
    office.ring.trouble = None
    page.look_again.click()
    office.settle()
    assert page.notice.text == ""
    assert "keyring of the system" in card.place.text()


def test_nothing_waits_while_the_keyring_does_not_answer(office, qtbot):
    card = key_card(office)
    office.ring.gate.clear()
    enter(office, card, KEY)
    qtbot.waitUntil(lambda: "Asking the keyring" in card.status.text)
    assert not card.save.isEnabled()
    assert not card.field.isEnabled()
    office.ring.gate.set()
    office.settle()
    assert "Asking the keyring" not in card.status.text
    assert card.replace.isEnabled()


def test_testing_a_key_says_what_was_found(office):
    office.ring.kept["gemini"] = KEY
    card = key_card(office)
    card.test.click()
    office.settle()
    assert card.status.text == "The key works."


def test_a_test_that_fails_says_what_to_do(office):
    office.ring.kept["gemini"] = KEY
    office.brush.trouble = UnreachableError("No answer.", "Check the network.")
    card = key_card(office)
    card.test.click()
    office.settle()
    assert card.status.text == "No answer. Check the network."
    card.replace.click()
    assert card.status.text == ""


def test_keys_that_nothing_uses_are_not_asked_for(office):
    page = office.settings("keys").page("keys")
    assert set(page.rows) == {"gemini", "imagekit"}


def test_a_new_key_makes_the_engine_usable_in_the_window(office):
    office.brush.missing = "There is no key."
    card = key_card(office)
    enter(office, card, KEY)
    office.brush.missing = ""
    office.settle()
    engine = next(state for state in office.choices.engines if state.id == "brush")
    assert engine.unavailable == ""


def test_a_new_key_of_a_store_is_tried_at_once(office):
    card = key_card(office, "imagekit")
    enter(office, card, "private_0123456789abcdef")
    office.settle()
    assert card.status.text == "There is room in the shed."


def test_a_key_that_the_service_refuses_has_to_be_changed_before_drawing(office):
    office.choices.choose_engine("brush")
    office.brush.trouble = NotConfiguredError("Not accepted.", "Replace it.", remedies=("keys",))
    card = key_card(office)
    enter(office, card, KEY)
    office.settle()
    assert card.status.text == "Not accepted. Replace it."
    obstacle = office.choices._engine_obstacle()
    assert obstacle.reason == "The key for Brush was not accepted. Change it first."
    assert obstacle.remedy == "keys"
    office.brush.trouble = None
    card.replace.click()
    enter(office, card, OTHER)
    office.settle()
    assert office.choices._engine_obstacle().reason == ""


def test_the_way_to_a_new_key_is_shown_where_one_is_missing(office, monkeypatch):
    card = key_card(office)
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(str(url)))
    card.get_key.click()
    assert opened == ["https://aistudio.google.com/apikey"]
    enter(office, card, KEY)
    office.settle()
    assert not card.get_key.isVisible()

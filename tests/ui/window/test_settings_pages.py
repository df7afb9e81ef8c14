"""The settings: every page can be reached, read and used, and nothing waits for anything."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)
from ui.window.settings_data import Office

from pickabook_desktop.domain.calls import CallPlan
from pickabook_desktop.domain.errors import NotConfiguredError, UnreachableError
from pickabook_desktop.storage.vault import LOCKED, MISSING
from pickabook_desktop.ui.theme import apply_theme

PAGES = ("general", "keys", "engines", "uploads", "network", "spending", "privacy")
KEY = "AIzaSyNobodysKey0123456789"
OTHER = "AIzaSyAnotherKey9876543210"


@pytest.fixture
def office(tmp_path: Path, qtbot, qapp: QApplication) -> Iterator[Office]:
    apply_theme(qapp, "light")
    office = Office(tmp_path, qtbot)
    yield office
    office.close()


def words_in(widget: QWidget) -> str:
    """All that can be read on ``widget`` now."""
    shown = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    shown += [edit.displayText() for edit in widget.findChildren(QLineEdit) if edit.isVisible()]
    return "\n".join(shown)


# All pages.


@pytest.mark.parametrize("page", PAGES)
def test_every_page_fits_the_smallest_dialog(office, page):
    dialog = office.settings(page)
    dialog.resize(dialog.minimumSize())
    QApplication.processEvents()
    assert (dialog.width(), dialog.height()) <= (1280, 760)
    for area in dialog.page(page).findChildren(QScrollArea):
        assert area.widget().width() <= area.viewport().width()
    for button in dialog.page(page).findChildren(QAbstractButton):
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width(), button.text()


@pytest.mark.parametrize("page", PAGES)
def test_everything_on_a_page_that_takes_the_keyboard_has_a_name(office, page):
    dialog = office.settings(page)
    for kind in (QAbstractButton, QComboBox, QLineEdit):
        for widget in dialog.page(page).findChildren(kind):
            if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                said = widget.accessibleName() or getattr(widget, "text", str)()
                assert said, widget


def test_the_list_of_pages_is_walked_with_the_arrows(office, qtbot):
    dialog = office.settings("general")
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Down)
    assert dialog.page_id == "keys"
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Up)
    assert dialog.page_id == "general"


def test_tab_goes_from_the_list_into_the_page(office, qtbot):
    dialog = office.settings("network")
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert dialog.page("network").isAncestorOf(dialog.focusWidget())


def test_the_settings_open_where_they_were_left(office):
    office.settings("spending").reject()
    office.up.open_settings()
    QApplication.processEvents()
    dialogs = [d for d in office.window.findChildren(QWidget) if hasattr(d, "page_id")]
    assert dialogs[-1].page_id == "spending"


# General.


def test_names_in_copies_are_a_switch_that_needs_metadata(office):
    page = office.settings("general").page("general")
    page.with_names.click()
    assert office.kept["export.names"] == "on"
    page.without_metadata.click()
    assert office.kept["export.metadata"] == "off"
    assert not page.with_names.isEnabled()


# Keys.


def key_card(office: Office, name: str = "gemini"):
    return office.settings("keys").page("keys").rows[name]


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
    office.settle()
    assert office.ring.kept == {}
    assert card.field.isVisible()


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
    assert card.status.text == ""
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


# Engines.


def engine_card(office: Office):
    return office.settings("engines").page("engines").cards["brush"]


def test_fields_come_from_what_an_engine_declares_for_its_connection(office):
    fields = engine_card(office).connection.unfold()
    assert fields.editor("timeout").placeholderText() == "180"
    with pytest.raises(KeyError):
        fields.editor("reference")
    fields.editor("base_url").setText("http://localhost:1")
    fields.editor("base_url").editingFinished.emit()
    fields.editor("retries").setCurrentIndex(1)
    fields.editor("retries").activated.emit(1)
    fields.editor("gzip").click()
    assert office.kept == {
        "brush.base_url": "http://localhost:1",
        "brush.retries": "1",
        "brush.gzip": "on",
    }


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("timeout", "0", "Give a number from 1 to 600."),
        ("base_url", "http://me:secret@gate.example", "This address holds a password"),
    ],
)
def test_what_cannot_be_meant_is_explained_and_not_kept(office, option, value, said):
    fields = engine_card(office).connection.unfold()
    fields.editor(option).setText(value)
    fields.editor(option).editingFinished.emit()
    assert said in fields.problem(option)
    assert office.kept == {}
    fields.editor(option).setText("")
    fields.editor(option).editingFinished.emit()
    assert fields.problem(option) == ""


def test_models_are_listed_with_state_price_and_date(office):
    words = words_in(engine_card(office).models)
    assert "Recommended, since 6 Oct 2026" in words
    assert "1K USD 0.034" in words
    assert "Shut down on 2 Oct 2026" in words
    assert "20 Nov 2026" in words


def test_refreshing_the_models_says_what_came_of_it(office):
    card = engine_card(office)
    card.check.click()
    office.settle()
    assert card.status.text == "The key works."


def test_an_engine_without_its_key_leads_to_the_keys(office):
    office.brush.missing = "There is no key."
    card = engine_card(office)
    assert card.reason.text == "There is no key."
    card.enter_key.click()
    assert office.settings("keys").page_id == "keys"


def test_a_new_key_makes_the_engine_usable_in_the_window(office):
    office.brush.missing = "There is no key."
    card = key_card(office)
    enter(office, card, KEY)
    office.brush.missing = ""
    office.settle()
    engine = next(state for state in office.choices.engines if state.id == "brush")
    assert engine.unavailable == ""


# Uploads.


def test_pages_go_to_a_store_by_themselves_when_that_is_chosen(office):
    page = office.settings("uploads").page("uploads")
    place = page.auto.findData("shed")
    page.auto.setCurrentIndex(place)
    page.auto.activated.emit(place)
    assert office.kept["upload.auto"] == "shed"


def test_a_store_is_set_and_tested_where_it_is_listed(office):
    card = office.settings("uploads").page("uploads").cards["shed"]
    assert "May hold {year}." in words_in(card)
    card.fields.editor("private").click()
    assert office.kept["shed.private"] == "off"
    office.settle()
    card.check.click()
    office.settle()
    assert card.status.text == "There is room in the shed."


# Network.


def choose_own_proxy(office: Office, address: str):
    page = office.settings("network").page("network")
    place = page.proxy.findData("own")
    page.proxy.setCurrentIndex(place)
    page.proxy.activated.emit(place)
    page.address.setText(address)
    page.address.editingFinished.emit()
    return page


def test_a_proxy_of_ones_own_is_kept(office):
    choose_own_proxy(office, "http://proxy.example:3128")
    assert office.kept["net.proxy"] == "http://proxy.example:3128"


@pytest.mark.parametrize("address", ["nonsense", "http://me:secret@proxy.example:3128"])
def test_a_proxy_that_cannot_be_used_is_explained_and_not_kept(office, address):
    page = choose_own_proxy(office, address)
    assert page.problem.isVisible()
    assert "net.proxy" not in office.kept


# Spending.


def test_the_month_is_told_with_what_is_left_of_the_limit(office):
    call = office.studio.ledger.start(CallPlan(engine_id="brush", model="brush-2", estimate=2.5))
    office.studio.ledger.end(call, "drawn", amount=2.25)
    page = office.settings("spending").page("spending")
    assert "USD 2.25" in page.spent.text()
    assert "no monthly limit" in page.left.text()
    page.fields.editor("monthly_limit").setText("10")
    page.fields.editor("monthly_limit").editingFinished.emit()
    office.settle()
    assert office.kept["spending.monthly_limit"] == "10"
    assert page.left.text() == "USD 7.75 left of USD 10.00."


# Privacy.


def test_consents_are_listed_and_can_be_withdrawn(office):
    now = datetime.now(UTC)
    office.studio.consents.add((("a" * 64, "face"),), "Brush Inc.", "Mia’s mother", now, 365)
    page = office.settings("privacy").page("privacy")
    said = words_in(page)
    assert "Mia’s mother agreed" in said
    assert "the face to Brush Inc." in said
    withdraw = next(
        b
        for b in page.findChildren(QAbstractButton)
        if b.accessibleName().startswith("Withdraw") and b.isVisible()
    )
    withdraw.click()
    office.settle()
    assert "Nobody has agreed" in words_in(page)
    assert not office.studio.consents.all()[0].holds(now.isoformat())


def test_how_long_a_consent_holds_is_a_number_of_days(office):
    page = office.settings("privacy").page("privacy")
    page.fields.editor("consent_days").setText("30")
    page.fields.editor("consent_days").editingFinished.emit()
    assert office.kept["privacy.consent_days"] == "30"

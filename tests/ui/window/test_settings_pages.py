"""The settings: every page can be reached, read and used, and nothing waits for anything."""

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QScrollArea,
    QWidget,
)
from ui.window.settings_data import Office, words_in

from pickabook_desktop.domain.calls import CallPlan
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.ui.dialogs.forget import ForgetDialog
from pickabook_desktop.ui.theme import apply_theme

PAGES = ("general", "keys", "engines", "uploads", "network", "spending", "privacy")


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


def test_long_names_and_paths_push_nothing_out_of_sight(office):
    name = "Maximiliana-Alexandra-Wilhelmine " * 4
    path = "/home/" + "a-very-long-folder-name" * 5 + "/photo.jpg"
    office.studio.children.note(PhotoRef(path=path, sha256="a" * 64), name)
    now = datetime.now(UTC)
    office.studio.consents.add((("a" * 64, "face"),), "Brush Inc.", name, now, 365)
    dialog = office.settings("privacy")
    dialog.resize(dialog.minimumSize())
    QApplication.processEvents()
    area = dialog.page("privacy").findChild(QScrollArea)
    assert area.widget().width() <= area.viewport().width()
    child = office.up.setup.children.known[0]
    office.up.open_forget(child.id)
    office.settle()
    assert office.dialog(ForgetDialog).width() <= 700


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


def test_tab_brings_what_it_reaches_into_sight(office, qtbot):
    dialog = office.settings("engines")
    dialog.resize(dialog.minimumSize())
    dialog.page("engines").cards["brush"].connection.unfold()
    QApplication.processEvents()
    last = dialog.page("engines").cards["brush"].connection.fields.editor("ca_file")
    area = dialog.page("engines").findChild(QScrollArea)
    for _ in range(30):
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        if dialog.focusWidget() is last:
            break
    assert dialog.focusWidget() is last
    place = last.mapTo(area.viewport(), last.rect().center())
    assert area.viewport().rect().contains(place)


def test_the_wheel_over_a_choice_scrolls_the_page_and_chooses_nothing(office):
    page = office.settings("general").page("general")
    box = page.scheme
    before = box.currentIndex()
    place = QPointF(box.rect().center())
    down = QPoint(0, -120)
    wheel = QWheelEvent(
        *(place, box.mapToGlobal(place), down, down, Qt.MouseButton.NoButton),
        *(Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False),
    )
    QApplication.sendEvent(box, wheel)
    assert box.currentIndex() == before
    assert office.kept == {}


def test_the_dialog_follows_the_colours_that_are_chosen_in_it(office, qapp):
    dialog = office.settings("general")
    theme = apply_theme(qapp, "light")
    light = dialog.grab().toImage().pixelColor(5, 5)
    theme.set_scheme("dark")
    dark = dialog.grab().toImage().pixelColor(5, 5)
    theme.set_scheme("light")
    assert dark.lightness() < 80 < light.lightness()


# General.


def test_names_in_copies_are_a_switch_that_needs_metadata(office):
    page = office.settings("general").page("general")
    page.with_names.click()
    assert office.kept["export.names"] == "on"
    page.without_metadata.click()
    assert office.kept["export.metadata"] == "off"
    assert not page.with_names.isEnabled()


def test_the_library_can_be_in_another_folder_from_the_next_start_on(office, monkeypatch, tmp_path):
    page = office.settings("general").page("general")
    assert page.moved.isHidden()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_words: str(tmp_path))
    page.other_folder.click()
    assert office.kept["library.dir"] == str(tmp_path)
    assert str(tmp_path) in page.moved.text()
    assert not page.moved.isHidden()


def test_copies_of_the_list_are_a_switch(office):
    page = office.settings("general").page("general")
    assert page.list_copies.isChecked()
    page.list_copies.click()
    assert office.kept["library.backups"] == "off"


def test_an_engine_that_becomes_usable_can_be_chosen_at_once(office):
    office.brush.missing = "There is no key."
    page = office.settings("general").page("general")
    office.up.setup.services.read_engines()
    office.settle()
    assert page.engine.findData("brush") < 0
    assert "There is no key." in page.missing.text()
    office.brush.missing = ""
    office.up.setup.services.read_engines()
    office.settle()
    assert page.engine.findData("brush") >= 0
    assert not page.missing.isVisible()


def test_a_folder_with_an_unknown_placeholder_is_explained_and_not_kept(office):
    page: Any = office.settings("uploads").page("uploads")
    fields = page.cards["shed"].fields
    edit = fields.editor("folder")
    for nonsense in ("{child}", "{year"):
        edit.setText(nonsense)
        edit.editingFinished.emit()
        assert "{year}" in fields.problem("folder")
    assert "shed.folder" not in office.kept
    edit.setText("{book}/{year}")
    edit.editingFinished.emit()
    assert office.kept["shed.folder"] == "{book}/{year}"


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
    page: Any = office.settings("network").page("network")
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


def test_a_decimal_comma_is_understood(office):
    page = office.settings("spending").page("spending")
    page.fields.editor("monthly_limit").setText("2,50")
    page.fields.editor("monthly_limit").editingFinished.emit()
    assert office.kept["spending.monthly_limit"] == "2.50"
    page.fields.editor("monthly_limit").setText("1,000")
    page.fields.editor("monthly_limit").editingFinished.emit()
    assert "not a number" in page.fields.problem("monthly_limit")
    assert office.kept["spending.monthly_limit"] == "2.50"


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

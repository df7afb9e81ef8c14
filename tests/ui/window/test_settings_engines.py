"""The settings of engines come from what each declares, and what cannot be meant is not kept."""

from typing import Any

import pytest
from ui.window.settings_data import Office, words_in


def engine_card(office: Office):
    page: Any = office.settings("engines").page("engines")
    return page.cards["brush"]


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
        ("timeout", "soon", "“soon” is not a number."),
        ("timeout", "nan", "“nan” is not a number."),
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


def test_a_service_that_does_not_answer_need_not_be_waited_for(office, qtbot):
    office.brush.answers.clear()
    card = engine_card(office)
    card.check.click()
    qtbot.waitUntil(lambda: "Asking the service" in card.status.text)
    assert card.check.text() == "Stop"
    card.check.click()
    office.settle()
    assert card.check.text() == "Refresh models"
    assert card.status.text == ""


def test_an_engine_without_its_key_leads_to_the_keys(office):
    office.brush.missing = "There is no key. Add one in the settings."
    card = engine_card(office)
    assert card.reason.text == "There is no key for Brush yet."
    card.enter_key.click()
    assert office.settings("keys").page_id == "keys"


@pytest.mark.parametrize(
    ("option", "nonsense", "sense"),
    [
        ("base_url", "hello world", "https://gateway.test"),
        ("base_url", "http://gateway.test", "http://127.0.0.1:8080"),
        ("ca_file", "/nowhere/at/all.pem", ""),
    ],
)
def test_what_the_engine_could_not_use_is_explained_and_not_kept(office, option, nonsense, sense):
    fields = engine_card(office).connection.unfold()
    edit = fields.editor(option)
    edit.setText(nonsense)
    edit.editingFinished.emit()
    assert fields.problem(option)
    assert f"brush.{option}" not in office.kept
    edit.setText(sense)
    edit.editingFinished.emit()
    assert fields.problem(option) == ""
    assert office.kept.get(f"brush.{option}", "") == sense

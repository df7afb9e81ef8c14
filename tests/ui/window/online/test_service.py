"""Drawing with a service: beside this machine, with waits, refusals and missing keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from ui.online_steps import draw_first, words_in

from pickabook_desktop.domain.errors import (
    EngineError,
    RefusedError,
    SpendingLimitError,
    UnreachableError,
)


def test_the_menu_offers_what_the_service_can(window):
    look, later = window.actions_by_id["look"], window.actions_by_id["draw_later"]
    assert look.isEnabled()
    assert later.isEnabled()
    window.choices.choose_engine("storybook")
    assert not look.isEnabled()
    assert not later.isEnabled()


def test_a_service_draws_beside_this_machine(window, engine, far, qtbot):
    draw_first(window, qtbot)
    far.gate.clear()
    window.draw_button.click()
    qtbot.waitUntil(lambda: len(far.requests) == 2)
    window.choices.choose_engine("storybook")
    window.actions_by_id["draw"].trigger()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 2)
    assert len(window.session.jobs) == 1
    far.gate.set()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 3)


def test_a_wait_that_the_service_asks_for_is_counted_down_and_can_be_stopped(window, far, qtbot):
    draw_first(window, qtbot)
    far.gate.clear()
    far.pause = 42.0
    window.draw_button.click()

    def told() -> bool:
        return "42 s" in window.draw_button.accessibleDescription()

    qtbot.waitUntil(told)
    description = window.draw_button.accessibleDescription()
    assert "The service asks to wait · second try" in description
    rows = window.top_bar.queue.job_list
    assert "second try" in words_in(rows)
    qtbot.waitUntil(lambda: "41 s" in words_in(rows), timeout=4000)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.session.busy
    assert not window.draw_button.busy


def test_without_a_key_the_button_offers_to_add_one(open_window, far, qtbot):
    far.reason = "There is no key."
    window = open_window()
    qtbot.waitUntil(lambda: window.draw_button.accessibleName() == "Add a key…")
    assert window.draw_button.isEnabled()
    assert "needs a key" in window.draw_button.toolTip()
    window.draw_button.click()
    dialogs = QApplication.activeModalWidget()
    assert dialogs is not None
    assert dialogs.windowTitle()
    dialogs.close()
    assert far.requests == []


def test_the_button_draws_again_once_a_key_has_come(window):
    known: dict[str, bool | None] = {"replicate": False}
    window.choices.key_known = known.get
    window.choices.refresh()
    assert window.draw_button.accessibleName() == "Add a key…"
    known["replicate"] = True
    window.workings.window_actions.setting_up.setup.keys.keys_changed.emit()
    assert window.draw_button.accessibleName().startswith("Draw the page")


def test_a_refusal_says_what_happened_with_its_code_and_leads_to_what_helps(window, far, qtbot):
    draw_first(window, qtbot)
    far.failure = RefusedError(
        "The service will not draw this.",
        "Change the prompt.",
        code="IMAGE_SAFETY",
        remedies=("edit_prompt", "other_model", "other_engine", "other_crop", "retry"),
    )

    def refused() -> dict[str, QPushButton]:
        window.draw_button.click()
        qtbot.waitUntil(lambda: window.viewer.error_shown)
        return {button.text(): button for button in window.viewer.error_panel.buttons}

    buttons = refused()
    assert window.viewer.error_panel.text == "The service will not draw this. Change the prompt."
    assert "IMAGE_SAFETY" in window.viewer.error_panel.code
    assert next(iter(buttons)) == "Change the prompt"
    buttons["Change the prompt"].click()
    assert not window.viewer.error_shown
    assert window.focusWidget() is window.page_column.prompt.edit
    refused()["Choose another model"].click()
    form = window.page_column.options.form
    assert window.page_column.options.expanded
    assert form.models.box.view().isVisible()
    form.models.box.hidePopup()
    refused()["Choose another engine"].click()
    popup = QApplication.activePopupWidget()
    assert popup is not None
    assert popup.accessibleName() == "Engines"
    popup.close()
    refused()["Send another crop"].click()
    focus = window.focusWidget()
    assert focus is not None
    assert form.engine_options.isAncestorOf(focus)
    buttons = refused()
    far.failure = None
    buttons["Try again"].click()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 2)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SpendingLimitError("The month is spent."), "Change the limit"),
        (UnreachableError("far.example cannot be reached."), "Try again"),
        (EngineError("It broke."), "Try again"),
    ],
)
def test_every_failure_has_a_button_that_helps(window, far, qtbot, error, words):
    draw_first(window, qtbot)
    far.failure = error
    window.draw_button.click()
    qtbot.waitUntil(lambda: window.viewer.error_shown)
    assert window.viewer.error_panel.button.text() == words


def test_escape_closes_a_list_and_stops_no_page(window, far, qtbot):
    draw_first(window, qtbot)
    far.gate.clear()
    window.draw_button.click()
    qtbot.waitUntil(lambda: window.draw_button.busy)
    engines = window.top_bar.engine.open_list()
    qtbot.keyClick(engines.rows[1], Qt.Key.Key_Escape)
    assert not engines.isVisible()
    window.top_bar.queue.click()
    queue = window.top_bar.queue.job_list
    assert queue.isVisible()
    qtbot.keyClick(queue, Qt.Key.Key_Escape)
    assert not queue.isVisible()
    assert window.session.busy

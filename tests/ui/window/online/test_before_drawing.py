"""What the window knows before a page is drawn by a service: how it may look, and what is left."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from ui.online_steps import agree, draw_first

from pickabook_desktop.domain.calls import CallPlan
from pickabook_desktop.domain.errors import EngineError
from pickabook_desktop.ui.dialogs.settings.dialog import SettingsDialog
from pickabook_desktop.ui.palette import DARK, LIGHT
from pickabook_desktop.ui.setting_keys import LIMIT_KEY
from pickabook_desktop.ui.viewmodels.allowance import Allowance
from pickabook_desktop.ui.widgets.labels import IconMark

SKETCH = "A sketch: Far draws the page anew"


def spend(window, amount: float) -> None:
    ledger = window._studio.ledger
    call = ledger.start(CallPlan(engine_id="far", model="swift", estimate=amount))
    ledger.end(call, "drawn", amount=amount)


def set_limit(window, text: str) -> None:
    window.workings.window_actions.setting_up.setup.keep(LIMIT_KEY, text)


def test_a_sketch_drawn_here_stands_in_for_what_the_service_will_draw(window, engine, far, qtbot):
    qtbot.waitUntil(lambda: SKETCH in window.viewer.caption)
    assert window.viewer.canvas.picture is not None
    assert engine.requests[-1].engine_id == "storybook"
    assert engine.requests[-1].further_photos == ()
    assert not far.looked.is_set()
    assert far.requests == []


def test_without_a_key_there_is_a_sketch_all_the_same(open_window, far, qtbot):
    far.reason = "There is no key."
    window = open_window()
    qtbot.waitUntil(lambda: SKETCH in window.viewer.caption)


def test_a_bought_page_stays_when_what_is_sent_changes(window, engine, qtbot):
    draw_first(window, qtbot)
    qtbot.waitUntil(lambda: "64 × 64 px" in window.viewer.caption)
    drawn = len(engine.requests)
    window.choices.set_engine_option("crop", "whole")
    window.choices.choose_model("grand")
    QApplication.processEvents()
    assert len(engine.requests) == drawn
    assert "64 × 64 px" in window.viewer.caption


def test_without_a_template_there_is_nothing_to_sketch(window, qtbot):
    window.choices.set_prompt("A fox on the moon")
    window.choices.choose_template("")
    qtbot.waitUntil(lambda: "shows no previews" in window.viewer.hint)
    assert window.viewer.canvas.picture is None


def test_the_button_knows_that_the_limit_is_reached_before_anything_is_asked(window, qtbot):
    spend(window, 0.23)
    set_limit(window, "0.25")
    qtbot.waitUntil(lambda: "Raise the limit…" in window.draw_button.accessibleName())
    reason = window.choices.blocker()
    assert "USD 0.05" in reason
    assert "USD 0.02" in reason
    window.draw_button.click()
    assert window.workings.online.sending.gate is None
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    assert dialog.page_id == "spending"
    field = dialog.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.selectedText() == "0.25"
    qtbot.keyClicks(field, "5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.choices.blocker())
    dialog.close()


def test_several_pictures_must_all_fit_into_the_limit(window, qtbot):
    set_limit(window, "0.12")
    window.choices.set_count(2)
    qtbot.waitUntil(lambda: window.choices.allowance.left is not None)
    assert not window.choices.blocker()
    window.choices.set_count(3)
    assert "USD 0.15" in window.choices.blocker()
    window.choices.choose_engine("storybook")
    assert not window.choices.blocker()


def test_what_a_page_has_cost_counts_for_the_next(window, far, qtbot):
    set_limit(window, "0.08")
    qtbot.waitUntil(lambda: window.choices.allowance.left == pytest.approx(0.08))
    far.gate.clear()
    window.draw_button.click()
    agree(window, qtbot)
    qtbot.waitUntil(lambda: len(far.requests) == 1)
    spend(window, 0.05)
    far.gate.set()
    qtbot.waitUntil(lambda: "Raise the limit…" in window.draw_button.accessibleName())
    assert len(window.history.pictures) == 1


def test_a_limit_that_is_none_is_said_where_pages_are_drawn(window, qtbot):
    set_limit(window, "ten")
    qtbot.waitUntil(lambda: "not an amount of money" in window.choices.blocker())


def test_who_stops_a_paid_picture_hears_that_it_may_be_charged(window, engine, far, qtbot):
    draw_first(window, qtbot)
    far.gate.clear()
    window.draw_button.click()
    qtbot.waitUntil(lambda: window.session.busy and window.session.jobs[0].started)
    window.draw_button.click()
    assert window.workings.toast.text == "Stopped. What was begun may still be charged."
    window.workings.toast.show_message("")
    window.choices.choose_engine("storybook")
    engine.gate.clear()
    window.draw_button.click()
    qtbot.waitUntil(lambda: window.session.busy and window.session.jobs[0].started)
    window.draw_button.click()
    assert window.workings.toast.text == ""


def test_a_sketch_never_hides_why_a_page_did_not_come(window, far, qtbot):
    draw_first(window, qtbot)
    far.failure = EngineError("It broke.", "Try again.")
    window.choices.set_prompt("in the snow")
    window.draw_button.click()
    qtbot.waitUntil(lambda: window.viewer.error_shown)
    window.choices.set_allowance(Allowance(left=9.0))
    qtbot.waitUntil(lambda: not window._lanes.busy("preview"))
    QApplication.processEvents()
    assert window.viewer.error_shown


def test_the_mark_of_an_error_has_the_colour_of_the_scheme(window, qtbot):
    window.viewer.show_error(EngineError("It broke.", "Try again."))
    panel = window.viewer.error_panel
    mark = panel.findChild(IconMark)

    def colours() -> set[str]:
        image = mark.grab().toImage()
        places = [(x, y) for x in range(image.width()) for y in range(image.height())]
        return {image.pixelColor(x, y).name() for x, y in places}

    assert LIGHT.colour("bad").name() in colours()
    window.actions_by_id["scheme_dark"].trigger()
    QApplication.processEvents()
    assert DARK.colour("bad").name() in colours()

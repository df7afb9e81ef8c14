"""The list of engines: which one is chosen, and what the others lack."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from ui.create_data import ready_model
from ui.online_data import FAR_AWAY as AWAY

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.ui.create.engine_button import EngineButton
from pickabook_desktop.ui.viewmodels.create import CreateModel


@pytest.fixture
def model(qapp: QApplication) -> CreateModel:
    return ready_model()


def test_the_chosen_one_alone_is_ticked(model: CreateModel, qtbot: QtBot) -> None:
    away = EngineState(id="far", title="Far", capabilities=AWAY)
    model.set_engines((*model.engines, away))
    button = EngineButton(model)
    qtbot.addWidget(button)
    button.show()
    for known, mark in ((None, "globe"), (False, "key"), (True, "globe")):
        model.key_known = lambda name, known=known: known
        popup = button.open_list()
        chosen = [row for row in popup.rows if row.accessibleName().startswith("Chosen")]
        assert [row.engine_id for row in chosen] == [model.engine_id]
        row = popup.rows[-1]
        assert row.mark == mark
        assert ("No key yet." in row.accessibleName()) is (known is False)
        popup.close()


def test_the_engine_button_tells_who_draws_where_and_for_how_much(
    model: CreateModel, qtbot: QtBot
) -> None:
    button = EngineButton(model)
    qtbot.addWidget(button)
    assert button.text() == "Here · offline · free"
    model.choose_engine("far")
    assert button.text() == "Far · online · USD 0.04"
    model.choose_engine("broken")
    assert "missing" in button.toolTip()


def test_an_engine_is_chosen_from_the_list_and_one_that_cannot_draw_says_why(
    model: CreateModel, qtbot: QtBot
) -> None:
    button = EngineButton(model)
    qtbot.addWidget(button)
    button.show()
    popup = button.open_list()
    here, far, broken = popup.rows
    assert here.isChecked()
    assert "Pages may be sold." in here.accessibleName()
    assert "Ask before you sell pages." in far.accessibleName()
    assert not broken.isEnabled()
    texts = [label.text() for label in broken.findChildren(QLabel)]
    assert "Unavailable: The package “foo” is missing." in texts
    qtbot.mouseClick(far, Qt.MouseButton.LeftButton)
    assert model.engine_id == "far"
    assert not popup.isVisible()


def test_the_engine_list_tells_price_needs_recipient_and_terms(
    model: CreateModel, qtbot: QtBot
) -> None:
    state = EngineState(id="far", title="Far", capabilities=AWAY, unavailable="There is no key.")
    model.set_engines((*model.engines, state))
    button = EngineButton(model)
    qtbot.addWidget(button)
    button.show()
    popup = button.open_list()
    row = popup.rows[-1]
    for words in (
        "Far · online · USD 0.03 to 0.24",
        "There is no key.",
        "Needs a key. Needs the network. The photo goes to Far Away Inc.",
        "Pages are yours. Ask before you sell pages. Price a picture as of 2026-11.",
    ):
        assert words in row.accessibleName()
    # The key is asked for where the page is drawn.
    assert row.isEnabled()
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()

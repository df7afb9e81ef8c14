"""The list of engines: which one is chosen, and what the others lack."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui.create_data import ready_model
from ui.online_data import FAR_AWAY as AWAY

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.ui.create.engine_button import EngineButton


def test_the_chosen_one_alone_is_ticked(qapp: QApplication, qtbot: QtBot) -> None:
    model = ready_model()
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

"""What a person does in a window with a service."""

from PySide6.QtWidgets import QLabel, QWidget

from pickabook_desktop.ui.dialogs.privacy_gate import PrivacyGate
from pickabook_desktop.ui.dialogs.sending import OutgoingView, SendingDialog
from pickabook_desktop.ui.main_window import MainWindow


def gate_of(window: MainWindow, qtbot) -> PrivacyGate:
    """The question, once it shows what would be sent."""

    def shown() -> bool:
        gate = window.workings.online.sending.gate
        return gate is not None and gate.view is not None

    qtbot.waitUntil(shown)
    gate = window.workings.online.sending.gate
    assert gate is not None
    return gate


def view_of(dialog: SendingDialog) -> OutgoingView:
    assert dialog.view is not None
    return dialog.view


def agree(window: MainWindow, qtbot) -> None:
    gate = gate_of(window, qtbot)
    gate.name.setText("Ada’s father")
    gate.grown_up.setChecked(True)
    gate.agree.click()
    qtbot.waitUntil(lambda: window.workings.online.sending.gate is None)


def draw_first(window: MainWindow, qtbot) -> None:
    window.draw_button.click()
    agree(window, qtbot)
    qtbot.waitUntil(lambda: len(window.history.pictures) == 1 and not window.session.busy)


def words_in(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))

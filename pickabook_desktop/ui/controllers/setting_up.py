"""The dialogs about keys, services, money and children, and what they work with."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QMainWindow

from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.dialogs.settings.setup import Setup
from pickabook_desktop.ui.viewmodels.children import ChildrenModel
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.keys import KeysModel
from pickabook_desktop.ui.viewmodels.services import Services
from pickabook_desktop.ui.viewmodels.spending import SpendingModel


class SettingUp(QObject):
    """Made with the first of its dialogs; the models outlive them, so that what is under way when
    one is closed is still known when it is opened again.
    """

    forgetting_begun = Signal(object)
    forgotten = Signal(object)
    """As those of :class:`ChildrenModel`."""

    def __init__(
        self,
        studio: Studio,
        lanes: Lanes,
        choices: CreateModel,
        keep: Callable[[str, str], None],
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._choices = choices
        self._page = ""
        self._settings_dialog: QDialog | None = None
        self.setup = _setup(studio, lanes, choices, keep, self)
        services = self.setup.services
        choices.engine_changed.connect(self._on_engines_read)
        services.engines_changed.connect(self._on_engines_changed)
        self.setup.keys.keys_changed.connect(self._on_keys_changed)
        self.setup.keys.key_saved.connect(self._on_key_saved)
        services.key_judged.connect(choices.judge_key)
        self.setup.children.forgetting_begun.connect(self.forgetting_begun)
        self.setup.children.forgotten.connect(self.forgotten)

    def open_settings(self, page: str = "") -> None:
        """Open the settings at a page, or bring them to the front."""
        from pickabook_desktop.ui.dialogs.settings.dialog import SettingsDialog

        dialog = self._settings_dialog
        if isinstance(dialog, SettingsDialog):
            if page:
                dialog.send_to(page)
            dialog.raise_()
            return
        dialog = SettingsDialog(self.setup, self._window, page or self._page)
        self._settings_dialog = dialog
        dialog.ledger_wanted.connect(self.open_ledger)
        dialog.forget_wanted.connect(self.open_forget)
        dialog.finished.connect(self._on_settings_closed)
        _open(dialog)
        if page:
            dialog.send_to(page)

    def open_ledger(self) -> None:
        """Open the ledger."""
        from pickabook_desktop.ui.dialogs.ledger import LedgerDialog

        _open(LedgerDialog(self.setup.spending, self.setup.services.title, self._parent()))

    def open_forget(self, child_id: str) -> None:
        """Show what forgetting a child would take away, and offer to do it."""
        from pickabook_desktop.ui.dialogs.forget import ForgetDialog

        children = self.setup.children
        # One at a time: who asks for another child sees first that this one is not done yet.
        child = children.under_way or children.child(child_id)
        if child is not None:
            _open(ForgetDialog(self.setup.children, child, self._parent()))

    def _parent(self) -> QDialog | QMainWindow:
        return self._settings_dialog or self._window

    def _on_settings_closed(self) -> None:
        from pickabook_desktop.ui.dialogs.settings.dialog import SettingsDialog

        if isinstance(self._settings_dialog, SettingsDialog):
            self._page = self._settings_dialog.page_id
        self._settings_dialog = None

    def _on_engines_read(self) -> None:
        self.setup.services.set_engines(self._choices.engines)

    def _on_engines_changed(self) -> None:
        if self._choices.engines != self.setup.services.engines:
            self._choices.set_engines(self.setup.services.engines)

    def _on_key_saved(self, name: str) -> None:
        # What was said of the key before it says nothing of this one.
        self._choices.judge_key(name, True)
        self.setup.services.check_users(name)

    def _on_keys_changed(self) -> None:
        """What needs a key may have become usable, or the other way round."""
        self.setup.services.read_engines()
        self._choices.refresh()
        if self.setup.services.stores is not None:
            self.setup.services.read_stores()


def _setup(
    studio: Studio,
    lanes: Lanes,
    choices: CreateModel,
    keep: Callable[[str, str], None],
    owner: QObject,
) -> Setup:
    return Setup(
        settings=studio.settings,
        keep=keep,
        library=studio.library.folder,
        services=Services(
            lanes,
            choices.engines,
            studio.engines.states,
            studio.stores.states,
            studio.easel.check_job,
            studio.check_store_job,
            owner,
        ),
        keys=KeysModel(
            lanes, studio.refresh_keys_job, studio.set_key_job, studio.remove_key_job, owner
        ),
        spending=SpendingModel(lanes, studio.ledger, owner),
        children=ChildrenModel(
            lanes,
            studio.children,
            studio.consents,
            studio.children_job,
            studio.forget_plan_job,
            studio.forget_job,
            owner,
        ),
    )


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()

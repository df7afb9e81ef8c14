"""Actions that concern the window itself: colours, full screen, settings, help, quitting."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QMainWindow

from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.actions import CREATE_TAB, LIBRARY_TAB
from pickabook_desktop.ui.controllers.appearance import SCHEMES, WindowMemory
from pickabook_desktop.ui.setting_keys import SCHEME_KEY
from pickabook_desktop.ui.theme import Scheme
from pickabook_desktop.ui.viewmodels.create import CreateModel

if TYPE_CHECKING:
    from pickabook_desktop.ui.controllers.setting_up import SettingUp


class WindowActions(QObject):
    """Opens dialogs without stopping the window, and keeps what is set in them.

    Their modules are imported when they are first opened, so that no start waits for them.
    """

    forgetting_begun = Signal(object)
    """A ``KnownChild`` of whom nothing more may be drawn or written down."""
    forgotten = Signal(object)
    """A ``KnownChild`` of whom nothing is left here."""
    setting_changed = Signal(str)
    """The name of a setting that has another value from now on."""

    def __init__(
        self,
        actions: Mapping[str, QAction],
        studio: Studio,
        model: CreateModel,
        memory: WindowMemory,
        lanes: Lanes,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._studio = studio
        self._model = model
        self._memory = memory
        self._lanes = lanes
        self._setting_up: SettingUp | None = None
        self._window = window
        for scheme in SCHEMES:
            action = actions[f"scheme_{scheme}"]
            action.setChecked(scheme == memory.scheme)
            action.triggered.connect(self._chooser(scheme))
        actions["fullscreen"].toggled.connect(self._on_fullscreen_toggled)
        actions["settings"].triggered.connect(lambda: self.open_settings())
        actions["ledger"].triggered.connect(lambda: self.setting_up.open_ledger())
        actions["children"].triggered.connect(lambda: self.open_settings("privacy"))
        actions["shortcuts"].triggered.connect(self.open_shortcuts)
        actions["about"].triggered.connect(self.open_about)
        actions["quit"].triggered.connect(window.close)

    @property
    def setting_up(self) -> "SettingUp":
        """What the dialogs about keys, services, money and children work with."""
        from pickabook_desktop.ui.controllers.setting_up import SettingUp

        if self._setting_up is None:
            self._setting_up = SettingUp(
                self._studio, self._lanes, self._model, self._on_setting_changed, self._window
            )
            self._setting_up.forgetting_begun.connect(self.forgetting_begun)
            self._setting_up.forgotten.connect(self.forgotten)
        return self._setting_up

    def open_settings(self, page: str = "") -> None:
        """Open the settings, at one of the pages ``general``, ``keys``, ``engines``, ``uploads``,
        ``network``, ``spending`` and ``privacy``, or where they were left.
        """
        self.setting_up.open_settings(page)

    def open_shortcuts(self) -> None:
        """Open the table of keys, at those of the tab that is seen."""
        from pickabook_desktop.ui.dialogs.about import ShortcutsDialog

        in_library = self._actions["tab_library"].isChecked()
        _open(ShortcutsDialog(self._window, LIBRARY_TAB if in_library else CREATE_TAB))

    def open_about(self) -> None:
        """Say what this program is."""
        from pickabook_desktop.ui.dialogs.about import AboutDialog

        _open(AboutDialog(self._window))

    def _chooser(self, scheme: Scheme) -> Callable[[], None]:
        return lambda: self._memory.choose_scheme(scheme)

    def _on_setting_changed(self, key: str, value: str) -> None:
        if key == SCHEME_KEY:
            self._actions[f"scheme_{value}"].trigger()
        else:
            self._memory.keep(key, value)
        self.setting_changed.emit(key)

    def _on_fullscreen_toggled(self, on: bool) -> None:
        if on != self._window.isFullScreen():
            full = Qt.WindowState.WindowFullScreen
            self._window.setWindowState(self._window.windowState() ^ full)


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()

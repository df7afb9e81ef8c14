"""The settings dialog and its pages."""

from pickabook_desktop.ui.dialogs.settings.dialog import SettingsDialog
from pickabook_desktop.ui.dialogs.settings.setup import Setup

__all__ = ["SettingsDialog", "Setup"]

"""The dialog that asks how pictures are to be exported."""

from pickabook_desktop.ui.dialogs.export.dialog import ExportDialog

__all__ = ["ExportDialog"]

"""Files in the system's file manager: chosen there where it can do that, else their folder."""

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.toast import Toast

# freedesktop.org, File Manager DBus Interface: org.freedesktop.FileManager1.ShowItems.
SERVICE = "org.freedesktop.FileManager1"
PLACE = "/org/freedesktop/FileManager1"
# A file manager opens a window for each folder.
MOST = 50


def reveal(files: Sequence[Path], toast: Toast) -> None:
    """Show ``files``, at most ``MOST`` of them, in the file manager; ``toast`` says where they are
    where there is none.
    """
    shown = tuple(files[:MOST])
    if not shown:
        return
    if sys.platform == "win32":
        QProcess.startDetached("explorer", [f"/select,{shown[0]}"])
    elif sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", *(str(file) for file in shown)])
    else:
        _ask_by_bus(shown, toast)


def _ask_by_bus(files: tuple[Path, ...], toast: Toast) -> None:
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        _open_folder(files[0], toast)
        return
    call = QDBusMessage.createMethodCall(SERVICE, PLACE, SERVICE, "ShowItems")
    encoded = QUrl.ComponentFormattingOption.FullyEncoded
    call.setArguments([[QUrl.fromLocalFile(str(file)).toString(encoded) for file in files], ""])
    watcher = QDBusPendingCallWatcher(bus.asyncCall(call), toast)

    def on_finished() -> None:
        if watcher.isError():
            _open_folder(files[0], toast)
        watcher.deleteLater()

    watcher.finished.connect(on_finished)


def _open_folder(file: Path, toast: Toast) -> None:
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent))):
        toast.show_message(tr("The file is in {folder}.", folder=file.parent))

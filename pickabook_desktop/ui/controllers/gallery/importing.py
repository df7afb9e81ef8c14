"""Pages that come back into the library: by a dialog, or dropped on its tab."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.hand_over import ImportReport
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.controllers.gallery.common import Common
from pickabook_desktop.ui.controllers.gallery.long_work import Errand, LongWork
from pickabook_desktop.ui.viewmodels.reports import HandOverReport, import_words


class Importing(QObject):
    """Asks what, and has it taken in while one goes on working."""

    def __init__(self, common: Common, work: LongWork) -> None:
        super().__init__(common.window)
        self._common = common
        self._work = work
        common.on("lib_import", self.ask)
        common.on("lib_import_folder", self.ask_folder)

    def ask(self) -> None:
        """Say what can be imported, and ask for it."""
        from pickabook_desktop.ui.dialogs.importing import ImportDialog

        dialog = ImportDialog(self._common.window)
        dialog.chosen.connect(self.take)
        dialog.open()

    def ask_folder(self) -> None:
        """Ask for a folder of pages."""
        dialog = QFileDialog(self._common.window, tr("Import a folder of pages"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._take_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take(self, paths: Sequence[Path]) -> None:
        """Import what is at ``paths``."""
        errand = Errand(
            title=tr("Importing pages"),
            unfinished=tr("The import is not finished. Close and stop it?"),
            job=self._common.studio.hand_over.import_job(tuple(paths)),
            on_done=self._on_done,
            on_stopped=self._on_stopped,
            on_failed=self._on_failed,
        )
        self._work.begin(errand)

    def _take_folder(self, folder: str) -> None:
        self.take((Path(folder),))

    def _on_done(self, value: object) -> None:
        if not isinstance(value, ImportReport):
            return
        words = import_words(value)
        if value.imported:
            self._common.library_changed()
        if not words.groups:
            self._common.toast.show_message(tr("There was no picture to import."))
        elif words.troubled or not value.imported:
            self._show(words)
        elif words.noteworthy:
            self._common.toast.show_message(
                f"{words.title}.", tr("Show details"), lambda: self._show(words)
            )
        else:
            self._common.toast.show_message(f"{words.title}.")

    def _on_stopped(self, report: object) -> None:
        self._tell_early(tr("The import was stopped. What had come by then stays."), report)

    def _on_failed(self, error: PickaBookError, report: object) -> None:
        self._tell_early(str(error), report)

    def _tell_early(self, said: str, report: object) -> None:
        """``said``, and what had come by then for whoever wants to know."""
        self._common.library_changed()
        words = import_words(report) if isinstance(report, ImportReport) else None
        if words is None or not words.groups:
            self._common.toast.show_message(said)
        else:
            show = partial(self._show, words)
            self._common.toast.show_message(said, tr("Show details"), show)

    def _show(self, words: HandOverReport) -> None:
        from pickabook_desktop.ui.dialogs.report import one_report

        one_report(words, self._common.window)

"""Closing the window while pages are still being drawn."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.viewmodels.session import SessionModel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox


class Closing(QObject):
    """Asks before work is lost. The question goes away by itself when the work is done."""

    confirmed = Signal()
    """Somebody wants to close all the same."""

    def __init__(self, session: SessionModel, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._question: QMessageBox | None = None
        session.jobs_changed.connect(self._on_jobs_changed)

    def allowed(self) -> bool:
        """Whether no page is unfinished; else the question is asked."""
        if self._session.busy and self._question is None:
            self._ask(len(self._session.jobs))
        return not self._session.busy

    def _ask(self, count: int) -> None:
        from PySide6.QtWidgets import QMessageBox

        box = self._question = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        one = tr("One page is not finished. Close and stop it?")
        several = tr("{count} pages are not finished. Close and stop them?", count=count)
        box.setText(one if count == 1 else several)
        stop = box.addButton(tr("Close and stop"), QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton(tr("Keep drawing"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)

        def on_finished() -> None:
            self._question = None
            box.deleteLater()
            if box.clickedButton() is stop:
                self.confirmed.emit()

        box.finished.connect(on_finished)
        box.open()

    def _on_jobs_changed(self) -> None:
        if self._question is not None and not self._session.busy:
            self._question.reject()

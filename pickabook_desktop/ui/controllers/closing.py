"""Closing the window while pages are still being drawn or handed over."""

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.viewmodels.session import SessionModel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox


class Work(Protocol):
    """What may be under way beside the drawing of pages."""

    @property
    def busy(self) -> bool: ...

    @property
    def question(self) -> str:
        """Asks whether to close and stop it."""
        ...


class Closing(QObject):
    """Asks before work is lost. The question goes away by itself when the work is done."""

    confirmed = Signal()
    """Somebody wants to close all the same."""

    def __init__(self, session: SessionModel, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._work: list[Work] = []
        self._question: QMessageBox | None = None
        session.jobs_changed.connect(self._on_jobs_changed)

    def watch(self, work: Work, changed: SignalInstance) -> None:
        """Ask about ``work`` too; ``changed`` tells that something was begun or has ended."""
        self._work.append(work)
        changed.connect(self._on_jobs_changed)

    def allowed(self) -> bool:
        """Whether nothing is unfinished; else the question is asked."""
        words = self._words()
        if words and self._question is None:
            self._ask(words)
        return not words

    def _words(self) -> str:
        """What is asked of the first thing that is unfinished; empty where nothing is."""
        if self._session.busy:
            count = len(self._session.jobs)
            one = tr("One page is not finished. Close and stop it?")
            several = tr("{count} pages are not finished. Close and stop them?", count=count)
            return one if count == 1 else several
        return next((work.question for work in self._work if work.busy), "")

    def _ask(self, words: str) -> None:
        from PySide6.QtWidgets import QMessageBox

        box = self._question = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(words)
        go_on = tr("Keep drawing") if self._session.busy else tr("Keep working")
        stop = box.addButton(tr("Close and stop"), QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton(go_on, QMessageBox.ButtonRole.RejectRole)
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
        if self._question is not None and not self._words():
            self._question.reject()

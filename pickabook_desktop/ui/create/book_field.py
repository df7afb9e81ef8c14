"""Which book the page is for."""

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.widgets.text import prepare_line

LONGEST = 80


class BookField(QLineEdit):
    """A line that completes the titles of earlier books."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Book"))
        self.setPlaceholderText(tr("for example Mia’s winter"))
        tip = tr("Pages and costs are put together under this title.")
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)
        self.setMaxLength(LONGEST)
        self.setClearButtonEnabled(True)
        prepare_line(self)
        self._titles = QStringListModel(self)
        completer = QCompleter(self._titles, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)

    def show_title(self, title: str) -> None:
        """Show what the view-model holds, without a signal that it was edited."""
        if self.text() != title:
            self.setText(title)

    def set_titles(self, titles: Sequence[str]) -> None:
        """Earlier books, the latest first."""
        if self._titles.stringList() != list(titles):
            self._titles.setStringList(list(titles))

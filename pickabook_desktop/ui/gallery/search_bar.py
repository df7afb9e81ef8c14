"""The bar above the pages of the library: what is sought, and how it is shown."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.gallery.search_field import SearchField
from pickabook_desktop.ui.gallery.view_bar import ViewBar, action_button
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.viewmodels.completions import Offer
from pickabook_desktop.ui.widgets.buttons import text_button, tool_button
from pickabook_desktop.ui.widgets.labels import wrapped
from pickabook_desktop.ui.widgets.text import prepare_line


class SearchBar(QFrame):
    """``field`` is where words are typed, ``options`` the line below. Saving a search asks for its
    title here, in its place.
    """

    save_wanted = Signal(str)
    """The title under which the search is to be kept."""

    def __init__(
        self,
        actions: Mapping[str, QAction],
        offers_for: Callable[[str, int], tuple[Offer, ...]],
        meanwhile: Callable[[str, int], str | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.field = SearchField(offers_for, meanwhile)
        self.side = action_button(actions["lib_side"], "side")
        self.details = action_button(actions["lib_details"], "info")
        tip = actions["lib_save_search"].toolTip()
        self.save = tool_button("bookmark", tip)
        self.save.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.save.clicked.connect(actions["lib_save_search"].trigger)
        self.options = ViewBar(actions)
        self.problems = wrapped()
        self.problems.setProperty("level", "warn")
        self.problems.hide()
        self.title_row = QWidget()
        self.title = QLineEdit()
        self._arrange()

    @property
    def words(self) -> str:
        """What is sought, as it was typed."""
        return self.field.words

    def show_words(self, words: str) -> None:
        """Show what is sought, without a signal."""
        self.field.put(words)

    def show_problems(self, problems: Sequence[str]) -> None:
        """Say what of a search was not understood, and what it takes."""
        self.problems.setText("\n".join(problems))
        self.problems.setVisible(bool(problems))

    def ask_words(self) -> None:
        """Give the keyboard to the field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def ask_title(self, proposal: str) -> None:
        """Ask under which title the search is to be kept."""
        self.title.setText(proposal)
        self.title.selectAll()
        self.title_row.show()
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Escape takes the question for a title back, before the window's own use of it."""
        if watched is self.title and isinstance(event, QKeyEvent):
            if event.key() != Qt.Key.Key_Escape:
                return False
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self._leave_title()
            return True
        return False

    def _arrange(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(Space.TINY)
        first.addWidget(self.side)
        first.addWidget(self.field, 1)
        first.addWidget(self.save)
        first.addWidget(self.details)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.TINY)
        column.setSpacing(Space.TINY)
        column.addLayout(first)
        column.addWidget(self.problems)
        column.addWidget(self._title_question())
        column.addWidget(self.options)

    def _title_question(self) -> QWidget:
        name = QLabel(tr("Save as"))
        name.setBuddy(self.title)
        self.title.setAccessibleName(tr("Title of the search"))
        prepare_line(self.title)
        self.title.installEventFilter(self)
        self.title.returnPressed.connect(self._on_titled)
        save = text_button(tr("Save"))
        save.clicked.connect(self._on_titled)
        cancel = text_button(tr("Cancel"), kind="flat")
        cancel.clicked.connect(self._leave_title)
        row = QHBoxLayout(self.title_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(name)
        row.addWidget(self.title, 1)
        row.addWidget(save)
        row.addWidget(cancel)
        self.title_row.hide()
        return self.title_row

    def _on_titled(self) -> None:
        title = self.title.text().strip()
        if title:
            self._leave_title()
            self.save_wanted.emit(title)

    def _leave_title(self) -> None:
        self.title_row.hide()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

"""What stands where pages would be when there are none."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.controllers.trash import KEPT_FOR
from pickabook_desktop.ui.theme import Metric, Role, Space
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import IconMark, wrapped

_WIDTH = 480


class EmptyState(QWidget):
    """One sign, what there is not, why, and one button that helps."""

    create_wanted = Signal()
    clear_wanted = Signal()
    retry_wanted = Signal()
    repair_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = IconMark("library", "quiet", Metric.BIG_ICON)
        self._title = wrapped(kind="title")
        self._words = wrapped(kind="small")
        for label in (self._title, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.button = text_button("")
        self.button.clicked.connect(self._on_clicked)
        self._help = self.clear_wanted
        self._arrange()

    @property
    def text(self) -> str:
        """Everything that is said."""
        return f"{self._title.text()}\n{self._words.text()}"

    def show_no_pages(self) -> None:
        """Nothing was ever drawn."""
        self._say("library", tr("Pages you draw gather here."), _first_words(), tr("Draw a page"))
        self._help = self.create_wanted

    def show_unlisted(self, count: int) -> None:
        """There are so many pages, and no list that knows of them."""
        one = tr("One picture file is here, but no list of it.")
        several = tr("{count} picture files are here,\nbut no list of them.", count=f"{count:,}")
        more = tr(
            "A repair makes the list anew, from its last copy and\n"
            "from what the pages say of themselves. Nothing is deleted."
        )
        said = one if count == 1 else several
        self._say("warn", said, more, tr("Repair the library…"), role="warn")
        self._help = self.repair_wanted

    def show_nothing_found(self, words: str) -> None:
        """A search found nothing; ``words`` as they were typed."""
        said = tr("Nothing matches “{words}”.", words=words.strip())
        more = tr("Each word and each field narrows the search.\nTake one away to find more.")
        self._say("search", said, more, tr("Clear the search"))
        self._help = self.clear_wanted

    def show_empty_trash(self) -> None:
        """There is nothing to be had back."""
        more = tr(
            "Deleted pages can be taken back from here for {days} days.\nThen they go for good.",
            days=KEPT_FOR.days,
        )
        self._say("delete", tr("The trash is empty."), more, tr("Show all pages"))
        self._help = self.clear_wanted

    def show_failure(self, error: PickaBookError) -> None:
        """The library could not be read."""
        self._say("warn", error.message, error.next_step, tr("Try again"), role="warn")
        self._help = self.retry_wanted

    def _say(self, sign: str, title: str, words: str, action: str, role: Role = "quiet") -> None:
        self._sign.show_icon(sign, role)
        self._title.setText(title)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.button.setText(action)

    def _arrange(self) -> None:
        middle = Qt.AlignmentFlag.AlignHCenter
        inside = QWidget()
        inside.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.MEDIUM)
        column.addStretch(2)
        column.addWidget(self._sign, 0, middle)
        # What wraps takes the whole width; aligned, it would take as little as it can.
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addWidget(self.button, 0, middle)
        column.addStretch(3)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.HUGE)
        row.addWidget(inside)

    def _on_clicked(self) -> None:
        self._help.emit()


def _first_words() -> str:
    return tr("They are kept on this computer, and are found here without a network.")

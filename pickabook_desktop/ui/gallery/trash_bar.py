"""What stands above the pages in the trash."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.controllers.trash import KEPT_FOR
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import IconMark, wrapped


class TrashBar(QFrame):
    """Says how long pages stay, and empties the trash or lets all come back."""

    restore_all_wanted = Signal()
    empty_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        words = tr(
            "Pages here go for good {days} days after they were deleted.", days=KEPT_FOR.days
        )
        self.words = wrapped(words, "small")
        self.restore_all = text_button(tr("Take all out"), "undo")
        self.restore_all.clicked.connect(self.restore_all_wanted)
        self.empty = text_button(tr("Empty the trash"), "delete", "danger")
        self.empty.clicked.connect(self.empty_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.LARGE, Space.SMALL, Space.LARGE, Space.SMALL)
        row.setSpacing(Space.SMALL)
        row.addWidget(IconMark("delete", "quiet", Metric.SMALL_ICON))
        row.addWidget(self.words, 1)
        row.addWidget(self.restore_all)
        row.addWidget(self.empty)
        self.hide()

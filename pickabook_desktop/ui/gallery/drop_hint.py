"""What lies over the library while files are held above it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.widgets.labels import IconMark, wrapped

WIDTH = 360


class DropHint(QFrame):
    """Says what letting go would do."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.setProperty("kind", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        middle = Qt.AlignmentFlag.AlignHCenter
        title = wrapped(tr("Drop to import"), "strong")
        words = wrapped(tr("Pages that this program has made come back into the library."), "quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.HUGE)
        column.setSpacing(Space.SMALL)
        column.addWidget(IconMark("open", "accent", Metric.BIG_ICON), 0, middle)
        for label in (title, words):
            label.setAlignment(middle)
            column.addWidget(label)
        self.setFixedWidth(WIDTH)
        self.hide()

    def show_wanted(self, wanted: bool) -> None:
        """Be there, in the middle of the library, or not."""
        self.setVisible(wanted)
        if wanted:
            self.adjustSize()
            self.move(self._host.rect().center() - self.rect().center())
            self.raise_()

"""What stands around a picture that is looked at: words over it, its bars, and how large it is."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space, set_icon, tabular_width


class PictureWords(QLabel):
    """Words over a picture, seen while there are any; the mouse goes through them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("type", "overlay")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def say(self, text: str) -> None:
        """Show ``text``, or nothing where it is empty; to be placed anew."""
        self.setText(text)
        self.setVisible(bool(text))

    def fit_into(self, room: QSize) -> None:
        """Take as many lines as the words need in ``room``."""
        needed = self.fontMetrics().horizontalAdvance(self.text()) + 2 * Space.LARGE
        width = max(1, min(room.width() - 2 * Space.LARGE, needed))
        # The height of the words before would count as their least height.
        self.setMinimumHeight(0)
        self.setFixedSize(width, max(1, self.heightForWidth(width)))

    def place(self, room: QSize, *, in_middle: bool = False) -> None:
        """Stand at the foot of ``room``, or in its middle."""
        beyond = room.height() - self.height()
        top = beyond // 2 if in_middle else beyond - Space.MEDIUM
        self.move((room.width() - self.width()) // 2, top)


class ZoomLabel(QLabel):
    """How large the picture is shown, in per cent of its pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("type", "quiet")
        self.setAccessibleName(tr("Zoom"))
        self.setMinimumWidth(tabular_width(self.font(), 7))

    def show_scale(self, scale: float) -> None:
        """1 is a pixel of the picture for each of the screen."""
        self.setText(tr("{percent} %", percent=round(scale * 100)))


def bar_with_row() -> tuple[QFrame, QHBoxLayout]:
    """A bar of the house, and the row to fill."""
    bar = QFrame()
    bar.setProperty("kind", "bar")
    row = QHBoxLayout(bar)
    row.setContentsMargins(Space.SMALL, Space.TINY, Space.SMALL, Space.TINY)
    row.setSpacing(Space.TINY)
    return bar, row


def action_button(action: QAction, icon_name: str) -> QToolButton:
    """A button of a bar for ``action``, which gets that icon; reachable by Tab."""
    set_icon(action, icon_name)
    button = QToolButton()
    button.setDefaultAction(action)
    button.setMinimumSize(Metric.HIT, Metric.HIT)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAccessibleName(plain_text(action))
    action.changed.connect(lambda: button.setAccessibleName(plain_text(action)))
    button.setProperty("kind", "tool")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    return button


def plain_text(action: QAction) -> str:
    """What an action is called, without the marks of a menu."""
    return action.text().replace("&", "").rstrip("…")

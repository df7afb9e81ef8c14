"""The settings dialog: a list of pages and the page. Every change applies at once."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.dialogs.settings.engines import EnginesPage
from pickabook_desktop.ui.dialogs.settings.general import GeneralPage
from pickabook_desktop.ui.dialogs.settings.keys import KeysPage
from pickabook_desktop.ui.dialogs.settings.network import NetworkPage
from pickabook_desktop.ui.dialogs.settings.parts import Page
from pickabook_desktop.ui.dialogs.settings.privacy import PrivacyPage
from pickabook_desktop.ui.dialogs.settings.setup import Setup
from pickabook_desktop.ui.dialogs.settings.spending import SpendingPage
from pickabook_desktop.ui.dialogs.settings.uploads import UploadsPage
from pickabook_desktop.ui.theme import Metric, Space, set_icon
from pickabook_desktop.ui.widgets.quiet_dialog import QuietDialog
from pickabook_desktop.ui.widgets.tab_order import tab_by_layout

SMALLEST = QSize(760, 520)
FIRST_SIZE = QSize(900, 660)
LIST_WIDTH = 184


class SettingsDialog(QuietDialog):
    """Pages are made when they are first looked at."""

    ledger_wanted = Signal()
    forget_wanted = Signal(str)
    """The id of a child."""

    def __init__(self, setup: Setup, parent: QWidget, page: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.setMinimumSize(SMALLEST)
        self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))
        self._setup = setup
        self._pages: dict[str, Page] = {}
        self._stack = QStackedWidget()
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._lay_out()
        self._group.buttonToggled.connect(self._on_toggled)
        self.show_page(page if page in self._buttons else next(iter(self._buttons)))

    @property
    def page_id(self) -> str:
        """The page in sight."""
        return next((name for name, b in self._buttons.items() if b.isChecked()), "")

    def page(self, page_id: str) -> Page:
        """One page, made if need be; raises KeyError where there is none."""
        if page_id not in self._pages:
            made = self._pages[page_id] = self._makers()[page_id]()
            self._stack.addWidget(made)
        return self._pages[page_id]

    def show_page(self, page_id: str) -> None:
        """Bring a page into sight and put the keyboard on its name in the list."""
        button = self._buttons[page_id]
        button.setChecked(True)
        button.setFocus()

    def send_to(self, page_id: str) -> None:
        """Bring a page into sight for what has to be done there."""
        self.show_page(page_id)
        self.page(page_id).begin()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab follows the layout, whatever has come to a page meanwhile."""
        tab_by_layout(self)
        return super().focusNextPrevChild(forward)

    def _makers(self) -> dict[str, Callable[[], Page]]:
        setup = self._setup
        return {
            "general": lambda: GeneralPage(setup),
            "keys": lambda: KeysPage(setup),
            "engines": self._engines,
            "uploads": self._uploads,
            "network": lambda: NetworkPage(setup),
            "spending": self._spending,
            "privacy": self._privacy,
        }

    def _engines(self) -> Page:
        page = EnginesPage(self._setup)
        page.keys_wanted.connect(lambda: self.show_page("keys"))
        return page

    def _uploads(self) -> Page:
        page = UploadsPage(self._setup)
        page.keys_wanted.connect(lambda: self.show_page("keys"))
        return page

    def _spending(self) -> Page:
        page = SpendingPage(self._setup)
        page.ledger_wanted.connect(self.ledger_wanted)
        return page

    def _privacy(self) -> Page:
        page = PrivacyPage(self._setup)
        page.forget_wanted.connect(self.forget_wanted)
        return page

    def _lay_out(self) -> None:
        side = QFrame()
        side.setProperty("kind", "bar")
        side.setFixedWidth(LIST_WIDTH)
        names = QVBoxLayout(side)
        names.setContentsMargins(Space.MEDIUM, Space.HUGE, Space.MEDIUM, Space.MEDIUM)
        names.setSpacing(Space.TINY)
        for page_id, title, icon in _titles():
            button = _PageButton(page_id, title, icon)
            button.stepped.connect(self._on_stepped)
            self._buttons[page_id] = button
            self._group.addButton(button)
            names.addWidget(button)
        names.addStretch(1)
        close = QDialogButtonBox()
        button = close.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.rejected.connect(self.reject)
        foot = QHBoxLayout()
        foot.setContentsMargins(Space.HUGE, Space.MEDIUM, Space.HUGE, Space.LARGE)
        foot.addWidget(close)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._stack, 1)
        rule = QFrame()
        rule.setProperty("kind", "rule")
        rule.setFixedHeight(Space.HAIR)
        right.addWidget(rule)
        right.addLayout(foot)
        between = QFrame()
        between.setProperty("kind", "rule")
        between.setFixedWidth(Space.HAIR)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(side)
        layout.addWidget(between)
        layout.addLayout(right, 1)
        side.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _on_stepped(self, by: int) -> None:
        names = list(self._buttons)
        place = names.index(self.page_id) + by
        if 0 <= place < len(names):
            self.show_page(names[place])

    def _on_toggled(self, button: QPushButton, checked: bool) -> None:
        if checked:
            page = self.page(str(button.property("page")))
            self._stack.setCurrentWidget(page)
            page.refresh()


class _PageButton(QPushButton):
    """The name of a page in the list; the arrows go up and down the list."""

    stepped = Signal(int)

    def __init__(self, page_id: str, title: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setProperty("kind", "page")
        self.setProperty("page", page_id)
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setIconSize(QSize(Metric.ICON, Metric.ICON))
        self.setMinimumHeight(Metric.HIT + Space.TINY)
        set_icon(self, icon)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        by = ways.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(by)


def _titles() -> tuple[tuple[str, str, str], ...]:
    """Id, title and icon of each page, in their order."""
    return (
        ("general", tr("General"), "settings"),
        ("keys", tr("Keys"), "key"),
        ("engines", tr("Engines"), "engine"),
        ("uploads", tr("Uploads"), "cloud"),
        ("network", tr("Network"), "globe"),
        ("spending", tr("Spending"), "coins"),
        ("privacy", tr("Privacy"), "lock"),
    )

"""What the cards of engines and of stores have in common."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.capabilities import OptionSpec
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.dialogs.settings.connection import ConnectionSection
from pickabook_desktop.ui.dialogs.settings.parts import Card, CheckButton, StatusLine, button_row
from pickabook_desktop.ui.dialogs.settings.setup import Setup
from pickabook_desktop.ui.viewmodels.inquiry import Inquiry
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import wrapped


class ServiceCard(Card):
    """A part with what it is, and why it cannot be used. Whoever derives adds what is its own, then
    a look whether it can be used, then how it is reached.
    """

    def __init__(
        self,
        setup: Setup,
        part: str,
        title: str,
        summary: str,
        inquiry: Inquiry,
        parent: QWidget | None = None,
    ) -> None:
        """``inquiry`` is where a look stands; ``part`` begins the names of its settings."""
        super().__init__(title, parent)
        self._setup = setup
        self._id = part
        self._title = title
        self._inquiry = inquiry
        self.summary = wrapped(summary, "quiet")
        self.summary.setVisible(bool(summary))
        self.reason = StatusLine()
        self.add(self.summary)
        self.add(self.reason)
        self.status = StatusLine()
        self.enter_key = text_button(tr("Enter a key…"), "key")
        self.enter_key.setAccessibleName(tr("Enter a key for {title}…", title=title))

    def add_check(
        self, check: CheckButton, ask: Callable[[], None], asking: str, *, offered: bool
    ) -> None:
        """``check`` calls ``ask``; ``asking`` is said meanwhile. Nobody sees it unless it is
        ``offered``.
        """
        self.check = check
        self._asking = asking
        if offered:
            self.add(button_row(check, self.enter_key))
            self.add(self.status)
        self._inquiry.changed.connect(self._on_check_changed)
        check.ask_wanted.connect(ask)
        self._on_check_changed()

    def add_connection(self, specs: Sequence[OptionSpec], on_edited: Callable[[], None]) -> None:
        """How it is reached, where that can be set."""
        self.connection = ConnectionSection(self._setup, self._id, specs)
        self.connection.option_edited.connect(on_edited)
        self.connection.setVisible(bool(specs))
        self.add(self.connection)

    def show_reason(self, unavailable: str, key: str) -> None:
        """Say why it cannot be used, a sentence or nothing; ``key`` is the name of the one it
        needs.
        """
        lacks = bool(unavailable) and self._setup.keys.lacks(key)
        if unavailable:
            # What helps is the button below, not the settings that are open already.
            without = tr("There is no key for {title} yet.", title=self._title)
            self.reason.say("warn", without if lacks else unavailable)
        else:
            self.reason.clear()
        self.enter_key.setVisible(lacks)

    def _on_check_changed(self) -> None:
        self.check.follow(self._inquiry)
        self.status.follow(self._inquiry, self._asking)

"""The page of uploads: the stores, what each lets be set, and what goes there by itself."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.capabilities import OptionSpec
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.stored import StoreState
from pickabook_desktop.ui.dialogs.settings.checks import check_of
from pickabook_desktop.ui.dialogs.settings.connection import ConnectionSection
from pickabook_desktop.ui.dialogs.settings.fields import CalmBox, OptionFields
from pickabook_desktop.ui.dialogs.settings.parts import (
    Card,
    CheckButton,
    Page,
    Rows,
    StatusLine,
    button_row,
)
from pickabook_desktop.ui.dialogs.settings.setup import Setup
from pickabook_desktop.ui.setting_keys import AUTO_UPLOAD_KEY
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import wrapped


class UploadsPage(Page):
    """One card a store, below the switch for all."""

    keys_wanted = Signal()

    def __init__(self, setup: Setup, parent: QWidget | None = None) -> None:
        lead = tr("Where finished pages can be kept besides the library.")
        super().__init__(tr("Uploads"), lead, parent)
        self._setup = setup
        self.cards: dict[str, StoreCard] = {}
        self.status = StatusLine()
        self.auto = CalmBox()
        rows = Rows()
        rows.add_field(
            tr("After drawing"),
            self.auto,
            tr("Only pages are sent, never the photo. They wait while there is no network."),
        )
        card = Card(tr("New pages"))
        card.add(rows)
        self.add(self.status)
        self.add(card)
        self.auto.activated.connect(self._on_auto_chosen)
        setup.services.stores_changed.connect(self._on_stores_changed)
        setup.services.reading_stores.changed.connect(self._on_reading)
        self._on_stores_changed()

    def refresh(self) -> None:
        self._setup.services.read_stores()
        self._setup.keys.look_once()

    def _on_reading(self) -> None:
        reading = self._setup.services.reading_stores
        if self._setup.services.stores is None or reading.state == "failed":
            self.status.follow(reading, tr("Looking which stores there are…"))
        else:
            self.status.clear()

    def _on_stores_changed(self) -> None:
        stores = self._setup.services.stores or ()
        for state in stores:
            card = self.cards.get(state.id)
            if card is None:
                card = self.cards[state.id] = StoreCard(self._setup, state)
                card.enter_key.clicked.connect(self.keys_wanted)
                self.add(card)
            card.show_state(state)
        kept = self._setup.settings.text(AUTO_UPLOAD_KEY)
        self.auto.clear()
        self.auto.addItem(tr("Keep pages in the library only"), "")
        for state in stores:
            self.auto.addItem(tr("Upload each page to {title}", title=state.title), state.id)
        self.auto.setCurrentIndex(max(0, self.auto.findData(kept)))

    def _on_auto_chosen(self) -> None:
        self._setup.keep(AUTO_UPLOAD_KEY, str(self.auto.currentData()))


class StoreCard(Card):
    """One store."""

    def __init__(self, setup: Setup, state: StoreState, parent: QWidget | None = None) -> None:
        super().__init__(state.title, parent)
        self._setup = setup
        self._id = state.id
        info = state.info
        self.summary = wrapped(info.summary if info else "", "quiet")
        self.summary.setVisible(bool(info and info.summary))
        self.reason = StatusLine()
        self.add(self.summary)
        self.add(self.reason)
        self.fields: OptionFields | None = None
        options = info.options if info is not None else ()
        near = [option for option in options if not _concerns_network(option)]
        far = [option for option in options if _concerns_network(option)]
        if near:
            values = setup.settings.starting_with(f"{state.id}.")
            self.fields = OptionFields(near, values, check_of(options))
            self.fields.option_edited.connect(self._on_option_edited)
            self.add(self.fields)
        named = tr("Test connection") if info and info.needs_network else tr("Test")
        self.check = CheckButton(named, "check", state.title)
        self.enter_key = text_button(tr("Enter a key…"), "key")
        self.enter_key.setAccessibleName(tr("Enter a key for {title}…", title=state.title))
        self._key = info.key if info else ""
        self.status = StatusLine()
        if info is not None:
            self.add(button_row(self.check, self.enter_key))
            self.add(self.status)
        self.connection = ConnectionSection(setup, state.id, far)
        self.connection.option_edited.connect(self._on_connection_edited)
        self.connection.setVisible(bool(far))
        self.add(self.connection)
        self._inquiry = setup.services.store_check(state.id)
        self._inquiry.changed.connect(self._on_check_changed)
        self.check.ask_wanted.connect(self._on_check)
        self._on_check_changed()

    def show_state(self, state: StoreState) -> None:
        """Show whether it can be used now."""
        lacks = self._setup.keys.lacks(self._key) and bool(state.unavailable)
        if state.unavailable:
            without = tr("There is no key for {title} yet.", title=state.title)
            self.reason.say("warn", without if lacks else state.unavailable)
        else:
            self.reason.clear()
        self.enter_key.setVisible(lacks)

    def _on_option_edited(self, option_id: str, value: str) -> None:
        self._setup.keep(f"{self._id}.{option_id}", value)
        self._on_connection_edited()

    def _on_connection_edited(self) -> None:
        self._inquiry.clear()
        self._setup.services.read_stores()

    def _on_check(self) -> None:
        self._setup.services.check_store(self._id)

    def _on_check_changed(self) -> None:
        self.check.follow(self._inquiry)
        self.status.follow(self._inquiry, tr("Asking the store…"))


def _concerns_network(option: OptionSpec) -> bool:
    """Whether it says how a server is reached, which few people ever need."""
    return option.id in ("timeout", "proxy", "ca_file") or option.id.endswith("_url")

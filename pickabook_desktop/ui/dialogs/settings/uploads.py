"""The page of uploads: the stores, what each lets be set, and what goes there by itself."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.capabilities import OptionSpec
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.stored import StoreState
from pickabook_desktop.ui.dialogs.settings.checks import check_of
from pickabook_desktop.ui.dialogs.settings.fields import CalmBox, OptionFields
from pickabook_desktop.ui.dialogs.settings.parts import Card, CheckButton, Page, Rows, StatusLine
from pickabook_desktop.ui.dialogs.settings.service_card import ServiceCard
from pickabook_desktop.ui.dialogs.settings.setup import Setup
from pickabook_desktop.ui.setting_keys import AUTO_UPLOAD_KEY


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


class StoreCard(ServiceCard):
    """One store."""

    def __init__(self, setup: Setup, state: StoreState, parent: QWidget | None = None) -> None:
        info = state.info
        inquiry = setup.services.store_check(state.id)
        super().__init__(
            setup, state.id, state.title, info.summary if info else "", inquiry, parent
        )
        self.fields: OptionFields | None = None
        self._key = info.key if info else ""
        options = info.options if info is not None else ()
        near = [option for option in options if not _concerns_network(option)]
        far = [option for option in options if _concerns_network(option)]
        if near:
            values = setup.settings.starting_with(f"{state.id}.")
            self.fields = OptionFields(near, values, check_of(options))
            self.fields.option_edited.connect(self._on_option_edited)
            self.add(self.fields)
        named = tr("Test connection") if info and info.needs_network else tr("Test")
        self.add_check(
            CheckButton(named, "check", state.title),
            self._on_check,
            tr("Asking the store…"),
            offered=info is not None,
        )
        self.add_connection(far, self._on_connection_edited)

    def show_state(self, state: StoreState) -> None:
        """Show whether it can be used now."""
        self.show_reason(state.unavailable, self._key)

    def _on_option_edited(self, option_id: str, value: str) -> None:
        self._setup.keep(f"{self._id}.{option_id}", value)
        self._on_connection_edited()

    def _on_connection_edited(self) -> None:
        self._inquiry.clear()
        self._setup.services.read_stores()

    def _on_check(self) -> None:
        self._setup.services.check_store(self._id)


def _concerns_network(option: OptionSpec) -> bool:
    """Whether it says how a server is reached, which few people ever need."""
    return option.id in ("timeout", "proxy", "ca_file") or option.id.endswith("_url")

"""The page of engines: what each lets be set, its models, and a look whether it can draw."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from pickabook_desktop.domain.capabilities import EngineState, ModelSpec
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.dialogs.settings.connection import ConnectionSection
from pickabook_desktop.ui.dialogs.settings.parts import (
    Card,
    CheckButton,
    Page,
    StatusLine,
    button_row,
)
from pickabook_desktop.ui.dialogs.settings.setup import Setup
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.viewmodels.dates import day_text
from pickabook_desktop.ui.viewmodels.model_table import model_prices, state_words
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.grids import empty_grid
from pickabook_desktop.ui.widgets.labels import heading, wrapped


class EnginesPage(Page):
    """One card an engine."""

    keys_wanted = Signal()

    def __init__(self, setup: Setup, parent: QWidget | None = None) -> None:
        lead = tr("Who draws, and how each of them is reached.")
        super().__init__(tr("Engines"), lead, parent)
        self._setup = setup
        self.cards: dict[str, EngineCard] = {}
        setup.services.engines_changed.connect(self._on_engines_changed)
        self._on_engines_changed()

    def refresh(self) -> None:
        self._setup.services.read_engines()
        self._setup.keys.look_once()

    def _on_engines_changed(self) -> None:
        # What leaves the machine needs care; what works by itself comes last.
        for state in sorted(self._setup.services.engines, key=_needs_nothing):
            card = self.cards.get(state.id)
            if card is None:
                card = self.cards[state.id] = EngineCard(self._setup, state)
                card.enter_key.clicked.connect(self.keys_wanted)
                self.add(card)
            card.show_state(state)


class EngineCard(Card):
    """One engine."""

    def __init__(self, setup: Setup, state: EngineState, parent: QWidget | None = None) -> None:
        super().__init__(state.title, parent)
        self._setup = setup
        self._id = state.id
        can = state.capabilities
        self.summary = wrapped(can.summary if can else "", "quiet")
        self.summary.setVisible(bool(can and can.summary))
        self.reason = StatusLine()
        self.models = ModelsTable(state.title)
        for part in (self.summary, self.reason, self.models):
            self.add(part)
        named = tr("Refresh models") if can and can.models else tr("Test")
        icon = "reroll" if can and can.models else "check"
        self.check = CheckButton(named, icon, state.title)
        self.enter_key = text_button(tr("Enter a key…"), "key")
        self.enter_key.setAccessibleName(tr("Enter a key for {title}…", title=state.title))
        self.status = StatusLine()
        if can and can.needs_network:
            self.add(button_row(self.check, self.enter_key))
            self.add(self.status)
        specs = [s for s in can.options if s.scope == "connection"] if can else []
        self.connection = ConnectionSection(setup, state.id, specs)
        self.connection.option_edited.connect(self._on_option_edited)
        self.connection.setVisible(bool(specs))
        self.add(self.connection)
        self._inquiry = setup.services.engine_check(state.id)
        self._inquiry.changed.connect(self._on_check_changed)
        self.check.ask_wanted.connect(self._on_check)
        self._on_check_changed()

    def show_state(self, state: EngineState) -> None:
        """Show what may have changed: the models, and whether it can be used."""
        can = state.capabilities
        self.models.show_models(can.models if can else ())
        lacks = bool(can and self._setup.keys.lacks(can.key) and state.unavailable)
        if state.unavailable:
            # What helps is the button below, not the settings that are open already.
            without = tr("There is no key for {title} yet.", title=state.title)
            self.reason.say("warn", without if lacks else state.unavailable)
        else:
            self.reason.clear()
        self.enter_key.setVisible(lacks)

    def _on_option_edited(self) -> None:
        self._inquiry.clear()

    def _on_check(self) -> None:
        self._setup.services.check_engine(self._id)

    def _on_check_changed(self) -> None:
        self.check.follow(self._inquiry)
        self.status.follow(self._inquiry, tr("Asking the service…"))


class ModelsTable(QWidget):
    """Models with their state, price, and the day on which that was read."""

    def __init__(self, engine: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Models of {title}", title=engine))
        self._models: tuple[ModelSpec, ...] | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, Space.SMALL, 0, 0)
        self._grid.setHorizontalSpacing(Space.LARGE)
        self._grid.setVerticalSpacing(Space.SMALL)
        for column, share in enumerate((4, 5, 3)):
            self._grid.setColumnStretch(column, share)

    def show_models(self, models: Sequence[ModelSpec]) -> None:
        """Replace the rows where something has changed."""
        if tuple(models) == self._models:
            return
        self._models = tuple(models)
        empty_grid(self._grid)
        self.setVisible(bool(models))
        titles = (tr("Model"), tr("State"), tr("A picture"), tr("Price read"))
        for column, title in enumerate(titles):
            self._grid.addWidget(heading(title), 0, column)
        for row, model in enumerate(models, start=1):
            self._add(row, model)

    def _add(self, row: int, model: ModelSpec) -> None:
        gone = model.state in ("retired", "deprecated")
        title = _cell(model.title)
        title.setToolTip("\n".join(part for part in (model.id, model.note) if part))
        state = _cell(state_words(model))
        if gone:
            level = "stop" if model.state == "retired" else "warn"
            state.setProperty("level", level)
        cells = (title, state, _cell(model_prices(model)), _cell(day_text(model.read_on), "quiet"))
        for column, cell in enumerate(cells):
            self._grid.addWidget(cell, row, column, Qt.AlignmentFlag.AlignTop)


def _cell(text: str, kind: str = "small") -> QLabel:
    label = wrapped(text, kind)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _needs_nothing(state: EngineState) -> bool:
    can = state.capabilities
    return can is not None and not can.needs_network

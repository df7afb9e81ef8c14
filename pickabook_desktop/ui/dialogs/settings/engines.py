"""The page of engines: what each lets be set, its models, and a look whether it can draw."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from pickabook_desktop.domain.capabilities import EngineState, ModelSpec
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.dialogs.settings.parts import CheckButton, Page
from pickabook_desktop.ui.dialogs.settings.service_card import ServiceCard
from pickabook_desktop.ui.dialogs.settings.setup import Setup
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.viewmodels.dates import day_text
from pickabook_desktop.ui.viewmodels.model_table import model_prices, state_words
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


class EngineCard(ServiceCard):
    """One engine."""

    def __init__(self, setup: Setup, state: EngineState, parent: QWidget | None = None) -> None:
        can = state.capabilities
        inquiry = setup.services.engine_check(state.id)
        super().__init__(setup, state.id, state.title, can.summary if can else "", inquiry, parent)
        self.models = ModelsTable(state.title)
        self.add(self.models)
        named = tr("Refresh models") if can and can.models else tr("Test")
        icon = "reroll" if can and can.models else "check"
        self.add_check(
            CheckButton(named, icon, state.title),
            self._on_check,
            tr("Asking the service…"),
            offered=bool(can and can.needs_network),
        )
        specs = [s for s in can.options if s.scope == "connection"] if can else []
        self.add_connection(specs, self._inquiry.clear)

    def show_state(self, state: EngineState) -> None:
        """Show what may have changed: the models, and whether it can be used."""
        can = state.capabilities
        self.models.show_models(can.models if can else ())
        self.show_reason(state.unavailable, can.key if can else "")

    def _on_check(self) -> None:
        self._setup.services.check_engine(self._id)


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

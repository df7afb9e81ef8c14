"""Choices that depend on the engine: which one and which of its models, size, number, seed, its
own options.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.capabilities import (
    MODEL_OPTION,
    Capabilities,
    EngineState,
    ModelSpec,
    OptionSpec,
    size_name_for,
)
from pickabook_desktop.domain.errors import Remedy
from pickabook_desktop.domain.geometry import AspectRatio, Size
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import SEED_LIMIT, random_seed
from pickabook_desktop.domain.template import Template
from pickabook_desktop.ui.viewmodels.allowance import Allowance
from pickabook_desktop.ui.viewmodels.models import retired_problem
from pickabook_desktop.ui.viewmodels.picture_size import (
    aspect_choices,
    nearest_aspect,
    resolved_size,
    size_names,
)


class Obstacle(msgspec.Struct, frozen=True):
    """Why nothing can be drawn now, as a sentence, and what removes it, where one press does."""

    reason: str = ""
    remedy: Remedy | None = None


class EngineChoices(QObject):
    """An engine and everything its capabilities bound, kept within those bounds.

    A choice that the present engine cannot follow comes back with one that can.
    """

    options_changed = Signal()
    engine_changed = Signal()
    allowance_changed = Signal()

    def __init__(self, engines: Sequence[EngineState], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engines = tuple(engines)
        usable = (state.id for state in self.engines if not state.unavailable)
        self.engine_id = next(usable, self.engines[0].id if self.engines else "")
        self.key_known: Callable[[str], bool | None] = lambda name: None
        """Whether a service's key is there, as :meth:`Secrets.known` answers."""
        self._refused_keys: set[str] = set()
        self.allowance = Allowance()
        self.size_name = self._wished_size = "2K"
        self.custom_size = Size(2048, 2048)
        self.count = self._wished_count = 1
        self.seed = random_seed()
        self.seed_locked = False
        self._aspect = self._wished_aspect = AspectRatio(1, 1)
        self._engine_options: dict[str, dict[str, str]] = {}

    @property
    def template(self) -> Template | None:
        """The page that is chosen; its crops bound the aspect ratios."""
        return None

    @property
    def engine(self) -> EngineState | None:
        return next((state for state in self.engines if state.id == self.engine_id), None)

    @property
    def capabilities(self) -> Capabilities | None:
        """What the engine can do with the model that is chosen."""
        declared = self.engine.capabilities if self.engine else None
        return declared.chosen(self.engine_options) if declared else None

    @property
    def models(self) -> tuple[ModelSpec, ...]:
        """Every model of the engine, also those that are no longer offered."""
        return self.capabilities.models if self.capabilities else ()

    @property
    def model(self) -> ModelSpec | None:
        """The model that is chosen; None for an engine without models."""
        return self.capabilities.model(self.engine_options) if self.capabilities else None

    @property
    def picture_options(self) -> tuple[OptionSpec, ...]:
        """What else can be set for a picture; the model has a place of its own."""
        specs = self.capabilities.options if self.capabilities else ()
        hidden = MODEL_OPTION if self.models else ""
        return tuple(spec for spec in specs if spec.scope == "picture" and spec.id != hidden)

    @property
    def size_names(self) -> tuple[str, ...]:
        return size_names(self.capabilities)

    @property
    def aspects(self) -> tuple[AspectRatio, ...]:
        return aspect_choices(self.capabilities, self.template)

    @property
    def aspect(self) -> AspectRatio:
        return self._aspect

    @property
    def size(self) -> Size:
        """The size in pixels that the choices come to."""
        return resolved_size(self.size_name, self._aspect, self.custom_size)

    @property
    def max_count(self) -> int:
        return max(1, self.capabilities.max_count) if self.capabilities else 1

    @property
    def engine_options(self) -> dict[str, str]:
        """The present engine's own options by id, as far as they were set."""
        return dict(self._engine_options.get(self.engine_id, {}))

    @property
    def all_engine_options(self) -> dict[str, dict[str, str]]:
        """The same of all engines by their ids."""
        return {key: dict(values) for key, values in self._engine_options.items() if values}

    @property
    def needs_network(self) -> bool:
        """Whether something leaves this machine."""
        return self.capabilities is not None and self.capabilities.needs_network

    def choose_size(self, name: str) -> None:
        """One of ``size_names``; another waits for an engine that has it."""
        self._wished_size = name
        if name != self.size_name and name in self.size_names:
            self.custom_size = self.size
            self.size_name = name
            self.options_changed.emit()

    def set_custom_size(self, size: Size) -> None:
        if size != self.custom_size:
            self.custom_size = size
            self.options_changed.emit()

    def choose_aspect(self, aspect: AspectRatio) -> None:
        """One of ``aspects``; another waits for an engine or a template that has it."""
        self._wished_aspect = aspect
        if aspect != self._aspect and aspect in self.aspects:
            self._aspect = aspect
            self.options_changed.emit()

    def set_count(self, count: int) -> None:
        self._wished_count = max(1, count)
        count = min(self._wished_count, self.max_count)
        if count != self.count:
            self.count = count
            self.options_changed.emit()

    def set_seed(self, seed: int) -> None:
        """Clamped to what a request may hold."""
        seed = min(max(0, seed), SEED_LIMIT - 1)
        if seed != self.seed:
            self.seed = seed
            self.options_changed.emit()

    def lock_seed(self, locked: bool) -> None:
        if locked != self.seed_locked:
            self.seed_locked = locked
            self.options_changed.emit()

    def advance_seed(self) -> None:
        """Take a fresh seed unless it is locked; to be called when a page has been drawn."""
        if not self.seed_locked:
            self.set_seed(random_seed())

    def set_engine_option(self, option_id: str, value: str) -> None:
        if self.engine_options.get(option_id) == value:
            return
        self._engine_options.setdefault(self.engine_id, {})[option_id] = value
        if option_id == MODEL_OPTION and self.models:
            self._fit_shape()
            self.engine_changed.emit()
        else:
            self.options_changed.emit()

    def choose_model(self, model_id: str) -> None:
        """One of ``models``; all else follows what it can do."""
        if self.model is None or self.model.id != model_id:
            self.set_engine_option(MODEL_OPTION, model_id)

    def put_engine_options(self, options: Mapping[str, Mapping[str, str]]) -> None:
        """Take over options of several engines by their ids."""
        for engine_id, values in options.items():
            self._engine_options.setdefault(engine_id, {}).update(values)
        self._fit_shape()
        self.engine_changed.emit()

    def set_engines(self, engines: Sequence[EngineState]) -> None:
        """Take note of engines that have come, gone, or become usable."""
        self.engines = tuple(engines)
        self._fit_shape()
        self.engine_changed.emit()

    def refresh(self) -> None:
        """What is known of engines may have changed though they have not, such as their keys."""
        self.engine_changed.emit()

    def judge_key(self, name: str, accepted: bool) -> None:
        """Take note of what a service says of the key that is kept now."""
        if accepted == (name in self._refused_keys):
            (self._refused_keys.discard if accepted else self._refused_keys.add)(name)
            self.refresh()

    def set_allowance(self, allowance: Allowance) -> None:
        """Take note of what may still be spent."""
        if allowance != self.allowance:
            self.allowance = allowance
            self.allowance_changed.emit()

    def choose_engine(self, engine_id: str) -> None:
        if engine_id != self.engine_id:
            self.engine_id = engine_id
            self._fit_shape()
            self.engine_changed.emit()

    def _fit_shape(self) -> None:
        """Come as near to what was wished for as engine, model and template allow."""
        aspects = self.aspects
        wished = self._wished_aspect
        self._aspect = wished if wished in aspects else nearest_aspect(aspects, wished.value)
        names = self.size_names
        if self._wished_size in names:
            self.size_name = self._wished_size
        elif self.size_name not in names:
            self.size_name = size_name_for(self.size, names) or names[0]
        self.count = min(self._wished_count, self.max_count)

    def _wish_for(self, *, size_name: str, aspect: AspectRatio, count: int) -> None:
        self._wished_size, self._wished_aspect, self._wished_count = size_name, aspect, count
        self._fit_shape()

    def _engine_obstacle(self) -> Obstacle:
        state, model = self.engine, self.model
        if state is None:
            return Obstacle(tr("Choose an engine first."), "other_engine")
        can = state.capabilities
        if can is not None and can.needs_key and self.key_known(can.key) is False:
            return Obstacle(tr("{engine} needs a key. Add one first.", engine=can.title), "keys")
        if can is not None and can.needs_key and can.key in self._refused_keys:
            refused = tr(
                "The key for {engine} was not accepted. Change it first.", engine=can.title
            )
            return Obstacle(refused, "keys")
        if state.unavailable:
            return Obstacle(state.unavailable)
        if self.models and model is None:
            unknown = tr("The model that was chosen is not known here. Choose another one.")
            return Obstacle(unknown, "other_model")
        gone = retired_problem(model) if model is not None else ""
        return Obstacle(gone, "other_model") if gone else self._money_obstacle()

    def _money_obstacle(self) -> Obstacle:
        if self.capabilities is None:
            return Obstacle()
        price = self.capabilities.price_for(self.size)
        reason = self.allowance.objection(price, self.count)
        return Obstacle(reason, "raise_limit") if reason else Obstacle()

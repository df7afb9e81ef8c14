"""Choices that depend on the engine: which one, size, number, seed, its own options."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.capabilities import Capabilities, EngineState
from pickabook_desktop.domain.geometry import AspectRatio, Size
from pickabook_desktop.domain.request import SEED_LIMIT, random_seed
from pickabook_desktop.domain.template import Template
from pickabook_desktop.ui.viewmodels.picture_size import (
    aspect_choices,
    nearest_aspect,
    resolved_size,
    size_names,
)


class EngineChoices(QObject):
    """An engine and everything its capabilities bound, kept within those bounds."""

    options_changed = Signal()
    engine_changed = Signal()

    def __init__(self, engines: Sequence[EngineState], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engines = tuple(engines)
        usable = (state.id for state in self.engines if not state.unavailable)
        self.engine_id = next(usable, self.engines[0].id if self.engines else "")
        self.size_name = "2K"
        self.custom_size = Size(2048, 2048)
        self.count = 1
        self.seed = random_seed()
        self.seed_locked = False
        self._aspect = AspectRatio(1, 1)
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
        return self.engine.capabilities if self.engine else None

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

    def choose_size(self, name: str) -> None:
        """One of ``size_names``."""
        if name != self.size_name:
            self.custom_size = self.size
            self.size_name = name
            self.options_changed.emit()

    def set_custom_size(self, size: Size) -> None:
        if size != self.custom_size:
            self.custom_size = size
            self.options_changed.emit()

    def choose_aspect(self, aspect: AspectRatio) -> None:
        if aspect != self._aspect:
            self._aspect = aspect
            self.options_changed.emit()

    def set_count(self, count: int) -> None:
        count = min(max(1, count), self.max_count)
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
        if self.engine_options.get(option_id) != value:
            self._engine_options.setdefault(self.engine_id, {})[option_id] = value
            self.options_changed.emit()

    def set_engines(self, engines: Sequence[EngineState]) -> None:
        """Take note of engines that have come, gone, or become usable."""
        self.engines = tuple(engines)
        self._fit_shape()
        self.engine_changed.emit()

    def choose_engine(self, engine_id: str) -> None:
        if engine_id != self.engine_id:
            self.engine_id = engine_id
            self._fit_shape()
            self.engine_changed.emit()

    def _fit_shape(self) -> None:
        """Keep aspect, size and number within what engine and template allow."""
        if self._aspect not in self.aspects:
            self._aspect = nearest_aspect(self.aspects, self._aspect.value)
        if self.size_name not in self.size_names:
            self.size_name = self.size_names[0]
        self.count = min(self.count, self.max_count)

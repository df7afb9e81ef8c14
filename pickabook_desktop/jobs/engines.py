"""The engines that are there: built in or installed beside."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.domain.errors import InputError, NotConfiguredError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Engine, EngineServices
from pickabook_desktop.jobs.plugins import Plugins

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "pickabook_desktop.providers"

# A test compares them with this distribution's own entry points.
BUILT_IN: Mapping[str, str] = {
    "gemini": "pickabook_desktop.providers.gemini:create",
    "storybook": "pickabook_desktop.providers.storybook:create",
}
# Works without network, key or set-up, so the window can open with it.
AT_HAND = "storybook"


class EngineRegistry:
    """Makes each engine when it is first asked for."""

    def __init__(
        self, services: EngineServices, points: "Iterable[EntryPoint] | None" = None
    ) -> None:
        """``points`` stands in for what is installed."""
        self._plugins: Plugins[Engine, EngineServices] = Plugins(GROUP, BUILT_IN, services, points)

    @property
    def ids(self) -> tuple[str, ...]:
        """All engines in the order of their ids, usable or not."""
        return self._plugins.ids

    def at_hand(self) -> tuple[EngineState, ...]:
        """The engine that needs nothing but this machine, without a look at the others."""
        return (self._state(AT_HAND),)

    def states(self) -> tuple[EngineState, ...]:
        """Every engine with what it can do, or why it cannot be used."""
        return tuple(self._state(engine_id) for engine_id in self.ids)

    def get(self, engine_id: str) -> Engine:
        """The engine of that id; raise InputError for none, NotConfiguredError for a broken one."""
        if not self._plugins.known(engine_id):
            raise InputError(
                tr("There is no engine called “{name}”.", name=engine_id),
                tr("Choose one of: {names}.", names=", ".join(self.ids)),
            )
        engine = self._plugins.get(engine_id)
        if isinstance(engine, str):
            raise NotConfiguredError(
                tr("The engine “{name}” cannot be used.", name=engine_id), engine
            )
        return engine

    def _state(self, engine_id: str) -> EngineState:
        answer = self._plugins.ask(engine_id, lambda e: (e.capabilities, e.unavailable()))
        if isinstance(answer, str):
            return EngineState(id=engine_id, title=engine_id, unavailable=answer)
        can, reason = answer
        return EngineState(id=engine_id, title=can.title, capabilities=can, unavailable=reason)

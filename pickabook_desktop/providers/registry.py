"""The engines that are there: built in or installed beside, all found by entry point."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.domain.errors import InputError, NotConfiguredError, PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Engine, EngineServices

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "pickabook_desktop.providers"

# This distribution's own entry points, so that the first window need not read those of all
# packages; a test compares them.
BUILT_IN: Mapping[str, str] = {
    "gemini": "pickabook_desktop.providers.gemini:create",
    "storybook": "pickabook_desktop.providers.storybook:create",
}
# Works without network, key or set-up, so the window can open with it.
AT_HAND = "storybook"


class EngineRegistry:
    """Makes each engine when it is first asked for.

    An engine that cannot be made is listed with the reason; it never stops the program.
    """

    def __init__(
        self, services: EngineServices, points: "Iterable[EntryPoint] | None" = None
    ) -> None:
        """``points`` stands in for what is installed, which is looked up when first needed."""
        self._given = None if points is None else tuple(points)
        self._found: Mapping[str, EntryPoint] | None = None
        self._services = services
        self._engines: dict[str, Engine] = {}
        self._broken: dict[str, str] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """All engines in the order of their ids, usable or not."""
        return tuple(sorted(self._points()))

    def at_hand(self) -> tuple[EngineState, ...]:
        """The engine that needs nothing but this machine, without a look at the others."""
        return (self._state(AT_HAND),)

    def states(self) -> tuple[EngineState, ...]:
        """Every engine with what it can do, or why it cannot be used."""
        return tuple(self._state(engine_id) for engine_id in self.ids)

    def get(self, engine_id: str) -> Engine:
        """The engine of that id; raise InputError for none, NotConfiguredError for a broken one."""
        if engine_id not in self._points():
            raise InputError(
                tr("There is no engine called “{name}”.", name=engine_id),
                tr("Choose one of: {names}.", names=", ".join(self.ids)),
            )
        engine = self._made(engine_id)
        if engine is None:
            raise NotConfiguredError(
                tr("The engine “{name}” cannot be used.", name=engine_id), self._broken[engine_id]
            )
        return engine

    def _state(self, engine_id: str) -> EngineState:
        engine = self._made(engine_id)
        if engine is None:
            return EngineState(id=engine_id, title=engine_id, unavailable=self._broken[engine_id])
        try:
            can, reason = engine.capabilities, engine.unavailable()
        except Exception as error:  # noqa: BLE001 an engine from outside may fail in any way
            return EngineState(id=engine_id, title=engine_id, unavailable=_reason(error))
        return EngineState(id=engine_id, title=can.title, capabilities=can, unavailable=reason)

    def _made(self, engine_id: str) -> Engine | None:
        if engine_id not in self._engines and engine_id not in self._broken:
            try:
                self._engines[engine_id] = self._create(engine_id)
            except Exception as error:  # noqa: BLE001 an engine from outside may fail in any way
                self._broken[engine_id] = _reason(error)
        return self._engines.get(engine_id)

    def _create(self, engine_id: str) -> Engine:
        if self._given is None and engine_id in BUILT_IN:
            module, _, name = BUILT_IN[engine_id].partition(":")
            return getattr(import_module(module), name)(self._services)
        return self._points()[engine_id].load()(self._services)

    def _points(self) -> "Mapping[str, EntryPoint]":
        if self._found is None:
            found = _installed() if self._given is None else self._given
            self._found = {point.name: point for point in found}
        return self._found


def _installed() -> "Iterable[EntryPoint]":
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)


def _reason(error: Exception) -> str:
    if isinstance(error, PickaBookError):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return tr("The package “{name}” is not installed.", name=error.name)
    return tr("It could not be loaded: {reason}.", reason=str(error).rstrip(".") or "no reason")

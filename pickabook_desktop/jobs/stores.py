"""The stores that are there: built in or installed beside, all found by entry point."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from pickabook_desktop.domain.errors import NotConfiguredError, PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Store, StoreServices
from pickabook_desktop.domain.stored import StoreState

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "pickabook_desktop.stores"

# This distribution's own entry points, so that the first window need not read those of all
# packages; a test compares them.
BUILT_IN: Mapping[str, str] = {
    "folder": "pickabook_desktop.storage.stores.folder:create",
    "imagekit": "pickabook_desktop.storage.stores.imagekit:create",
}


class StoreRegistry:
    """Makes each store when it is first asked for.

    A store that cannot be made is listed with the reason; it never stops the program.
    """

    def __init__(
        self, services: StoreServices, points: "Iterable[EntryPoint] | None" = None
    ) -> None:
        """``points`` stands in for what is installed, which is looked up when first needed."""
        self._given = None if points is None else tuple(points)
        self._found: Mapping[str, EntryPoint] | None = None
        self._services = services
        self._stores: dict[str, Store] = {}
        self._broken: dict[str, str] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """All stores in the order of their ids, usable or not."""
        return tuple(sorted(self._points()))

    def built_in(self) -> tuple[StoreState, ...]:
        """The stores that come with the program, without a look at what else is installed."""
        return tuple(self._state(store_id) for store_id in sorted(BUILT_IN))

    def states(self) -> tuple[StoreState, ...]:
        """Every store with what it can do, or why it cannot be used."""
        return tuple(self._state(store_id) for store_id in self.ids)

    def state(self, store_id: str) -> StoreState:
        """One store as listed; one that is not there is listed as unavailable."""
        if not self._is_known(store_id):
            return StoreState(
                id=store_id, title=store_id, unavailable=tr("It is not installed any more.")
            )
        return self._state(store_id)

    def get(self, store_id: str) -> Store:
        """The store of that id; raises NotConfiguredError for none and for a broken one.

        Whether it can be used now is for its ``unavailable()`` to say.
        """
        if not self._is_known(store_id):
            raise NotConfiguredError(
                tr("There is no store “{id}” to upload to.", id=store_id),
                tr("Installed stores: {known}.", known=", ".join(self.ids) or tr("none")),
                remedies=("settings",),
            )
        store = self._made(store_id)
        if store is None:
            raise NotConfiguredError(
                tr("The store “{id}” cannot be used.", id=store_id), self._broken[store_id]
            )
        return store

    def _is_known(self, store_id: str) -> bool:
        return (self._given is None and store_id in BUILT_IN) or store_id in self._points()

    def _state(self, store_id: str) -> StoreState:
        store = self._made(store_id)
        if store is None:
            return StoreState(id=store_id, title=store_id, unavailable=self._broken[store_id])
        try:
            info, reason = store.info, store.unavailable()
        except Exception as error:  # noqa: BLE001 a store from outside may fail in any way
            return StoreState(id=store_id, title=store_id, unavailable=_reason(error))
        return StoreState(id=store_id, title=info.title, info=info, unavailable=reason)

    def _made(self, store_id: str) -> Store | None:
        if store_id not in self._stores and store_id not in self._broken:
            try:
                self._stores[store_id] = self._create(store_id)
            except Exception as error:  # noqa: BLE001 a store from outside may fail in any way
                self._broken[store_id] = _reason(error)
        return self._stores.get(store_id)

    def _create(self, store_id: str) -> Store:
        if self._given is None and store_id in BUILT_IN:
            module, _, name = BUILT_IN[store_id].partition(":")
            return getattr(import_module(module), name)(self._services)
        return self._points()[store_id].load()(self._services)

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

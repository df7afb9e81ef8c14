"""The stores that are there: built in or installed beside."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pickabook_desktop.domain.errors import NotConfiguredError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Store, StoreServices
from pickabook_desktop.domain.stored import StoreState
from pickabook_desktop.jobs.plugins import Plugins

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "pickabook_desktop.stores"

# A test compares them with this distribution's own entry points.
BUILT_IN: Mapping[str, str] = {
    "folder": "pickabook_desktop.storage.stores.folder:create",
    "imagekit": "pickabook_desktop.storage.stores.imagekit:create",
}


class StoreRegistry:
    """Makes each store when it is first asked for."""

    def __init__(
        self, services: StoreServices, points: "Iterable[EntryPoint] | None" = None
    ) -> None:
        """``points`` stands in for what is installed."""
        self._plugins: Plugins[Store, StoreServices] = Plugins(GROUP, BUILT_IN, services, points)

    @property
    def ids(self) -> tuple[str, ...]:
        """All stores in the order of their ids, usable or not."""
        return self._plugins.ids

    def states(self) -> tuple[StoreState, ...]:
        """Every store with what it can do, or why it cannot be used."""
        return tuple(self.state(store_id) for store_id in self.ids)

    def state(self, store_id: str) -> StoreState:
        """One store as listed; one that is not there is listed as unavailable."""
        if not self._plugins.known(store_id):
            return StoreState(
                id=store_id, title=store_id, unavailable=tr("It is not installed any more.")
            )
        answer = self._plugins.ask(store_id, lambda store: (store.info, store.unavailable()))
        if isinstance(answer, str):
            return StoreState(id=store_id, title=store_id, unavailable=answer)
        info, reason = answer
        return StoreState(id=store_id, title=info.title, info=info, unavailable=reason)

    def get(self, store_id: str) -> Store:
        """The store of that id; raises NotConfiguredError for none and for a broken one.

        Whether it can be used now is for its ``unavailable()`` to say.
        """
        if not self._plugins.known(store_id):
            raise NotConfiguredError(
                tr("There is no store “{id}” to upload to.", id=store_id),
                tr("Installed stores: {known}.", known=", ".join(self.ids) or tr("none")),
                remedies=("settings",),
            )
        store = self._plugins.get(store_id)
        if isinstance(store, str):
            raise NotConfiguredError(tr("The store “{id}” cannot be used.", id=store_id), store)
        return store

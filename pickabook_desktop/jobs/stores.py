"""Where pictures can be uploaded to: the stores that are installed."""

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import cast

from pickabook_desktop.domain.errors import NotConfiguredError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Store

GROUP = "pickabook_desktop.stores"


def find_store(store_id: str, setting: Callable[[str], str]) -> Store:
    """The store of that id. Raises NotConfiguredError where it is missing or cannot be used."""
    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    if store_id not in found:
        known = ", ".join(sorted(found)) or tr("none")
        raise NotConfiguredError(
            tr("There is no store “{id}” to upload to.", id=store_id),
            tr("Installed stores: {known}. Save to a file with --out instead.", known=known),
        )
    try:
        create = cast("Callable[[Callable[[str], str]], Store]", found[store_id].load())
        store = create(setting)
        reason = store.unavailable()
    except Exception as error:
        raise NotConfiguredError(
            tr("The store “{id}” cannot be loaded.", id=store_id),
            tr("Install its package again."),
        ) from error
    if reason:
        raise NotConfiguredError(tr("The store “{id}” cannot be used now.", id=store_id), reason)
    return store

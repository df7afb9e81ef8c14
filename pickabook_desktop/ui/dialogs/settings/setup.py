"""What the pages of the settings work with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pickabook_desktop.storage.settings import Settings
from pickabook_desktop.ui.viewmodels.children import ChildrenModel
from pickabook_desktop.ui.viewmodels.keys import KeysModel
from pickabook_desktop.ui.viewmodels.services import Services
from pickabook_desktop.ui.viewmodels.spending import SpendingModel


@dataclass(frozen=True, kw_only=True)
class Setup:
    """Handed to every page. ``keep`` sets a setting, without waiting for the disk."""

    settings: Settings
    keep: Callable[[str, str], None]
    library: Path
    services: Services
    keys: KeysModel
    spending: SpendingModel
    children: ChildrenModel

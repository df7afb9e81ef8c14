"""The whole program without its faces: what the window and the command line work with."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.domain.photo import PhotoReport
from pickabook_desktop.domain.ports import Engine
from pickabook_desktop.domain.template import Style, Template
from pickabook_desktop.jobs.lanes import Job, answering
from pickabook_desktop.jobs.pixels import LazySeenPhotos
from pickabook_desktop.storage.catalogue import Catalogue
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.places import Places
from pickabook_desktop.storage.settings import Settings

if TYPE_CHECKING:
    from pickabook_desktop.jobs.easel import Easel
    from pickabook_desktop.jobs.forget_errands import Reach
    from pickabook_desktop.jobs.hand_over import HandOver
    from pickabook_desktop.jobs.keys import Keys
    from pickabook_desktop.jobs.known_children import Surroundings
    from pickabook_desktop.jobs.permission import Permission
    from pickabook_desktop.jobs.stores import StoreRegistry
    from pickabook_desktop.jobs.upload_orders import UploadRules
    from pickabook_desktop.storage.children import Children
    from pickabook_desktop.storage.consents import Consents
    from pickabook_desktop.storage.database import Database
    from pickabook_desktop.storage.ledger import Ledger


class Engines(Protocol):
    """The engines that are installed."""

    def states(self) -> tuple[EngineState, ...]:
        """Every engine, also those that cannot be used now."""
        ...

    def at_hand(self) -> tuple[EngineState, ...]:
        """What the window can open with; quicker than all."""
        ...

    def get(self, engine_id: str) -> Engine:
        """The engine; raises InputError where there is none, NotConfiguredError where it cannot
        be loaded.
        """
        ...


class Studio(msgspec.Struct, frozen=True, kw_only=True):
    """Made by :func:`pickabook_desktop.assembly.assemble`. Making one reads no pixels; the modules
    of jobs are imported with the first of each, for no start waits for them.
    """

    places: Places
    settings: Settings
    catalogue: Catalogue
    engines: Engines
    library: Library
    faces: LazySeenPhotos
    keys: "Keys"
    ledger: "Ledger"
    consents: "Consents"
    children: "Children"
    permission: "Permission"
    stores: "StoreRegistry"
    records: "Database"

    def close(self) -> None:
        """Let go of all files; what is used later opens them again."""
        self.library.close()
        self.records.close()

    @property
    def templates(self) -> Mapping[str, Template]:
        return self.catalogue.templates

    @property
    def styles(self) -> Mapping[str, Style]:
        return self.catalogue.styles

    def template_dir(self, template_id: str) -> Path:
        """The folder of a template; raises TemplateError."""
        return self.catalogue.template_dir(template_id)

    def style_dir(self, style_id: str) -> Path:
        """The folder of a style; raises TemplateError."""
        return self.catalogue.style_dir(style_id)

    def photo_report(self, path: Path) -> PhotoReport:
        """What the coach says of a photo; raises PhotoError."""
        from pickabook_desktop.jobs import inspect

        return inspect.photo_report(path, self.faces)

    def inspect_job(self, path: Path) -> Job:
        """Look at a photo; ends with ``Done(value=InspectedPhoto)``."""
        from pickabook_desktop.jobs import inspect

        return inspect.inspect_job(path, self.faces)

    @property
    def easel(self) -> "Easel":
        """What engines are asked for: pages, batches, and what they would send."""
        from pickabook_desktop.jobs.easel import Easel

        return Easel(
            get_engine=self.engines.get,
            library=self.library,
            settings=self.settings,
            permission=self.permission,
            children=self.children,
            ledger=self.ledger,
        )

    def check_store_job(self, store_id: str) -> Job:
        """Ask a store whether it can be used; ends with ``Done`` and a sentence."""
        return answering(lambda token: self.stores.get(store_id).check(token))

    @property
    def key_names(self) -> tuple[str, ...]:
        """The names of the keys that the installed engines and stores ask for."""
        engines = [state.capabilities for state in self.engines.states()]
        stores = [state.info for state in self.stores.states()]
        return tuple(dict.fromkeys(part.key for part in (*engines, *stores) if part and part.key))

    def backup_job(self) -> Job:
        """Copy the library's list if that is due; ends with ``Done``."""
        from pickabook_desktop.jobs import backups

        return backups.backup_job(self.library, self.settings)

    def refresh_keys_job(self) -> Job:
        """Look where each key is kept; ends with ``Done(value=tuple[KeyState, ...])``."""
        return answering(lambda token: self.keys.refresh(self.key_names, token))

    def set_key_job(self, name: str, value: str) -> Job:
        """Keep a key; ends with ``Done(value=KeyState)``."""
        return answering(lambda token: self.keys.set(name, value, token))

    def remove_key_job(self, name: str) -> Job:
        """Take a key away; ends with ``Done(value=KeyState)``."""
        return answering(lambda token: self.keys.remove(name, token))

    @property
    def hand_over(self) -> "HandOver":
        """Copies of one picture and of many, contact sheets, archives, and the way back."""
        from pickabook_desktop.jobs.hand_over import HandOver

        return HandOver(self.library, self.settings, self.templates, self.styles)

    def deliver_job(self, only: Collection[str] | None = None, *, wake: bool = False) -> Job:
        """Send what is due in the outbox; ends with ``Done(value=Delivered)``. ``only`` and
        ``wake`` are as in :func:`pickabook_desktop.jobs.upload.deliver_job`.
        """
        from pickabook_desktop.jobs import upload

        return upload.deliver_job(
            self.library, self.stores.get, self.upload_rules, only=only, wake=wake
        )

    @property
    def surroundings(self) -> "Surroundings":
        """Where there may be something of a child."""
        from pickabook_desktop.jobs.known_children import Surroundings

        return Surroundings(
            records=self.records,
            places=self.places,
            settings=self.settings,
            library=self.library.folder,
            store_title=lambda store_id: self.stores.state(store_id).title,
        )

    def children_job(self) -> Job:
        """List the children in the library; ends with ``Done(value=tuple[KnownChild, ...])``."""
        from pickabook_desktop.jobs import forget

        return forget.children_job(self.surroundings)

    def forget_plan_job(self, child_id: str) -> Job:
        """Say what forgetting a child would do; ends with ``Done(value=ForgetPlan)``."""
        from pickabook_desktop.jobs import forget

        return forget.forget_plan_job(child_id, self.surroundings)

    def forget_job(self, child_id: str) -> Job:
        """Forget a child; ends with ``Done(value=Receipt)``."""
        from pickabook_desktop.jobs import forget

        return forget.forget_job(child_id, self.surroundings, self._reach)

    def finish_forgetting_job(self) -> Job:
        """Finish what an earlier run has begun to forget; ends with ``Done`` and receipts."""
        from pickabook_desktop.jobs import forget

        return forget.resume_job(self.surroundings, self._reach)

    @property
    def _reach(self) -> "Reach":
        """How stores and services are told that a child is forgotten."""
        from pickabook_desktop.jobs.forget_errands import Reach

        return Reach(
            library=self.library,
            get_store=self.stores.get,
            rules=self.upload_rules,
            get_engine=self.engines.get,
            meter=self.ledger,
        )

    @property
    def upload_rules(self) -> "UploadRules":
        """What goes with uploads as the settings are now."""
        from pickabook_desktop.jobs.upload_orders import UploadRules

        return UploadRules(
            setting=self.settings.text, metadata=self.exports_metadata, names=self.exports_names
        )

    @property
    def exports_metadata(self) -> bool:
        """Whether copies of pictures say how they came to be."""
        from pickabook_desktop.jobs.telling import tells_metadata

        return tells_metadata(self.settings)

    @property
    def exports_names(self) -> bool:
        """Whether what pictures say of how they came to be has the child's name."""
        from pickabook_desktop.jobs.telling import tells_names

        return tells_names(self.settings)

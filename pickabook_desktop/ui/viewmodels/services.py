"""The engines and stores that are installed, and what a look at each of them has found."""

from collections.abc import Callable, Sequence
from typing import cast

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.domain.errors import NotConfiguredError
from pickabook_desktop.domain.stored import StoreState
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.viewmodels.inquiry import Inquiry
from pickabook_desktop.ui.viewmodels.shelf import job_of

CHECK_LANE = "cloud"
READ_LANE = "library"


class Services(QObject):
    """Knows engines and stores by their records alone.

    ``read_engines`` and ``read_stores`` may look for installed packages, so they run in a lane;
    ``check_engine`` and ``check_store`` make the jobs that ask the service itself.
    """

    engines_changed = Signal()
    stores_changed = Signal()
    key_judged = Signal(str, bool)
    """The name of a key, and whether the service of an engine has accepted it."""

    def __init__(
        self,
        lanes: Lanes,
        engines: Sequence[EngineState],
        read_engines: Callable[[], Sequence[EngineState]],
        read_stores: Callable[[], Sequence[StoreState]],
        check_engine: Callable[[str], Job],
        check_store: Callable[[str], Job],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._read_engines = read_engines
        self._read_stores = read_stores
        self._check_engine = check_engine
        self._check_store = check_store
        self._checks: dict[tuple[str, str], Inquiry] = {}
        self._reading_engines = Inquiry(lanes, READ_LANE, self)
        self.reading_stores = Inquiry(lanes, READ_LANE, self)
        self.engines = tuple(engines)
        self.stores: tuple[StoreState, ...] | None = None

    def set_engines(self, engines: Sequence[EngineState]) -> None:
        """Take note of what somebody else has read."""
        if tuple(engines) != self.engines:
            self.engines = tuple(engines)
            self.engines_changed.emit()

    def read_engines(self) -> None:
        """Look at the engines again: a key or a list of models may have changed them."""

        def on_done(value: object) -> None:
            self.set_engines(cast("Sequence[EngineState]", value))

        self._reading_engines.ask(job_of(self._read_engines), on_done)

    def read_stores(self) -> None:
        """Look which stores there are."""

        def on_done(value: object) -> None:
            self.stores = tuple(cast("Sequence[StoreState]", value))
            self.stores_changed.emit()

        self.reading_stores.ask(job_of(self._read_stores), on_done)

    def engine_check(self, engine_id: str) -> Inquiry:
        """Where the check of an engine stands."""
        return self._inquiry("engine", engine_id)

    def store_check(self, store_id: str) -> Inquiry:
        """Where the check of a store stands."""
        return self._inquiry("store", store_id)

    def check_engine(self, engine_id: str) -> None:
        """Ask the service behind an engine: key, connection, models."""
        check = self.engine_check(engine_id)
        check.ask(self._check_engine(engine_id), lambda _said: self.read_engines())

    def check_users(self, key: str) -> None:
        """Ask all services that use the key of that name: what they offer may depend on it."""
        for state in self.engines:
            if state.capabilities is not None and state.capabilities.key == key:
                self.check_engine(state.id)
        for store in self.stores or ():
            if store.info is not None and store.info.key == key:
                self.check_store(store.id)

    def check_store(self, store_id: str) -> None:
        """Ask the service behind a store."""
        self.store_check(store_id).ask(self._check_store(store_id))

    def title(self, engine_id: str, model_id: str = "") -> str:
        """What an engine or one of its models is called; its id where it is not known. The engine
        of a model may be left out.
        """
        for state in self.engines:
            if engine_id and state.id != engine_id:
                continue
            if not model_id:
                return state.title
            models = state.capabilities.models if state.capabilities else ()
            for model in models:
                if model.id == model_id:
                    return model.title
        return model_id or engine_id

    def uses_key(self, name: str) -> tuple[str, ...]:
        """The titles of what needs the key ``name``."""
        engines = [e.title for e in self.engines if e.capabilities and e.capabilities.key == name]
        stores = [s.title for s in self.stores or () if s.info and s.info.key == name]
        return (*engines, *stores)

    def key_check(self, name: str) -> Inquiry | None:
        """The check that tries the key ``name``; None where nothing here uses it."""
        for state in self.engines:
            if state.capabilities is not None and state.capabilities.key == name:
                return self.engine_check(state.id)
        for store in self.stores or ():
            if store.info is not None and store.info.key == name:
                return self.store_check(store.id)
        return None

    def check_key(self, name: str) -> None:
        """Try the key ``name`` with the first service that uses it."""
        for state in self.engines:
            if state.capabilities is not None and state.capabilities.key == name:
                self.check_engine(state.id)
                return
        for store in self.stores or ():
            if store.info is not None and store.info.key == name:
                self.check_store(store.id)
                return

    def _inquiry(self, kind: str, service_id: str) -> Inquiry:
        place = (kind, service_id)
        if place not in self._checks:
            check = self._checks[place] = Inquiry(self._lanes, CHECK_LANE, self)
            if kind == "engine":
                check.changed.connect(lambda: self._on_engine_check_changed(service_id, check))
        return self._checks[place]

    def _on_engine_check_changed(self, engine_id: str, check: Inquiry) -> None:
        can = next((s.capabilities for s in self.engines if s.id == engine_id), None)
        if can is None or not can.key:
            return
        if check.state == "done":
            self.key_judged.emit(can.key, True)
        elif isinstance(check.error, NotConfiguredError) and "keys" in check.error.remedies:
            self.key_judged.emit(can.key, False)

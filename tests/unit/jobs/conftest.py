"""A studio with a fake engine, and one with nothing but what comes with the program."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from e2e.fake_engine import FakeEngine, plain_png

from pickabook_desktop.assembly import assemble
from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.hand_over import ExportReport, ExportWish
from pickabook_desktop.domain.ports import Engine
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.jobs.lanes import Job, run_job
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.places import Places

MakeStudio = Callable[..., Studio]
Export = Callable[..., ExportReport]


class FakeEngines:
    """One engine, called ``fake``."""

    def __init__(self, engine: FakeEngine) -> None:
        self._engine = engine

    def states(self) -> tuple[EngineState, ...]:
        can = self._engine.capabilities
        return (EngineState(id=can.id, title=can.title, capabilities=can),)

    def at_hand(self) -> tuple[EngineState, ...]:
        return self.states()

    def get(self, engine_id: str) -> Engine:
        if engine_id != "fake":
            raise InputError("There is no such engine.")
        return self._engine


@pytest.fixture
def make_studio(tmp_path: Path) -> Iterator[MakeStudio]:
    made: list[Studio] = []

    def make(engine: FakeEngine | None = None, **settings: str) -> Studio:
        places = Places.under(tmp_path / "places")
        studio = msgspec.structs.replace(
            assemble(places, settings), engines=FakeEngines(engine or FakeEngine())
        )
        made.append(studio)
        return studio

    yield make
    for studio in made:
        studio.library.close()


@pytest.fixture
def studio(make_studio: MakeStudio) -> Studio:
    return make_studio()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "photo.png"
    file.write_bytes(plain_png(Size(200, 200), 3))
    return file


@pytest.fixture
def request_for(photo: Path) -> Callable[..., GenerationRequest]:
    def make(**changes: object) -> GenerationRequest:
        plain = GenerationRequest(
            photo=PhotoRef(path=str(photo)), engine_id="fake", size=Size(64, 64), seed=10
        )
        return plain.with_changes(**changes)

    return make


@pytest.fixture
def events_of() -> Callable[..., list[JobEvent]]:
    def run(job: Job, token: CancelToken | None = None) -> list[JobEvent]:
        return list(run_job(job, token or CancelToken()))

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to write copies into."""
    made = tmp_path / "copies"
    made.mkdir()
    return made


@pytest.fixture
def export(studio: Studio, folder: Path, events_of: Callable[..., list[JobEvent]]) -> Export:
    """Writes copies of pages, by their ids and the rest of a wish, into ``folder``."""

    def run(*ids: str, **wish: Any) -> ExportReport:
        job = studio.hand_over.export_many_job(ids, ExportWish(folder=str(folder), **wish))
        ending = events_of(job)[-1]
        assert isinstance(ending, Done), ending
        assert isinstance(ending.value, ExportReport)
        return ending.value

    return run

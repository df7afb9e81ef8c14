"""A server with batches, and runs of the program that know it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from services.batch_desk import Desk
from services.gemini import GeminiServer
from services.gemini_batches import GeminiBatches
from services.gemini_rig import Rig


@pytest.fixture
def service() -> GeminiBatches:
    return GeminiBatches()


@pytest.fixture
def server(service: GeminiBatches) -> Iterator[GeminiServer]:
    with GeminiServer(also=service) as server:
        yield server


@pytest.fixture
def rig(server: GeminiServer, tmp_path: Path) -> Rig:
    return Rig(server, tmp_path)


@pytest.fixture
def new_run(server: GeminiServer, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """A run of the program on the same disk; the one before it has ended."""
    runs: list[Desk] = []

    def start(**options: object) -> Desk:
        for run in runs:
            run.close()
        runs.append(Desk(tmp_path / "disk", server, **options))  # type: ignore[arg-type] per test
        return runs[-1]

    yield start
    for run in runs:
        run.close()


@pytest.fixture
def desk(new_run: Callable[..., Desk]) -> Desk:
    return new_run()

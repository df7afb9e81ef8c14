"""An engine of somebody careless: it gets at the keys, tells them everywhere and fails."""

import logging
import sys
import warnings
from collections.abc import Iterator

from e2e.fake_engine import FakeEngine

from pickabook_desktop.domain.events import EngineEvent
from pickabook_desktop.domain.ports import Cancellation, EngineServices
from pickabook_desktop.domain.request import GenerationRequest

_log = logging.getLogger("careless.transport")


def create(services: EngineServices) -> "LeakyEngine":
    return LeakyEngine(services)


class LeakyEngine(FakeEngine):
    """What it does not do itself, some library has done."""

    def __init__(self, services: EngineServices) -> None:
        super().__init__()
        self._secrets = services.secrets

    def generate(
        self, request: GenerationRequest, cancellation: Cancellation
    ) -> Iterator[EngineEvent]:
        keys = [self._secrets.get(name) for name in ("gemini", "imagekit")]
        logging.basicConfig(level=logging.DEBUG)
        _log.setLevel(logging.DEBUG)
        for key in keys:
            print(f"Using {key}")  # noqa: T201 as libraries do
            sys.stderr.write(f"{key} {key!r}\n")
            warnings.warn_explicit(f"{key} is old", UserWarning, "careless.py", 1)
            _log.debug("headers: %s", {"x-some-header": key})
            _log.warning("POST https://api.test/?k=%s", key)
        yield from ()
        raise RuntimeError(f"{keys} were refused") from ValueError(keys[0])

"""Stand-ins for the parts that engines are given, each as simple as its port allows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pickabook_desktop.domain.calls import Call, CallPlan, Outcome, Usage
from pickabook_desktop.domain.errors import NotConfiguredError
from pickabook_desktop.domain.ports import Cancellation, EngineServices

RESOURCES = Path(__file__).parents[1] / "resources"


class Untouched:
    """In the place of a part that a test must not need."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"nobody should ask for {name}")


class MemorySecrets:
    """Keys of a test."""

    def __init__(self, keys: Mapping[str, str] | None = None) -> None:
        self._keys = dict(keys or {})

    def known(self, name: str) -> bool | None:
        return name in self._keys

    def get(self, name: str, cancellation: Cancellation | None = None) -> str:
        if name not in self._keys:
            raise NotConfiguredError(f"There is no key for {name}.", "Add one.")
        return self._keys[name]


class NotingMeter:
    """Writes down every call, and has no limit."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}

    def start(self, plan: CallPlan) -> str:
        call_id = f"call-{len(self.calls)}"
        self.calls[call_id] = Call(id=call_id, started="2026-11-22T10:00:00Z", plan=plan)
        return call_id

    def end(
        self,
        call_id: str,
        outcome: Outcome,
        *,
        amount: float | None = None,
        reason: str = "",
        usage: Usage = Usage(),  # noqa: B008 frozen
    ) -> None:
        before = self.calls[call_id]
        if before.outcome != "open":
            return
        self.calls[call_id] = Call(
            id=call_id,
            started=before.started,
            plan=before.plan,
            outcome=outcome,
            amount=amount,
            reason=reason,
            usage=usage,
        )


def engine_services(**parts: Any) -> EngineServices:
    """Services of which only ``parts`` do anything."""
    plain: dict[str, Any] = {
        "templates": {},
        "styles": {},
        "painter": Untouched(),
        "setting": lambda _key: "",
        "cache_dir": Path("unused"),
        "references": Untouched(),
        "secrets": MemorySecrets(),
        "meter": NotingMeter(),
        "allow": lambda outgoing: None,
        "model_lists": RESOURCES / "models",
    }
    return EngineServices(**plain | parts)

"""What calls of paid services cost: the data of the ledger."""

from typing import Literal, Protocol

import msgspec

Outcome = Literal["open", "drawn", "refused", "failed", "cancelled"]


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What the service says it has counted, in tokens; None where it says nothing."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    image_tokens: int | None = None


class CallPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A call that is about to be made, and what it will cost as far as that is known.

    ``pictures`` is more than one for a batch.
    """

    engine_id: str
    model: str
    estimate: float
    currency: str = "USD"
    book: str = ""
    pictures: int = 1
    batch: bool = False


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the ledger. It names no child and holds no prompt.

    ``started`` is UTC in ISO 8601. ``amount`` is the real cost once it is known; until then, and
    where the service never said, ``estimate`` counts. ``outcome`` ``open`` is a call that has not
    ended, or whose end this program did not live to see. ``reason`` is the service's own word for a
    refusal or a failure.
    """

    id: str
    started: str
    plan: CallPlan
    outcome: Outcome = "open"
    amount: float | None = None
    reason: str = ""
    usage: Usage = Usage()

    @property
    def cost(self) -> float:
        """What it counts for in sums."""
        return self.plan.estimate if self.amount is None else self.amount


class Meter(Protocol):
    """Where engines write down what they spend. Any thread may call it."""

    def start(self, plan: CallPlan) -> str:
        """Write down a call before it is made; returns its id.

        Raises SpendingLimitError, and writes a refused line, where the month's limit would be
        passed; the call must not be made then.
        """
        ...

    def end(
        self,
        call_id: str,
        outcome: Outcome,
        *,
        amount: float | None = None,
        reason: str = "",
        usage: Usage = Usage(),  # noqa: B008 frozen
    ) -> None:
        """Write down how a call ended. ``amount`` None leaves the estimate standing; a call that
        certainly cost nothing has 0.
        """
        ...

"""What Gemini says of a batch, as it stands in its answers.

The SDK drops why a batch failed and how far it is, so the answers are read here. Source: the REST
reference of ``batches`` and of ``GenerateContentBatch`` (ai.google.dev/api/batch-api).
"""

import base64
from typing import Any, Literal

import msgspec

from pickabook_desktop.domain.outgoing import Outgoing

State = Literal["waiting", "running", "finished", "failed", "cancelled", "expired"]

_STATES: dict[str, State] = {
    "PENDING": "waiting",
    "QUEUED": "waiting",
    "RUNNING": "running",
    "CANCELLING": "running",
    "SUCCEEDED": "finished",
    "PARTIALLY_SUCCEEDED": "finished",
    "FAILED": "failed",
    "CANCELLED": "cancelled",
    "EXPIRED": "expired",
}


class Status(msgspec.Struct, frozen=True):
    """Google's own form of an error."""

    code: int = 0
    message: str = ""


class _Label(msgspec.Struct, frozen=True):
    key: str = ""


class Item(msgspec.Struct, frozen=True):
    """The answer to one request of a batch: ``response`` is JSON as from ``generateContent``."""

    response: msgspec.Raw = msgspec.Raw(b"")
    error: Status | None = None
    metadata: _Label | None = None
    key: str = ""

    @property
    def label(self) -> str:
        """The key that its request had, empty where the service did not keep it."""
        return self.key or (self.metadata.key if self.metadata else "")

    @property
    def answered(self) -> bool:
        """Whether there is an answer at all."""
        return bytes(self.response) not in (b"", b"null")


class _Items(msgspec.Struct, frozen=True, rename="camel"):
    inlined_responses: tuple[Item, ...] = ()


class _Output(msgspec.Struct, frozen=True, rename="camel"):
    responses_file: str = ""
    inlined_responses: _Items = _Items()


class _Input(msgspec.Struct, frozen=True, rename="camel"):
    file_name: str = ""


class _Stats(msgspec.Struct, frozen=True, rename="camel"):
    request_count: int = 0
    successful_request_count: int = 0
    failed_request_count: int = 0


class _Metadata(msgspec.Struct, frozen=True, rename="camel"):
    state: str = ""
    model: str = ""
    output: _Output | None = None
    batch_stats: _Stats | None = None
    input_config: _Input | None = None


class Operation(msgspec.Struct, frozen=True):
    """A batch as the service describes it."""

    name: str = ""
    metadata: _Metadata = _Metadata()
    response: _Output | None = None
    error: Status | None = None
    done: bool = False

    @property
    def state(self) -> State:
        """One that this program does not know is taken for running: asking again costs nothing."""
        word = self.metadata.state.removeprefix("BATCH_STATE_").removeprefix("JOB_STATE_")
        known = _STATES.get(word)
        if self.has_results and (known not in ("waiting", "running") or self.done):
            return "finished"  # stopped or expired ones may have drawn some before
        if known is None:
            return "failed" if self.error else "running"
        return known

    @property
    def has_results(self) -> bool:
        """Whether it has brought anything."""
        return bool(self.items or self.results_file)

    @property
    def items(self) -> tuple[Item, ...]:
        """The answers that stand in it."""
        outputs = (self.metadata.output, self.response)
        found = (output.inlined_responses.inlined_responses for output in outputs if output)
        return next((items for items in found if items), ())

    @property
    def results_file(self) -> str:
        """The file with the answers, empty where they stand here."""
        outputs = (self.metadata.output, self.response)
        return next((out.responses_file for out in outputs if out and out.responses_file), "")

    @property
    def requests_file(self) -> str:
        """The file that was uploaded with the requests, empty where they were sent along."""
        return self.metadata.input_config.file_name if self.metadata.input_config else ""

    @property
    def model(self) -> str:
        """The model's id."""
        return self.metadata.model.removeprefix("models/")

    @property
    def total(self) -> int:
        return self.metadata.batch_stats.request_count if self.metadata.batch_stats else 0

    @property
    def done_count(self) -> int:
        """How many of its requests have been answered, well or badly."""
        stats = self.metadata.batch_stats
        return stats.successful_request_count + stats.failed_request_count if stats else 0

    @property
    def ended(self) -> bool:
        """Whether nothing more is drawn."""
        return self.state not in ("waiting", "running")

    @property
    def drew_nothing(self) -> bool:
        """Whether it certainly has not drawn anything."""
        stats = self.metadata.batch_stats
        return not self.has_results and stats is not None and not stats.successful_request_count


def read_operation(text: str | bytes) -> Operation:
    """Raises ValueError for what is no description of a batch."""
    return _read(text, Operation)


def read_lines(data: bytes) -> tuple[Item, ...]:
    """The answers in a results file, one a line; raises ValueError where there are none."""
    items = tuple(_read(line, Item) for line in data.splitlines() if line.strip())
    if not any(item.answered or item.error for item in items):
        raise ValueError("a file without answers")
    return items


def request_body(outgoing: Outgoing, aspect: str, size_name: str) -> dict[str, Any]:
    """One request as the REST interface has it, for a file of requests."""
    parts: list[dict[str, Any]] = [{"text": outgoing.prompt}]
    for image in outgoing.images:
        data = base64.b64encode(image.data).decode()
        parts.append({"inlineData": {"mimeType": image.media_type, "data": data}})
    shape = {"aspectRatio": aspect, "imageSize": size_name}
    return {
        "contents": [{"role": "user", "parts": parts}],
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "imageConfig": {name: value for name, value in shape.items() if value},
        },
    }


def requests_file(body: dict[str, Any], count: int) -> bytes:
    """The same request ``count`` times, one a line, each with its index as its key."""
    lines = [msgspec.json.encode({"key": str(index), "request": body}) for index in range(count)]
    return b"\n".join(lines) + b"\n"


def _read(text: str | bytes, kind: type[Any]) -> Any:
    try:
        # Counts come as text: they are 64 bits wide.
        return msgspec.json.decode(text, type=kind, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError("not the answer that was expected") from error
